"""The relaxation of a week that is solved again as clinicians' weeks are settled one by one.

The day is dropped where nobody cares for it (`solver.search.merge`). A merged programme has the rows of the
whole one and a row more a group. Its duals, less those, are duals of the whole: the reduced cost of a booking
on a day is the sum of the merged ones of booking and day. That sum is at least 0 where neither has an upper
bound of its own; that a booking is one at most says a row of the week already. Bounds are computed from
them on the whole programme (`solver.search.linear`), so nothing rests on this.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array

from solver.model.week import Column
from solver.search.linear import MANY, Arrays, Indices, Linear, Point, Vector
from solver.search.merge import merged
from solver.search.part import Part


class Outlook:
    """The relaxation over some variables and the rows that matter.

    Parameters
    ----------
    columns
        The week's columns by their variable.
    inside
        The variables that take part.
    """

    def __init__(self, given: Arrays, columns: Mapping[int, Column], inside: Indices) -> None:
        self.given, self.inside = given, inside
        matrix = given.by_column[:, inside]
        idle = given.implied & (len(given.cost) > MANY)
        self.rows = np.flatnonzero(np.bincount(matrix.indices, minlength=len(given.bounds)) * ~idle)
        bounds, equal = given.bounds[self.rows], given.equal[self.rows]
        held = csr_array(csr_array(matrix)[self.rows])
        cost, lower, upper = given.cost[inside], given.lower[inside], given.upper[inside]
        self.small = merged(
            Part(inside, cost, lower, upper, held, np.where(equal, bounds, -np.inf), bounds), columns
        )
        part, equal = self.small.part, np.concatenate([equal, np.ones(len(self.small.groups), bool)])
        upper = part.upper.copy()
        upper[len(self.small.kept) :] = np.inf
        implied = np.zeros(len(equal), bool)
        self.programme = Linear(
            Arrays(part.cost, given.constant, part.lower, upper, part.matrix, part.most, equal, implied)
        )

    def settle(self, variables: Indices, point: Vector) -> None:
        """Hold some variables of the week, whole groups of bookings alike, at their values in a point."""
        chosen = np.zeros(len(self.given.cost))
        chosen[variables] = 1.0
        places = np.flatnonzero(self.small.contracted(chosen[self.inside]))
        self.programme.hold(places, self.small.contracted(point[self.inside])[places])

    def solve(self, seconds: float) -> Point | None:
        """An optimal point of the week, with a dual for each of its rows; None where there was no time."""
        found = self.programme.solve(seconds)
        if found is None:
            return None
        point, duals = np.zeros(len(self.given.cost)), np.zeros(len(self.given.bounds))
        point[self.inside] = self.small.spread(found.values)
        duals[self.rows] = found.duals[: len(self.rows)]
        return Point(point, duals, found.cost)
