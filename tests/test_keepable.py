"""Pins that no rota keeps are named, exactly where enumeration finds no rota for them."""

from __future__ import annotations

import json

import pytest

from solver.check import breaches
from solver.keepable import unkept
from solver.question.clinic import Clinic, Policy
from solver.question.faults import BadRequest
from solver.question.reading import read_request
from solver.solve import solve
from tests.builders import a_clinic, a_clinician, an_appointment, place
from tests.question_builders import Json, a_request, a_stretch, a_told_appointment, a_told_clinician, read
from tests.small import small_clinic, unkeepable_request


def named(clinic: Clinic) -> list[tuple[str, str]]:
    return [(fault.code, fault.pointer) for fault in unkept(clinic)]


@pytest.mark.parametrize("seed", range(5, 13))
def test_random_pins_that_no_rota_keeps_are_named(seed: int) -> None:
    clinic = read_request(json.dumps(unkeepable_request(seed))).clinic
    pins = {f"/appointments/{a.index}/pin" for a in clinic.appointments if a.pin is not None}
    found = {pointer for _, pointer in named(clinic)}
    assert found
    assert found <= pins


@pytest.mark.parametrize("seed", range(20))
def test_pins_that_a_rota_keeps_are_no_fault(seed: int) -> None:
    assert named(small_clinic(seed)) == []


def test_a_pin_is_named_by_its_place_in_the_request() -> None:
    # 30 minutes booked and 90 of notes are 120, and the shift has 90; the two before it are not pinned.
    late = an_appointment(minutes=30, admin=90, pin=place("Mon 09:00"))
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-10:30",)), [an_appointment(), an_appointment(), late])
    assert named(clinic) == [("pins_no_layout", "/appointments/2/pin")]


def two_pins(minutes: int) -> Clinic:
    """Two pins on Monday, each with so many minutes of notes that may be written in any of the week's shifts.

    Monday 09:00 to 10:30 has 30 minutes left beside the two pins, Tuesday 09:00 to 10:00 has 60: 90 in all.
    """
    policy = Policy(admin_scope="week")
    team = a_clinician(shifts=("Mon 09:00-10:30", "Tue 09:00-10:00"), policy=policy)
    pinned = [an_appointment(minutes=30, admin=minutes, pin=place(f"Mon {at}")) for at in ("09:00", "10:00")]
    return a_clinic(team, [an_appointment(), *pinned])


def test_pins_that_leave_too_little_time_for_the_weeks_admin_are_named() -> None:
    assert named(two_pins(45)) == []
    assert named(two_pins(50)) == [
        ("pins_admin", "/appointments/1/pin"),
        ("pins_admin", "/appointments/2/pin"),
    ]


def test_a_solve_names_them_too() -> None:
    shifts = [a_stretch(30, "09:00", "10:30"), a_stretch(1, "09:00", "10:00")]

    def week(notes: int) -> Json:
        return a_request(
            clinicians=[a_told_clinician(shifts=shifts)],
            appointments=[
                a_told_appointment(
                    id=name,
                    patient=name,
                    admin_minutes=notes,
                    pin={"clinician": "c01", "start": f"2026-11-30T{at}:00Z"},
                )
                for name, at in (("a1", "09:00"), ("a2", "10:00"))
            ],
            policy={"admin_scope": "week"},
            effort={"seconds": 1, "workers": 1},
        )

    with pytest.raises(BadRequest) as bad:
        solve(read(week(50)))
    assert [fault.code for fault in bad.value.faults] == ["pins_admin", "pins_admin"]
    kept = solve(read(week(45))).rota
    assert kept is not None
    assert breaches(read(week(45)).clinic, kept) == ()
