r"""Uneven: how far apart clinicians are in the share of their target that they are expected to deliver.

.. math:: 1000 \left( \max_c \frac{E_c}{T_c} - \min_c \frac{E_c}{T_c} \right)

over clinicians with a target and a shift; ``E`` expected delivered and ``T`` target in minutes; the amount
is in 1/1000 of a target. 0 with fewer than two such clinicians. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction

from solver.diaries import expected_minutes
from solver.model.week import WeekModel
from solver.question.clinic import FULL, Clinic
from solver.rota import Rota

NAME = "uneven"
STATEMENT = "Every clinician is expected to deliver about the same share of the target."
UNIT = "1/1000"

FEW = 2000
"""Columns up to which the model measures in 1/FINE thousandth, and beyond which in 1/COARSE."""

FINE, COARSE = 100_000, 100


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Largest less smallest share of target, in 1/1000."""
    expected = expected_minutes(clinic, rota)
    shares = [FULL * expected[c.index] / c.target for c in clinic.clinicians if c.target > 0 and c.shifts]
    return max(shares) - min(shares) if shares else Fraction(0)


def post_week(week: WeekModel) -> None:
    """The largest and the smallest share, in whole parts of a thousandth, rounded in the rota's favour."""
    clinicians = [c for c in week.clinic.clinicians if c.target > 0 and c.shifts]
    weight = week.clinic.weights[NAME]
    if not weight or len(clinicians) < 2:
        return
    fine = FINE if len(week.columns) < FEW else COARSE
    expected = {c.index: week.expected(c.index) for c in clinicians}
    most = max(fine * sum(k for k, _ in expected[c.index]) // c.target + 1 for c in clinicians)
    share = {minutes: -fine * minutes for minutes in week.worth}
    largest = week.programme.variable(upper=most, cost=weight / fine)
    smallest = week.programme.variable(upper=most, cost=-weight / fine)
    week.programme.row(NAME, [(1, largest), (-1, smallest)], lower=0)
    for c in clinicians:
        minus = [(share[minutes], v) for minutes, v in expected[c.index]]
        week.programme.row(NAME, [(c.target, largest), *minus], lower=1 - c.target)
        week.programme.row(NAME, [(c.target, smallest), *minus], upper=c.target - 1)
