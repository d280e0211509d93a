"""Readings of a rota that the rules share."""

from __future__ import annotations

from fractions import Fraction

from solver.diaries import by_clinician, by_day, expected_minutes, shift_at, shift_entries, slots
from solver.question.when import when
from solver.rota import Booking, Diary, Entry, Rota
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, at, doubling


def test_a_shift_holds_its_first_minute_and_not_its_last() -> None:
    (clinician,) = a_clinic(a_clinician()).clinicians
    assert shift_at(clinician, at("Mon 09:00")) == clinician.shifts[0]
    assert shift_at(clinician, at("Mon 12:55")) == clinician.shifts[0]
    assert shift_at(clinician, at("Mon 13:00")) is None


def test_bookings_with_one_clinician_and_start_are_one_slot() -> None:
    wanted = [an_appointment(minutes=45), an_appointment(minutes=30), an_appointment()]
    clinic = a_clinic(a_clinician(policy=doubling()), wanted)
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 30 | break 15 | a3 | free")
    shared, single = slots(clinic, rota)
    assert (shared.is_double, shared.start, shared.end, shared.booked_minutes) == (True, 540, 585, 75)
    assert (single.is_double, single.start, single.end, single.booked_minutes) == (False, 630, 690, 60)


def test_bookings_by_clinician_have_a_place_for_everyone() -> None:
    clinic = a_clinic([a_clinician(), a_clinician()], appointments(1))
    rota = a_rota(clinic, c2="Mon 09:00 a1 | free")
    assert [[a.id for a in own] for own in by_clinician(clinic, rota).values()] == [[], ["a1"]]


def test_a_booking_outside_every_shift_is_on_no_day() -> None:
    clinic = a_clinic(a_clinician(), appointments(2))
    rota = Rota((Booking(0, 0, at("Mon 09:00")), Booking(1, 0, at("Tue 09:00"))), (), ())
    assert {key: [a.id for a in own] for key, own in by_day(clinic, rota).items()} == {(0, 0): ["a1"]}


def test_expected_minutes_are_exact() -> None:
    # 35 x 0.333 = 11.655
    clinic = a_clinic(a_clinician(), [an_appointment(minutes=35, attendance=333)])
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free")
    assert expected_minutes(clinic, rota) == {0: Fraction(11655, 1000)}


def test_entries_are_read_in_order_whatever_the_order_of_the_diary() -> None:
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-13:00", "Tue 09:00-13:00")))
    rows = (
        Entry("free", at("Tue 09:00"), at("Tue 13:00")),
        Entry("admin", 600, 780),
        Entry("free", 540, 600),
    )
    read = list(shift_entries(clinic, Rota((), (), (Diary(0, rows),))))
    assert [[e.kind for e in inside] for _, _, inside in read] == [["free", "admin"], ["free"]]


def test_a_minute_is_said_in_local_time() -> None:
    assert when(a_clinic([]), at("Sun 23:05")) == "Sun 23:05"
