"""From the request to the plain question: minutes of the week, exact limits, the tighter policy."""

from __future__ import annotations

from fractions import Fraction

import pytest

from solver.question.clinic import Clinic, Clinician, Commitment, Place, Policy, Slot, Span
from tests.question_builders import (
    Json,
    a_request,
    a_stretch,
    a_time,
    a_told_appointment,
    a_told_clinician,
    read,
)

DAY = 24 * 60


def one_clinician(**changes: object) -> Clinician:
    return read(a_request(clinicians=[a_told_clinician(**changes)])).clinic.clinicians[0]


def one_policy(service: Json, own: Json) -> Policy:
    request = a_request(policy=service, clinicians=[a_told_clinician(policy=own)])
    return read(request).clinic.clinicians[0].policy


def changing(week: str, shifts: list[tuple[str, str]]) -> Clinic:
    """A week in London whose Sunday brings a clock change."""
    told = a_told_clinician(shifts=[{"start": start, "end": end} for start, end in shifts])
    return read(
        a_request(week={"start": week, "timezone": "Europe/London"}, clinicians=[told], appointments=[])
    ).clinic


def test_minutes_count_from_monday_midnight() -> None:
    clinician = one_clinician(
        shifts=[a_stretch(2, "09:00", "17:00", site="north"), a_stretch(30, "08:30", "12:00")],
        commitments=[a_stretch(2, "16:00", "17:00", kind="supervision"), a_stretch(30, "09:00", "10:00")],
        slots=[{"start": a_time(2, "09:15"), "minutes": 45}],
    )
    # Wednesday begins at 2 x 1440 = 2880; 09:00 is 540, 17:00 is 1020.
    assert [(s.start, s.end, s.day, s.site) for s in clinician.shifts] == [
        (510, 720, 0, None),
        (3420, 3900, 2, "north"),
    ]
    assert clinician.commitments == (Commitment(540, 600, "other"), Commitment(3840, 3900, "supervision"))
    assert clinician.slots == (Slot(3435, 45),)


def test_any_offset_names_the_same_instant() -> None:
    ten_in_paris = {"start": "2026-11-30T10:00:00+01:00", "end": "2026-11-30T12:00:00Z"}
    assert one_clinician(shifts=[ten_in_paris]).shifts[0].start == 540


def test_autumn_keeps_wall_time_and_gains_an_hour() -> None:
    clinic = changing(
        "2026-10-19",
        [
            ("2026-10-24T09:00:00+01:00", "2026-10-24T12:00:00+01:00"),
            ("2026-10-25T09:00:00+00:00", "2026-10-25T16:00:00+00:00"),
        ],
    )
    saturday, sunday = clinic.clinicians[0].shifts
    assert (saturday.start, saturday.day) == (5 * DAY + 540, 5)
    # Clocks go back at 02:00 on Sunday, so that 09:00 comes 10 hours after midnight.
    assert (sunday.start, sunday.end, sunday.day) == (6 * DAY + 600, 6 * DAY + 1020, 6)
    assert sunday.lunch_window == Span(6 * DAY + 690 + 60, 6 * DAY + 870 + 60)
    assert clinic.moment(sunday.start).isoformat() == "2026-10-25T09:00:00+00:00"


def test_spring_keeps_wall_time_and_loses_an_hour() -> None:
    clinic = changing("2026-03-23", [("2026-03-29T09:00:00+01:00", "2026-03-29T16:00:00+01:00")])
    sunday = clinic.clinicians[0].shifts[0]
    # Clocks go forward at 01:00 on Sunday, so that 09:00 comes 8 hours after midnight.
    assert (sunday.start, sunday.end, sunday.day) == (6 * DAY + 480, 6 * DAY + 900, 6)
    assert sunday.lunch_window == Span(6 * DAY + 690 - 60, 6 * DAY + 870 - 60)
    assert clinic.moment(sunday.start).isoformat() == "2026-03-29T09:00:00+01:00"


def test_a_shift_over_the_clock_change_lasts_as_long_as_it_lasts() -> None:
    clinic = changing("2026-10-19", [("2026-10-25T00:00:00+01:00", "2026-10-25T04:00:00+00:00")])
    assert clinic.clinicians[0].shifts[0].minutes == 5 * 60


