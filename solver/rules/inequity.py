r"""Inequity: how unevenly groups of patients carry the burden of double-booking.

.. math:: 1000\, |A| \left( \max_g \frac{|D_g|}{|A_g|} - \min_g \frac{|D_g|}{|A_g|} \right)

``A`` the appointments asked for, ``A_g`` those of group ``g`` (at least 10; a null group is not compared),
``D_g`` those of them booked in doubles; the gap is in 1/1000. 0 with fewer than two such groups.
Source: problem, section 5; M. Samorani et al., "Overbooked and Overlooked", M&SOM 24(6), 2022.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from solver.diaries import doubles, slots
from solver.model.week import WeekModel
from solver.question.clinic import FULL, Appointment, Clinic
from solver.rota import Booking, Rota
from solver.rules.rule import OneMore

NAME = "inequity"
STATEMENT = "No group of patients is double-booked more often than another."
UNIT = "appointments x 1/1000"

SMALLEST_GROUP = 10
"""Appointments; the shares of smaller groups say little, and might say who someone is."""


def measure(clinic: Clinic, rota: Rota) -> Fraction:
    """Appointments asked for x largest gap between groups in the share booked in doubles, in 1/1000."""
    shared = _seen_in(slot.appointments for slot in doubles(clinic, rota))
    return _gap(clinic, _sizes(clinic), shared)


def one_more(clinic: Clinic, rota: Rota) -> OneMore:
    """The gap anew, for a booking that shares its slot with those who have it already."""
    sizes, shared = _sizes(clinic), _seen_in(slot.appointments for slot in doubles(clinic, rota))
    held = {(slot.clinician.index, slot.start): slot.appointments for slot in slots(clinic, rota)}
    before = _gap(clinic, sizes, shared)

    def change(booking: Booking) -> Fraction:
        partners = held.get((booking.clinician, booking.start))
        if partners is None:
            return Fraction(0)
        together = _seen_in([(*partners, clinic.appointments[booking.appointment])])
        return _gap(clinic, sizes, shared | together) - before

    return change


def _sizes(clinic: Clinic) -> dict[str | None, int]:
    asked = Counter(a.group for a in clinic.appointments if a.group is not None)
    return {group: size for group, size in asked.items() if size >= SMALLEST_GROUP}


def _seen_in(held: Iterable[tuple[Appointment, ...]]) -> dict[int, str | None]:
    """The group of each appointment in some slots."""
    return {a.index: a.group for appointments in held for a in appointments}


def _gap(clinic: Clinic, sizes: dict[str | None, int], shared: dict[int, str | None]) -> Fraction:
    """The amount, for those who share a slot."""
    doubled = Counter(shared.values())
    shares = [Fraction(doubled[group], size) for group, size in sizes.items()]
    return FULL * len(clinic.appointments) * (max(shares) - min(shares)) if shares else Fraction(0)


def post_week(week: WeekModel) -> None:
    """A literal a bookable column, 1 in a double; the largest and the smallest share, rounded inwards."""
    sizes, weight = _sizes(week.clinic), week.clinic.weights[NAME]
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
