"""What may come of one diary: every risk figure of a clinician's week, and of each booking.

Delivered minutes count booked durations; the walk through the day lets sessions run over by the
clinician's `overrun` law. ``score`` is how likely the week goes wrong *for the clinician*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from solver.question.clinic import FULL, Appointment, Clinic, Clinician
from solver.risk.backlog import Backlog, backlog
from solver.risk.law import Law
from solver.risk.stress import Stressed, stressed
from solver.rota import Diary, Entry

BANDS = ((5, "low"), (15, "moderate"))
"""Scores under the number have the name; all others are high."""


@dataclass(frozen=True, slots=True)
class Strain:
    """Two probabilities under one assumption about attendance."""

    p_below_target: float
    p_above_ceiling: float


@dataclass(frozen=True, slots=True)
class DiaryStress:
    """Attendance 0.02 lower, 0.02 higher, and with one shared shock a clinician."""

    low: Strain
    high: Strain
    shared_shock: Strain


@dataclass(frozen=True, slots=True)
class BookingRisk:
    """One booking: ``attendance`` is a probability, the wait is in minutes if the patient comes."""

    appointment: int
    attendance: float
    p_collision: float
    expected_wait_minutes: float


@dataclass(frozen=True, slots=True)
class DiaryRisk:
    """Every risk figure of one diary, named as in the rota that is given out; times in minutes."""

    expected_delivered_minutes: float
    delivered_p10: int
    delivered_p50: int
    delivered_p90: int
    worst_case_minutes: int
    p_below_target: float
    p_above_ceiling: float
    expected_overload_minutes: float
    p_break_lost: float
    expected_break_minutes_lost: float
    p_admin_lost: float
    p_late_finish: float
    expected_overtime_minutes: float
    score: int
    band: str
    stress: DiaryStress
    bookings: tuple[BookingRisk, ...]
    """In the diary's order."""


def diary_risk(clinic: Clinic, diary: Diary) -> DiaryRisk:
    """Every risk figure of one diary, exact but for the shared shock (see `solver.risk.stress`)."""
    clinician = clinic.clinicians[diary.clinician]
    held = booked(clinic, diary)
    laws = stressed(held)
    day = backlog(diary.entries, clinician.shifts, clinic.appointments, clinician.policy.overrun)
    given, ceiling = laws.given, clinician.ceiling
    over = given.above(ceiling)
    points = score(max(over, day.p_break_lost, day.p_admin_lost, day.p_late_finish))
    return DiaryRisk(
        expected_delivered_minutes=sum(minutes * attendance for minutes, attendance in held) / FULL,
        delivered_p10=given.quantile(0.1),
        delivered_p50=given.quantile(0.5),
        delivered_p90=given.quantile(0.9),
        worst_case_minutes=given.most,
        p_below_target=given.below(least_wanted(clinician)),
        p_above_ceiling=over,
        expected_overload_minutes=given.excess(ceiling),
        p_break_lost=day.p_break_lost,
        expected_break_minutes_lost=day.expected_break_minutes_lost,
        p_admin_lost=day.p_admin_lost,
        p_late_finish=day.p_late_finish,
        expected_overtime_minutes=day.expected_overtime_minutes,
        score=points,
        band=band(points),
        stress=_stress(clinician, laws),
        bookings=_bookings(clinic, diary, day),
    )


def booked(clinic: Clinic, diary: Diary) -> list[tuple[int, int]]:
    """The diary's bookings as pairs (minutes, attendance in 1/1000)."""
    held = (clinic.appointments[index] for entry in diary.entries for index in entry.appointments)
    return [(one.minutes, one.attendance) for one in held]


def least_wanted(clinician: Clinician) -> int:
    """Minutes under which the target counts as missed."""
    return clinician.target - clinician.policy.tolerance_minutes


def score(probability: float) -> int:
    """0 to 100: round half up of 100 x the probability, which may be 1e-12 short of the half."""
    return floor(100.0 * probability + 0.5 + 1e-10)


def band(points: int) -> str:
    """The name of a score."""
    return next((name for under, name in BANDS if points < under), "high")


def collision(attendances: Sequence[int], own: int) -> float:
    """Probability that one patient of a slot and another of it both come (1/1000; place ``own``)."""
    alone = 1.0
    for place, attendance in enumerate(attendances):
        if place != own:
            alone *= (FULL - attendance) / FULL
    if len(attendances) == 2:
        return attendances[0] * attendances[1] / FULL**2
    return attendances[own] / FULL * (1.0 - alone)


def _stress(clinician: Clinician, laws: Stressed) -> DiaryStress:
    def strain(law: Law) -> Strain:
        return Strain(law.below(least_wanted(clinician)), law.above(clinician.ceiling))

    return DiaryStress(strain(laws.low), strain(laws.high), strain(laws.shared))


def _bookings(clinic: Clinic, diary: Diary, day: Backlog) -> tuple[BookingRisk, ...]:
    waits = dict(day.waits)
    return tuple(
        BookingRisk(index, clinic.appointments[index].attendance / FULL, together, waits[index])
        for entry in diary.entries
        for index, together in _collisions(clinic.appointments, entry)
    )


def _collisions(appointments: Sequence[Appointment], entry: Entry) -> list[tuple[int, float]]:
    attendances = [appointments[index].attendance for index in entry.appointments]
    return [(index, collision(attendances, place)) for place, index in enumerate(entry.appointments)]
