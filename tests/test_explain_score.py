"""The score taken apart: the parts add up, exactly, and stand where they arise."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from solver import rules
from solver.explain.score import parts, totals
from solver.question.clinic import WEIGHTS, Clinic
from solver.question.eligibility import eligible_starts
from solver.rota import Booking, Rota, Unplaced
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, doubling, place
from tests.small import small_clinic


def scattered(clinic: Clinic, seed: int) -> Rota:
    """Bookings at random, some in doubles, of which a third break a rule; no diaries."""
    random = Random(f"scattered/{seed}")
    found: list[Booking] = []
    for a in clinic.appointments:
        starts = [(c.index, t) for c in clinic.clinicians for t in eligible_starts(a, c)]
        held = [(b.clinician, b.start) for b in found]
        if starts and random.random() < 0.8:
            shared = [at for at in starts if at in held] if random.random() < 0.5 else []
            found.append(Booking(a.index, *random.choice(shared or starts)))
    booked = {b.appointment for b in found}
    left = tuple(Unplaced(a.index, "", "-") for a in clinic.appointments if a.index not in booked)
    return Rota(tuple(found), left, ())


def grouped(clinic: Clinic, seed: int) -> Clinic:
    """The same week with its list many times over, so that groups are large enough to be compared."""
    random = Random(seed)
    many = clinic.appointments * 8
    named = tuple(
        replace(a, id=f"a{i}", index=i, patient=f"p{i}", pin=None, group=random.choice(["x", "y", "z", None]))
        for i, a in enumerate(many)
    )
    return replace(clinic, appointments=named, weights=dict(WEIGHTS) | {"inequity": Fraction(1, 3)})


@pytest.mark.parametrize("seed", range(300))
def test_parts_add_up_to_every_term_and_to_the_cost(seed: int) -> None:
    clinic = small_clinic(seed) if seed % 2 else grouped(small_clinic(seed), seed)
    rota = scattered(clinic, seed)
    found = parts(clinic, rota)
    terms = {term.name: term.cost for term in rules.terms(clinic, rota) if term.amount}
    assert totals(found, lambda part: part.term) == terms
    assert sum(totals(found, lambda p: (p.clinician, p.day)).values()) == rules.cost(clinic, rota)


def test_a_gap_between_groups_is_at_the_bookings_of_the_group_that_is_doubled_most() -> None:
    # Group x: 2 of 10 in a double, y: none of 10. 20 appointments x 1000 x (2/10 - 0) = 4000, in halves.
    wanted = [an_appointment(group=g, double_bookable=True, attendance=500) for g in "xy" for _ in range(10)]
    policy = doubling()
    weights = dict(WEIGHTS) | {"inequity": Fraction(1)}
    clinic = a_clinic(a_clinician(policy=policy), wanted, policy=policy, weights=weights)
    start = clinic.clinicians[0].shifts[0].start
    rota = Rota((Booking(0, 0, start), Booking(1, 0, start)), (), ())
    assert [(p.appointment, p.amount) for p in parts(clinic, rota) if p.term == "inequity"] == [
        (0, Fraction(2000)),
        (1, Fraction(2000)),
    ]


def test_unevenness_is_measured_from_the_mean() -> None:
    # Shares 0, 1/2 and 1/4 of a target of 60: mean 1/4, so 250 above it and 250 below.
    team = [a_clinician(target=60) for _ in range(3)]
    clinic = a_clinic(team, [an_appointment(minutes=30, attendance=m) for m in (1000, 500)])
    start = clinic.clinicians[0].shifts[0].start
    rota = Rota((Booking(0, 1, start), Booking(1, 2, start)), (), ())
    assert [(p.clinician, p.amount) for p in parts(clinic, rota) if p.term == "uneven"] == [
        (1, Fraction(250)),
        (0, Fraction(250)),
    ]


def test_what_a_published_place_costs_is_at_the_booking_that_moved() -> None:
    clinic = a_clinic(
        a_clinician(shifts=("Mon 09:00-12:00",)),
        [an_appointment(minutes=30, published=place("Mon 09:00")), an_appointment(minutes=30)],
    )
    rota = a_rota(clinic, c1="Mon 09:00 a2 | a1 | free")
    assert [(p.appointment, p.day, p.amount) for p in parts(clinic, rota) if p.term == "moved"] == [
        (0, 0, Fraction(30))
    ]
