r"""The first pass: settle one clinician's week after the other, and look at what each leaves to the rest.

Relax and fix (Pochet and Wolsey, "Production Planning by Mixed Integer Programming", 2006): the week of one
clinician is whole, those settled before are held, those still to come are relaxed. What the relaxed ones
cost is a convex function ``Q`` of the one week, and every solution of the relaxation tells a tangent to it,

.. math:: Q(x) \ge Q(\hat x) - (y_L A_L) (x - \hat x) ,

with the duals ``y`` of the rows that tie clinicians together (Benders, Numerische Mathematik 4, 1962). CP-SAT
finds a week that is best under the tangents known, the relaxation is solved again with that week held, and
where it comes out dearer its tangent joins them and another is tried. Those with least choice come first.

The relaxation is very degenerate, so many weeks look equally good to a clinician, most of which take what
others need: a week leans towards what the relaxation gave to whom.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from solver.search.ahead import Ahead, Tangent
from solver.search.blocks import LINK
from solver.search.improve import Search
from solver.search.linear import Point, Vector
from solver.search.part import Limits
from solver.search.standing import Standing

LEAN = 0.004
"""What following the relaxation is worth, in clinicians' shares of the bound."""

NEAR = 0.01
"""A week that makes the whole dearer by no more than this is good enough, in clinicians' shares."""

TRIES = 3
"""Weeks that are tried for one clinician at most."""

WIDE = 1500
"""Columns of one clinician that take part at most, those first that the relaxation finds cheapest."""

LOOKING = 1.0
"""Seconds that the next look may take, by the last one, for each second that went into weeks since."""

LATE = 0.5
"""What is left of that when the pass is late."""

LONGEST_LOOK = 1.0
"""Seconds after which a look is given up; those to come go on from where it was."""


@dataclass(frozen=True)
class _Tried:
    """A week that was found, and the relaxation with it held, where that was looked at."""

    standing: Standing
    values: Vector
    seen: Point | None


