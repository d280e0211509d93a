r"""Not preferred: minutes with a clinician whom the patient did not name.

.. math:: \sum_{a : P_a \ne \emptyset} d_a \sum_{c \notin P_a,\, t} x_{act}

``d`` minutes, ``P`` the preferred clinicians. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction

from solver.model.week import WeekModel
from solver.question.clinic import Clinic
from solver.rota import Rota

NAME = "not_preferred"
STATEMENT = "Patients who prefer certain clinicians see one of them."
UNIT = "min"


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Minutes booked with a clinician outside a non-empty list of preferred ones."""
    pairs = ((clinic.appointments[b.appointment], b.clinician) for b in rota.bookings)
    return Fraction(sum(a.minutes for a, c in pairs if a.preferred and c not in a.preferred))


def post_week(week: WeekModel) -> None:
    """The cost of each column with somebody who is not preferred."""
    weight = week.clinic.weights[NAME]
    for appointment in week.clinic.appointments:
        if weight and appointment.preferred:
            for column in week.of_appointment[appointment.index]:
                if column.clinician not in appointment.preferred:
                    week.charge(column.variable, weight * appointment.minutes)
