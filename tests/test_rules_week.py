"""The load of a day and a week: booked ceiling, overload, contacts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from solver.question.clinic import Policy
from solver.risk.law import delivered
from solver.rota import Booking, Rota
from solver.rules import booked_ceiling, contacts, overload
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, faults

MORNINGS = tuple(f"{day} 09:00-13:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri"))


def test_the_worst_case_may_reach_its_limit() -> None:
    # 1.25 x 96 = 120 minutes: two hours are at the limit.
    clinic = a_clinic(a_clinician(target=96), appointments(2))
    assert not list(booked_ceiling.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | free")))


def test_the_worst_case_may_not_pass_its_limit() -> None:
    # 1.25 x 95 = 118.75 minutes: two hours are over.
    clinic = a_clinic(a_clinician(target=95), appointments(2))
    (breach,) = booked_ceiling.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | free"))
    assert breach.text == "c1 has 120 minutes booked, more than 118.75 (1.25 x target 95)."


def test_the_ratio_is_exact() -> None:
    # 1.1 x 100 = 110 exactly; in binary fractions 1.1 x 100 is 110.00000000000001.
    policy = Policy(max_booked_ratio=Fraction(11, 10))
    at_limit = a_clinic(a_clinician(target=100, policy=policy), [an_appointment(minutes=110)])
    over = a_clinic(a_clinician(target=100, policy=policy), [an_appointment(minutes=115)])
    assert not list(booked_ceiling.breaches(at_limit, a_rota(at_limit, c1="Mon 09:00 a1 | free")))
    assert faults(booked_ceiling.breaches(over, a_rota(over, c1="Mon 09:00 a1 | free"))) == [("c1", None)]


def test_whoever_has_no_target_takes_no_bookings() -> None:
    clinic = a_clinic(a_clinician(target=0), appointments(1))
    assert faults(booked_ceiling.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free"))) == [("c1", None)]
    assert not list(booked_ceiling.breaches(clinic, a_rota(clinic)))


@pytest.mark.parametrize(("limit", "breached"), [(0.48, False), (0.479999, True)])
def test_overload_exactly_at_the_limit_is_allowed(limit: float, breached: bool) -> None:
    # Ceiling 60, two hours at 0.8 and 0.6: the ceiling is passed if both come, 0.8 x 0.6 = 0.48.
    clinician = a_clinician(ceiling=60, policy=Policy(max_overload_risk=limit))
    clinic = a_clinic(clinician, [an_appointment(attendance=800), an_appointment(attendance=600)])
    found = list(overload.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | free")))
    assert faults(found) == ([("c1", None)] if breached else [])


def test_delivering_exactly_the_ceiling_is_no_overload() -> None:
    # Both surely come: 120 delivered, which a ceiling of 120 allows and one of 115 does not.
    for ceiling, found in ((120, []), (115, [("c1", None)])):
        clinic = a_clinic(a_clinician(ceiling=ceiling), appointments(2, attendance=1000))
        rota = a_rota(clinic, c1="Mon 09:00 a1 | break 10 | a2 | free")
        assert faults(overload.breaches(clinic, rota)) == found


@pytest.mark.parametrize("count", [24, 25, 26])
def test_overload_agrees_with_the_whole_law(count: int) -> None:
    # 25 hours at 0.8 pass 22 h (1320 minutes) with probability 0.098 (problem, section 4): just allowed.
    clinic = a_clinic(a_clinician(), appointments(count, attendance=800))
    rota = Rota(tuple(Booking(i, 0, 540 + i) for i in range(count)), (), ())
    breached = bool(list(overload.breaches(clinic, rota)))
    assert breached is (delivered([(60, 800)] * count).above(1320) > 0.10)
    assert breached is (count == 26)


def test_eight_contacts_a_day_are_allowed_and_nine_are_not() -> None:
    clinic = a_clinic(a_clinician(), appointments(9, minutes=15))
    eight = " | ".join(f"a{i}" for i in range(1, 9))
    assert not list(contacts.breaches(clinic, a_rota(clinic, c1=f"Mon 09:00 {eight} | free")))
    (breach,) = contacts.breaches(clinic, a_rota(clinic, c1=f"Mon 09:00 {eight} | a9 | free"))
    assert breach.text == "c1 has 9 bookings a day, limit 8."


def test_three_intense_contacts_a_day_are_allowed_and_four_are_not() -> None:
    clinic = a_clinic(a_clinician(shifts=MORNINGS), appointments(4, minutes=30, intense=True))
    three = a_rota(clinic, c1="Mon 09:00 a1 | a2 | a3 | free\nTue 09:00 a4 | free")
    four = a_rota(clinic, c1="Mon 09:00 a1 | a2 | a3 | a4 | free")
    assert not list(contacts.breaches(clinic, three))
    (breach,) = contacts.breaches(clinic, four)
    assert (breach.day, breach.text) == (0, "c1 has 4 intense bookings a day, limit 3.")


def test_both_patients_of_a_double_are_contacts() -> None:
    clinic = a_clinic(a_clinician(policy=Policy(max_contacts_per_day=1)), appointments(2, minutes=30))
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 30 | free")
    assert faults(contacts.breaches(clinic, rota)) == [("c1", 0)]


def test_two_shifts_of_one_day_are_one_day() -> None:
    clinician = a_clinician(
        shifts=("Mon 09:00-10:00", "Mon 11:00-12:00"), policy=Policy(max_contacts_per_day=1)
    )
    clinic = a_clinic(clinician, appointments(2))
    assert faults(contacts.breaches(clinic, a_rota(clinic, c1="Mon 09:00 a1\nMon 11:00 a2"))) == [("c1", 0)]
