r"""Inequity: how unevenly groups of patients carry the burden of double-booking.

.. math:: 1000\, |A| \left( \max_g \frac{|D_g|}{|A_g|} - \min_g \frac{|D_g|}{|A_g|} \right)

``A`` the appointments asked for, ``A_g`` those of group ``g`` (at least 10; a null group is not compared),
``D_g`` those of them booked in doubles; the gap is in 1/1000. 0 with fewer than two such groups.
Source: problem, section 5; M. Samorani et al., "Overbooked and Overlooked", M&SOM 24(6), 2022.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from solver.diaries import doubles
from solver.question.clinic import FULL, Clinic
from solver.rota import Rota

NAME = "inequity"
STATEMENT = "No group of patients is double-booked more often than another."
UNIT = "appointments x 1/1000"

SMALLEST_GROUP = 10
"""Appointments; the shares of smaller groups say little, and might say who someone is."""


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Appointments asked for x largest gap between groups in the share booked in doubles, in 1/1000."""
    asked = Counter(a.group for a in clinic.appointments if a.group is not None)
    shared = {a.index: a.group for slot in doubles(clinic, rota) for a in slot.appointments}
    doubled = Counter(shared.values())
    shares = [Fraction(doubled[group], size) for group, size in asked.items() if size >= SMALLEST_GROUP]
    return FULL * len(clinic.appointments) * (max(shares) - min(shares)) if shares else Fraction(0)
