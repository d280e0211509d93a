"""The small weeks have everything in them, and the rules really bind there."""

# ruff: noqa: ANN401 (a change takes whatever the thing it changes takes)
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import islice
from typing import Any

import pytest

from solver.question.clinic import Clinic, Clinician, Shift, Span
from solver.question.reading import read_request
from tests.brute import NoRota, best
from tests.small import small_clinic, small_request, unkeepable_request
from tests.small_features import FEATURES, features

SEEDS = range(300)
OFTEN = 10
BINDS = 2
"""In so many weeks, at least, it matters that a rule is there."""


@cache
def seen() -> dict[str, tuple[int, ...]]:
    """The seeds that have each feature."""
    had = {seed: features(small_clinic(seed)) for seed in SEEDS}
    return {name: tuple(seed for seed in SEEDS if name in had[seed]) for name in FEATURES}


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_occurs_often(feature: str) -> None:
    assert len(seen()[feature]) >= OFTEN


def test_a_seed_always_gives_the_same_week() -> None:
    for seed in range(20):
        assert small_request(seed) == small_request(seed)
        assert read_request(json.dumps(small_request(seed))).clinic == small_clinic(seed)


def test_some_weeks_have_pins_that_no_rota_keeps() -> None:
    for seed in range(5):
        clinic = read_request(json.dumps(unkeepable_request(seed))).clinic
        with pytest.raises(NoRota):
            best(clinic)


Change = Callable[[Clinic], Clinic]


def people(**changes: Any) -> Change:
    """The same week with other appointments' fields."""
    return lambda w: replace(w, appointments=tuple(replace(a, **changes) for a in w.appointments))


def team(change: Callable[[Clinician], Clinician]) -> Change:
    """The same week with every clinician changed."""
    return lambda w: replace(w, clinicians=tuple(change(c) for c in w.clinicians))


def caps(**changes: Any) -> Change:
    """The same week with other caps for everybody."""
    return team(lambda c: replace(c, policy=replace(c.policy, **changes)))


def _strangers(clinic: Clinic) -> Clinic:
    return replace(clinic, appointments=tuple(replace(a, patient=a.id) for a in clinic.appointments))


def _unlike(clinic: Clinic) -> Clinic:
    return replace(clinic, appointments=tuple(replace(a, kind=a.id) for a in clinic.appointments))


def _lunch_anytime(shift: Shift) -> Shift:
    return replace(shift, lunch_window=Span(shift.start, shift.end))


def _free(clinic: Clinic) -> Clinic:
    return people(pin=None)(clinic)


WITHOUT: dict[str, tuple[str, Change]] = {
    "booked_once": ("patient with two", _strangers),
    "eligible, windows": ("windows", people(windows=())),
    "eligible, skills": ("skills", people(skills=frozenset())),
    "eligible, language": ("language", people(language=None)),
    "eligible, continuity": ("continuity", people(clinician=None)),
    "eligible, excluded": ("excluded", people(excluded=frozenset())),
    "eligible, commitments": ("commitment", team(lambda c: replace(c, commitments=()))),
    "eligible, slots": ("given slots", team(lambda c: replace(c, slots=None))),
    "pinned": ("pin", _free),
    "queue_order": ("queue", _unlike),
    "slot_limit": ("doubles", caps(max_collision=1)),
    "slot_limit, never": ("queue", lambda w: people(double_bookable=True)(caps(max_per_slot=2)(w))),
    "double_limit": ("doubles", caps(max_doubles_per_day=9, max_doubles_per_week=9)),
    "reserve": ("doubles reserved", caps(max_unreserved_risk=1.0)),
    "reserve, at risk": ("doubles at risk", caps(max_unreserved_risk=1.0)),
    "booked_ceiling": ("queue", caps(max_booked_ratio=100)),
    "overload": ("queue", caps(max_overload_risk=1.0)),
    "contacts": ("queue", caps(max_contacts_per_day=99)),
    "contacts, intense": ("intense", caps(max_intense_per_day=99)),
    "breaks": ("queue", caps(max_contact_run_minutes=1440)),
    "lunch": ("lunch due", caps(lunch_if_over_minutes=10_000)),
    "lunch, window": ("lunch due", team(lambda c: replace(c, shifts=tuple(map(_lunch_anytime, c.shifts))))),
    "admin, notes": ("notes", people(admin=0)),
    "admin, daily": ("daily admin", caps(admin_daily_minutes=0)),
    "admin, scope": ("notes", caps(admin_scope="week")),
    "rooms": ("rooms short", lambda w: replace(w, rooms={})),
}
"""What binds: a feature that weeks need for it, and the same week without it."""


def _binds(seeds: Iterable[int], change: Change) -> Iterable[int]:
    for seed in seeds:
        # Without queues: who stands in one may change with a pin or a patient.
        alike = change is _unlike
        clinic = small_clinic(seed) if alike else _unlike(small_clinic(seed))
        held, freed = _least(seed, alike=alike), best(change(clinic), 60_000)
        if held is not None and freed is not None:
            # A pin needs no grid point, so a week may be better off with it.
            assert freed[0] <= held or change is _free, seed
            if freed[0] < held:
                yield seed


@cache
def _least(seed: int, *, alike: bool) -> Fraction | None:
    """The least cost of a week as it is drawn or without queues: many rules are looked at in one week."""
    found = best(small_clinic(seed) if alike else _unlike(small_clinic(seed)), 60_000)
    return None if found is None else found[0]


@pytest.mark.parametrize("rule", WITHOUT)
def test_every_rule_makes_some_weeks_dearer(rule: str) -> None:
    feature, change = WITHOUT[rule]
    assert len(list(islice(_binds(seen()[feature], change), BINDS))) == BINDS


def test_optimal_rotas_hold_what_the_rules_are_about() -> None:
    kinds: Counter[str] = Counter()
    for seed in range(120):
        found = best(small_clinic(seed), 60_000)
        if found is not None:
            rows = [e for d in found[1].diaries for e in d.entries]
            kinds.update({e.kind for e in rows} | {"double" for e in rows if len(e.appointments) == 2})
    assert all(kinds[kind] >= OFTEN for kind in ("break", "lunch", "admin", "commitment", "double"))
    assert kinds["reserve"] >= 5
