r"""Below target: delivered hours that a clinician is expected to fall short.

.. math:: \sum_c \max(0, T_c - \tau - \sum_{a,t} p_a d_a x_{act})

``T`` target, ``tau`` is ``tolerance_minutes``, ``d`` all in minutes, ``p`` attendance in 1/1000: exact in
1/1000 minute. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction

from solver.diaries import expected_minutes
from solver.model.week import WeekModel
from solver.question.clinic import FULL, Clinic, Clinician
from solver.rota import Rota
from solver.rules.rule import OneMore, expecting_more

NAME = "below_target"
STATEMENT = "No clinician is expected to deliver less than the target, give or take the tolerance."
UNIT = "min"


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Expected minutes under target less tolerance, over all clinicians."""
    expected = expected_minutes(clinic, rota)
    return sum((_short(c, expected[c.index]) for c in clinic.clinicians), Fraction(0))


def one_more(clinic: Clinic, rota: Rota) -> OneMore:
    """What the booking's clinician is expected to deliver more, where it counts."""
    return expecting_more(clinic, rota, _short)


def _short(clinician: Clinician, expected: Fraction) -> Fraction:
    return max(Fraction(0), clinician.target - clinician.policy.tolerance_minutes - expected)


def post_week(week: WeekModel) -> None:
    """A variable a clinician: what is missing, in 1/1000 minute."""
    for clinician in week.clinic.clinicians:
        goal = FULL * (clinician.target - clinician.policy.tolerance_minutes)
        if goal > 0:
            short = week.programme.variable(upper=goal, cost=week.clinic.weights[NAME] / FULL)
            week.programme.row(NAME, [*week.expected(clinician.index), (1, short)], lower=goal)
