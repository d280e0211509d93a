"""The state of the walk through a day: the law of the minutes of work still owed.

Beside the whole law stand parts of it: what has so far touched none of some kinds of entry. See
`solver.risk.backlog` for the walk and its sources.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.question.clinic import FULL
from solver.risk.law import Floats

Overrun = Sequence[tuple[int, float]]
"""Pairs (extra minutes, probability)."""


class Owed:
    """The law of work owed: ``mass[row, i]`` is the probability of owing ``i`` grid steps.

    Parameters
    ----------
    grid
        Minutes a step; divides everything that is added or drained.
    watched
        Sets of kinds. Row ``k`` of the mass is what has touched no kind of set ``k``, and ``lost[k]``
        the probability of the rest; the last row is the whole law.
    """

    def __init__(self, grid: int, watched: Sequence[frozenset[str]]) -> None:
        self.grid = grid
        self.watched = watched
        self.lost = [0.0] * len(watched)
        self.mass: Floats = np.ones((len(watched) + 1, 1))

    def add(self, minutes: int, attendance: int, overrun: Overrun) -> None:
        """A booked patient (attendance in 1/1000), who owes nothing by staying away."""
        p, q = attendance / FULL, (FULL - attendance) / FULL
        steps = [((minutes + extra) // self.grid, p * share) for extra, share in overrun]
        rows, wide = self.mass.shape
        after = np.zeros((rows, wide + max(step for step, _ in steps)))
        after[:, :wide] = self.mass * q
        for step, share in steps:
            after[:, step : step + wide] += self.mass * share
        self.mass = after

    def drain(self, minutes: int) -> None:
        """Time passes."""
        steps = min(minutes // self.grid, self.mass.shape[1] - 1)
        if steps <= 0:
            return
        after = self.mass[:, steps:].copy()
        after[:, 0] += self.mass[:, :steps].sum(axis=1)
        self.mass = after

    def touch(self, kind: str) -> None:
        """An entry starts: the parts that watch its kind lose whatever still owes work."""
        for row, kinds in enumerate(self.watched):
            if kind in kinds and self.mass.shape[1] > 1:
                self.lost[row] = min(1.0, self.lost[row] + self.chance(row))
                self.mass[row, 1:] = 0.0

    def chance(self, row: int = -1) -> float:
        """Probability that any work is owed."""
        return min(1.0, float(self.mass[row, 1:].sum()))

    def mean(self) -> float:
        """Expected minutes owed."""
        return self.capped(self.grid * self.mass.shape[1])

    def capped(self, minutes: int) -> float:
        """Expected minutes owed, no outcome counting more than ``minutes``."""
        if self.mass.shape[1] == 1:
            return 0.0
        owed = np.minimum(np.arange(self.mass.shape[1]) * self.grid, minutes)
        return float(self.mass[-1] @ owed)
