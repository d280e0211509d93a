"""The checker takes what the search makes, and names what is wrong with thousands of mutants of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from solver.check import breaches
from solver.question.clinic import Clinic
from solver.question.reading import read_request
from solver.rota import Rota
from solver.rules import HARD
from solver.search.run import find_rotas
from solver.search.work import Incumbent, Notes, Work
from tests.mutations import MUTATIONS, mutants
from tests.small import small_clinic

FIXTURES = Path(__file__).parent.parent / "fixtures"

BUNDLED = (
    "clock_change",
    "clock_change_march",
    "doubles",
    "fixed_slots",
    "pins",
    "scarce",
    "slack",
    "unattainable",
)
"""Requests that a short search finds a rota for; `service` and `team` take longer."""

SECONDS = 1.0
SMALL = range(500, 560)
EACH_SMALL, EACH_BUNDLED = 60, 12


def rota_of(clinic: Clinic, seconds: float) -> Rota:
    """The last rota that a short search tells of."""
    notes = Notes()
    find_rotas(Work(clinic, seconds=seconds), notes)
    told = [event.rota for event in notes.heard if isinstance(event, Incumbent)]
    assert told, "no rota was found"
    return told[-1]


@lru_cache(maxsize=1)
def found() -> tuple[tuple[str, Clinic, Rota, int], ...]:
    """Each week with the rota that the search made, and how many mutants are made of it."""
    return tuple(_found())


def _found() -> Iterator[tuple[str, Clinic, Rota, int]]:
    for name in BUNDLED:
        clinic = read_request((FIXTURES / f"{name}.json").read_bytes()).clinic
        # Where rooms are short, all kinds of mutant are made: no small week lets a site be crowded.
        count = len(MUTATIONS) + EACH_BUNDLED if clinic.rooms else EACH_BUNDLED
        yield name, clinic, rota_of(clinic, SECONDS), count
    for seed in SMALL:
        clinic = small_clinic(seed)
        yield f"small {seed}", clinic, rota_of(clinic, 1.0), EACH_SMALL


@pytest.mark.slow
def test_what_the_search_makes_breaks_nothing() -> None:
    wrong = {name: breaches(clinic, rota) for name, clinic, rota, _ in found()}
    assert {name: faults for name, faults in wrong.items() if faults} == {}
    booked = [len(rota.bookings) for _, _, rota, _ in found()]
    assert sum(booked) > 500


@pytest.mark.slow
def test_every_mutant_is_refused_by_the_name_of_what_is_wrong() -> None:
    missed, made = [], Counter[str]()
    named: set[str] = set()
    for name, clinic, rota, count in found():
        for mutant in islice(mutants(clinic, rota, Random(f"soak/{name}")), count):
            rules = {breach.rule for breach in breaches(clinic, mutant.rota)}
            made[mutant.kind] += 1
            named |= rules & mutant.expected
            if not rules & mutant.expected:
                missed.append((name, mutant.kind, mutant.expected, rules))
    assert missed == []
    assert made.total() >= 2000
    assert set(made) == {mutation.__name__ for mutation in MUTATIONS}
    assert {rule.NAME for rule in HARD} <= named
