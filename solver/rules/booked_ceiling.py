r"""Booked ceiling: even if everyone comes, the week stays under a fixed multiple of the target.

.. math:: \sum_{a,t} d_a x_{act} \le \rho_c T_c \quad \forall c

``d`` minutes, ``T`` target in minutes, ``rho`` is ``max_booked_ratio`` (no unit); compared exactly.
This caps over-filling. Source: problem, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from solver.diaries import by_clinician
from solver.model.week import WeekModel
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "booked_ceiling"
STATEMENT = "Even if every patient comes, the booked minutes of a week stay under the worst-case limit."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Clinicians with more minutes booked than the worst case allows."""
    for index, appointments in by_clinician(clinic, rota).items():
        clinician = clinic.clinicians[index]
        minutes = sum(a.minutes for a in appointments)
        limit = clinician.policy.max_booked_ratio * clinician.target
        if minutes > limit:
            text = f"{clinician.id} has {minutes} minutes booked, more than {float(limit):g}"
            text = f"{text} ({float(clinician.policy.max_booked_ratio):g} x target {clinician.target})."
            yield Breach(NAME, clinician.id, None, text)


def post_week(week: WeekModel) -> None:
    """Booked minutes of the week, a row a clinician."""
    for clinician in week.clinic.clinicians:
        terms = [(week.appointment(c).minutes, c.variable) for c in week.of_clinician(clinician.index)]
        if terms:
            most = floor(clinician.policy.max_booked_ratio * clinician.target)
            week.programme.row(NAME, terms, upper=most)
