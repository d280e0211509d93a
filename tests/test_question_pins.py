"""Pins that are kept, and pins that contradict the rules by themselves."""

from __future__ import annotations

import pytest

from solver.question.eligibility import fits
from solver.question.pinned import Pinned, place_of
from tests.question_builders import (
    Json,
    a_request,
    a_stretch,
    a_time,
    a_told_appointment,
    a_told_clinician,
    found,
    read,
)


def pinned(number: int, clock: str, clinician: str = "c01", **changes: object) -> Json:
    """Appointment a<number> of p<number>, pinned to Monday; double-bookable at attendance 0.6."""
    pin = {"clinician": clinician, "start": a_time(30, clock)}
    told: Json = {"id": f"a{number}", "patient": f"p{number}", "attendance": 0.6, "double_bookable": True}
    return a_told_appointment(**told | {"pin": pin} | changes)


def week(*appointments: Json, **changes: object) -> Json:
    """Two clinicians, and slots that may hold two."""
    team = [a_told_clinician(), a_told_clinician(id="c02")]
    return a_request(
        **{"clinicians": team, "policy": {"max_per_slot": 2}} | changes, appointments=[*appointments]
    )


def at(place: int) -> str:
    return f"/appointments/{place}/pin"


def test_a_pin_needs_no_grid_point_and_no_given_slot() -> None:
    bare = [a_told_clinician(slots=[])]
    assert found(week(pinned(1, "09:05"), clinicians=bare)) == []


def test_pins_may_follow_each_other_at_once() -> None:
    assert found(week(pinned(1, "09:00"), pinned(2, "09:30"))) == []


def test_a_double_may_be_pinned_and_the_next_pin_follows_its_reserve() -> None:
    assert found(week(pinned(1, "09:00"), pinned(2, "09:00"), pinned(3, "10:00"))) == []
    assert found(week(pinned(1, "09:00"), pinned(2, "09:00"), pinned(3, "09:55"))) == [
        ("pins_overlap", at(2))
    ]


def test_with_some_risk_allowed_a_double_needs_no_reserve_at_once() -> None:
    policy = {"max_per_slot": 2, "max_unreserved_risk": 0.5}
    assert found(week(pinned(1, "09:00"), pinned(2, "09:00"), pinned(3, "09:30"), policy=policy)) == []


def test_a_longer_pin_overlaps_more_than_the_next() -> None:
    # 09:00-12:00 holds 09:30-10:00 and 11:00-11:30: both overlap it, though not each other.
    request = week(pinned(1, "09:00", minutes=180), pinned(2, "09:30"), pinned(3, "11:00"))
    assert found(request) == [("pins_overlap", at(1)), ("pins_overlap", at(2))]


def test_a_patient_may_have_pins_on_two_days() -> None:
    two_days = [a_stretch(30, "09:00", "17:00"), a_stretch(1, "09:00", "17:00")]
    other = pinned(2, "09:00", patient="p1", pin={"clinician": "c01", "start": a_time(1, "09:00")})
    assert found(week(pinned(1, "09:00"), other, clinicians=[a_told_clinician(shifts=two_days)])) == []


@pytest.mark.parametrize(("attendance", "shared"), [(0.5, True), (0.501, False)])
def test_a_double_at_exactly_the_limit_of_collision_is_allowed(attendance: float, shared: bool) -> None:
    policy = {"max_per_slot": 2, "max_collision": 0.25}
    pair = [pinned(i, "09:00", attendance=attendance) for i in (1, 2)]
    pair[0]["attendance"] = 0.5
    assert found(week(*pair, policy=policy)) == ([] if shared else [("pins_slot", at(1))])


@pytest.mark.parametrize(("minutes", "kept"), [(75, True), (80, False)])
def test_the_booked_ceiling_itself_is_kept(minutes: int, kept: bool) -> None:
    # 1.25 x 60 = 75 minutes.
    team = [a_told_clinician(target_minutes=60)]
    request = week(pinned(1, "09:00", minutes=minutes), clinicians=team)
    assert found(request) == ([] if kept else [("pins_over_ceiling", at(0))])


def test_a_double_with_a_patient_in_person_holds_its_room_for_both() -> None:
    north = [a_stretch(30, "09:00", "17:00", site="north")]
    team = [a_told_clinician(id=name, shifts=north) for name in ("c01", "c02")]
    rooms = [{"site": "north", "rooms": 1}]

    def others_at(clock: str) -> list[tuple[str, str]]:
        double = [pinned(1, "09:00", mode="in_person"), pinned(2, "09:00", mode="video")]
        other = pinned(3, clock, "c02", mode="in_person")
        return found(week(*double, other, clinicians=team, rooms=rooms))

    assert others_at("09:55") == [("pins_rooms", at(2))]
    assert others_at("10:00") == []


def test_every_clinician_is_counted_alone() -> None:
    policy = {"max_contacts_per_day": 1}
    assert found(week(pinned(1, "09:00"), pinned(2, "09:00", "c02"), policy=policy)) == []


TEAM = [
    a_told_clinician(
        skills=["cbt"],
        languages=["en"],
        modes=["video", "in_person"],
        shifts=[a_stretch(30, "09:00", "15:00", site="north")],
        commitments=[a_stretch(30, "10:00", "11:00", kind="meeting")],
    ),
    a_told_clinician(id="c02"),
]


@pytest.mark.parametrize(
    "change",
    [
        {},
        *({"skills": ["cbt"]}, {"skills": ["emdr"]}),
        *({"language": "en"}, {"language": "pl"}),
        *({"mode": "video"}, {"mode": "telephone"}, {"mode": "in_person"}),
        *({"mode": "in_person", "site": "north"}, {"mode": "in_person", "site": "south"}),
        *({"mode": "video", "site": "south"}, {"clinician": "c01"}, {"clinician": "c02"}),
        *({"excluded_clinicians": ["c01"]}, {"preferred_clinicians": ["c02"]}),
        *({"windows": [a_stretch(30, "09:00", "09:30")]}, {"windows": [a_stretch(30, "09:00", "09:25")]}),
        *({"minutes": 60}, {"minutes": 65}, {"minutes": 400}),
    ],
)
def test_a_pin_is_eligible_exactly_where_its_booking_is(change: Json) -> None:
    free = week(pinned(1, "09:00", **change, pin=None), clinicians=TEAM)
    clinic = read(free).clinic
    stands = week(pinned(1, "09:00", **change), clinicians=TEAM)
    appointment, clinician = clinic.appointments[0], clinic.clinicians[0]
    assert (found(stands) == []) == (fits(appointment, clinician, 540) is None)
    assert all(code == "pin_not_eligible" for code, _ in found(stands))


def test_the_place_of_a_pin_knows_its_day() -> None:
    clinic = read(week(pinned(1, "09:05"))).clinic
    pin = clinic.appointments[0].pin
    assert pin is not None
    place = place_of(clinic, clinic.appointments[0], pin)
    assert isinstance(place, Pinned)
    assert (place.start, place.day) == (545, 0)
