"""Slots: who may share one, how many doubles, the reserve, the rooms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from solver.question.clinic import Clinic, Policy, Slot
from solver.rules import double_limit, reserve, rooms, slot_limit
from solver.search.prepare import prepared
from tests.builders import (
    a_clinic,
    a_clinician,
    a_rota,
    an_appointment,
    appointments,
    doubling,
    faults,
    shift,
)


def a_double(
    policy: Policy, first: dict[str, Any] | None = None, second: dict[str, Any] | None = None
) -> Clinic:
    """One clinician, two half-hours that may share a slot unless told otherwise."""
    plain = {"minutes": 30, "attendance": 700, "double_bookable": True}
    wanted = [an_appointment(**(plain | (changes or {}))) for changes in (first, second)]
    return a_clinic(a_clinician(policy=policy), wanted)


SHARED = "Mon 09:00 a1+a2 | reserve 30 | free"


def test_a_collision_exactly_at_the_limit_is_allowed() -> None:
    # 0.8 x 0.6 = 0.48 exactly; in binary fractions 0.8 x 0.6 is a little less or more.
    policy = doubling(max_collision=Fraction(48, 100))
    clinic = a_double(policy, {"attendance": 800}, {"attendance": 600})
    assert not list(slot_limit.breaches(clinic, a_rota(clinic, c1=SHARED)))


def test_a_collision_a_millionth_over_the_limit_is_a_breach() -> None:
    # 0.8 x 0.6 = 0.48 > 0.479999.
    policy = doubling(max_collision=Fraction(479_999, 1_000_000))
    clinic = a_double(policy, {"attendance": 800}, {"attendance": 600})
    (breach,) = slot_limit.breaches(clinic, a_rota(clinic, c1=SHARED))
    assert breach.text == (
        "The slot of c1 at Mon 09:00 brings a1 and a2 together with probability 0.48, more than 0.479999."
    )


def test_both_patients_of_a_double_must_be_bookable_so() -> None:
    clinic = a_double(doubling(), {}, {"double_bookable": False})
    (breach,) = slot_limit.breaches(clinic, a_rota(clinic, c1=SHARED))
    assert "appointment a2, which may not be double-booked" in breach.text


def test_a_slot_holds_one_booking_by_default() -> None:
    clinic = a_double(Policy())
    assert faults(slot_limit.breaches(clinic, a_rota(clinic, c1=SHARED))) == [("c1", 0)]
    assert not list(slot_limit.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | a2 | free")))


def test_three_never_share_a_slot() -> None:
    wanted = appointments(3, minutes=30, attendance=100, double_bookable=True)
    clinic = a_clinic(a_clinician(policy=doubling()), wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2+a3 | reserve 60 | free")
    (breach,) = slot_limit.breaches(clinic, rota)
    assert breach.text == "The slot of c1 at Mon 09:00 has 3 bookings, more than 2."


def test_two_entries_with_one_start_are_one_slot() -> None:
    clinic = a_double(Policy())
    rota = a_rota(clinic, c1="Mon 09:00 a1 0 | a2 | free")
    assert faults(slot_limit.breaches(clinic, rota)) == [("c1", 0)]


def many_doubles(policy: Policy) -> Clinic:
    days = ("Mon 09:00-13:00", "Tue 09:00-13:00", "Wed 09:00-13:00")
    return a_clinic(
        a_clinician(policy=policy, shifts=days),
        appointments(6, minutes=30, attendance=700, double_bookable=True),
    )


def test_a_double_on_each_of_two_days_is_at_both_limits() -> None:
    clinic = many_doubles(doubling())
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 30 | free\nTue 09:00 a3+a4 | reserve 30 | free")
    assert not list(double_limit.breaches(clinic, rota))


def test_a_second_double_on_one_day_is_over_the_limit_of_the_day() -> None:
    clinic = many_doubles(doubling())
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 30 | break 10 | a3+a4 | reserve 30 | free")
    (breach,) = double_limit.breaches(clinic, rota)
    assert (breach.day, breach.text) == (0, "c1 has 2 doubles a day, limit 1.")


def test_a_third_double_is_over_the_limit_of_the_week() -> None:
    clinic = many_doubles(doubling())
    text = "{} 09:00 {} | reserve 30 | free"
    pairs = (("Mon", "a1+a2"), ("Tue", "a3+a4"), ("Wed", "a5+a6"))
    rota = a_rota(clinic, c1="\n".join(text.format(day, pair) for day, pair in pairs))
    (breach,) = double_limit.breaches(clinic, rota)
    assert (breach.day, breach.text) == (None, "c1 has 3 doubles a week, limit 2.")


def test_reserve_follows_a_double_at_once() -> None:
    clinic = a_double(doubling())
    assert not list(reserve.breaches(clinic, a_rota(clinic, c1=SHARED)))
    late = a_rota(clinic, c1="Mon 09:00 a1+a2 | free 5 | reserve 30 | free")
    assert faults(reserve.breaches(clinic, late)) == [("c1", 0)]


def test_reserve_is_as_long_as_the_shorter_booking() -> None:
    # 45 and 30 minutes share a slot of 45: 30 minutes of reserve will do, 25 will not.
    clinic = a_double(doubling(), {"minutes": 45})
    enough = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 30 | break 10 | free")
    short = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 25 | free")
    assert not list(reserve.breaches(clinic, enough))
    (breach,) = reserve.breaches(clinic, short)
    assert breach.text == (
        "The double of c1 at Mon 09:00 has 25 minutes of reserve from Mon 09:45, 30 are due."
    )


def test_free_time_is_no_reserve() -> None:
    clinic = a_double(doubling())
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | free 60 | break 10 | free")
    assert faults(reserve.breaches(clinic, rota)) == [("c1", 0)]


def test_everyone_counts_as_attending_whatever_their_attendance() -> None:
    clinic = a_double(doubling(), {"attendance": 0}, {"attendance": 0})
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | break 10 | free")
    # No reserve, and the break is touched: two things are wrong.
    assert len(list(reserve.breaches(clinic, rota))) == 2


def test_a_double_at_the_end_of_a_shift_makes_a_late_finish() -> None:
    # Both half-hours from 12:30: the second ends at 13:30, the shift at 13:00.
    clinic = a_double(doubling())
    rota = a_rota(clinic, c1="Mon 09:00 free 210 | a1+a2")
    texts = [breach.text for breach in reserve.breaches(clinic, rota)]
    assert "Protected time of c1 is touched if everyone comes, limit 0." in texts


@pytest.mark.parametrize(("limit", "breached"), [(0.42, False), (0.419, True)])
def test_a_positive_limit_is_a_probability_and_asks_for_no_reserve(limit: float, breached: bool) -> None:
    # 0.7 x 0.6 = 0.42: the break after the slot is touched exactly if both come.
    clinic = a_double(doubling(max_unreserved_risk=limit), {}, {"attendance": 600})
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | break 10 | free")
    assert bool(list(reserve.breaches(clinic, rota))) is breached


def test_one_day_touches_its_protected_time_once_however_often() -> None:
    # Two doubles of 0.5 each with a break after it: 1 - (1 - 0.25)(1 - 0.25) = 0.4375, for the day.
    policy = doubling(max_unreserved_risk=0.4375, max_doubles_per_day=2)
    wanted = appointments(4, minutes=30, attendance=500, double_bookable=True)
    clinic = a_clinic(a_clinician(policy=policy), wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | break 30 | a3+a4 | break 30 | free")
    assert not list(reserve.breaches(clinic, rota))
    tighter = a_clinic(a_clinician(policy=doubling(max_unreserved_risk=0.4374)), wanted)
    assert faults(reserve.breaches(tighter, rota)) == [("c1", 0)]


def at_north(count: int, mode: str = "in_person") -> Clinic:
    """So many clinicians at one site with one room, and as many appointments in person."""
    team = [a_clinician(shifts=(shift("Mon 09:00-13:00", "north"),), policy=doubling()) for _ in range(count)]
    wanted = appointments(count + 1, mode=mode, minutes=30, attendance=700, double_bookable=True)
    return a_clinic(team, wanted, rooms={"north": 1})


def test_a_room_is_free_the_minute_a_booking_ends() -> None:
    clinic = at_north(2)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Mon 09:00 free 30 | a2 | free")
    assert not list(rooms.breaches(clinic, rota))


def test_two_in_person_at_once_need_two_rooms() -> None:
    clinic = at_north(2)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Mon 09:00 free 25 | a2 | free")
    (breach,) = rooms.breaches(clinic, rota)
    assert breach.clinician is None
    assert breach.text == "Site north needs 2 rooms at Mon 09:25 and has 1 (c1, c2)."


def test_a_telephone_call_needs_no_room() -> None:
    clinic = at_north(2, mode="telephone")
    assert not list(
        rooms.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Mon 09:00 a2 | free"))
    )


def test_a_double_holds_its_room_for_both_durations() -> None:
    # Both half-hours of the double may take place: the room is held to 10:00, not to 09:30.
    clinic = at_north(2)
    double = "Mon 09:00 a1+a2 | reserve 30 | free"
    at_ten = a_rota(clinic, c1=double, c2="Mon 09:00 free 60 | a3 | free")
    before_ten = a_rota(clinic, c1=double, c2="Mon 09:00 free 55 | a3 | free")
    assert not list(rooms.breaches(clinic, at_ten))
    assert faults(rooms.breaches(clinic, before_ten)) == [(None, 0)]


def test_a_double_with_one_patient_in_person_holds_one_room_for_both() -> None:
    team = [a_clinician(shifts=(shift("Mon 09:00-13:00", "north"),), policy=doubling()) for _ in range(2)]
    wanted = [
        an_appointment(minutes=45, mode="in_person", double_bookable=True),
        an_appointment(minutes=30, mode="video", double_bookable=True),
        an_appointment(minutes=30, mode="in_person"),
    ]
    clinic = a_clinic(team, wanted, rooms={"north": 1})
    # 45 + 30 minutes from 09:00: the room is held to 10:15.
    double = "Mon 09:00 a1+a2 | reserve 30 | free"
    late = a_rota(clinic, c1=double, c2="Mon 09:00 free 75 | a3 | free")
    early = a_rota(clinic, c1=double, c2="Mon 09:00 free 70 | a3 | free")
    assert not list(rooms.breaches(clinic, late))
    assert faults(rooms.breaches(clinic, early)) == [(None, 0)]


def test_a_site_without_a_number_of_rooms_has_no_limit() -> None:
    clinic = a_clinic([a_clinician(), a_clinician()], appointments(2, mode="in_person"), rooms={"north": 0})
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Mon 09:00 a2 | free")
    assert not list(rooms.breaches(clinic, rota))


def test_the_room_is_at_the_site_of_the_shift() -> None:
    # The appointments name no site: they need a room where their clinicians work.
    team = [a_clinician(shifts=(shift("Mon 09:00-13:00", site),)) for site in ("north", "south")]
    clinic = a_clinic(team, appointments(2, mode="in_person"), rooms={"north": 1, "south": 0})
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Mon 09:00 a2 | free")
    (breach,) = rooms.breaches(clinic, rota)
    assert breach.text.startswith("Site south needs 1 rooms")


@pytest.mark.parametrize(("minutes", "most"), [(45, 4), (60, 2)])
def test_the_week_knows_that_long_bookings_need_a_start_each(minutes: int, most: int) -> None:
    # Two starts and two doubles: four of 45 minutes (90 between two breaks are allowed), but only two of 60.
    policy = doubling(max_doubles_per_day=2, max_unreserved_risk=Fraction(1))
    person = a_clinician(policy=policy, slots=(Slot(540, 120), Slot(660, 120)))
    ready = prepared(a_clinic(person, appointments(5, minutes=minutes, attendance=600, double_bookable=True)))
    assert ready.relaxed is not None
    assert sum(ready.relaxed.values[c.variable] for c in ready.week.columns) == pytest.approx(most)
