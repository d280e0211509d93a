r"""Moved: minutes of published appointments that are booked elsewhere now.

.. math:: \sum_{a \text{ published at } (c', t')} d_a \sum_{(c, t) \ne (c', t')} x_{act}

``d`` minutes. One that is not booked at all counts as unplaced, not as moved. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction

from solver.model.week import WeekModel
from solver.question.clinic import Clinic, Place
from solver.rota import Rota

NAME = "moved"
STATEMENT = "What patients and clinicians have been told stays as it was."
UNIT = "min"


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Minutes of published appointments booked with another clinician or at another start."""
    pairs = ((clinic.appointments[b.appointment], Place(b.clinician, b.start)) for b in rota.bookings)
    return Fraction(sum(a.minutes for a, place in pairs if a.published not in {None, place}))


def post_week(week: WeekModel) -> None:
    """The cost of each column of a published appointment but the one of its place."""
    for column in week.columns:
        appointment = week.appointment(column)
        place = appointment.published
        if place and not (column.clinician == place.clinician and column.starts == (place.start,)):
            week.charge(column.variable, week.clinic.weights[NAME] * appointment.minutes)
