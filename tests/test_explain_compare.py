"""Two rotas side by side: differences add up, and those who gain and lose are named."""

from __future__ import annotations

from fractions import Fraction

import pytest

from solver import rules
from solver.explain.compare import PATIENTS, compared
from solver.explain.evaluate import evaluated
from solver.rota import Rota
from solver.search.clerk import clerk
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment
from tests.explained_weeks import week


@pytest.mark.parametrize("seed", range(1, 120, 2))
def test_what_changes_adds_up_to_the_difference_of_the_costs(seed: int) -> None:
    question, best = week(seed)
    clinic, plain = question.clinic, clerk(question.clinic)
    found = compared(clinic, plain, best)
    difference = rules.cost(clinic, best) - rules.cost(clinic, plain)
    assert found.cost == sum(term.cost for term in found.terms) == difference
    assert sum(f.cost for f in found.felt) == sum(t.cost for t in found.terms if t.name in PATIENTS)
    moved = {m.appointment for m in found.moved}
    assert moved == {b.appointment for b in {*plain.bookings} ^ {*best.bookings}}
    assert {f.appointment for f in found.felt} <= moved


def test_a_rota_compared_with_itself_changes_nothing() -> None:
    question, rota = week(5)
    found = compared(question.clinic, rota, rota)
    assert found.cost == 0
    assert not found.moved
    assert not found.felt
    assert {w.verdict for w in found.weeks} == {"same"}


def two_rotas() -> tuple[Rota, Rota]:
    return (
        a_rota(CLINIC, c1="Mon 09:00 a1 | free", c2="Mon 09:00 free"),
        a_rota(CLINIC, c1="Mon 09:00 a2 | free", c2="Mon 09:00 free"),
    )


CLINIC = a_clinic(
    [
        a_clinician(shifts=("Mon 09:00-12:00",), target=60),
        a_clinician(shifts=("Mon 09:00-12:00",), target=60),
    ],
    [an_appointment(minutes=30, attendance=1000), an_appointment(minutes=60, attendance=1000)],
)


def test_whoever_is_placed_gains_and_whoever_is_left_out_loses() -> None:
    # Routine, no waiting: 1 a minute. a1's 30 minutes are unplaced in the second, a2's 60 in the first.
    found = compared(CLINIC, *two_rotas())
    assert [(f.appointment, f.cost) for f in found.gains] == [(1, Fraction(-60))]
    assert [(f.appointment, f.cost) for f in found.loses] == [(0, Fraction(30))]
    # c1 is 30 minutes off target in the first, 0 in the second; c2 is 60 off in both.
    assert [(w.verdict, w.better) for w in found.weeks] == [("gains", ("minutes_off_target",)), ("same", ())]


def test_a_hand_made_rota_that_breaks_rules_is_judged_all_the_same() -> None:
    rota = a_rota(CLINIC, c1="Mon 09:00 a1 | a2 | a1 | free")
    found = evaluated(CLINIC, rota)
    assert {"booked_once", "conservation", "breaks"} <= {breach.rule for breach in found.breaches}
    assert sum(part.cost for part in found.parts) == found.cost == rules.cost(CLINIC, rota)
