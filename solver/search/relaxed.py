"""The week's linear relaxation: all at once, or by column generation where the week is very large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from solver.model.week import Column
from solver.search.linear import Arrays, Indices, Relaxation, Vector, safe_bound
from solver.search.outlook import Outlook

HUGE = 100_000
"""A week of so many variables is not relaxed all at once."""

FEW = 5
"""Clinicians for each appointment to begin with, where there are more variables."""

CLOSE = 5e-4
"""Part of the bound that is left where nobody else need join."""

NOTHING = 1e-7
"""Costs nearer 0 than this are rounding."""


@dataclass(frozen=True)
class Relaxed(Relaxation):
    """A week's relaxation, and what solves it again once some of the week is settled."""

    outlook: Outlook


def relaxed_week(
    given: Arrays,
    columns: Mapping[int, Column],
    seconds: float,
    all_at_once: int = HUGE,
    near: float = 0.0,
) -> Relaxed | None:
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
    best: Relaxed | None = None
    while (left := over - monotonic()) > 0:
        outlook = Outlook(given, columns, np.flatnonzero(inside))
        found = outlook.solve(left)
        if found is None:
            break
        bound, reduced = safe_bound(given, found.duals)
        if best is None or bound >= best.bound:
            best = Relaxed(bound, found.values, reduced, found.duals, outlook)
        best = replace(best, outlook=outlook)
        missing = (reduced < -NOTHING) & ~inside
        left_open = found.cost - best.bound
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
