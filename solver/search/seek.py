"""What both of the search's jobs do: a first pass, then rounds, hearing of each other as they go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from functools import cached_property
from random import Random

import numpy as np

from solver.rota import Rota
from solver.search.attain import attained
from solver.search.dive import Dive
from solver.search.improve import start
from solver.search.judge import Judge
from solver.search.part import Limits
from solver.search.prepare import Prepared
from solver.search.work import Attainable, Clock, Ear, Half, Incumbent, Work

ROUND_SECONDS = 0.4
"""Longest call of CP-SAT in one round of improvement, where there is time for many of them."""

ROUND_SHARE = 1 / 15
"""Part of the whole time that one such call may take."""

SHORTEST = 0.3
"""Seconds that it may take in any case."""

ROUND_WORK = 0.5
"""The same for reproducible work, in CP-SAT's deterministic time."""

FIRST_SECONDS = 0.5
"""Longest call of CP-SAT on the first pass."""

FIRST_SHORTEST = 0.15
"""Seconds that it may take in any case."""

FIRST_GAP = 0.01
"""Gap at which such a call ends, in clinicians' shares of the bound."""

LATE_GAP = 0.03
"""The same when the pass is late."""

MISSED_GAP = 0.005
"""The same for those of whom the pass found no week."""

FIRST_PASS = 0.35
"""Part of the whole time that the first pass may take; a week more is tried while it is ahead of that."""

WORLD = 0.4
"""Part of the time left that CP-SAT may take for all clinicians of a small world at once."""

WORLD_GAP = 0.0005
"""Gap at which that ends, in clinicians' shares of the bound."""

NEIGHBOURS = (2, 3)
"""How many clinicians' weeks the rounds free, in turn."""

SMALL_WORLD = 2500
"""Columns up to which all clinicians of a world may be freed at once."""

MANY = 100_000
"""Columns from which both jobs share the first pass: in smaller weeks full rooms cost what the time gains."""

VAGUE_SHARE = 100.0
"""A guess at a clinician's share of the bound where there is none."""


def tell(work: Work, ear: Ear, rota: Rota, total: Fraction) -> None:
    """Say that a rota was found, and how much of the target it reaches."""
    ear.send(Attainable(attained(work.clinic, rota), None))
    ear.send(Incumbent(rota, total))


class Seeker:
    """One job's search for better rotas.

    Parameters
    ----------
    seed
        Added to the work's, so that two jobs try different things.
    """

    def __init__(self, ready: Prepared, judge: Judge, clock: Clock, seed: int) -> None:
        self.work, self.clock, self.ear = clock.work, clock, clock.ear
        self.search = start(ready, judge, Random(clock.work.seed + seed))
        self.share = VAGUE_SHARE if ready.share is None else ready.share
        self.waiting: list[object] = []
        """Whole rotas that were heard of during the first pass, where they would be in the way."""
        self.helped = False
        """Whether the other job has settled its half."""

    @cached_property
    def small(self) -> bool:
        """Whether every world is small enough to be freed at once."""
        return all(self._columns_of(world) <= SMALL_WORLD for world in self.search.ready.worlds)

    @cached_property
    def halves(self) -> tuple[list[int], list[int]]:
        """Whom each job settles: two parts that share no patients, or all and nobody."""
        if not self.work.halved or len(self.search.owner) < MANY:
            return list(self.search.clinicians), []
        halves: tuple[list[int], list[int]] = [], []
        for world in sorted(self.search.ready.worlds, key=lambda world: -self._columns_of(world)):
            min(halves, key=self._columns_of).extend(world)
        return halves

    def _columns_of(self, clinicians: Collection[int]) -> int:
        return int(np.isin(self.search.owner, list(clinicians)).sum())

    def settle(self, whose: Sequence[int], *, unhelped: bool = False) -> None:
        """The first pass over some clinicians, beside those whom the other job has settled.

        Parameters
        ----------
        unhelped
            Stop once the other job has done its half.
        """
        missed = []
        self._hear_half()
        for clinician, found in Dive(self.search).weeks(*self._efforts(whose), whose):
            if not found:
                missed.append(clinician)
            self._hear_half()
            if unhelped and self.helped:
                break
        for clinician in missed:
            if not self.clock.over():
                self.search.attempt((clinician,), self.limits(gap=MISSED_GAP * self.share))

    def _hear_half(self) -> None:
        """Take in what the other job has settled; whole rotas have to wait."""
        for event in self.ear.receive():
            if isinstance(event, Half):
                self.search.adopt(event.rota, event.cost)
                self.helped = True
            else:
                self.waiting.append(event)

    def settled(self) -> None:
        """End the first pass: take in what had to wait."""
        self.take_in(self.waiting)
        self.waiting.clear()

    def _efforts(
        self, whose: Sequence[int]
    ) -> tuple[Callable[[float], Limits | None], Callable[[float], bool]]:
        """How hard the first pass tries for a week, and whether it is early, by the part that is settled."""
        part = len(whose) / max(1, len(self.search.clinicians))
        begun, meant = self.clock.left(), FIRST_PASS * self.work.seconds * part
        longest = min(FIRST_SECONDS, max(FIRST_SHORTEST, meant / max(1, len(whose))))

        def early(settled: float) -> bool:
            return self.work.reproducible or begun - self.clock.left() <= settled * meant

        def effort(settled: float) -> Limits | None:
            if self.clock.over():
                return None
            return self.limits(longest, self.share * (FIRST_GAP if early(settled) else LATE_GAP))

        return effort, early

    def rounds(self, gap: float) -> None:
        """Improve round by round, on the best rota that anybody has found, until time is up.

        Parameters
        ----------
        gap
            At which one round ends, in clinicians' shares of the bound.
        """
        while self.search.clinicians and self.clock.next_round():
            self.take_in(self.ear.receive())
            size = NEIGHBOURS[self.clock.rounds % len(NEIGHBOURS)]
            if self.search.improve(size, self.limits(gap=gap * self.share)):
                self.tell()

    def whole_worlds(self) -> None:
        """Free the clinicians of each world at once."""
        for world in self.search.ready.worlds:
            self.take_in(self.ear.receive())
            if len(world) > max(NEIGHBOURS) and not self.clock.over():
                longest = max(SHORTEST, WORLD * self.clock.left())
                if self.search.attempt(world, self.limits(longest, WORLD_GAP * self.share)):
                    self.tell()

    def take_in(self, events: Sequence[object]) -> bool:
        """Stand on the best of what anybody has found; whether there was anything."""
        before = self.search.standing
        for event in events:
            if isinstance(event, Incumbent | Half) and self.search.adopt(event.rota, event.cost):
                self.tell()
        return self.search.standing is not before

    def tell(self) -> None:
        """Tell the standing rota."""
        tell(self.work, self.ear, self.search.standing.rota, self.search.standing.cost)

    def limits(self, seconds: float | None = None, gap: float = 0.5) -> Limits:
        """How long one call of CP-SAT may take now."""
        if self.work.reproducible:
            return Limits(seconds=None, work=ROUND_WORK, gap=gap)
        usual = min(ROUND_SECONDS, max(SHORTEST, ROUND_SHARE * self.work.seconds))
        most = usual if seconds is None else seconds
        left = max(0.1, self.clock.left())
        return Limits(seconds=min(most, left), gap=gap, left=left)
