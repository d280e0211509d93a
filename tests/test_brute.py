"""The brute force on weeks whose optimum is worked out by hand, and against two plainer enumerations."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pytest

from solver.check import breaches
from solver.question.clinic import Appointment, Clinic, Policy, Span
from solver.question.eligibility import eligible_starts
from solver.question.reading import read_request
from solver.rules import cost
from tests import builders as b
from tests.brute import NoRota, best, rota_of
from tests.brute_cells import outcomes
from tests.brute_days import DayOf, Work
from tests.brute_diary import Held, layouts
from tests.brute_facts import frame_of, frames_of, starts
from tests.brute_weeks import WeekWay
from tests.small import small_clinic

TINY = Path(__file__).parent.parent / "fixtures" / "tiny.json"

ONLY_UNPLACED = {"below_target": Fraction(0), "above_target": Fraction(0), "uneven": Fraction(0)}
"""With these weights a cost is that of what is left out, if nothing is late, moved or not preferred."""

EASY = Policy(max_booked_ratio=Fraction(10), max_overload_risk=1.0)


def least(clinic: Clinic) -> Fraction:
    found = best(clinic)
    assert found is not None
    assert not breaches(clinic, found[1])
    assert cost(clinic, found[1]) == found[0]
    return found[0]


def one(shift: str, wanted: list[Appointment], **policy: object) -> Clinic:
    """One clinician with one shift, where only unplaced minutes cost."""
    caps = {"max_booked_ratio": Fraction(10), "max_overload_risk": 1.0} | policy
    clinician = b.a_clinician(shifts=(shift,), policy=Policy(**caps))  # type: ignore[arg-type]
    return b.a_clinic(clinician, wanted, weights=ONLY_UNPLACED)


def test_tiny_costs_144() -> None:
    # Worked out in fixtures/tiny.md.
    assert least(read_request(TINY.read_bytes()).clinic) == 144


def test_an_empty_week_costs_what_is_below_target() -> None:
    # Target 1200 less tolerance 30, at 2 a minute.
    assert least(b.a_clinic(b.a_clinician())) == 2340


def test_nobody_to_see_them_costs_all_that_is_unplaced() -> None:
    # 60 routine minutes, and 60 urgent ones that have waited 126 days: 10 x 2 each.
    wanted = [b.an_appointment(), b.an_appointment(priority="urgent", waiting_days=126)]
    assert least(b.a_clinic((), wanted)) == 60 + 1200


@pytest.mark.parametrize(("minutes", "left_out"), [(120, 30), (130, 0)])
def test_a_break_is_due_after_the_run(minutes: int, left_out: int) -> None:
    # Four half-hours are 120 minutes of contact, over 90: they need one break of 10 minutes, so 130 in all.
    shift = f"Mon 09:00-{9 + minutes // 60}:{minutes % 60:02}"
    assert least(one(shift, b.appointments(4, minutes=30), grid_minutes=5)) == left_out


def test_a_longer_appointment_stands_alone_between_two_breaks() -> None:
    # 60 minutes pass the limit of 50, so it stands alone: 60 + 10 + 20 = 90 minutes hold both, 85 do not.
    wanted = [b.an_appointment(minutes=60), b.an_appointment(minutes=20)]
    assert least(one("Mon 09:00-10:30", wanted, grid_minutes=5, max_contact_run_minutes=50)) == 0
    assert least(one("Mon 09:00-10:25", wanted, grid_minutes=5, max_contact_run_minutes=50)) == 20


def test_notes_need_whole_blocks() -> None:
    # 10 minutes of notes need a block of 15: 60 + 15 fit in 75 minutes and not in 70.
    wanted = b.appointments(1, minutes=60, admin=10)
    assert least(one("Mon 09:00-10:15", wanted)) == 0
    assert least(one("Mon 09:00-10:10", wanted)) == 60


def test_weekly_admin_may_be_done_on_another_day() -> None:
    # Monday holds the hour and nothing else; its 15 minutes of notes fit on Tuesday.
    wanted = [b.an_appointment(admin=15, windows=(b.span("Mon 09:00-10:00"),))]
    for scope, left_out in (("day", 60), ("week", 0)):
        policy = Policy(max_booked_ratio=Fraction(10), max_overload_risk=1.0, admin_scope=scope)
        clinician = b.a_clinician(shifts=("Mon 09:00-10:00", "Tue 09:00-09:15"), policy=policy)
        assert least(b.a_clinic(clinician, wanted, weights=ONLY_UNPLACED)) == left_out


def test_daily_admin_is_what_the_empty_day_can_hold_if_less() -> None:
    # The shift holds 40 minutes of admin at most, so 40 of the 60 are due, and nothing else fits.
    wanted = b.appointments(1, minutes=5)
    assert least(one("Mon 09:00-09:40", wanted, admin_daily_minutes=60)) == 5
    # In 65 minutes there is room for the 60 and for 5 more.
    assert least(one("Mon 09:00-10:05", wanted, admin_daily_minutes=60, grid_minutes=5)) == 0


def test_lunch_takes_its_time_and_is_a_break() -> None:
    # Due over 0 minutes; strictly inside, so 5 + 30 + 5 at least: 60 + 30 + 60 = 150 minutes hold two hours,
    # lunch is their break; the third hour does not fit.
    wanted = b.appointments(3, minutes=60)
    assert least(one("Mon 11:00-13:30", wanted, lunch_if_over_minutes=0)) == 60


def test_a_shift_with_no_place_for_lunch_takes_no_bookings() -> None:
    policy = Policy(max_booked_ratio=Fraction(10), max_overload_risk=1.0, lunch_if_over_minutes=0)
    clinician = b.a_clinician(
        shifts=("Mon 11:00-12:30",), commitments=(b.commitment("Mon 11:25-12:10"),), policy=policy
    )
    clinic = b.a_clinic(clinician, b.appointments(1, minutes=15), weights=ONLY_UNPLACED)
    assert least(clinic) == 15


@pytest.mark.parametrize(("minutes", "left_out"), [(60, 0), (55, 30)])
def test_a_double_has_its_reserve(minutes: int, left_out: int) -> None:
    # One start (9:00 on a grid of 240); with both 30 minutes there, 30 more are kept free after it.
    wanted = b.appointments(2, minutes=30, attendance=500, double_bookable=True)
    shift = f"Mon 09:00-{9 + minutes // 60:02}:{minutes % 60:02}"
    assert least(one(shift, wanted, grid_minutes=240, max_per_slot=2)) == left_out


@pytest.mark.parametrize(("limit", "left_out"), [(0.25, 0), (0.2499, 30)])
def test_a_double_may_take_a_risk_where_that_is_allowed(limit: float, left_out: int) -> None:
    # Both come with 1/2 x 1/2 = 1/4; then 30 minutes are still owed when the shift of 30 minutes ends.
    wanted = b.appointments(2, minutes=30, attendance=500, double_bookable=True)
    policy = {"grid_minutes": 240, "max_per_slot": 2, "max_unreserved_risk": limit}
    assert least(one("Mon 09:00-09:30", wanted, **policy)) == left_out


def test_patients_who_come_more_often_than_allowed_share_no_slot() -> None:
    # 0.8 x 0.8 = 0.64 is over 1/2.
    wanted = b.appointments(2, minutes=30, attendance=800, double_bookable=True)
    assert least(one("Mon 09:00-10:00", wanted, grid_minutes=240, max_per_slot=2)) == 30


def test_an_admin_block_waits_until_nothing_is_owed() -> None:
    # Double of 30s from 9:00, owed until 10:00 if both come (1/4 > 0.1); 15 minutes of notes end at 10:15.
    wanted = b.appointments(2, minutes=30, attendance=500, double_bookable=True, admin=5)
    policy = {
        "grid_minutes": 240,
        "max_per_slot": 2,
        "max_unreserved_risk": 0.1,
        "max_contact_run_minutes": 60,
    }
    assert least(one("Mon 09:00-10:15", wanted, **policy)) == 0
    assert least(one("Mon 09:00-10:10", wanted, **policy)) == 30


def test_whoever_has_waited_longest_is_booked_though_another_is_likelier_to_come() -> None:
    # One hour, two hours wanted, alike but for waiting: 63 days make 1.5, so the newer one costs 60 unplaced.
    wanted = [b.an_appointment(attendance=1000), b.an_appointment(attendance=100, waiting_days=63)]
    found = best(one("Mon 09:00-10:00", wanted))
    assert found is not None
    assert found[0] == 60
    assert [k.appointment for k in found[1].bookings] == [1]


def test_overload_is_exact() -> None:
    # Target 60, ceiling 66: two 50s both come with 0.25 > 0.2; a 50 and the 15 (65) stay under the ceiling.
    policy = Policy(max_booked_ratio=Fraction(10), max_overload_risk=0.2)
    clinician = b.a_clinician(target=60, ceiling=66, policy=policy)
    wanted = [*b.appointments(2, minutes=50, attendance=500), b.an_appointment(minutes=15, attendance=500)]
    assert least(b.a_clinic(clinician, wanted, weights=ONLY_UNPLACED)) == 50


def test_one_room_is_shared_in_turn() -> None:
    # Two clinicians with 60 minutes each at one site; one room, and both hours would be in it at once.
    team = [b.a_clinician(shifts=(b.shift("Mon 09:00-10:00", "north"),), policy=EASY) for _ in range(2)]
    wanted = b.appointments(2, mode="in_person")
    assert least(b.a_clinic(team, wanted, rooms={"north": 1}, weights=ONLY_UNPLACED)) == 60
    assert least(b.a_clinic(team, wanted, rooms={"north": 2}, weights=ONLY_UNPLACED)) == 0


def test_a_patient_is_seen_once_a_day() -> None:
    wanted = b.appointments(2, minutes=30, patient="p")
    assert least(one("Mon 09:00-12:00", wanted)) == 30


def test_pins_that_leave_no_room_for_a_break_have_no_rota() -> None:
    # 60 + 60 minutes back to back are 120 of contact.
    wanted = [b.an_appointment(pin=b.place(f"Mon {hour}:00")) for hour in ("09", "10")]
    with pytest.raises(NoRota):
        best(one("Mon 09:00-12:00", wanted))


def test_too_much_work_is_none() -> None:
    assert best(one("Mon 09:00-17:00", b.appointments(7, minutes=30), grid_minutes=5), most_work=10) is None


def test_starts_are_those_that_the_question_knows() -> None:
    for seed in range(100):
        clinic = small_clinic(seed)
        for c in clinic.clinicians:
            frames = [f for day in frames_of(c).values() for f in day]
            open_frames = [f for f in frames if f.takes_bookings]
            for a in clinic.appointments:
                known = [
                    t
                    for t in eligible_starts(a, c)
                    if any(f.shift.start <= t < f.shift.end for f in open_frames)
                ]
                assert starts(a, c, frames) == known, (seed, c.id, a.id)


@pytest.mark.parametrize("chunk", range(4))
def test_gap_by_gap_finds_what_minute_by_minute_does(chunk: int) -> None:
    compared = risky = 0
    for seed in range(400 * chunk, 400 * chunk + 400):
        random = Random(f"cells/{seed}")
        policy, shift = _some_policy(random), b.shift("Mon 11:00-12:40")
        commitments = (b.commitment("Mon 12:00-12:10"),) if random.random() < 0.4 else ()
        clinician = b.a_clinician(shifts=(shift,), commitments=commitments, policy=policy)
        frame = frame_of(clinician, shift)
        held = _some_slots(random, frame.free, policy)
        slow = outcomes(frame, held, policy)
        limit = policy.max_unreserved_risk + 1e-12
        best_slow = max((admin for past, admin in slow.items() if past.touched <= limit), default=None)
        fast = layouts(frame, held, policy)
        best_fast = max((x.admin for x in fast if x.touched <= limit), default=None)
        assert best_fast == best_slow, (seed, held, policy)
        compared += best_fast is not None
        risky += any(0 < x.touched <= limit for x in fast)
    assert compared > 160
    assert risky > 20


def _some_policy(random: Random) -> Policy:
    return Policy(
        max_contact_run_minutes=random.choice([20, 30, 45]),
        break_minutes=random.choice([5, 10, 25]),
        lunch_if_over_minutes=random.choice([0, 360]),
        lunch_minutes=20,
        admin_block_minutes=random.choice([5, 10, 15, 20]),
        max_per_slot=2,
        max_unreserved_risk=random.choice([0.0, 0.1, 0.3, 0.6]),
    )


def _some_slots(random: Random, free: tuple[Span, ...], policy: Policy) -> tuple[Held, ...]:
    found: list[Held] = []
    for span in free:
        at = span.start
        while at < span.end:
            minutes = [random.choice([10, 15, 20, 25]) for _ in range(random.choice([1, 2]))]
            people = tuple(
                b.an_appointment(minutes=m, attendance=random.choice([300, 500, 800])) for m in minutes
            )
            slot = Held(at, people, policy.whole_reserve)
            if slot.until <= span.end and random.random() < 0.35:
                found.append(slot)
                at = slot.until
            at += random.choice([0, 5, 10, 20, 30])
    return tuple(found)


@pytest.mark.parametrize("chunk", range(4))
def test_no_choice_of_places_that_the_checker_accepts_is_cheaper(chunk: int) -> None:
    # Every way to give the first three appointments places that the question calls eligible, with a diary
    # around them where there is one; the checker and the rules' cost alone judge.
    compared = 0
    for seed in range(100 * chunk, 100 * chunk + 100):
        clinic = _first_three(small_clinic(seed))
        places = [[*_places(clinic, a), *([] if a.pin else [None])] for a in clinic.appointments]
        if 1 < len(places[0]) * len(places[1]) * len(places[-1]) <= 300:
            week = _week(clinic)
            prices = [_price(clinic, week, choice) for choice in product(*places)]
            legal = [price for price in prices if price is not None]
            assert legal, seed
            assert least(clinic) == min(legal), seed
            compared += 1
    assert compared >= 10


def _first_three(clinic: Clinic) -> Clinic:
    return replace(clinic, appointments=clinic.appointments[:3])


def _places(clinic: Clinic, a: Appointment) -> list[tuple[int, int] | None]:
    return [(c.index, t) for c in clinic.clinicians for t in eligible_starts(a, c)]


def _week(clinic: Clinic) -> list[list[DayOf]]:
    """Each clinician's days; they do not depend on who is booked."""
    return [
        [DayOf(clinic, c, day, fs, frozenset(), Work(10**9)) for day, fs in frames_of(c).items()]
        for c in clinic.clinicians
    ]


def _price(
    clinic: Clinic, week: list[list[DayOf]], choice: tuple[tuple[int, int] | None, ...]
) -> Fraction | None:
    """What the places cost in all, or None if no diary or no rule allows them."""
    ways = []
    for c, days in zip(clinic.clinicians, week, strict=True):
        chosen = [day.laid_out_at(_slots_of(clinic, c.index, day, choice)) for day in days]
        if any(way is None for way in chosen):
            return None
        kept = tuple(way for way in chosen if way is not None)
        ways.append(WeekWay(frozenset(), frozenset(), (), 0, 0, Fraction(0), kept))
    rota = rota_of(clinic, ways)
    return None if breaches(clinic, rota) else cost(clinic, rota)


def _slots_of(
    clinic: Clinic, clinician: int, day: DayOf, choice: tuple[tuple[int, int] | None, ...]
) -> dict[int, tuple[Appointment, ...]]:
    found: dict[int, tuple[Appointment, ...]] = {}
    for a, place in zip(clinic.appointments, choice, strict=True):
        if place is not None and place[0] == clinician and day.has(place[1]):
            found[place[1]] = (*found.get(place[1], ()), a)
    return found
