r"""Unplaced: need that is not met this week, weighed by how pressing it is.

.. math:: \sum_{a \text{ not booked}} d_a u_a, \qquad
          u_a = \{routine: 1, soon: 3, urgent: 10\} \times (1 + \min(w_a, 126) / 126)

``d`` minutes, ``w`` waiting days, ``u`` urgency (no unit). 126 days are the 18 weeks in which 95 % of
patients start treatment. Source: problem, section 3; NHS Talking Therapies waiting standard.
"""

from __future__ import annotations

from fractions import Fraction

from solver.diaries import booked
from solver.model.week import WeekModel
from solver.question.clinic import Appointment, Clinic
from solver.rota import Rota
from solver.rules.rule import OneMore

NAME = "unplaced"
STATEMENT = "As little need as possible stays unmet, pressing need least of all."
UNIT = "min x urgency"


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Minutes x urgency of the appointments that have no booking."""
    placed = booked(rota)
    left = (a for a in clinic.appointments if a.index not in placed)
    return sum(map(_need, left), Fraction(0))


def one_more(clinic: Clinic, _: Rota) -> OneMore:
    """The booked appointment's need is met."""
    return lambda booking: -_need(clinic.appointments[booking.appointment])


def _need(appointment: Appointment) -> Fraction:
    return appointment.minutes * appointment.urgency


def post_week(week: WeekModel) -> None:
    """The cost of each appointment's unplaced literal."""
    for appointment in week.clinic.appointments:
        week.charge(week.unplaced[appointment.index], week.clinic.weights[NAME] * _need(appointment))
