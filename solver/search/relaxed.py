"""The week's linear relaxation, solved with the day dropped where nobody cares for it.

A merged programme has the rows of the whole one and a row more a group. Its duals, less those, are
duals of the whole: the reduced cost of a booking on a day is the sum of the merged ones of booking and day.
That sum is at least 0 where neither has an upper bound of its own; that a booking is one at most says a row
of the week already. The bound is computed from them on the whole programme (`solver.search.linear`), so
nothing rests on this.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from solver.model.week import Column
from solver.search.linear import MANY, Arrays, Relaxation, Vector, safe_bound, solved
from solver.search.merge import merged
from solver.search.part import Indices, Part

HUGE = 100_000
"""A week of so many variables is not relaxed all at once."""

FEW = 5
"""Clinicians for each appointment to begin with, where there are more variables."""

CLOSE = 5e-4
"""Part of the bound that is left where nobody else need join."""

NOTHING = 1e-7
"""Costs nearer 0 than this are rounding."""


def relaxed_week(
    given: Arrays,
    columns: Mapping[int, Column],
    seconds: float,
    all_at_once: int = HUGE,
    near: float = 0.0,
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
    near
        What may be left of the bound in any case, in units of cost.
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
        if not missing.any() or left_open <= max(near, CLOSE * abs(best.bound)):
            break
        inside |= missing
    return best


def carried(relaxed: Relaxation, given: Arrays) -> Relaxation:
    """A relaxation's duals on the same programme with further rows and variables, which come last."""
    duals = np.zeros(len(given.bounds))
    duals[: len(relaxed.duals)] = relaxed.duals
    values = np.zeros(len(given.cost))
    values[: len(relaxed.values)] = relaxed.values
    bound, reduced = safe_bound(given, duals)
    return Relaxation(bound, values, reduced, duals)


def _few(given: Arrays, columns: Mapping[int, Column]) -> NDArray[np.bool_]:
    """All but the bookings with more than a few clinicians: those who cost least, and some drawn by lot."""
    free = [column for column in columns.values() if not column.given]
    variables = np.array([column.variable for column in free], np.int64)
    appointment = np.array([column.appointment for column in free], np.int64)
    width = 1 + max((column.clinician for column in free), default=0)
    pairs, pair = np.unique(
        appointment * width + np.array([column.clinician for column in free], np.int64), return_inverse=True
    )
    cost, dearest = np.full(len(pairs), np.inf), np.full(1 + max(appointment, default=0), -np.inf)
    np.minimum.at(cost, pair, given.cost[variables])
    np.maximum.at(dearest, pairs // width, cost)
    cheap = _among_first(pairs // width, cost) & (cost < dearest[pairs // width])
    lot = np.random.default_rng(FEW).random(len(pairs))
    inside = np.ones(len(given.cost), bool)
    inside[variables] = (cheap | _among_first(pairs // width, lot))[pair]
    return inside


def _among_first(group: Indices, value: Vector) -> NDArray[np.bool_]:
    """Whether each is among the few of its group whose values are least."""
    order = np.lexsort((value, group))
    sizes = np.unique(group, return_counts=True)[1]
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    found = np.zeros(len(group), bool)
    found[order] = np.arange(len(group)) - first < FEW
    return found


def _solved(
    given: Arrays, columns: Mapping[int, Column], inside: Indices, seconds: float
) -> Relaxation | None:
    """The relaxation over some variables and the rows that matter, with a bound for all of them."""
    count = len(given.cost)
    matrix = given.by_column[:, inside]
    idle = given.implied & (count > MANY)
    rows = np.flatnonzero(np.bincount(matrix.indices, minlength=len(given.bounds)) * ~idle)
    least = np.where(given.equal[rows], given.bounds[rows], -np.inf)
    held = csr_array(csr_array(matrix)[rows])
    cost, lower, upper = given.cost[inside], given.lower[inside], given.upper[inside]
    small = merged(Part(inside, cost, lower, upper, held, least, given.bounds[rows]), columns)
    equal = np.concatenate([given.equal[rows], np.ones(len(small.groups), bool)])
    upper = small.part.upper.copy()
    upper[len(small.kept) :] = np.inf
    part, none = small.part, np.zeros(len(equal), bool)
    found = solved(Arrays(part.cost, 0.0, part.lower, upper, part.matrix, part.most, equal, none), seconds)
    if found is None:
        return None
    values, merged_duals = found
    duals = np.zeros(len(given.bounds))
    duals[rows] = merged_duals[: len(rows)]
    bound, reduced = safe_bound(given, duals)
    point = np.zeros(count)
    point[inside] = small.spread(values)
    return Relaxation(bound, point, reduced, duals)
