"""Who is booked where: booked once, eligible, pinned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from solver.question.clinic import Slot
from solver.question.eligibility import eligible_starts, fits, may_see
from solver.rota import Booking
from solver.rules import booked_once, eligible, pinned
from tests.builders import (
    a_clinic,
    a_clinician,
    a_rota,
    an_appointment,
    at,
    commitment,
    doubling,
    faults,
    place,
    shift,
    span,
)


def test_two_patients_on_one_day_are_each_booked_once() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(), an_appointment()])
    assert not list(booked_once.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | free")))


def test_a_second_booking_of_one_appointment_is_named() -> None:
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-13:00", "Tue 09:00-13:00")), [an_appointment()])
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free\nTue 09:00 a1 | free")
    (breach,) = booked_once.breaches(clinic, rota)
    assert breach.text == "Appointment a1 is booked 2 times, not once."


def test_a_patient_has_one_booking_a_day_whoever_sees_them() -> None:
    team = [a_clinician(), a_clinician(shifts=("Mon 14:00-17:00", "Tue 09:00-13:00"))]
    clinic = a_clinic(team, [an_appointment(patient="p1"), an_appointment(patient="p1")])
    same_day = a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Mon 14:00 a2 | free")
    next_day = a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Tue 09:00 a2 | free")
    assert faults(booked_once.breaches(clinic, same_day)) == [(None, 0)]
    assert not list(booked_once.breaches(clinic, next_day))


def test_a_breach_never_names_a_patient() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(patient="secret"), an_appointment(patient="secret")])
    (breach,) = booked_once.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | free"))
    assert breach.text == "Appointments a1, a2 are one patient's, 2 on one day, not 1."


def test_a_night_shift_belongs_to_the_day_on_which_it_starts() -> None:
    # The night shift runs from Monday 20:00 to Tuesday 04:00: a booking at 01:00 counts for Monday.
    night = replace(shift("Mon 20:00-23:00"), end=at("Tue 04:00"))
    team = [a_clinician(shifts=(night,)), a_clinician(shifts=("Tue 09:00-13:00",))]
    clinic = a_clinic(team, [an_appointment(patient="p1"), an_appointment(patient="p1")])
    rota = a_rota(clinic, c1="Mon 20:00 free 300 | a1 | free", c2="Tue 09:00 a2 | free")
    assert not list(booked_once.breaches(clinic, rota))


WHOM: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("it belongs to another clinician", {"clinician": 1}, {}),
    ("the clinician is excluded for it", {"excluded": frozenset({0})}, {}),
    ("the clinician lacks emdr", {"skills": frozenset({"cbt", "emdr"})}, {"skills": frozenset({"cbt"})}),
    ("the clinician does not speak pl", {"language": "pl"}, {"languages": frozenset({"en"})}),
    ("the clinician does not work by video", {"mode": "video"}, {"modes": frozenset({"telephone"})}),
    (
        "the clinician has no shift at site north",
        {"mode": "in_person", "site": "north"},
        {"shifts": (shift("Mon 09:00-13:00", "south"),)},
    ),
]


@pytest.mark.parametrize(("reason", "asked", "offered"), WHOM, ids=[reason for reason, _, _ in WHOM])
def test_a_clinician_who_may_not_see_a_patient(
    reason: str, asked: dict[str, Any], offered: dict[str, Any]
) -> None:
    clinic = a_clinic([a_clinician(**offered), a_clinician()], [an_appointment(**asked)])
    (appointment,), clinician = clinic.appointments, clinic.clinicians[0]
    assert not may_see(appointment, clinician)
    assert eligible_starts(appointment, clinician) == ()
    assert fits(appointment, clinician, at("Mon 09:00")) == reason
    assert faults(eligible.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free"))) == [("c1", 0)]


def test_what_a_clinician_leaves_open_is_no_restriction() -> None:
    # Languages and modes that are absent mean any; a site matters only in person.
    clinic = a_clinic(a_clinician(), [an_appointment(language="pl", mode="video", site="north")])
    assert may_see(clinic.appointments[0], clinic.clinicians[0])
    assert not list(eligible.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free")))


def test_an_in_person_appointment_needs_the_shift_itself_at_its_site() -> None:
    shifts = (shift("Mon 09:00-10:00", "south"), shift("Tue 09:00-10:00", "north"))
    clinic = a_clinic(a_clinician(shifts=shifts), [an_appointment(mode="in_person", site="north")])
    assert eligible_starts(clinic.appointments[0], clinic.clinicians[0]) == (at("Tue 09:00"),)
    assert faults(eligible.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free 0"))) == [("c1", 0)]
    assert not list(eligible.breaches(clinic, a_rota(clinic, c1="Tue 09:00 a1 | free 0")))


def test_starts_on_the_grid_run_from_the_start_of_the_shift() -> None:
    # A shift from 09:05 to 10:20 on a grid of 15 minutes: an hour fits at 09:05 and at 09:20 (to 10:20).
    clinic = a_clinic(a_clinician(shifts=("Mon 09:05-10:20",)), [an_appointment()])
    assert eligible_starts(clinic.appointments[0], clinic.clinicians[0]) == (at("Mon 09:05"), at("Mon 09:20"))
    assert not list(eligible.breaches(clinic, a_rota(clinic, c1="Mon 09:05 free 15 | a1")))
    off_grid = a_rota(clinic, c1="Mon 09:05 free 10 | a1 | free")
    assert faults(eligible.breaches(clinic, off_grid)) == [("c1", 0)]


def test_a_given_slot_takes_no_longer_booking_than_its_minutes() -> None:
    slots = (Slot(at("Mon 09:00"), 45), Slot(at("Mon 10:00"), 60))
    clinic = a_clinic(a_clinician(slots=slots), [an_appointment(), an_appointment(minutes=45)])
    hour, short = clinic.appointments
    assert eligible_starts(hour, clinic.clinicians[0]) == (at("Mon 10:00"),)
    assert eligible_starts(short, clinic.clinicians[0]) == (at("Mon 09:00"), at("Mon 10:00"))
    assert fits(hour, clinic.clinicians[0], at("Mon 09:00")) == (
        "the slot takes at most 45 minutes and it needs 60"
    )


def test_an_empty_list_of_slots_means_no_slots() -> None:
    clinic = a_clinic(a_clinician(slots=()), [an_appointment()])
    assert eligible_starts(clinic.appointments[0], clinic.clinicians[0]) == ()


def test_a_booking_may_abut_a_commitment_and_not_touch_it() -> None:
    # Supervision from 10:00 to 11:00: an hour fits at 09:00, and at 11:00, 11:15, 11:30, 11:45 and 12:00.
    clinician = a_clinician(commitments=(commitment("Mon 10:00-11:00", "supervision"),))
    clinic = a_clinic(clinician, [an_appointment()])
    clocks = ("09:00", "11:00", "11:15", "11:30", "11:45", "12:00")
    starts = eligible_starts(clinic.appointments[0], clinic.clinicians[0])
    assert starts == tuple(at(f"Mon {clock}") for clock in clocks)
    assert fits(clinic.appointments[0], clinic.clinicians[0], at("Mon 09:15")) == (
        "its 60 minutes touch a commitment"
    )


def test_a_window_holds_the_whole_booking() -> None:
    # Windows 09:00-10:00 and 10:00-11:30: an hour fits at 09:00, 10:00, 10:15 and 10:30, not across both.
    windows = (span("Mon 09:00-10:00"), span("Mon 10:00-11:30"))
    clinic = a_clinic(a_clinician(), [an_appointment(windows=windows)])
    starts = tuple(at(f"Mon {clock}") for clock in ("09:00", "10:00", "10:15", "10:30"))
    assert eligible_starts(clinic.appointments[0], clinic.clinicians[0]) == starts
    across = a_rota(clinic, c1="Mon 09:00 free 15 | a1 | free")
    assert faults(eligible.breaches(clinic, across)) == [("c1", 0)]


def test_both_windows_of_a_double_hold_the_slot_and_its_reserve() -> None:
    # Slot 09:00-09:45, reserve 09:45-10:15: a window to 10:15 will do, one to 10:10 will not.
    def found(end: str) -> list[tuple[str | None, int | None]]:
        windows = (span(f"Mon 09:00-{end}"),)
        wanted = [an_appointment(minutes=45), an_appointment(minutes=30, windows=windows)]
        clinic = a_clinic(a_clinician(policy=doubling()), wanted)
        rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 30 | free")
        return faults(eligible.breaches(clinic, rota))

    assert found("10:15") == []
    assert found("10:10") == [("c1", 0)]


def test_a_booking_outside_every_shift_is_ineligible_on_no_day() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment()])
    rota = replace(a_rota(clinic), bookings=(Booking(0, 0, at("Tue 09:00")),))
    assert faults(eligible.breaches(clinic, rota)) == [("c1", None)]


def test_eligible_starts_are_exactly_the_starts_without_a_fault() -> None:
    clinician = a_clinician(
        shifts=("Mon 09:00-17:00", "Wed 08:10-12:00"),
        commitments=(commitment("Mon 10:00-10:35"), commitment("Mon 16:30-18:00", "leave")),
    )
    windows = (span("Mon 09:30-12:00"), span("Mon 11:00-16:50"), span("Wed 08:00-10:00"))
    wanted = [an_appointment(minutes=m, windows=w) for m in (30, 60, 90) for w in ((), windows)]
    clinic = a_clinic(clinician, [*wanted, an_appointment(pin=place("Mon 13:05"))])
    for appointment in clinic.appointments[:-1]:
        allowed = [t for t in range(0, 10080, 5) if fits(appointment, clinic.clinicians[0], t) is None]
        assert list(eligible_starts(appointment, clinic.clinicians[0])) == allowed
        assert allowed


def test_a_pin_needs_no_grid_point_and_no_given_slot() -> None:
    clinic = a_clinic(a_clinician(slots=()), [an_appointment(pin=place("Mon 09:05"))])
    rota = a_rota(clinic, c1="Mon 09:00 free 5 | a1 | free")
    assert eligible_starts(clinic.appointments[0], clinic.clinicians[0]) == (at("Mon 09:05"),)
    assert not list(pinned.breaches(clinic, rota))
    assert not list(eligible.breaches(clinic, rota))


def test_a_pin_keeps_every_other_condition() -> None:
    clinician = a_clinician(commitments=(commitment("Mon 10:00-11:00"),))
    clinic = a_clinic(clinician, [an_appointment(pin=place("Mon 09:05"))])
    assert eligible_starts(clinic.appointments[0], clinic.clinicians[0]) == ()


def test_a_pinned_booking_that_moved_by_five_minutes_is_a_breach() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(pin=place("Mon 09:05"))])
    moved = a_rota(clinic, c1="Mon 09:00 free 10 | a1 | free")
    assert faults(pinned.breaches(clinic, moved)) == [("c1", 0)]


def test_a_pinned_booking_with_another_clinician_is_a_breach() -> None:
    clinic = a_clinic([a_clinician(), a_clinician()], [an_appointment(pin=place("Mon 09:00"))])
    (breach,) = pinned.breaches(clinic, a_rota(clinic, c2="Mon 09:00 a1 | free"))
    assert breach.text == "Appointment a1 is pinned to c1 at Mon 09:00 and is not booked there."


def test_a_pinned_appointment_may_not_stay_unplaced() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(pin=place("Mon 09:00"))])
    assert faults(pinned.breaches(clinic, a_rota(clinic))) == [("c1", 0)]
