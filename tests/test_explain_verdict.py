"""What is attainable, and which rules bind, held against enumeration."""

from __future__ import annotations

from fractions import Fraction

import pytest

from solver.check import breaches
from solver.explain.verdict.binding import candidates, most_wanted
from solver.explain.verdict.find import findings
from solver.explain.verdict.team import reached
from solver.explain.verdict.without import REMOVALS, without
from solver.explain.verdict.witness import shows
from solver.question.clinic import Clinic, Policy
from solver.search.reach import NEAR, Reach, Reached, reach
from solver.search.work import Notes
from tests.attaining import attained_by_brute, searched
from tests.builders import a_clinic, a_clinician, appointments
from tests.small import small_clinic

NEVER_STRICTER = (
    "rooms",
    "double_limit",
    "booked_ceiling",
    "contacts",
    "overload",
    "reserve",
    "lunch",
    "breaks",
)
"""Removals that change no appointment, so that no two become alike."""


def is_witness(clinic: Clinic, rule: str, got: Reached, bound: float) -> bool:
    """Whether what a search without a rule tells shows that the rule binds."""
    return got.rota is not None and shows(clinic, rule, got.rota, bound)


@pytest.mark.parametrize("seed", range(25))
def test_a_small_week_attains_what_enumeration_says(seed: int) -> None:
    clinic = small_clinic(seed)
    truth = attained_by_brute(clinic)
    if truth is None:
        pytest.skip("too much work")
    got = searched(clinic)
    assert got.found == pytest.approx(truth, abs=NEAR)
    assert got.bound >= truth - NEAR
    assert got.rota is not None
    assert not breaches(clinic, got.rota)


def test_a_full_week_is_its_target() -> None:
    # Two hours at attendance 1 for a target of one: 60 minutes of it count.
    clinic = a_clinic(
        a_clinician(target=60, ceiling=240, policy=Policy(max_booked_ratio=Fraction(4))),
        appointments(2, attendance=1000),
    )
    got = searched(clinic)
    assert (got.found, got.bound) == (60.0, 60.0)


def test_what_a_short_list_delivers_is_all_that_can_be_wanted() -> None:
    # Two of 60 minutes at 0.9 are 108 expected minutes, far from 1200.
    assert most_wanted(a_clinic(a_clinician(), appointments(2))) == 108.0


def test_a_search_starts_from_a_rota_of_a_smaller_week() -> None:
    clinic = small_clinic(3)
    begin = searched(clinic).rota
    more = reach(Reach(clinic, 20.0, begin=begin), Notes())
    assert more.found == pytest.approx(searched(clinic).found, abs=NEAR)


@pytest.mark.parametrize("rule", NEVER_STRICTER)
@pytest.mark.parametrize("seed", range(12))
def test_a_rule_taken_out_forbids_nothing_new(seed: int, rule: str) -> None:
    clinic = small_clinic(seed)
    rota = searched(clinic).rota
    assert rota is not None
    assert not breaches(without(clinic, rule), rota)


@pytest.mark.parametrize("seed", range(5))
def test_a_rule_is_named_only_if_enumeration_reaches_more_without_it(seed: int) -> None:
    clinic = small_clinic(100 + seed)
    base = searched(clinic)
    for rule in candidates(clinic, base):
        got = reach(Reach(without(clinic, rule), 20.0), Notes())
        if is_witness(clinic, rule, got, base.bound):
            more, now = attained_by_brute(without(clinic, rule)), attained_by_brute(clinic)
            assert more is None or now is None or more > now + NEAR


def test_contacts_bind_where_one_booking_a_day_is_allowed() -> None:
    # Half-hours at attendance 1: one contact reaches 30 of 120 minutes, four would reach them all.
    policy = Policy(max_contacts_per_day=1)
    clinic = a_clinic(a_clinician(target=120, policy=policy), appointments(4, minutes=30, attendance=1000))
    base = searched(clinic)
    assert base.found == 30.0
    named = [
        rule for rule in REMOVALS if is_witness(clinic, rule, searched(without(clinic, rule)), base.bound)
    ]
    assert named == ["contacts"]


def test_a_rota_that_breaks_another_rule_too_is_no_witness() -> None:
    policy = Policy(max_contacts_per_day=1)
    clinic = a_clinic(a_clinician(target=120, policy=policy), appointments(4, minutes=30, attendance=1000))
    got = searched(without(clinic, "contacts"))
    assert is_witness(clinic, "contacts", got, 30.0)
    assert not is_witness(clinic, "breaks", got, 30.0)
    assert not is_witness(clinic, "contacts", Reached(120.0), 30.0)


def test_searches_that_are_stopped_end_with_what_they_have_and_the_rest_never_start() -> None:
    clinic = small_clinic(3)
    found = reached([Reach(clinic, 5.0)] * 3, workers=1, should_stop=lambda: True)
    assert found[1:] == [None, None]


def test_a_search_in_a_process_of_its_own_finds_the_same() -> None:
    clinic = small_clinic(4)
    (found,) = reached([Reach(clinic, 20.0)])
    assert found is not None
    assert found.found == searched(clinic).found


def test_nothing_is_measured_where_nothing_is_short() -> None:
    # One hour of work for a target of one hour.
    clinic = a_clinic(a_clinician(target=60, ceiling=66), appointments(1, attendance=1000))
    told = findings(clinic, seconds=10.0)
    assert (told.attainable_minutes, told.binding, told.levers) == (60.0, (), ())
