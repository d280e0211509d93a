"""The week's linear relaxation, solved with the day dropped where nobody cares for it.

A merged programme has the rows of the whole one and a row more a group. Its duals, less those, are
duals of the whole: the reduced cost of a booking on a day is the sum of the merged ones of booking and day.
That sum is at least 0 where neither has an upper bound of its own; that a booking is one at most says a row
of the week already. The bound is computed from them on the whole programme (`solver.search.linear`), so
nothing rests on this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from random import Random
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from solver.model.week import Column
from solver.search.linear import Arrays, Relaxation, safe_bound, solved
from solver.search.merge import merged
from solver.search.part import Indices, part

HUGE = 100_000
"""A week of so many variables is not relaxed all at once."""

FEW = 5
"""Clinicians for each appointment to begin with, where there are more variables."""

CLOSE = 5e-4
"""Part of the bound that is left where nobody else need join."""

NOTHING = 1e-7
"""Costs nearer 0 than this are rounding."""


def relaxed_week(
    given: Arrays, columns: Mapping[int, Column], seconds: float, all_at_once: int = HUGE
) -> Relaxation | None:
    """Solve the relaxation of a week within so many seconds; None where HiGHS did not finish.

    A large one begins with a few clinicians for each appointment. Whoever would be worth while at its prices
    joins, until nobody would (column generation; Desaulniers, Desrosiers and Solomon, 2005).

    Parameters
    ----------
    columns
        The week's columns by their variable.
    all_at_once
        Variables up to which all take part from the beginning.
    """
    over = monotonic() + seconds
    inside = np.ones(len(given.cost), bool) if len(given.cost) <= all_at_once else _few(given, columns)
    best: Relaxation | None = None
    while (left := over - monotonic()) > 0:
        found = _solved(given, columns, np.flatnonzero(inside), left)
        if found is None:
            break
        if best is None or found.bound >= best.bound:
            best = found
        missing = (found.reduced < -NOTHING) & ~inside
        left_open = float(given.cost @ found.values) + given.constant - best.bound
        if not missing.any() or left_open <= CLOSE * abs(best.bound):
            break
        inside |= missing
    return best


def _few(given: Arrays, columns: Mapping[int, Column]) -> NDArray[np.bool_]:
    """All variables but the bookings with more than a few clinicians, who are drawn by lot."""
    seen: dict[int, set[int]] = defaultdict(set)
    for column in columns.values():
        seen[column.appointment].add(column.clinician)
    lot = Random(FEW)
    chosen = {a: set(lot.sample(sorted(able), FEW)) if len(able) > FEW else able for a, able in seen.items()}
    inside = np.ones(len(given.cost), bool)
    out = [
        v
        for v, column in columns.items()
        if not column.given and column.clinician not in chosen[column.appointment]
    ]
    inside[out] = False
    return inside


def _solved(
    given: Arrays, columns: Mapping[int, Column], inside: Indices, seconds: float
) -> Relaxation | None:
    """The relaxation over some variables, with a bound for all of them."""
    count = len(given.cost)
    small = merged(part(given, inside, np.zeros(count), given.cost), columns)
    rows = np.unique(given.by_column[:, inside].indices)
    equal = np.concatenate([given.equal[rows], np.ones(len(small.groups), bool)])
    upper = small.part.upper.copy()
    upper[len(small.kept) :] = np.inf
    inner = Arrays(small.part.cost, 0.0, small.part.lower, upper, small.part.matrix, small.part.most, equal)
    found = solved(inner, seconds)
    if found is None:
        return None
    values, merged_duals = found
    duals = np.zeros(len(given.bounds))
    duals[rows] = merged_duals[: len(rows)]
    bound, reduced = safe_bound(given, duals)
    point = np.zeros(count)
    point[inside] = small.spread(values)
    return Relaxation(bound, point, reduced, duals)
