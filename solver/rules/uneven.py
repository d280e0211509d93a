r"""Uneven: how far apart clinicians are in the share of their target that they are expected to deliver.

.. math:: 1000 \left( \max_c \frac{E_c}{T_c} - \min_c \frac{E_c}{T_c} \right)

over clinicians with a target and a shift; ``E`` expected delivered and ``T`` target in minutes; the amount
is in 1/1000 of a target. 0 with fewer than two such clinicians. Source: problem, section 3.
"""

from __future__ import annotations

from fractions import Fraction

from solver.diaries import expected_minutes
from solver.model.week import WeekModel
from solver.question.clinic import FULL, Clinic, Clinician
from solver.rota import Booking, Rota
from solver.rules.rule import OneMore

NAME = "uneven"
STATEMENT = "Every clinician is expected to deliver about the same share of the target."
UNIT = "1/1000"

FEW = 2000
"""Columns up to which the model measures in 1/FINE thousandth, and beyond which in 1/COARSE."""

FINE, COARSE = 100_000, 100


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Largest less smallest share of target, in 1/1000."""
    shares = _shares(clinic, rota).values()
    return max(shares) - min(shares) if shares else Fraction(0)


def one_more(clinic: Clinic, rota: Rota) -> OneMore:
    """The gap with the clinician's share grown; the two largest and smallest tell what the others leave."""
    shares = _shares(clinic, rota)
    rising = sorted(shares, key=lambda index: shares[index])
    ends = {*rising[:2], *rising[-2:]}

    def change(booking: Booking) -> Fraction:
        clinician = clinic.clinicians[booking.clinician]
        if clinician.index not in shares:
            return Fraction(0)
        minutes = Fraction(clinic.appointments[booking.appointment].expected, FULL)
        after = [shares[index] for index in ends if index != clinician.index]
        after.append(shares[clinician.index] + _share(clinician, minutes))
        return max(after) - min(after) - (shares[rising[-1]] - shares[rising[0]])

    return change


def _shares(clinic: Clinic, rota: Rota) -> dict[int, Fraction]:
    expected = expected_minutes(clinic, rota)
    return {c.index: _share(c, expected[c.index]) for c in clinic.clinicians if c.target > 0 and c.shifts}


def _share(clinician: Clinician, minutes: Fraction) -> Fraction:
    return FULL * minutes / clinician.target


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
