"""The bound, block by block: each clinician's week solved under the linking rows' prices.

The duals of the linear relaxation price the linking rows. A block's minimum, or what is proven of it,
takes the place of its share of the relaxation, so the bound only grows. A block whose best week
breaks a rule gets the cut that says so and is solved again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.sparse import csr_array, vstack

from solver.model.programme import Row
from solver.search.blocks import priced
from solver.search.judge import Judge
from solver.search.linear import Vector
from solver.search.merge import merged
from solver.search.mip import Indices, Limits, Part, solve_part, stacked
from solver.search.plan import by_frame
from solver.search.prepare import Prepared

CUT_ROUNDS = 6
"""How often one block is cut and solved again."""


class Prover:
    """A proven bound that grows; needs the relaxation of `Prepared`."""

    def __init__(self, ready: Prepared, judge: Judge) -> None:
        if ready.relaxed is None:
            raise ValueError("the linear relaxation was not solved")
        self.ready, self.judge, self.relaxed = ready, judge, ready.relaxed
        self.prices = priced(ready.given, ready.split, ready.relaxed.duals)
        clinicians = range(len(ready.week.clinic.clinicians))
        self.parts = {c: self._part(c) for c in clinicians}
        self.proven = {c: self._relaxed_share(c) for c in clinicians}

    def bounds(self, limits: Callable[[], Limits], over: Callable[[], bool]) -> Iterator[float]:
        """The bound after each block that raised it."""
        for _ in range(CUT_ROUNDS):
            cut = [c for c in self.parts if not over() and self._solve(c, limits())]
            yield self.total()
            if not cut or over():
                return
            self.parts = {c: self.parts[c] for c in cut}

    def total(self) -> float:
        """The bound so far."""
        return max(self.relaxed.bound, self.prices.settled + sum(self.proven.values()))

    def _solve(self, clinician: int, limits: Limits) -> bool:
        """Solve a block; whether a cut was learnt that may raise its bound further."""
        part = self._with_cuts(self.parts[clinician], self.judge.cuts[clinician])
        shift = max(100.0, abs(self.total()) / max(1, len(self.proven)) + abs(self.proven[clinician]))
        fewer_days = merged(part, self.ready.columns)
        found = solve_part(fewer_days.part, limits, shift)
        self.proven[clinician] = max(self.proven[clinician], found.bound)
        if found.values is None:
            return False
        known = len(self.judge.cuts[clinician])
        values = fewer_days.expanded(found.values, np.zeros(len(part.variables)))
        self._judged(clinician, part.variables, values)
        return len(self.judge.cuts[clinician]) > known

    def _judged(self, clinician: int, variables: Indices, values: Vector) -> None:
        week = self.ready.week
        chosen = {int(j) for j, value in zip(variables, values, strict=True) if value > 0.5}
        frames = by_frame(c for c in week.of_clinician(clinician) if c.variable in chosen)
        doubles = {
            key: sum(z in chosen for z in zs) for key, zs in week.doubles.items() if key[0] == clinician
        }
        self.judge.weigh(clinician, frames, doubles)

    def _part(self, clinician: int) -> Part:
        given, split = self.ready.given, self.ready.split
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
        given, part = self.ready.given, self.parts[clinician]
        own = np.flatnonzero(self.ready.split.row_block == clinician)
        duals = self.relaxed.duals[own]
        duals = np.where(given.equal[own], duals, np.minimum(duals, 0.0))
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
