"""Weeks a little stricter than the one a rota was made for, so that the rota breaks a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from solver.diaries import by_clinician, by_day, doubles, slots
from solver.question.clinic import STEP, Appointment, Clinic, Clinician, Place
from solver.rota import Rota
from solver.rules.slot_limit import collision


def tightened(clinic: Clinic, rota: Rota) -> Iterator[Clinic]:
    """Each with one thing changed; a rule is broken in most."""
    yield from _days(clinic, rota)
    yield from _weeks(clinic, rota)
    yield from _doubles(clinic, rota)
    yield from _bookings(clinic, rota)
    for site, rooms in clinic.rooms.items():
        yield replace(clinic, rooms=dict(clinic.rooms) | {site: max(0, rooms - 1)})
    for site in sorted({str(s.shift.site) for s in slots(clinic, rota) if s.shift and s.shift.site}):
        yield replace(clinic, rooms=dict(clinic.rooms) | {site: 0})


def _days(clinic: Clinic, rota: Rota) -> Iterator[Clinic]:
    for (index, _), booked in sorted(by_day(clinic, rota).items(), key=lambda item: item[0]):
        clinician = clinic.clinicians[index]
        yield _policy(clinic, clinician, max_contacts_per_day=len(booked) - 1)
        if any(a.intense for a in booked):
            yield _policy(clinic, clinician, max_intense_per_day=sum(a.intense for a in booked) - 1)
        if len(booked) > 1:
            yield _changed(clinic, replace(booked[0], patient=booked[1].patient))


def _weeks(clinic: Clinic, rota: Rota) -> Iterator[Clinic]:
    for index, booked in by_clinician(clinic, rota).items():
        clinician, minutes = clinic.clinicians[index], sum(a.minutes for a in booked)
        if minutes and clinician.target:
            ratio = Fraction(minutes - 1, clinician.target)
            yield _policy(clinic, clinician, max_booked_ratio=ratio)
            stricter = replace(clinician, ceiling=minutes - STEP)
            yield _policy(clinic, stricter, max_overload_risk=0.0)


def _doubles(clinic: Clinic, rota: Rota) -> Iterator[Clinic]:
    for slot in doubles(clinic, rota):
        clinician = slot.clinician
        mine = [s for s in doubles(clinic, rota) if s.clinician is clinician]
        yield _policy(clinic, clinician, max_doubles_per_week=len(mine) - 1)
        daily = sum(s.shift == slot.shift for s in mine)
        yield _policy(clinic, clinician, max_doubles_per_day=daily - 1)
        less = collision(*slot.appointments) - Fraction(1, 10**6)
        yield _policy(clinic, clinician, max_collision=less)
        yield _changed(clinic, replace(slot.appointments[0], double_bookable=False))


def _bookings(clinic: Clinic, rota: Rota) -> Iterator[Clinic]:
    for booking in rota.bookings[:2]:
        a = clinic.appointments[booking.appointment]
        yield _changed(clinic, replace(a, excluded=frozenset({booking.clinician})))
        yield _changed(clinic, replace(a, pin=Place(booking.clinician, booking.start + STEP)))


def _changed(clinic: Clinic, appointment: Appointment) -> Clinic:
    changed = [appointment if a.index == appointment.index else a for a in clinic.appointments]
    return replace(clinic, appointments=tuple(changed))


def _policy(clinic: Clinic, clinician: Clinician, **caps: object) -> Clinic:
    stricter = replace(clinician, policy=replace(clinician.policy, **caps))  # type: ignore[arg-type]
    team = [stricter if c.index == clinician.index else c for c in clinic.clinicians]
    return replace(clinic, clinicians=tuple(team))
