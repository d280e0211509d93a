"""The linear relaxation of a programme, with a bound that floating point cannot spoil.

HiGHS solves it; the bound is then recomputed from the duals alone. For any duals `y` of the right
sign, weak duality gives

.. math:: c x \\ge y b + \\sum_j \\min_{lo_j \\le x_j \\le hi_j} (c - y A)_j x_j

for every point of the programme, so an inexact dual only makes the bound weaker, never wrong
(Neumaier and Shcherbina, "Safe bounds in linear and mixed-integer linear programming",
Mathematical Programming 99, 2004). What rounding in that sum can still add is taken off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, diags_array

from solver.model.programme import FREE, Programme, Row

Vector = NDArray[np.float64]

_HIGHS: Callable[..., Any] = linprog
"""Its published types know no sparse matrices."""


MANY = 5_000
"""Variables from which the interior point method, then crossover, is faster than the dual simplex."""


@dataclass(frozen=True)
class Arrays:
    """A programme in floats, every row as ``matrix @ x <= bounds`` or, where ``equal``, ``==``."""

    cost: Vector
    constant: float
    lower: Vector
    upper: Vector
    matrix: csr_array
    bounds: Vector
    equal: NDArray[np.bool_]
    implied: NDArray[np.bool_]
    """Rows that the others imply."""

    @cached_property
    def by_column(self) -> csc_array:
        """The matrix by columns."""
        return csc_array(self.matrix)


@dataclass(frozen=True)
class Relaxation:
    """The relaxation's point, its proven bound, each variable's reduced cost and each row's dual."""

    bound: float
    values: Vector
    reduced: Vector
    duals: Vector


def arrays(programme: Programme, cuts: Sequence[Row] = ()) -> Arrays:
    """The programme with its cuts, two-sided rows split in two."""
    rows: list[tuple[Row, int, int]] = []
    implied: list[int] = []
    for place, row in enumerate((*programme.rows, *cuts)):
        if place in programme.implied:
            implied.append(len(rows))
        if row.lower == row.upper:
            rows.append((row, 0, row.upper))
            continue
        if row.upper < FREE:
            rows.append((row, 1, row.upper))
        if row.lower > -FREE:
            rows.append((row, -1, -row.lower))
    starts = np.cumsum([0, *(len(row.variables) for row, _, _ in rows)])
    places = np.fromiter((v for row, _, _ in rows for v in row.variables), np.int32, int(starts[-1]))
    values = np.fromiter(
        (c * (sign or 1) for row, sign, _ in rows for c in row.coefficients), np.float64, int(starts[-1])
    )
    left_out = np.zeros(len(rows), bool)
    left_out[implied] = True
    return Arrays(
        np.array([float(c) for c in programme.cost]),
        float(programme.constant),
        np.array(programme.lower, float),
        np.array(programme.upper, float),
        csr_array((values, places, starts.astype(np.int32)), shape=(len(rows), len(programme.cost))),
        np.array([bound for _, _, bound in rows], float),
        np.array([sign == 0 for _, sign, _ in rows], bool),
        left_out,
    )


def relax(given: Arrays, seconds: float = 60.0) -> Relaxation | None:
    """Solve the linear relaxation; None where HiGHS did not finish.

    Parameters
    ----------
    seconds
        Time limit.
    """
    found = solved(given, seconds)
    if found is None:
        return None
    values, duals = found
    bound, reduced = safe_bound(given, duals)
    return Relaxation(bound, values, reduced, duals)


def solved(given: Arrays, seconds: float) -> tuple[Vector, Vector] | None:
    """An optimal point of the relaxation and its duals; None where HiGHS did not finish.

    The interior point method is given each row in parts of its largest coefficient: with rows in thousandths
    of minutes beside rows that count bookings, crossover leaves a point that takes as long again to mend.
    """
    at_most = ~given.equal
    many = len(given.cost) > MANY
    scale = _scale(given) if many else np.ones(len(given.bounds))
    matrix = csr_array(diags_array(scale) @ given.matrix)
    bounds = scale * given.bounds
    result = _HIGHS(
        given.cost,
        matrix[at_most],
        bounds[at_most],
        matrix[given.equal],
        bounds[given.equal],
        np.column_stack([given.lower, given.upper]),
        method="highs-ipm" if many else "highs-ds",
        options={"time_limit": seconds},
    )
    if result.status != 0:
        return None
    duals = np.zeros(len(given.bounds))
    duals[at_most] = result.ineqlin.marginals
    duals[given.equal] = result.eqlin.marginals
    return result.x, scale * duals


def _scale(given: Arrays) -> Vector:
    """By row, what makes its largest coefficient about 1: a power of 2, so that nothing is rounded."""
    largest = np.zeros(given.matrix.shape[0])
    sizes = np.diff(given.matrix.indptr)
    rows = np.flatnonzero(sizes)
    if len(rows):
        largest[rows] = np.maximum.reduceat(np.abs(given.matrix.data), given.matrix.indptr[rows])
    return np.asarray(np.exp2(-np.round(np.log2(np.where(largest > 0, largest, 1.0)))), np.float64)


def safe_bound(given: Arrays, duals: Vector) -> tuple[float, Vector]:
    """The bound that duals prove, and the reduced costs they leave."""
    duals = np.where(given.equal, duals, np.minimum(duals, 0.0))
    reduced = given.cost - given.matrix.T @ duals
    parts = np.minimum(reduced * given.lower, reduced * given.upper)
    total = float(duals @ given.bounds + parts.sum()) + given.constant
    size = float(np.abs(duals) @ np.abs(given.bounds) + np.abs(parts).sum())
    return total - 1e-12 * size, reduced
