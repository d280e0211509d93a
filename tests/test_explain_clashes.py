"""Clashes: proven to clash, and gone without any one of their members, by enumeration where that can tell."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from solver.check import breaches
from solver.explain.clashes.find import Clash, is_minimal, pin_clashes
from solver.explain.clashes.pinned import RULES, alone, hold, witness
from solver.explain.clashes.reading import read_week
from solver.explain.clashes.shrink import shrunk
from solver.explain.clashes.targets import target_clash
from solver.explain.clashes.words import sentences
from solver.question.clinic import Clinic, Policy
from solver.question.faults import BadRequest
from tests import brute
from tests.builders import a_clinic, a_clinician, an_appointment, place
from tests.small import small_clinic, small_request, unkeepable_request

SEEDS = (0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11)


def week_of(seed: int) -> Clinic:
    return read_week(json.dumps(unkeepable_request(seed)).encode())


def holds_by_brute(clinic: Clinic, pins: Collection[int], rules: Sequence[str]) -> bool:
    try:
        return brute.best(alone(clinic, pins, rules), 10**7) is not None
    except brute.NoRota:
        return False


@pytest.mark.parametrize("seed", SEEDS)
def test_clashes_of_random_pins_are_proven_and_minimal(seed: int) -> None:
    clinic = week_of(seed)
    (clash, *_) = pin_clashes(clinic)
    assert clash.minimal
    assert not holds_by_brute(clinic, clash.pins, clash.rules)
    for gone in clash.pins:
        assert holds_by_brute(clinic, [p for p in clash.pins if p != gone], clash.rules)
    for rule in clash.rules:
        assert holds_by_brute(clinic, clash.pins, [r for r in clash.rules if r != rule])


@pytest.mark.parametrize("seed", SEEDS)
def test_pins_can_stand_exactly_where_no_clash_is_left(seed: int) -> None:
    clinic = week_of(seed)
    gone = {clash.pins[0] for clash in pin_clashes(clinic)}
    left = [a.index for a in clinic.appointments if a.pin is not None and a.index not in gone]
    again = pin_clashes(_unpinned(clinic, gone))
    assert hold(clinic, left, RULES) is (not again)


def _unpinned(clinic: Clinic, gone: Collection[int]) -> Clinic:
    return replace(
        clinic,
        appointments=tuple(replace(a, pin=None) if a.index in gone else a for a in clinic.appointments),
    )


@pytest.mark.parametrize("seed", range(12))
def test_pins_that_a_rota_keeps_do_not_clash(seed: int) -> None:
    assert pin_clashes(small_clinic(seed)) == ()


def pinned(text: str, **changes: object) -> object:
    return an_appointment(pin=place(text), **changes)


def test_two_pins_at_once_clash_whatever_the_rules() -> None:
    clinic = a_clinic(a_clinician(), [pinned("Mon 09:00"), pinned("Mon 09:30"), pinned("Mon 11:30")])  # type: ignore[list-item]
    (clash,) = pin_clashes(clinic)
    assert clash == Clash((0, 1), (), minimal=True)
    first, *_, last = sentences(clinic, clash)
    assert first.startswith("These cannot all hold, whatever the rules")
    assert last == "Proven; and without any one of them the rest can hold."


def test_two_clashes_share_no_pin() -> None:
    team = [a_clinician(), a_clinician()]
    wanted = [an_appointment(pin=place("Mon 09:00", who), minutes=60) for who in (0, 0, 1, 1)]
    clashes = pin_clashes(a_clinic(team, wanted))
    assert [clash.pins for clash in clashes] == [(0, 1), (2, 3)]


def test_three_hours_without_room_for_a_break_clash_with_breaks() -> None:
    # 09:00 to 12:00 in one go, at most 90 minutes a run: any two hours that touch are one run too long.
    clinic = a_clinic(a_clinician(), [pinned("Mon 09:00"), pinned("Mon 10:00"), pinned("Mon 11:00")])  # type: ignore[list-item]
    (clash,) = pin_clashes(clinic)
    assert clash.rules == ("breaks",)
    # The earlier pins are left out first.
    assert clash.pins == (1, 2)


def test_too_many_contacts_a_day_are_no_fault_of_breaks() -> None:
    policy = Policy(max_contacts_per_day=1)
    clinic = a_clinic(a_clinician(policy=policy), [pinned("Mon 09:00"), pinned("Mon 11:30")])  # type: ignore[list-item]
    (clash,) = pin_clashes(clinic)
    assert clash == Clash((0, 1), ("contacts",), minimal=True)
    assert not is_minimal(clinic, (0, 1), ("contacts", "breaks"))


def test_a_witness_of_pins_keeps_every_rule_of_its_week() -> None:
    clinic = a_clinic(a_clinician(), [pinned("Mon 09:00"), pinned("Mon 11:30")])  # type: ignore[list-item]
    week = alone(clinic, (0, 1), RULES)
    rota = witness(week)
    assert rota is not None
    assert not breaches(week, rota)
    assert len(rota.bookings) == 2


def test_a_target_beyond_the_list_clashes_by_itself() -> None:
    # c1 has nobody to see: 1170 minutes are out of reach whatever the rules; c2 is fine with none at all.
    team = [a_clinician(), a_clinician(target=0)]
    clash = target_clash(a_clinic(team), seconds=30.0)
    assert clash == Clash((), (), minimal=True, targets=(0,))


def test_targets_that_the_contacts_rule_keeps_apart_name_it_and_no_break() -> None:
    policy = Policy(max_contacts_per_day=1, tolerance_minutes=0, max_booked_ratio=Fraction(2))
    clinician = a_clinician(target=60, ceiling=66, policy=policy)
    clinic = a_clinic(clinician, [an_appointment(minutes=30, attendance=1000) for _ in range(2)])
    assert target_clash(clinic, seconds=60.0) == Clash((), ("contacts",), minimal=True, targets=(0,))


def test_shrinking_leaves_out_what_comes_first_where_it_can() -> None:
    # Any two of these clash.
    assert shrunk((1, 2, 3, 4, 5), lambda some: len(some) >= 2) == (4, 5)
    assert shrunk("abcdef", lambda some: "b" in some and "e" in some) == ("b", "e")


def test_a_week_with_other_faults_is_refused() -> None:
    request = small_request(0) | {"unheard_of": 1}
    with pytest.raises(BadRequest):
        read_week(json.dumps(request).encode())
