"""A rota that has become too full, with as few bookings less as keep the overload rule.

Where attendance rises, a week that kept the rule may pass it. Each clinician concerned gives up, one
by one, the booking whose loss leaves most of the target, and whom nobody behind in the queue passes by.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from solver.question.clinic import FULL, Clinic, Clinician
from solver.risk.law import exceeds, overload_probability
from solver.rota import Booking, Diary, Entry, Rota, Unplaced
from solver.rules import queue_order


def lightened(clinic: Clinic, rota: Rota) -> Rota:
    """The rota with fewer bookings where a week is overloaded; as it is where nothing can be spared."""
    for clinician in clinic.clinicians:
        while _overloaded(clinic, clinician, rota):
            lighter = _one_less(clinic, clinician, rota)
            if lighter is None:
                break
            rota = lighter
    return rota


def _mine(clinician: Clinician, rota: Rota) -> list[Booking]:
    return [b for b in rota.bookings if b.clinician == clinician.index]


def _overloaded(clinic: Clinic, clinician: Clinician, rota: Rota) -> bool:
    seen = [clinic.appointments[b.appointment] for b in _mine(clinician, rota)]
    law = overload_probability([(a.minutes, a.attendance) for a in seen], clinician.ceiling)
    return exceeds(law, clinician.policy.max_overload_risk)


def _one_less(clinic: Clinic, clinician: Clinician, rota: Rota) -> Rota | None:
    """Without the one booking that is missed least; None where every one is needed by a pin or the queue."""
    mine = _mine(clinician, rota)
    slots = [booking.start for booking in mine]
    spare = Fraction(sum(clinic.appointments[b.appointment].expected for b in mine), FULL) - clinician.target

    def missed(booking: Booking) -> tuple[Fraction, int]:
        expected = Fraction(clinic.appointments[booking.appointment].expected, FULL)
        return max(Fraction(0), expected - spare), -clinic.appointments[booking.appointment].minutes

    for booking in sorted(mine, key=missed):
        if clinic.appointments[booking.appointment].pin is None and slots.count(booking.start) == 1:
            lighter = _without(rota, booking)
            if not any(queue_order.breaches(clinic, lighter)):
                return lighter
    return None


def _without(rota: Rota, gone: Booking) -> Rota:
    diary = rota.diaries[gone.clinician]
    entries = tuple(
        Entry("free", e.start, e.end) if gone.appointment in e.appointments else e for e in diary.entries
    )
    diaries: list[Diary] = list(rota.diaries)
    diaries[gone.clinician] = replace(diary, entries=entries)
    left = Unplaced(gone.appointment, "no_capacity", "no place was found for it")
    return Rota(tuple(b for b in rota.bookings if b != gone), (*rota.unplaced, left), tuple(diaries))
