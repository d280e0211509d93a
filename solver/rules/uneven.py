r"""Uneven: how far apart clinicians are in the share of their target that they are expected to deliver.

.. math:: 1000 \left( \max_c \frac{E_c}{T_c} - \min_c \frac{E_c}{T_c} \right)

over clinicians with a target and a shift; ``E`` expected delivered and ``T`` target in minutes; the amount
is in 1/1000 of a target. 0 with fewer than two such clinicians. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction

from solver.diaries import expected_minutes
from solver.question.clinic import FULL, Clinic
from solver.rota import Rota

NAME = "uneven"
STATEMENT = "Every clinician is expected to deliver about the same share of the target."
UNIT = "1/1000"


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Largest less smallest share of target, in 1/1000."""
    expected = expected_minutes(clinic, rota)
    shares = [FULL * expected[c.index] / c.target for c in clinic.clinicians if c.target > 0 and c.shifts]
    return max(shares) - min(shares) if shares else Fraction(0)
