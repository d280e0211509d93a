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
from solver.model.week import WeekModel
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


def post_week(week: WeekModel) -> None:
    """A literal a bookable column, 1 in a double; the largest and the smallest share, rounded inwards."""
    asked = Counter(a.group for a in week.clinic.appointments if a.group is not None)
    sizes = {group: size for group, size in asked.items() if size >= SMALLEST_GROUP}
    weight = week.clinic.weights[NAME]
    if not weight or len(sizes) < 2 or not week.doubles:
        return
    in_double = _post_doubled(week)
    most = FULL * len(week.clinic.appointments)
    largest = week.programme.variable(upper=most, cost=weight)
    smallest = week.programme.variable(upper=most, cost=-weight)
    week.programme.row(NAME, [(1, largest), (-1, smallest)], lower=0)
    for group, size in sizes.items():
        minus = [(-most, v) for v in in_double.get(group, ())]
        week.programme.row(NAME, [(size, largest), *minus], lower=1 - size)
        week.programme.row(NAME, [(size, smallest), *minus], upper=size - 1)


def _post_doubled(week: WeekModel) -> dict[str | None, list[int]]:
    """Literals of who is in a double, two for each double of a day; by group."""
    by_group: dict[str | None, list[int]] = {}
    for key, literals in week.doubles.items():
        mine = []
        for column in week.of_frame[key]:
            appointment = week.appointment(column)
            if appointment.double_bookable:
                doubled = week.doubled[column.variable] = week.programme.variable()
                week.programme.row(NAME, [(1, doubled), (-1, column.variable)], upper=0)
                by_group.setdefault(appointment.group, []).append(doubled)
                mine.append((1, doubled))
        week.programme.row(NAME, [*mine, *((-2, z) for z in literals)], lower=0, upper=0)
    return by_group
