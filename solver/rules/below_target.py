r"""Below target: delivered hours that a clinician is expected to fall short.

.. math:: \sum_c \max(0, T_c - \tau - \sum_{a,t} p_a d_a x_{act})

``T`` target, ``tau`` is ``tolerance_minutes``, ``d`` all in minutes, ``p`` attendance in 1/1000: exact in
1/1000 minute. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction

from solver.diaries import expected_minutes
from solver.model.week import WeekModel
from solver.question.clinic import FULL, Clinic
from solver.rota import Rota

NAME = "below_target"
STATEMENT = "No clinician is expected to deliver less than the target, give or take the tolerance."
UNIT = "min"


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Expected minutes under target less tolerance, over all clinicians."""
    expected = expected_minutes(clinic, rota)
    short = (c.target - c.policy.tolerance_minutes - expected[c.index] for c in clinic.clinicians)
    return sum((max(Fraction(0), minutes) for minutes in short), Fraction(0))


def post_week(week: WeekModel) -> None:
    """A variable a clinician: what is missing, in 1/1000 minute."""
    for clinician in week.clinic.clinicians:
        goal = FULL * (clinician.target - clinician.policy.tolerance_minutes)
        if goal > 0:
            short = week.programme.variable(upper=goal, cost=week.clinic.weights[NAME] / FULL)
            week.programme.row(NAME, [*week.expected(clinician.index), (1, short)], lower=goal)
