r"""Moved: minutes of published appointments that are booked elsewhere now.

.. math:: \sum_{a \text{ published at } (c', t')} d_a \sum_{(c, t) \ne (c', t')} x_{act}

``d`` minutes. One that is not booked at all counts as unplaced, not as moved. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from solver.model.week import WeekModel
from solver.question.clinic import Clinic, Place
from solver.rota import Booking, Rota
from solver.rules.rule import OneMore

NAME = "moved"
STATEMENT = "What patients and clinicians have been told stays as it was."
UNIT = "min"


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Minutes of published appointments booked with another clinician or at another start."""
    return sum((_elsewhere(clinic, booking) for booking in rota.bookings), Fraction(0))


def one_more(clinic: Clinic, _: Rota) -> OneMore:
    """The booking's own minutes, if it was published at another place."""
    return partial(_elsewhere, clinic)


def _elsewhere(clinic: Clinic, booking: Booking) -> Fraction:
    appointment = clinic.appointments[booking.appointment]
    stays = appointment.published in {None, Place(booking.clinician, booking.start)}
    return Fraction(0 if stays else appointment.minutes)


def post_week(week: WeekModel) -> None:
    """The cost of each column of a published appointment but the one of its place."""
    for column in week.columns:
        appointment = week.appointment(column)
        place = appointment.published
        if place and not (column.clinician == place.clinician and column.starts == (place.start,)):
            week.charge(column.variable, week.clinic.weights[NAME] * appointment.minutes)
