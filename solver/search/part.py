"""A part of a programme: the rows and columns of a few clinicians, the rest held.

A *part* is what is left of a programme when all variables but some are held: rows with a free
variable, less what the held ones put in. `solver.search.cpsat` and `solver.search.highs` solve it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from scipy.sparse import csr_array, vstack

from solver.model.programme import FREE, Row
from solver.search.linear import Arrays, Indices, Vector


@dataclass(frozen=True)
class Limits:
    """When a search stops.

    ``gap`` is absolute, in units of cost; ``work`` is CP-SAT's deterministic time, the same on any machine.
    ``proving`` is for whoever wants a bound: it simplifies the part and cuts its relaxation first, where a
    search for a point begins at once. ``left`` are the seconds that there are at all. ``second`` asks HiGHS
    instead of CP-SAT.
    """

    seconds: float | None = 10.0
    work: float | None = None
    gap: float = 0.0
    proving: bool = False
    left: float = inf
    seed: int = 0
    second: bool = False

    def longer(self, times: int) -> Limits:
        """So many times as long, if there is time."""
        seconds = None if self.seconds is None else max(self.seconds, min(times * self.seconds, self.left))
        work = None if self.work is None else times * self.work
        return replace(self, seconds=seconds, work=work)


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
    inside = given.by_column[:, variables]
    touched = np.unique(inside.indices)
    extra = csr_array(stacked(cuts, len(values)))
    held = values.copy()
    held[variables] = 0.0
    known = np.concatenate([given.matrix[touched] @ held, extra @ held])
    most = [given.bounds[touched], np.array([float(min(c.upper, FREE)) for c in cuts])]
    least = [
        np.where(given.equal[touched], given.bounds[touched], -np.inf),
        np.array([float(c.lower) if c.lower > -FREE else -np.inf for c in cuts]),
    ]
    return Part(
        variables,
        cost[variables],
        given.lower[variables],
        given.upper[variables],
        csr_array(vstack([csr_array(inside)[touched], extra[:, variables]])),
        np.concatenate(least) - known,
        np.concatenate(most) - known,
    )


def stacked(cuts: Sequence[Row], width: int) -> csr_array:
    """Rows as a matrix over all variables of a programme."""
    starts = np.cumsum([0, *(len(cut.variables) for cut in cuts)])
    places = np.array([v for cut in cuts for v in cut.variables], np.int64)
    values = np.array([c for cut in cuts for c in cut.coefficients], float)
    return csr_array((values, places, starts), shape=(len(cuts), width))
