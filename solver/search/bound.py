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
from solver.search.blocks import LINK, blocks, priced
from solver.search.judge import Judge
from solver.search.linear import Indices, Vector
from solver.search.merge import merged
from solver.search.part import Limits, Part, stacked
from solver.search.plan import by_frame
from solver.search.prepare import Prepared

CUT_ROUNDS = 6
"""How often one block is cut and solved again."""

WHOLE = 3000
"""Variables up to which a world of clinicians makes one block at once."""


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
        self.known: Vector | None = None
        """A point of the week's model that a block is solved from, if there is one."""
        self.found: tuple[Indices, Vector] | None = None
        """The last block's variables and its best point, if that was legal."""

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

    def joined(self) -> bool:
        """Make fewer blocks, first of those that share most patients; whether there were any to join."""
        before = len(self.members)
        if before <= 1:
            return False
        small = self._small_worlds()
        left = set(self.members) - {name for group in small for name in group}
        weight = {
            (a, b): int(self.ready.affinity[np.ix_(self.members[a], self.members[b])].sum())
            for a, b in combinations(sorted(left), 2)
        }
        groups = list(small)
        for a, b in sorted(weight, key=lambda pair: (-weight[pair], pair)):
            if {a, b} <= left and weight[a, b]:
                left -= {a, b}
                groups.append((a, b))
        groups.extend((name,) for name in sorted(left))
        if len(groups) == before:
            groups = [tuple(self.members)]
        self._join(groups)
        return True

    def _small_worlds(self) -> list[tuple[int, ...]]:
        """Blocks that share patients with each other and with nobody else, where they are not too many."""
        named = {c: name for name, members in self.members.items() for c in members}
        found = []
        for world in self.ready.worlds:
            names = tuple(dict.fromkeys(named[c] for c in world))
            if int(np.isin(self.split.block, names).sum()) <= WHOLE:
                found.append(names)
        return found

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
        alone = len(self.members[block]) == 1
        solve = cpsat.solve_part if alone else highs.solve_part
        first = None if alone or self.known is None else self.known[part.variables]
        start = None if first is None else np.rint(fewer_days.contracted(first)).astype(int)
        found = solve(fewer_days.part, limits, start)
        self.proven[block], self.found = max(self.proven[block], found.bound), None
        if found.values is None:
            return False
        values = fewer_days.expanded(found.values, np.zeros(len(part.variables)) if first is None else first)
        legal = [self._judged(clinician, part.variables, values) for clinician in self.members[block]]
        if all(legal):
            self.found = part.variables, values
        return sum(len(self.judge.cuts[c]) for c in self.members[block]) > len(cuts)

    def _judged(self, clinician: int, variables: Indices, values: Vector) -> bool:
        """Whether a clinician's week in a point can be worked."""
        week = self.ready.week
        chosen = {int(j) for j, value in zip(variables, values, strict=True) if value > 0.5}
        frames = by_frame(c for c in week.of_clinician(clinician) if c.variable in chosen)
        doubles = {
            key: sum(z in chosen for z in zs) for key, zs in week.doubles.items() if key[0] == clinician
        }
        return self.judge.weigh(clinician, frames, doubles) is not None

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
