"""What each soft term amounts to, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from solver.question.clinic import Appointment, Clinic
from solver.rules import above_target, below_target, inequity, late, moved, not_preferred, uneven, unplaced
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, doubling, place

WEEK = tuple(f"{day} 09:00-13:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri"))


@pytest.mark.parametrize(
    ("priority", "days", "amount"),
    [
        ("routine", 0, Fraction(60)),
        ("routine", 63, Fraction(90)),  # 60 x 1 x (1 + 63/126)
        ("soon", 42, Fraction(240)),  # 60 x 3 x (1 + 42/126)
        ("urgent", 126, Fraction(1200)),  # 60 x 10 x 2
        ("urgent", 400, Fraction(1200)),  # the wait counts up to 126 days
        ("routine", 1, Fraction(1270, 21)),  # 60 x 127/126: not a whole number, and exact
    ],
)
def test_unplaced_is_minutes_times_urgency(priority: str, days: int, amount: Fraction) -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(priority=priority, waiting_days=days)])
    assert unplaced.measure(clinic, a_rota(clinic)) == amount
    assert unplaced.measure(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free")) == 0


def test_below_target_starts_where_the_tolerance_ends() -> None:
    # Target 120, tolerance 30. 90 minutes at 0.999 expect 89.91: 0.09 below. At 1.000 they expect 90: 0.
    for attendance, amount in ((999, Fraction(9, 100)), (1000, 0)):
        clinic = a_clinic(a_clinician(target=120), [an_appointment(minutes=90, attendance=attendance)])
        assert below_target.measure(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free")) == amount


def test_below_target_adds_up_over_clinicians() -> None:
    # Targets 100 and 200, tolerance 30, nothing booked: 70 + 170. One of 20 is within its tolerance.
    team = [a_clinician(target=100), a_clinician(target=200), a_clinician(target=20)]
    clinic = a_clinic(team)
    assert below_target.measure(clinic, a_rota(clinic)) == 240


def test_above_target_starts_where_the_tolerance_ends() -> None:
    # Target 60, tolerance 30. 100 minutes at 0.9 expect 90: 0 above. At 0.905 they expect 90.5: 1/2.
    for attendance, amount in ((900, 0), (905, Fraction(1, 2))):
        clinic = a_clinic(a_clinician(target=60), [an_appointment(minutes=100, attendance=attendance)])
        assert above_target.measure(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free")) == amount


def test_one_clinician_above_does_not_make_up_for_another_below() -> None:
    # c1: 180 expected, target 60: 180 - 60 - 30 = 90 above. c2: nothing, target 60: 60 - 30 - 0 = 30 below.
    clinic = a_clinic(
        [a_clinician(target=60), a_clinician(target=60)], appointments(1, minutes=200, attendance=900)
    )
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free")
    assert above_target.measure(clinic, rota) == 90
    assert below_target.measure(clinic, rota) == 30


def test_uneven_is_the_gap_between_shares_of_target_in_thousandths() -> None:
    # c1: 54 of 120 minutes, 450/1000. c2: 54 of 540, 100/1000. The gap is 350.
    # c3 has no target and c4 no shift: they are not compared.
    team = [a_clinician(target=t, shifts=s) for t, s in ((120, WEEK), (540, WEEK), (0, WEEK), (60, ()))]
    clinic = a_clinic(team, appointments(2))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Mon 09:00 a2 | free")
    assert uneven.measure(clinic, rota) == 350


def test_uneven_is_nothing_for_one_clinician_or_none() -> None:
    alone = a_clinic(a_clinician(), appointments(1))
    assert uneven.measure(alone, a_rota(alone, c1="Mon 09:00 a1 | free")) == 0
    idle = a_clinic(a_clinician(target=0))
    assert uneven.measure(idle, a_rota(idle)) == 0


def test_not_preferred_counts_minutes_outside_the_named_clinicians() -> None:
    # a1 names c2 and sees c1: 60. a2 names c1 and sees c1: 0. a3 names nobody: 0.
    wanted = [an_appointment(preferred=frozenset(named)) for named in ({1}, {0}, ())]
    clinic = a_clinic([a_clinician(), a_clinician()], wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | break 10 | a3 | free")
    assert not_preferred.measure(clinic, rota) == 60


def test_late_counts_fifths_of_the_week_times_minutes_times_urgency() -> None:
    # Urgent on Monday: 0. Urgent on Tuesday: 1/5 x 60 x 10 = 120. Soon on Friday, waiting 126 days:
    # 4/5 x 60 x 3 x 2 = 288. Routine on Friday: 0. Urgent and not booked: 0.
    asked = [("urgent", 0), ("urgent", 0), ("soon", 126), ("routine", 0), ("urgent", 0)]
    wanted = [an_appointment(priority=priority, waiting_days=days) for priority, days in asked]
    clinic = a_clinic(a_clinician(shifts=WEEK), wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free\nTue 09:00 a2 | free\nFri 09:00 a3 | break 10 | a4 | free")
    assert late.measure(clinic, rota) == 408


def test_moved_counts_published_minutes_booked_elsewhere() -> None:
    # a1 stands where it was. a2 has another start: 45. a3 has another clinician: 30. a4 is unplaced: 0.
    wanted = [
        an_appointment(published=place("Mon 09:00")),
        an_appointment(minutes=45, published=place("Mon 10:00")),
        an_appointment(minutes=30, published=place("Mon 09:00")),
        an_appointment(published=place("Mon 12:00")),
    ]
    clinic = a_clinic([a_clinician(), a_clinician()], wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free 15 | a2 | free", c2="Mon 09:00 a3 | free")
    assert moved.measure(clinic, rota) == 75


def in_groups(**sizes: int) -> Clinic:
    """One clinician, and so many half-hours of each group, which may share a slot."""
    wanted: list[Appointment] = []
    for group, size in sizes.items():
        name = None if group == "none" else group
        wanted += appointments(size, minutes=30, group=name, double_bookable=True, attendance=500)
    return a_clinic(a_clinician(shifts=WEEK, policy=doubling()), wanted)


def test_inequity_is_the_gap_in_shares_booked_in_doubles() -> None:
    # Groups of 10 and 20, and 5 of no group: 35 appointments. The double a1+a11 takes 1 of 10 and 1 of 20;
    # a2+a3 takes 2 more of the first: 3/10 - 1/20 = 1/4. In thousandths, 35 times: 8750.
    clinic = in_groups(north=10, south=20, none=5)
    rota = a_rota(clinic, c1="Mon 09:00 a1+a11 | reserve 30 | free\nTue 09:00 a2+a3 | reserve 30 | free")
    assert inequity.measure(clinic, rota) == 8750


def test_inequity_leaves_small_groups_out() -> None:
    # Of the groups only one has ten: there is no other to compare it with.
    clinic = in_groups(north=10, south=9, none=12)
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 30 | free")
    assert inequity.measure(clinic, rota) == 0


def test_inequity_is_nothing_where_groups_are_doubled_alike() -> None:
    # One of 10 in each group is in the double.
    clinic = in_groups(north=10, south=10)
    assert inequity.measure(clinic, a_rota(clinic, c1="Mon 09:00 a1+a11 | reserve 30 | free")) == 0
