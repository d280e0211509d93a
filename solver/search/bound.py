"""The bound, block by block: each clinician's week solved under the linking rows' prices.

The duals of the linear relaxation price the linking rows. A block's minimum, or what is proven of it,
takes the place of its share of the relaxation, so the bound only grows. A block whose best week
breaks a rule gets the cut that says so and is solved again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from scipy.sparse import csr_array, vstack

from solver.model.programme import Row
from solver.search import cpsat, highs
from solver.search.blocks import LINK, affinity, blocks, priced
from solver.search.judge import Judge
from solver.search.linear import Indices, Vector
from solver.search.merge import merged
from solver.search.part import Limits, Part, stacked
from solver.search.plan import by_frame
from solver.search.prepare import Prepared

CUT_ROUNDS = 6
"""How often one block is cut and solved again."""


class Prover:
    """A proven bound that grows; needs the relaxation of `Prepared`.

    ``members`` are the clinicians of each block, ``proven`` what is known of its minimum.
    """

    def __init__(self, ready: Prepared, judge: Judge) -> None:
        if ready.relaxed is None:
            raise ValueError("the linear relaxation was not solved")
        self.ready, self.judge, self.relaxed = ready, judge, ready.relaxed
        self.split = ready.split
        self.prices = priced(ready.given, ready.split, ready.relaxed.duals)
        self.members: dict[int, tuple[int, ...]] = {c.index: (c.index,) for c in ready.week.clinic.clinicians}
        self.proven = {c: self._relaxed_share(c) for c in self.members}

    def bounds(self, limits: Callable[[], Limits], over: Callable[[], bool]) -> Iterator[float]:
        """The bound after each block that was solved, cuts and all; first those of few bookings.

        Whole numbers cost most where a week holds few.
        """
        left = sorted(self.members, key=lambda block: self._booked(block) / len(self.members[block]))
        for _ in range(CUT_ROUNDS):
            cut = []
            for block in left:
                if over():
                    return
                if self._solve(block, limits()):
                    cut.append(block)
                yield self.total()
            left = cut

    def doubled(self) -> bool:
        """Join blocks two by two, first those that share most patients; whether there were any to join."""
        shared = affinity(self.ready.week)
        names = list(self.members)
        weight = {
            (a, b): int(shared[np.ix_(self.members[a], self.members[b])].sum())
            for a, b in combinations(names, 2)
        }
        groups, left = [], set(names)
        for a, b in sorted(weight, key=lambda pair: (-weight[pair], pair)):
            if {a, b} <= left and weight[a, b]:
                left -= {a, b}
                groups.append((a, b))
        if groups:
            self._join([*groups, *((name,) for name in sorted(left))])
        elif len(names) > 1:
            self._join([tuple(names)])
        return len(names) > 1

    def _join(self, groups: Sequence[tuple[int, ...]]) -> None:
        """Make one block of the blocks of each group.

        Rows that tie them alone need no price any more. What is proven carries over: a block's minimum is at
        least the sum of its members' and of what those rows and loose variables were worth at their prices.
        """
        before, cost = self.split, self.prices.cost
        given = self.ready.given
        worth = np.minimum(cost * given.lower, cost * given.upper)
        duals = given.signed(self.relaxed.duals)
        teams = [tuple(c for name in group for c in self.members[name]) for group in groups]
        self.split = blocks(self.ready.week, given, teams)
        self.prices = priced(given, self.split, self.relaxed.duals)
        known = self.proven
        self.members, self.proven = {team[0]: team for team in teams}, {}
        for group, block in zip(groups, self.members, strict=True):
            rows = (before.row_block == LINK) & (self.split.row_block == block)
            loose = (before.block == LINK) & (self.split.block == block)
            extra = float(duals[rows] @ given.bounds[rows] + worth[loose].sum())
            share = sum(known[name] for name in group) + extra
            self.proven[block] = share - 1e-9 * (abs(share) + abs(extra) + 1)

    def total(self) -> float:
        """The bound so far."""
        return max(self.relaxed.bound, self.prices.settled + sum(self.proven.values()))

    def _solve(self, block: int, limits: Limits) -> bool:
        """Solve a block; whether a cut was learnt that may raise its bound further."""
        cuts = [cut for clinician in self.members[block] for cut in self.judge.cuts[clinician]]
        part = self._with_cuts(self._part(block), cuts)
        fewer_days = merged(part, self.ready.columns)
        solve = cpsat.solve_part if len(self.members[block]) == 1 else highs.solve_part
        found = solve(fewer_days.part, limits)
        self.proven[block] = max(self.proven[block], found.bound)
        if found.values is None:
            return False
        values = fewer_days.expanded(found.values, np.zeros(len(part.variables)))
        for clinician in self.members[block]:
            self._judged(clinician, part.variables, values)
        return sum(len(self.judge.cuts[c]) for c in self.members[block]) > len(cuts)

    def _judged(self, clinician: int, variables: Indices, values: Vector) -> None:
        week = self.ready.week
        chosen = {int(j) for j, value in zip(variables, values, strict=True) if value > 0.5}
        frames = by_frame(c for c in week.of_clinician(clinician) if c.variable in chosen)
        doubles = {
            key: sum(z in chosen for z in zs) for key, zs in week.doubles.items() if key[0] == clinician
        }
        self.judge.weigh(clinician, frames, doubles)

    def _booked(self, block: int) -> float:
        """How many bookings the relaxation gives a block."""
        columns = (c for clinician in self.members[block] for c in self.ready.week.of_clinician(clinician))
        return float(self.relaxed.values[[c.variable for c in columns]].sum())

    def _part(self, clinician: int) -> Part:
        given, split = self.ready.given, self.split
        variables = split.variables(clinician)
        own = np.flatnonzero(split.row_block == clinician)
        return Part(
            variables,
            self.prices.cost[variables],
            given.lower[variables],
            given.upper[variables],
            csr_array(given.matrix[own][:, variables]),
            np.where(given.equal[own], given.bounds[own], -np.inf),
            given.bounds[own],
        )

    def _relaxed_share(self, clinician: int) -> float:
        """What the relaxation's duals prove of a block."""
        given, part = self.ready.given, self._part(clinician)
        own = np.flatnonzero(self.split.row_block == clinician)
        duals = given.signed(self.relaxed.duals)[own]
        reduced = part.cost - part.matrix.T @ duals
        parts = np.minimum(reduced * part.lower, reduced * part.upper)
        share = float(duals @ given.bounds[own] + parts.sum())
        return share - 1e-9 * (abs(share) + 1)

    def _with_cuts(self, part: Part, cuts: list[Row]) -> Part:
        if not cuts:
            return part
        width = len(self.ready.given.cost)
        extra = csr_array(stacked(cuts, width)[:, part.variables])
        return Part(
            part.variables,
            part.cost,
            part.lower,
            part.upper,
            csr_array(vstack([part.matrix, extra])),
            np.concatenate([part.least, [-np.inf] * len(cuts)]),
            np.concatenate([part.most, [float(cut.upper) for cut in cuts]]),
        )
