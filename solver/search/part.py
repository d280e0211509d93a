"""A part of a programme: the rows and columns of a few clinicians, the rest held.

A *part* is what is left of a programme when all variables but some are held: rows with a free
variable, less what the held ones put in. `solver.search.cpsat` solves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from solver.model.programme import FREE, Row
from solver.search.linear import Arrays, Vector

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Limits:
    """When a search stops.

    ``gap`` is absolute, in units of cost; ``work`` is CP-SAT's deterministic time, the same on any machine.
    ``probing`` looks longer at each variable before the search begins.
    """

    seconds: float | None = 10.0
    work: float | None = None
    gap: float = 0.0
    probing: bool = True


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
