r"""The overload rule as a table: the most minutes a legal week can expect, for each vector of counts.

Cover cuts are weak: they speak of one set at a time. Here a clinician's bookings are grouped by
duration; let group ``g`` hold ``n[g]`` bookings of ``d[g]`` minutes whose attendances add up to
``m[g]``. A week is legal only if

.. math:: \sum_g d_g m_g \le h(n), \qquad n \in N ,

where ``N`` are the counts of which some week is not proven illegal. With one literal a vector of
``N`` (those that no other reaches in every count and in ``h`` are enough, with counts at most the
vector's) this is exact in the counts, and its linear relaxation is the concave envelope of ``h``.

`solver.search.tail` says why ``h`` is right: no legal week with counts ``n`` expects more. It is found
with coarse steps first, then with fine ones for the vectors that matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from math import ceil, inf

import numpy as np

from solver.model.week import WeekModel
from solver.question.clinic import FULL
from solver.search.tail import COARSE, FINE, Group, Tail

MOST_COUNTS = 250
"""Beyond so many vectors of counts there is no table for a clinician who may not need one."""


@dataclass(frozen=True)
class Envelope:
    """For each vector of counts: a bound on the expected minutes of a legal week, and an estimate.

    The estimate is what attendances with the usual spread allow; it proves nothing.
    """

    groups: tuple[Group, ...]
    counts: tuple[tuple[int, ...], ...]
    expected: tuple[float, ...]
    usual: tuple[float, ...]
    seen: int
    """Vectors that were looked at."""


def groups_of(week: WeekModel, clinician: int) -> tuple[Group, ...]:
    """The bookings a clinician may have, by duration, the largest group first."""
    seen = {c.appointment: week.appointment(c) for c in week.of_clinician(clinician)}
    by_minutes: dict[int, list[float]] = {}
    for appointment in seen.values():
        by_minutes.setdefault(appointment.minutes, []).append(appointment.attendance / FULL)
    found = [Group(d, len(p), min(p), max(p), tuple(sorted(p))) for d, p in by_minutes.items()]
    return tuple(sorted(found, key=lambda g: (-g.minutes * g.most, g.minutes)))


def envelope(
    groups: tuple[Group, ...], ceiling: int, booked: int, alpha: float, most: int = MOST_COUNTS
) -> Envelope | None:
    """The most expected minutes of a legal week, for each vector of counts.

    Parameters
    ----------
    ceiling, booked
        The ceiling, and the most minutes that may be booked at all.
    alpha
        Largest chance of passing the ceiling.
    most
        Vectors of counts up to which a table is made.

    Returns
    -------
    Envelope or None
        None where there are more vectors, or nothing can pass the ceiling.
    """
    if sum(g.minutes * g.most for g in groups) <= ceiling:
        return None
    counts = list(islice(_counts(groups, ceiling, booked), most + 1))
    if len(counts) > most:
        return None
    tail = Tail(groups, ceiling, alpha)
    largest = _refined(tail, {n: tail.most_expected(n, COARSE, proof=True) for n in counts})
    fine = FINE[min(len(groups), 3)]
    usual = {n: tail.most_expected(n, fine, proof=False) for n in largest}
    return Envelope(
        groups,
        tuple(largest),
        tuple(largest.values()),
        tuple(min(largest[n], max(0.0, minutes)) for n, minutes in usual.items()),
        len(counts),
    )


def _refined(tail: Tail, coarse: dict[tuple[int, ...], float]) -> dict[tuple[int, ...], float]:
    """The vectors that no other reaches, each with its fine bound."""
    known = {n: minutes for n, minutes in coarse.items() if minutes > -inf}
    fine = FINE[min(len(tail.groups), 3)]
    done: set[tuple[int, ...]] = set()
    while left := [n for n in _undominated(known) if n not in done]:
        for n in left:
            known[n] = min(known[n], tail.most_expected(n, fine, proof=True))
            done.add(n)
        known = {n: minutes for n, minutes in known.items() if minutes > -inf}
    return {n: known[n] for n in _undominated(known)}


def _undominated(known: dict[tuple[int, ...], float]) -> list[tuple[int, ...]]:
    """The vectors that no other reaches in every count and in minutes."""
    table = np.array([(*n, minutes) for n, minutes in known.items()]).reshape(len(known), -1)
    found = []
    for place, n in enumerate(known):
        above = (table >= table[place]).all(axis=1)
        above[place] = False
        if not above.any():
            found.append(n)
    return found


def _counts(groups: tuple[Group, ...], ceiling: int, booked: int) -> Iterator[tuple[int, ...]]:
    """The vectors of counts that may be booked, less those that another reaches for certain.

    Up to the ceiling every week is legal, so only the last of them in the first group counts.
    """
    for rest in product(*(range(min(g.most, booked // g.minutes) + 1) for g in groups[1:])):
        minutes = sum(k * g.minutes for k, g in zip(rest, groups[1:], strict=True))
        first = groups[0]
        if minutes <= booked:
            top = min(first.most, (booked - minutes) // first.minutes)
            for k in range(max(0, min(top, (ceiling - minutes) // first.minutes)), top + 1):
                yield (k, *rest)


@dataclass(frozen=True)
class Table:
    """A posted envelope: a literal a vector of counts, with its bound and its estimate in minutes."""

    groups: int
    literals: tuple[int, ...]
    expected: tuple[float, ...]
    usual: tuple[float, ...]


def post_table(week: WeekModel, clinician: int, found: Envelope) -> Table:
    """Post the table of counts to the week's model."""
    programme = week.programme
    literals = tuple(programme.variable() for _ in found.counts)
    programme.row("overload", [(1, v) for v in literals], lower=1, upper=1)
    columns = list(week.of_clinician(clinician))
    for place, group in enumerate(found.groups):
        booked = [(1, c.variable) for c in columns if week.appointment(c).minutes == group.minutes]
        counted = [(-n[place], v) for n, v in zip(found.counts, literals, strict=True)]
        programme.row("overload", [*booked, *counted], upper=0)
    proven = [(-ceil(FULL * e), v) for e, v in zip(found.expected, literals, strict=True)]
    programme.row("overload", [*week.expected(clinician), *proven], upper=0)
    return Table(len(found.groups), literals, found.expected, found.usual)
