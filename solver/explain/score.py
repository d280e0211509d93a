r"""The score taken apart: each bit of cost at its term, clinician, day and booking; the parts make the whole.

.. math:: cost = \sum_i w_{term(i)} \, amount_i \quad \text{exactly, in fractions}

What a term counts one by one stands where it is counted: `unplaced` at the appointment, `not_preferred`,
`late` and `moved` at the booking, `below_target` at the clinician's week. The rest is shared by convention:

- `above_target` at a clinician's bookings, in proportion to the minutes each is expected to deliver;
- `uneven` in two: from the mean share of target up to the largest at the clinicians who have the largest,
  from the smallest up to the mean at those who have the smallest; several share equally;
- `inequity` in equal parts at the doubled bookings of the groups that are doubled most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from solver.diaries import booked, doubles, expected_minutes, shift_at
from solver.question.clinic import FULL, Clinic, Clinician
from solver.rota import Booking, Rota
from solver.rules import (
    above_target,
    below_target,
    inequity,
    late,
    moved,
    not_preferred,
    uneven,
    unplaced,
)
from solver.rules.rule import SoftRule

Key = TypeVar("Key", bound=Hashable)

COUNTED: tuple[SoftRule, ...] = (not_preferred, late, moved)
"""Terms that are sums over bookings."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of one term: an exact amount in the term's unit, what it costs, and where it arises.

    ``appointment`` and ``clinician`` are places in the request's lists, ``day`` 0 is Monday; None where the
    part belongs to no single one.
    """

    term: str
    unit: str
    amount: Fraction
    cost: Fraction
    appointment: int | None = None
    clinician: int | None = None
    day: int | None = None


def parts(clinic: Clinic, rota: Rota) -> tuple[Part, ...]:
    """Every part that is not 0, in the terms' order; costs add up to `solver.rules.cost`, exactly.

    Parameters
    ----------
    clinic
        The question.
    rota
        Any answer whose places in the request's lists exist, ours or hand-made.
    """
    found = [
        *_unplaced(clinic, rota),
        *_of_clinicians(clinic, rota),
        *_uneven(clinic, rota),
        *_counted(clinic, rota),
        *_inequity(clinic, rota),
    ]
    return tuple(part for part in found if part.amount)


def totals(found: Iterable[Part], key: Callable[[Part], Key]) -> dict[Key, Fraction]:
    """The cost of parts by anything: ``totals(parts, lambda p: (p.clinician, p.day))``."""
    sums: dict[Key, Fraction] = defaultdict(Fraction)
    for part in found:
        sums[key(part)] += part.cost
    return dict(sums)


def expected_shares(clinic: Clinic, rota: Rota) -> dict[int, Fraction]:
    """Expected delivered over target, in 1/1000, of each clinician with a target and a shift."""
    expected = expected_minutes(clinic, rota)
    return {c.index: FULL * expected[c.index] / c.target for c in clinic.clinicians if c.target and c.shifts}


def _part(clinic: Clinic, rule: SoftRule, amount: Fraction) -> Part:
    return Part(rule.NAME, rule.UNIT, amount, clinic.weights[rule.NAME] * amount)


def _at(clinic: Clinic, part: Part, booking: Booking) -> Part:
    """A part that one booking bears."""
    shift = shift_at(clinic.clinicians[booking.clinician], booking.start)
    day = shift.day if shift else None
    return replace(part, appointment=booking.appointment, clinician=booking.clinician, day=day)


def _unplaced(clinic: Clinic, rota: Rota) -> Iterator[Part]:
    placed = booked(rota)
    for a in clinic.appointments:
        if a.index not in placed:
            yield replace(_part(clinic, unplaced, a.minutes * a.urgency), appointment=a.index)


def _of_clinicians(clinic: Clinic, rota: Rota) -> Iterator[Part]:
    for clinician in clinic.clinicians:
        own = tuple(b for b in rota.bookings if b.clinician == clinician.index)
        short, over = (target_amount(clinic, rule, clinician, own) for rule in (below_target, above_target))
        yield replace(_part(clinic, below_target, short), clinician=clinician.index)
        expected = [clinic.appointments[b.appointment].expected for b in own]
        for booking, minutes in zip(own, expected, strict=True) if over else ():
            yield _at(clinic, _part(clinic, above_target, over * minutes / sum(expected)), booking)


def target_amount(clinic: Clinic, rule: SoftRule, clinician: Clinician, own: tuple[Booking, ...]) -> Fraction:
    """The amount of `below_target` or `above_target` that one clinician's bookings make."""
    return rule.measure(replace(clinic, clinicians=(clinician,)), Rota(own, (), ()))


def _uneven(clinic: Clinic, rota: Rota) -> Iterator[Part]:
    shares = expected_shares(clinic, rota)
    if not shares:
        return
    mean = sum(shares.values(), Fraction(0)) / len(shares)
    for extreme in (max(shares.values()), min(shares.values())):
        there = [index for index, share in shares.items() if share == extreme]
        for index in there:
            yield replace(_part(clinic, uneven, abs(extreme - mean) / len(there)), clinician=index)


def _counted(clinic: Clinic, rota: Rota) -> Iterator[Part]:
    for rule in COUNTED:
        for booking in rota.bookings:
            yield _at(clinic, _part(clinic, rule, rule.measure(clinic, Rota((booking,), (), ()))), booking)


def _inequity(clinic: Clinic, rota: Rota) -> Iterator[Part]:
    amount = inequity.measure(clinic, rota)
    if not amount:
        return
    bearing = _most_doubled(clinic, rota)
    for booking in bearing:
        yield _at(clinic, _part(clinic, inequity, amount / len(bearing)), booking)


def _most_doubled(clinic: Clinic, rota: Rota) -> list[Booking]:
    """The doubled bookings of the groups with the largest share booked in doubles, an appointment once."""
    sizes = Counter(a.group for a in clinic.appointments if a.group is not None)
    held = {
        a.index: Booking(a.index, s.clinician.index, s.start)
        for s in doubles(clinic, rota)
        for a in s.appointments
    }
    count = Counter(clinic.appointments[index].group for index in held)
    shares = {g: Fraction(count[g], n) for g, n in sizes.items() if n >= inequity.SMALLEST_GROUP}
    largest = max(shares.values())
    groups = {group for group, share in shares.items() if share == largest}
    return [booking for index, booking in held.items() if clinic.appointments[index].group in groups]