@pytest.mark.parametrize("clock", ["01:30:00+01:00", "01:30:00+00:00"])
def test_the_hour_that_comes_twice_is_told_apart_by_its_offset(clock: str) -> None:
    clinic = changing("2026-10-19", [(f"2026-10-25T{clock}", "2026-10-25T05:00:00+00:00")])
    first = 6 * DAY + 90
    assert clinic.clinicians[0].shifts[0].start == (first if clock.endswith("01:00") else first + 60)


def test_the_last_minute_of_a_longer_week_is_in_it() -> None:
    clinic = changing("2026-10-19", [("2026-10-25T23:00:00+00:00", "2026-10-26T00:00:00+00:00")])
    assert clinic.clinicians[0].shifts[0].end == 7 * DAY + 60


def test_windows_and_commitments_are_cut_to_the_week() -> None:
    long = {"start": "2026-11-20T00:00:00Z", "end": "2026-12-20T00:00:00Z"}
    gone = {"start": "2026-11-20T00:00:00Z", "end": "2026-11-21T00:00:00Z", "kind": "leave"}
    told = a_request(
        clinicians=[a_told_clinician(commitments=[{**long, "kind": "leave"}, gone])],
        appointments=[a_told_appointment(windows=[long])],
    )
    clinic = read(told).clinic
    assert clinic.clinicians[0].commitments == (Commitment(0, 7 * DAY, "leave"),)
    assert clinic.appointments[0].windows == (Span(0, 7 * DAY),)


def test_people_are_places_in_lists() -> None:
    request = a_request(
        clinicians=[a_told_clinician(), a_told_clinician(id="c02")],
        appointments=[
            a_told_appointment(
                clinician="c02",
                preferred_clinicians=["c02", "c01"],
                excluded_clinicians=["c01"],
                pin={"clinician": "c02", "start": a_time(30, "09:05")},
            )
        ],
        published=[{"appointment": "a1", "clinician": "c01", "start": a_time(1, "09:00")}],
        rooms=[{"site": "north", "rooms": 0}],
    )
    clinic = read(request).clinic
    appointment = clinic.appointments[0]
    assert (appointment.clinician, set(appointment.preferred), set(appointment.excluded)) == (1, {0, 1}, {0})
    assert (appointment.pin, appointment.published) == (Place(1, 545), Place(0, DAY + 540))
    assert clinic.rooms == {"north": 0}


def test_attendance_and_limits_are_exact() -> None:
    # 0.29 x 1000 is 290.00000000000006 in binary, and 0.1 is not a tenth.
    request = a_request(
        appointments=[a_told_appointment(attendance=0.29)],
        policy={"max_collision": 0.1, "max_booked_ratio": 1.1},
    )
    clinic = read(request).clinic
    assert clinic.appointments[0].attendance == 290
    assert clinic.policy.max_collision == Fraction(1, 10)
    assert clinic.clinicians[0].policy.max_booked_ratio == Fraction(11, 10)


@pytest.mark.parametrize(
    ("field", "service", "own"),
    [
        ("max_per_slot", 2, 1),
        ("max_contacts_per_day", 8, 6),
        ("max_overload_risk", 0.1, 0.05),
        ("max_contact_run_minutes", 90, 60),
        ("lunch_if_over_minutes", 360, 240),
        ("break_minutes", 10, 15),
        ("lunch_minutes", 30, 60),
        ("admin_daily_minutes", 15, 30),
        ("lunch_earliest", "11:30", "12:00"),
        ("lunch_latest", "14:30", "14:00"),
    ],
)
def test_a_clinicians_tighter_cap_counts(field: str, service: object, own: object) -> None:
    assert getattr(one_policy({field: service}, {field: own}), field) == own
    assert getattr(one_policy({field: service}, {}), field) == service
    assert getattr(one_policy({field: service}, {field: None}), field) == service


def test_a_clinicians_own_lunch_window_is_that_of_the_shift() -> None:
    clinician = one_clinician(policy={"lunch_earliest": "12:00"})
    assert clinician.shifts[0].lunch_window == Span(720, 870)
