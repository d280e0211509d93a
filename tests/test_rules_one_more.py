"""What one more booking adds to each term is what the rota measured anew says."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from solver import rules
from solver.question.clinic import WEIGHTS, Appointment, Clinic, Clinician, Place
from solver.rota import Booking, Rota
from solver.rules import SOFT, inequity
from solver.rules.rule import SoftRule
from tests.builders import DAY, a_clinic, a_clinician, an_appointment, doubling

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
STARTS = tuple(day * DAY + hour * 60 for day in range(5) for hour in range(8, 14))
"""The first and the last of a day lie outside every shift."""


def somebody(rng: Random) -> Clinician:
    """Perhaps without a target, or without a shift; the targets can be missed, met and passed."""
    shifts = tuple(f"{day} 09:00-13:00" for day in DAYS if rng.random() < 0.8)
    return a_clinician(target=rng.choice([0, 60, 120, 300, 700]), shifts=shifts, policy=doubling())


def something(rng: Random, team: int) -> Appointment:
    return an_appointment(
        minutes=rng.choice([25, 30, 50, 60]),
        attendance=rng.randrange(1001),
        priority=rng.choice(["routine", "soon", "urgent"]),
        waiting_days=rng.randrange(200),
        group=rng.choice(["north", "south", "south", "east", None]),
        preferred=frozenset(rng.sample(range(team), rng.randrange(team))),
        published=rng.choice([None, Place(rng.randrange(team), rng.choice(STARTS))]),
    )


def some_week(rng: Random) -> tuple[Clinic, Rota]:
    """Three clinicians, 40 appointments of groups large and small, about half booked anywhere at all."""
    team = [somebody(rng) for _ in range(3)]
    weights = {name: Fraction(rng.choice([0, 1, 7, 250]), rng.choice([1, 10, 1000])) for name in WEIGHTS}
    clinic = a_clinic(team, [something(rng, len(team)) for _ in range(40)], weights=weights)
    booked = rng.sample(range(40), rng.randrange(1, 30))
    return clinic, Rota(tuple(anywhere(rng, index) for index in booked), (), ())


def anywhere(rng: Random, appointment: int) -> Booking:
    return Booking(appointment, rng.randrange(3), rng.choice(STARTS))


def with_one(rota: Rota, booking: Booking) -> Rota:
    return Rota((*rota.bookings, booking), (), ())


def tries(seed: int) -> list[tuple[Clinic, Rota, Booking]]:
    rng = Random(seed)
    clinic, rota = some_week(rng)
    left = sorted({a.index for a in clinic.appointments} - {b.appointment for b in rota.bookings})
    return [(clinic, rota, anywhere(rng, index)) for index in left]


@pytest.mark.parametrize("rule", SOFT, ids=lambda rule: rule.NAME)
def test_one_more_is_the_difference_of_two_measures(rule: SoftRule) -> None:
    signs: Counter[int] = Counter()
    for clinic, rota, booking in (one for seed in range(30) for one in tries(seed)):
        told = rule.one_more(clinic, rota)(booking)
        assert told == rule.measure(clinic, with_one(rota, booking)) - rule.measure(clinic, rota)
        signs[(told > 0) - (told < 0)] += 1
    # Every term was seen to change, and what may both grow and shrink to do both.
    may = {"unplaced": {-1}, "below_target": {-1, 0}, "uneven": {-1, 0, 1}, "inequity": {-1, 0, 1}}
    assert set(signs) == may.get(rule.NAME, {0, 1})


@pytest.mark.parametrize("seed", range(30))
def test_one_more_at_the_weights_is_the_difference_of_two_costs(seed: int) -> None:
    for clinic, rota, booking in tries(seed):
        more = rules.cost(clinic, with_one(rota, booking)) - rules.cost(clinic, rota)
        assert rules.one_more(clinic, rota)(booking) == more


def test_a_second_patient_in_a_slot_makes_two_of_their_groups_doubled() -> None:
    # 10 of each group. A north joins a south: 1/10 of each, no gap. A north joins a north: 2/10 of one.
    team = a_clinician(policy=doubling())
    clinic = a_clinic(team, [an_appointment(group=g) for g in ["north"] * 10 + ["south"] * 10])
    rota = Rota((Booking(0, 0, STARTS[1]), Booking(10, 0, STARTS[2])), (), ())
    change = inequity.one_more(clinic, rota)
    assert change(Booking(1, 0, STARTS[2])) == 0
    assert change(Booking(1, 0, STARTS[1])) == 20 * 1000 * Fraction(2, 10)
    assert change(Booking(1, 0, STARTS[3])) == 0
