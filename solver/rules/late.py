r"""Late: pressing appointments that come late in the week.

.. math:: \sum_{a \text{ urgent or soon},\, c, t} \frac{day(t)}{5} d_a u_a x_{act}

``day`` counts days after Monday (of the shift), 5 to a working week, ``d`` minutes, ``u`` urgency (no unit).
Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from solver.diaries import shift_at
from solver.model.week import WeekModel
from solver.question.clinic import Clinic
from solver.rota import Booking, Rota
from solver.rules.rule import OneMore

NAME = "late"
STATEMENT = "Urgent patients, and those to be seen soon, are seen early in the week."
UNIT = "min x urgency"

_PRESSING = frozenset({"urgent", "soon"})
_WORKING_DAYS = 5


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Share of the week gone x minutes x urgency, over pressing appointments."""
    return sum((_lateness(clinic, booking) for booking in rota.bookings), Fraction(0))


def one_more(clinic: Clinic, _: Rota) -> OneMore:
    """The booking's own lateness."""
    return partial(_lateness, clinic)


def _lateness(clinic: Clinic, booking: Booking) -> Fraction:
    appointment = clinic.appointments[booking.appointment]
    shift = shift_at(clinic.clinicians[booking.clinician], booking.start)
    if shift is None or appointment.priority not in _PRESSING:
        return Fraction(0)
    return Fraction(shift.day, _WORKING_DAYS) * appointment.minutes * appointment.urgency


def post_week(week: WeekModel) -> None:
    """The cost of each urgent or soon column, by its day."""
    weight = week.clinic.weights[NAME]
    for appointment in week.clinic.appointments:
        if weight and appointment.priority in _PRESSING:
            a_day = weight * appointment.minutes * appointment.urgency / _WORKING_DAYS
            costs = {day: day * a_day for day in range(1, 7)}
            for column in week.of_appointment[appointment.index]:
                if column.day:
                    week.charge(column.variable, costs[column.day])
