r"""Pinned: a pinned booking stands exactly where it is.

.. math:: x_{a, c, t} = 1 \quad \text{where } pin_a = (c, t)

``t`` minutes since the week began. A pin needs no grid point and no given slot; all else about it is
the rule `eligible`. Source: problem, sections 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from solver.diaries import shift_at
from solver.model.week import WeekModel
from solver.question.clinic import Clinic, Place
from solver.question.when import when
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "pinned"
STATEMENT = "A booking that was pinned stands exactly where it was pinned."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Pinned appointments that do not stand at their pin."""
    stands = {(b.appointment, Place(b.clinician, b.start)) for b in rota.bookings}
    for appointment in clinic.appointments:
        pin = appointment.pin
        if pin is not None and (appointment.index, pin) not in stands:
            clinician = clinic.clinicians[pin.clinician]
            shift = shift_at(clinician, pin.start)
            place = f"{clinician.id} at {when(clinic, pin.start)}"
            text = f"Appointment {appointment.id} is pinned to {place} and is not booked there."
            yield Breach(NAME, clinician.id, shift.day if shift else None, text)


def post_week(week: WeekModel) -> None:
    """A pinned appointment is not unplaced, and its only column is its place."""
    for appointment in week.clinic.appointments:
        if appointment.pin is not None:
            week.programme.fix(week.unplaced[appointment.index], 0)
