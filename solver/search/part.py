"""HiGHS on a part of a programme: the rows and columns of a few clinicians, the rest held.

A *part* is what is left of a programme when all variables but some are held: rows with a free
variable, less what the held ones put in. HiGHS is started afresh each time, is repeatable for the
same input and node limit, and its dual bound is loosened by its own tolerances.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from solver.model.programme import FREE, Row
from solver.search.linear import Arrays, Vector

Indices = NDArray[np.int64]

_HIGHS: Callable[..., Any] = milp
"""Its published types know no options put together at run time."""


@dataclass(frozen=True)
class Limits:
    """When HiGHS stops; ``gap`` is absolute, in units of cost; ``nodes`` is the same on any machine."""

    seconds: float | None = 10.0
    nodes: int | None = None
    gap: float = 0.0


@dataclass(frozen=True)
class Part:
    """A small programme: free variables, their costs and bounds, and the rows that they share."""

    variables: Indices
    cost: Vector
    lower: Vector
    upper: Vector
    matrix: csr_array
    least: Vector
    most: Vector


@dataclass(frozen=True)
class Found:
    """Values of the part's variables (None without a point) and the bound on its cost."""

    values: Vector | None
    cost: float
    bound: float


def part(given: Arrays, variables: Indices, values: Vector, cost: Vector, cuts: Sequence[Row] = ()) -> Part:
    """Free some variables and hold the others at their values.

    Parameters
    ----------
    values
        A value for every variable of the programme; those of free variables do not matter.
    cost
        Cost of each variable of the programme.
    cuts
        Further rows.
    """
    free = np.zeros(len(values), bool)
    free[variables] = True
    whole = given.matrix if not cuts else csr_array(vstack([given.matrix, stacked(cuts, len(values))]))
    most = np.concatenate([given.bounds, [float(min(c.upper, FREE)) for c in cuts]])
    least = np.concatenate(
        [
            np.where(given.equal, given.bounds, -np.inf),
            [float(c.lower) if c.lower > -FREE else -np.inf for c in cuts],
        ]
    )
    inside = whole[:, variables].tocsr()
    touched = np.flatnonzero(np.diff(inside.indptr))
    known = whole[touched] @ np.where(free, 0.0, values)
    return Part(
        variables,
        cost[variables],
        given.lower[variables],
        given.upper[variables],
        csr_array(inside[touched]),
        least[touched] - known,
        most[touched] - known,
    )


def stacked(cuts: Sequence[Row], width: int) -> csr_array:
    """Rows as a matrix over all variables of a programme."""
    starts = np.cumsum([0, *(len(cut.variables) for cut in cuts)])
    places = np.array([v for cut in cuts for v in cut.variables], np.int64)
    values = np.array([c for cut in cuts for c in cut.coefficients], float)
    return csr_array((values, places, starts), shape=(len(cuts), width))


def solve_part(given: Part, limits: Limits, shift: float = 1000.0) -> Found:
    """Minimise a part.

    Parameters
    ----------
    shift
        A constant added to the cost while HiGHS runs, so that its relative gap is about absolute.

    Returns
    -------
    Found
        ``bound`` is minus infinity where HiGHS proved nothing.
    """
    count = len(given.variables)
    if not count:
        return Found(np.zeros(0), 0.0, 0.0)
    options: dict[str, float | int] = {"mip_rel_gap": max(1e-9, limits.gap / shift)}
    if limits.seconds is not None:
        options["time_limit"] = max(0.05, limits.seconds)
    if limits.nodes is not None:
        options["node_limit"] = limits.nodes
    matrix = csr_array(
        (given.matrix.data, given.matrix.indices, given.matrix.indptr),
        shape=(given.matrix.shape[0], count + 1),
    )
    result = _HIGHS(
        np.append(given.cost, shift),
        integrality=np.ones(count + 1, int),
        bounds=Bounds(np.append(given.lower, 1.0), np.append(given.upper, 1.0)),
        constraints=LinearConstraint(matrix, given.least, given.most),
        options=options,
    )
    proved = result.mip_dual_bound if result.mip_dual_bound is not None else -np.inf
    bound = proved - shift - 1e-6 * (shift + abs(proved)) if np.isfinite(proved) else -np.inf
    if result.x is None:
        return Found(None, np.inf, bound)
    return Found(np.rint(result.x[:count]), float(result.fun) - shift, bound)
