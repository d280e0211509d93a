"""The linear relaxation of a programme, with a bound that floating point cannot spoil.

HiGHS solves it; the bound is then recomputed from the duals alone. For any duals `y` of the right
sign, weak duality gives

.. math:: c x \\ge y b + \\sum_j \\min_{lo_j \\le x_j \\le hi_j} (c - y A)_j x_j

for every point of the programme, so an inexact dual only makes the bound weaker, never wrong
(Neumaier and Shcherbina, "Safe bounds in linear and mixed-integer linear programming",
Mathematical Programming 99, 2004). What rounding in that sum can still add is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, diags_array

from solver.model.programme import FREE, Programme, Row

Vector = NDArray[np.float64]

Indices = NDArray[np.int64]

MANY = 1_000
"""Variables from which the interior point method, then crossover, solves a relaxation: from some thousands
on it is the faster one, and below that its duals, of which there are many, let blocks prove more."""


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

    def signed(self, duals: Vector) -> Vector:
        """Duals of all rows, with 0 for those that rounding gave a sign under which they prove nothing."""
        return np.where(self.equal, duals, np.minimum(duals, 0.0))


@dataclass(frozen=True)
class Point:
    """An optimal point of a relaxation: each variable's value, each row's dual, and what it costs."""

    values: Vector
    duals: Vector
    cost: float


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


class Quiet(highspy.Highs):  # type: ignore[misc, unused-ignore]
    """HiGHS on one core that prints nothing, not even the banner that it has for callbacks."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.choose("output_flag", False)
        self.choose("threads", 1)

    def enableCallbacks(self) -> None:  # noqa: N802 (highspy's name)
        """Set up none."""

    def choose(self, name: str, value: bool | float | str) -> None:
        """Set an option."""
        self.setOptionValue(name, value)


class Linear:
    """A programme's relaxation, kept with its last basis: held anew, it is solved again within a few pivots.

    The interior point method is given each row in parts of its largest coefficient: with rows in thousandths
    of minutes beside rows that count bookings, crossover leaves a point that takes as long again to mend.
    """

    def __init__(self, given: Arrays) -> None:
        self.given = given
        many = len(given.cost) > MANY
        self._scale = _scale(given) if many else np.ones(len(given.bounds))
        self._highs = Quiet()
        self._highs.choose("solver", "ipm" if many else "simplex")
        bounds = self._scale * given.bounds
        least = np.where(given.equal, bounds, -np.inf)
        matrix = csc_array(diags_array(self._scale) @ given.matrix)
        self._highs.passModel(loaded(given.cost, (given.lower, given.upper), matrix, (least, bounds)))

    def hold(self, places: Indices, values: Vector) -> None:
        """Hold variables at values."""
        self._highs.changeColsBounds(len(places), places.astype(np.int32), values, values)

    def solve(self, seconds: float) -> Point | None:
        """An optimal point with its duals and cost; None where HiGHS did not finish in so many seconds."""
        self._highs.choose("time_limit", self._highs.getRunTime() + seconds)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        self._highs.choose("solver", "simplex")
        found = self._highs.getSolution()
        duals = self._scale * np.array(found.row_dual)
        total = float(self._highs.getInfo().objective_function_value) + self.given.constant
        return Point(np.array(found.col_value), duals, total)


def loaded(
    cost: Vector, box: tuple[Vector, Vector], matrix: csc_array, sides: tuple[Vector, Vector]
) -> highspy.HighsLp:
    """A programme as HiGHS takes it: the least and the most of each variable, and of each row."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_, (model.col_lower_, model.col_upper_) = cost, box
    model.row_lower_, model.row_upper_ = sides
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model


def relax(given: Arrays, seconds: float = 60.0) -> Relaxation | None:
    """Solve the linear relaxation; None where HiGHS did not finish.

    Parameters
    ----------
    seconds
        Time limit.
    """
    found = Linear(given).solve(seconds)
    if found is None:
        return None
    bound, reduced = safe_bound(given, found.duals)
    return Relaxation(bound, found.values, reduced, found.duals)


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
    duals = given.signed(duals)
    reduced = given.cost - given.matrix.T @ duals
    parts = np.minimum(reduced * given.lower, reduced * given.upper)
    total = float(duals @ given.bounds + parts.sum()) + given.constant
    size = float(np.abs(duals) @ np.abs(given.bounds) + np.abs(parts).sum())
    return total - 1e-12 * size, reduced
