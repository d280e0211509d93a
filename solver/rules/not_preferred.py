r"""Not preferred: minutes with a clinician whom the patient did not name.

.. math:: \sum_{a : P_a \ne \emptyset} d_a \sum_{c \notin P_a,\, t} x_{act}

``d`` minutes, ``P`` the preferred clinicians. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from solver.model.week import WeekModel
from solver.question.clinic import Clinic
from solver.rota import Booking, Rota
from solver.rules.rule import OneMore

NAME = "not_preferred"
STATEMENT = "Patients who prefer certain clinicians see one of them."
UNIT = "min"


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Minutes booked with a clinician outside a non-empty list of preferred ones."""
    return sum((_elsewhere(clinic, booking) for booking in rota.bookings), Fraction(0))


def one_more(clinic: Clinic, _: Rota) -> OneMore:
    """The booking's own minutes, if the clinician is not preferred."""
    return partial(_elsewhere, clinic)


def _elsewhere(clinic: Clinic, booking: Booking) -> Fraction:
    appointment = clinic.appointments[booking.appointment]
    told = appointment.preferred and booking.clinician not in appointment.preferred
    return Fraction(appointment.minutes if told else 0)


def post_week(week: WeekModel) -> None:
    """The cost of each column with somebody who is not preferred."""
    weight = week.clinic.weights[NAME]
    for appointment in week.clinic.appointments:
        if weight and appointment.preferred:
            for column in week.of_appointment[appointment.index]:
                if column.clinician not in appointment.preferred:
                    week.charge(column.variable, weight * appointment.minutes)