class Dive:
    """Who is settled, and what was last seen to be left to the rest."""

    def __init__(self, search: Search) -> None:
        self.search, self.ready = search, search.ready
        self.block = self.ready.split.block
        self.unplaced = np.array(search.week.unplaced, np.int64)
        self.booked = search.appointment[search.variables]
        self.later = np.zeros((len(self.unplaced), len(search.clinicians)), bool)
        self.later[self.booked, search.owner] = True
        self.link = np.flatnonzero(self.ready.split.row_block == LINK)
        self.ties = self.ready.given.matrix[self.link].T.tocsr()
        self.inside = np.ones(len(self.block), bool)
        if self.ready.outlook is not None:
            self.inside[:] = False
            self.inside[self.ready.outlook.inside] = True
        self.seen, self.size = Point(np.zeros(0), np.zeros(0), 0.0), self.ready.share or 0.0
        self.spent = self.took = 0.0
        self.patience = LOOKING
        self.share = np.zeros(self.later.shape)
        relaxed = self.ready.relaxed
        if relaxed is not None:
            self._saw(Point(relaxed.values, relaxed.duals, relaxed.bound))

    def weeks(
        self,
        limits: Callable[[float], Limits | None],
        early: Callable[[float], bool],
        whose: Collection[int],
    ) -> Iterator[tuple[int, bool]]:
        """Settle some clinicians; who, and whether a week was found. Ends early where ``limits`` gives None.

        Parameters
        ----------
        limits, early
            How hard to try for one week, and whether there is time for more, when such a part of the
            clinicians is settled.
        """
        choice = self.ready.affinity.sum(axis=0)
        order = sorted(whose, key=lambda c: (int(choice[c]), c))
        for place, clinician in enumerate(order):
            effort = limits(place / len(order))
            if effort is None:
                return
            self.patience = LOOKING if early(place / len(order)) else LATE * LOOKING
            yield clinician, self._settled(clinician, effort, partial(early, (place + 1) / len(order)))

    def _settled(self, clinician: int, limits: Limits, early: Callable[[], bool]) -> bool:
        """Settle one clinician's week; False if none was found that can be worked."""
        self.later[:, clinician] = False
        mine, ahead = self._ahead(clinician)
        before, best = (self.search.standing, self.search.values), None
        for number in range(TRIES):
            self.search.standing, self.search.values = before
            began = monotonic()
            effort = replace(limits.longer(1 if best else 2**number), seed=number)
            found = self.search.attempt((clinician,), effort, ahead)
            self.spent += monotonic() - began
            if not found and best is None:
                continue
            if not found:
                break
            tried = _Tried(self.search.standing, self.search.values, self._look(clinician, limits))
            if best is None or (tried.seen and best.seen and tried.seen.cost < best.seen.cost):
                best = tried
            if tried.seen is None or tried.seen.cost - self.seen.cost <= NEAR * self.size or not early():
                break
            ahead = ahead.taught(self._tangent(tried.seen, mine, tried.values), best.values)
        if best is None:
            self.search.standing, self.search.values = before
            return False
        self.search.standing, self.search.values = best.standing, best.values
        self._hold(clinician)
        if best.seen is not None:
            self._saw(best.seen)
        return True

    def _look(self, clinician: int, limits: Limits) -> Point | None:
        """The relaxation with a clinician's week held, unless that takes too long for what it is worth."""
        outlook = self.ready.outlook
        self._hold(clinician)
        if outlook is None or (limits.seconds is not None and self.took > self.patience * self.spent):
            return None
        began = monotonic()
        seen = outlook.solve(limits.left if limits.seconds is None else min(LONGEST_LOOK, limits.left))
        self.spent, self.took = 0.0, monotonic() - began
        return seen

    def _hold(self, clinician: int) -> None:
        if self.ready.outlook is not None:
            theirs = np.flatnonzero((self.block == clinician) & self.inside)
            self.ready.outlook.settle(theirs, self.search.values)

    def _saw(self, point: Point) -> None:
        """Note what is left to the rest, and how much of each appointment goes to whom."""
        self.seen = point
        self.share[:] = 0.0
        np.add.at(self.share, (self.booked, self.search.owner), point.values[self.search.variables])

    def _ahead(self, clinician: int) -> tuple[NDArray[np.bool_], Ahead]:
        """What counts as a clinician's own, and its cost.

        An appointment that nobody else can see any more counts whole; what another is worth to the rest is in
        the tangents. Without a relaxation nothing is known of the rest, and all counts.
        """
        given, search = self.ready.given, self.search
        if not self.size:
            whole = np.ones(len(self.block), bool)
            return whole, Ahead(given.cost, (Tangent(np.zeros(len(self.block)), 0.0),), self.inside)
        mine = self.block == clinician
        able = np.zeros(len(self.unplaced), bool)
        able[self.booked[search.owner == clinician]] = True
        self.last = able & ~self.later.any(axis=1)
        mine[self.unplaced[self.last]] = True
        cost = np.where(mine, given.cost, 0.0)
        lean = LEAN * self.size
        cost[search.variables] -= lean * self.share[self.booked, search.owner]
        cost[self.unplaced] -= lean * (self.share * self.later).sum(axis=1)
        first = self._tangent(self.seen, mine, self.seen.values)
        return mine, Ahead(cost, (first,), self.inside & ~self._far(clinician))

    def _far(self, clinician: int) -> NDArray[np.bool_]:
        """Which of a clinician's bookings need not take part, by what they would cost the relaxation.

        Very many cost it nothing: those are drawn by lot, so that not all clinicians want the same ones.
        """
        given, search = self.ready.given, self.search
        far = np.zeros(len(self.block), bool)
        theirs = np.flatnonzero(search.owner == clinician)
        if len(theirs) <= WIDE:
            return far
        variables = search.variables[theirs]
        booked = self.booked[theirs]
        reduced = given.cost[variables] - given.by_column[:, variables].T @ self.seen.duals
        least = np.full(len(self.unplaced), np.inf)
        np.minimum.at(least, booked, reduced)
        least -= LEAN * self.size * self.share[:, clinician]
        least[list(search.standing.chosen)] = np.inf
        lot = np.random.default_rng(clinician).random(len(least))
        by_worth = np.lexsort((lot[booked], np.round(least[booked], 3)))
        far[variables[by_worth[WIDE:]]] = True
        far &= given.lower == 0
        return far

    def _tangent(self, seen: Point, mine: NDArray[np.bool_], point: Vector) -> Tangent:
        """What the rest costs at least, by a solution of the relaxation and the week that it holds."""
        given = self.ready.given
        duals = given.signed(seen.duals)[self.link]
        booked_once = self.link < len(self.unplaced)
        duals[booked_once] *= ~self.last[self.link[booked_once]]
        slope = np.where(mine, -(self.ties @ duals), 0.0)
        return Tangent(slope, seen.cost - float((given.cost + slope)[mine] @ point[mine]))
