"""The shape of a day: no overlap, breaks, lunch, admin."""

from __future__ import annotations

from typing import Any

from solver.question.clinic import Clinic, Clinician, Policy
from solver.rota import Diary, Entry
from solver.rules import admin, breaks, lunch, no_overlap
from tests.builders import (
    a_clinic,
    a_clinician,
    a_rota,
    an_appointment,
    appointments,
    at,
    commitment,
    doubling,
    faults,
    rota_of,
    shift,
)


def one(*minutes: int, **changes: Any) -> Clinic:  # noqa: ANN401 (as the builders)
    """One clinician, and appointments of so many minutes, which may share a slot."""
    wanted = [an_appointment(minutes=m, double_bookable=True, attendance=500) for m in minutes]
    return a_clinic(a_clinician(**changes), wanted)


def test_entries_may_abut() -> None:
    clinic = one(60, 30)
    assert not list(no_overlap.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | a2 | free")))


def test_five_shared_minutes_are_an_overlap() -> None:
    clinic = one(60)
    rows = (Entry("appointment", 540, 600, (0,)), Entry("free", 595, 780))
    (breach,) = no_overlap.breaches(clinic, rota_of(clinic, [Diary(0, rows)]))
    assert breach.text == "c1 has appointment and free at Mon 09:55: they share 5 minutes."


def test_an_entry_that_ends_inside_a_longer_one_does_not_hide_the_next_overlap() -> None:
    # admin 09:00-10:00 holds break 09:10-09:20; free from 09:30 still overlaps the admin.
    clinic = one()
    rows = (Entry("admin", 540, 600), Entry("break", 550, 560), Entry("free", 570, 780))
    assert faults(no_overlap.breaches(clinic, rota_of(clinic, [Diary(0, rows)]))) == [("c1", 0), ("c1", 0)]


def test_the_order_in_which_entries_are_listed_is_no_overlap() -> None:
    clinic = one()
    rows = (Entry("free", 600, 780), Entry("admin", 540, 600))
    assert not list(no_overlap.breaches(clinic, rota_of(clinic, [Diary(0, rows)])))


def test_a_slot_lasts_its_longest_booking() -> None:
    clinic = one(45, 30)
    held = a_rota(clinic, c1="Mon 09:00 a1+a2 45 | reserve 30 | free")
    short = a_rota(clinic, c1="Mon 09:00 a1+a2 40 | reserve 30 | free")
    assert not list(no_overlap.breaches(clinic, held))
    (breach,) = no_overlap.breaches(clinic, short)
    assert breach.text == "The slot of c1 at Mon 09:00 lasts 40 minutes and appointment a1 needs 45."


def test_contact_up_to_the_limit_needs_no_break() -> None:
    # 60 + 30 = 90, the limit.
    clinic = one(60, 30)
    assert not list(breaks.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | a2 | free")))


def test_five_minutes_of_contact_over_the_limit_need_a_break() -> None:
    clinic = one(60, 35)
    (breach,) = breaks.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | a2 | free"))
    assert breach.text == "c1 has 95 minutes of contact from Mon 09:00 without a break, more than 90."


def test_a_break_of_ten_minutes_ends_the_run_and_one_of_five_does_not() -> None:
    clinic = one(60, 60)
    ten = a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | free")
    five = a_rota(clinic, c1="Mon 09:00 a1 | break 5 | a2 | free")
    assert not list(breaks.breaches(clinic, ten))
    assert faults(breaks.breaches(clinic, five)) == [("c1", 0)]


def test_only_a_break_or_a_lunch_is_a_break() -> None:
    clinic = one(60, 60, commitments=(commitment("Mon 10:00-10:30"),))
    between = {
        kind: a_rota(clinic, c1=f"Mon 09:00 a1 | {kind} 30 | a2 | free")
        for kind in ("break", "lunch", "admin", "commitment", "free", "reserve")
    }
    broken = {kind for kind, rota in between.items() if list(breaks.breaches(clinic, rota))}
    assert broken == {"admin", "commitment", "free", "reserve"}


def test_a_long_appointment_may_stand_alone_between_two_breaks() -> None:
    # 120 minutes are over the limit of 90: alone they are allowed, with 5 minutes more contact they are not.
    clinic = one(120, 5)
    alone = a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | free")
    together = a_rota(clinic, c1="Mon 09:00 a1 | admin 15 | a2 | free")
    assert not list(breaks.breaches(clinic, alone))
    assert faults(breaks.breaches(clinic, together)) == [("c1", 0)]


def test_a_double_counts_all_its_booked_minutes() -> None:
    # 45 + 45 = 90 in one slot of 45 are at the limit; 45 + 50 = 95 are over it, although the slot lasts 50.
    at_limit = one(45, 45, policy=doubling())
    over = one(45, 50, policy=doubling())
    assert not list(breaks.breaches(at_limit, a_rota(at_limit, c1="Mon 09:00 a1+a2 | reserve 45 | free")))
    assert faults(breaks.breaches(over, a_rota(over, c1="Mon 09:00 a1+a2 | reserve 45 | free"))) == [
        ("c1", 0)
    ]


def test_two_hours_never_share_a_slot_at_the_default_limit() -> None:
    clinic = one(60, 60, policy=doubling())
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 60 | free")
    assert faults(breaks.breaches(clinic, rota)) == [("c1", 0)]


def test_a_new_shift_begins_a_new_run() -> None:
    clinic = one(60, 60, shifts=("Mon 09:00-10:00", "Mon 10:30-11:30"))
    assert not list(breaks.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1\nMon 10:30 a2")))


def a_long_day(hours: str = "09:00-17:00", **changes: Any) -> Clinic:  # noqa: ANN401 (as the builders)
    """One clinician with a shift long enough that lunch is due."""
    return a_clinic(a_clinician(shifts=(f"Mon {hours}",), **changes), appointments(1))


def lunch_faults(clinic: Clinic, diary: str) -> list[tuple[str | None, int | None]]:
    return faults(lunch.breaches(clinic, a_rota(clinic, c1=diary)))


def test_a_lunch_fills_its_window_to_either_edge() -> None:
    # The window is 11:30-14:30: lunch from 11:30, or to 14:30, is in it; 5 minutes earlier or later is not.
    clinic = a_long_day()
    assert lunch_faults(clinic, "Mon 09:00 free 150 | lunch 30 | free") == []
    assert lunch_faults(clinic, "Mon 09:00 free 300 | lunch 30 | free") == []
    assert lunch_faults(clinic, "Mon 09:00 free 145 | lunch 30 | free") == [("c1", 0)]
    assert lunch_faults(clinic, "Mon 09:00 free 305 | lunch 30 | free") == [("c1", 0)]


def test_a_lunch_is_never_short_missing_or_double() -> None:
    clinic = a_long_day()
    assert lunch_faults(clinic, "Mon 09:00 free 180 | lunch 25 | free") == [("c1", 0)]
    assert lunch_faults(clinic, "Mon 09:00 free") == [("c1", 0)]
    assert lunch_faults(clinic, "Mon 09:00 free 180 | lunch 30 | free 30 | lunch 30 | free") == [("c1", 0)]


def test_a_shift_of_exactly_six_hours_needs_no_lunch_and_may_have_one() -> None:
    clinic = a_long_day("09:00-15:00")
    assert lunch_faults(clinic, "Mon 09:00 free") == []
    assert lunch_faults(clinic, "Mon 09:00 lunch 20 | free") == []
    assert lunch_faults(clinic, "Mon 09:00 lunch 30 | free 60 | lunch 30 | free") == [("c1", 0)]
    assert lunch_faults(a_long_day("09:00-15:05"), "Mon 09:00 free") == [("c1", 0)]


def test_leave_shortens_a_shift_so_that_no_lunch_is_due() -> None:
    # Eight hours less two of leave are six: not over six. A meeting of two hours shortens nothing.
    leave = commitment("Mon 15:00-17:00", "leave")
    meeting = commitment("Mon 15:00-17:00", "meeting")
    diary = "Mon 09:00 free 360 | commitment"
    assert lunch_faults(a_long_day(commitments=(leave,)), diary) == []
    assert lunch_faults(a_long_day(commitments=(meeting,)), diary) == [("c1", 0)]


def test_a_commitment_that_blocks_the_window_lets_lunch_lie_elsewhere() -> None:
    # A meeting from 11:00 to 14:15 leaves 15 minutes of the window: lunch may lie at 10:00, or at 15:00.
    clinic = a_long_day(commitments=(commitment("Mon 11:00-14:15"),))
    diary = "Mon 09:00 free 60 | lunch 30 | free 30 | commitment 195 | free"
    assert lunch_faults(clinic, diary) == []
    # 30 minutes of the window are left where the meeting ends at 14:00: lunch must lie there.
    clinic = a_long_day(commitments=(commitment("Mon 11:00-14:00"),))
    assert lunch_faults(clinic, "Mon 09:00 free 120 | commitment 180 | lunch 30 | free") == []
    diary = "Mon 09:00 free 60 | lunch 30 | free 30 | commitment 180 | free"
    assert lunch_faults(clinic, diary) == [("c1", 0)]


def test_a_lunch_lies_strictly_inside_the_shift() -> None:
    # The shift starts in the window: lunch may not be its first entry, 5 minutes later it may.
    clinic = a_long_day("12:00-19:00")
    assert lunch_faults(clinic, "Mon 12:00 lunch 30 | free") == [("c1", 0)]
    assert lunch_faults(clinic, "Mon 12:00 free 5 | lunch 30 | free") == []


def test_a_shift_with_no_place_for_lunch_needs_none_and_takes_no_bookings() -> None:
    # Commitments leave 09:00-09:30 and 16:30-17:00: 25 minutes each, strictly inside the shift.
    clinic = a_long_day(commitments=(commitment("Mon 09:30-16:30"),))
    assert lunch_faults(clinic, "Mon 09:00 free 30 | commitment 420 | free") == []
    (breach,) = lunch.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free"))
    assert breach.text == (
        "a1 with c1 at Mon 09:00: the shift has no place for 30 minutes of lunch, so it takes no bookings."
    )


def test_the_clinicians_own_lunch_window_counts() -> None:
    own = a_clinician(shifts=(shift("Mon 09:00-17:00", lunch="12:00-13:00"),))
    clinic = a_clinic(own)
    assert lunch_faults(clinic, "Mon 09:00 free 180 | lunch 30 | free") == []
    assert lunch_faults(clinic, "Mon 09:00 free 240 | lunch 30 | free") == [("c1", 0)]


def with_notes(policy: Policy | None = None, **changes: Any) -> Clinic:  # noqa: ANN401 (as the builders)
    """One clinician with two mornings, and two half-hours with 15 minutes of notes each."""
    plain: dict[str, Any] = {"shifts": ("Mon 09:00-13:00", "Tue 09:00-13:00"), "policy": policy or Policy()}
    clinician: Clinician = a_clinician(**(plain | changes))
    return a_clinic(clinician, appointments(2, minutes=30, admin=15))


def admin_faults(clinic: Clinic, diary: str) -> list[tuple[str | None, int | None]]:
    return faults(admin.breaches(clinic, a_rota(clinic, c1=diary)))


def test_the_notes_of_every_booking_have_their_time_that_day() -> None:
    # Two bookings with 15 minutes of notes each: 30 minutes will do, 25 will not.
    clinic = with_notes()
    assert admin_faults(clinic, "Mon 09:00 a1 | a2 | admin 30 | free") == []
    assert admin_faults(clinic, "Mon 09:00 a1 | a2 | admin 25 | free") == [("c1", 0)]


def test_admin_of_another_day_does_not_count_for_the_day() -> None:
    clinic = with_notes()
    diary = "Mon 09:00 a1 | free\nTue 09:00 a2 | admin 30 | free"
    assert admin_faults(clinic, diary) == [("c1", 0)]


def test_with_the_scope_of_a_week_the_sums_of_the_week_count() -> None:
    clinic = with_notes(Policy(admin_scope="week"))
    assert admin_faults(clinic, "Mon 09:00 a1 | free\nTue 09:00 a2 | admin 30 | free") == []
    assert admin_faults(clinic, "Mon 09:00 a1 | free\nTue 09:00 a2 | admin 25 | free") == [("c1", None)]


def test_admin_comes_in_blocks_of_at_least_fifteen_minutes() -> None:
    clinic = with_notes()
    assert admin_faults(clinic, "Mon 09:00 a1 | admin 15 | a2 | admin 15 | free") == []
    (breach,) = admin.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | admin 10 | a2 | admin 20 | free"))
    assert breach.text == "c1 has 10 minutes of admin at Mon 09:30, less than 15."


def test_daily_admin_is_due_on_a_day_without_bookings() -> None:
    clinic = with_notes(Policy(admin_daily_minutes=30))
    both = "Mon 09:00 admin 30 | free\nTue 09:00 admin 30 | free"
    monday = "Mon 09:00 admin 30 | free"
    assert admin_faults(clinic, both) == []
    assert admin_faults(clinic, monday) == [("c1", 1)]


def test_daily_admin_adds_to_the_notes() -> None:
    clinic = with_notes(Policy(admin_daily_minutes=30), shifts=("Mon 09:00-13:00",))
    assert admin_faults(clinic, "Mon 09:00 a1 | admin 45 | free") == []
    assert admin_faults(clinic, "Mon 09:00 a1 | admin 40 | free") == [("c1", 0)]


def test_no_more_daily_admin_is_due_than_the_empty_day_holds() -> None:
    # Committed but for 20 minutes on Monday and 10 on Tuesday, in blocks of 15: 20 and 0 minutes are due.
    taken = (commitment("Mon 09:20-13:00"), commitment("Tue 09:10-13:00"))
    clinic = with_notes(Policy(admin_daily_minutes=60), commitments=taken)
    monday = "Mon 09:00 admin 20 | commitment"
    assert admin_faults(clinic, monday) == []
    assert admin_faults(clinic, "Mon 09:00 admin 15 | free 5 | commitment") == [("c1", 0)]


def test_a_booking_outside_every_shift_asks_for_no_admin() -> None:
    # It is ineligible, and that is another rule's to say.
    clinic = with_notes()
    rows = (Entry("appointment", at("Sun 09:00"), at("Sun 09:30"), (0,)),)
    assert not list(admin.breaches(clinic, rota_of(clinic, [Diary(0, rows)])))
