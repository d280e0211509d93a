"""From one legal rota to a better one: free a few clinicians' weeks, hold the rest, solve, judge.

Large-neighbourhood search (Shaw, CP 1998) whose neighbourhoods are whole clinicians. It starts from
everything unplaced but pins, which is always legal; `solver.search.dive` makes the first pass. A point of the
model becomes the standing rota only once every clinician's week in it was judged; weeks that fail are
solved again under the cuts that they taught.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

import numpy as np

from solver.model.programme import Row
from solver.model.week import Column, FrameKey
from solver.rota import Rota
from solver.search import cpsat, highs
from solver.search.ahead import Ahead
from solver.search.blocks import LINK
from solver.search.ground import Ground
from solver.search.judge import Judge, fewer
from solver.search.layout import Layout
from solver.search.linear import Indices, Vector
from solver.search.loss import Losses
from solver.search.merge import merged
from solver.search.part import Limits, part
from solver.search.plan import by_frame
from solver.search.prepare import Prepared
from solver.search.standing import Standing, standing_of, values_of
from solver.search.unite import Stand, united

PATIENCE = 4
"""How often the time of a neighbourhood is doubled."""

GUIDED = 0.7
"""Part of the rounds that begin with a clinician whose week loses much."""

TIRING = 0.7
"""What is left of a clinician's chance to be that one after each time in vain."""

UNITING = Limits(seconds=0.3, work=0.15)
"""How long one clinician may take to find room again in a rota that is put together from two."""

FINER = 4.0
"""By how much finer the gap of a neighbourhood is each time that it was freed in vain."""

FINEST = 10
"""After how many times it is fine enough."""

WEARY = 3
"""Times in vain, for whoever was freed least often, after which one clinician more is freed at once."""

REPAIRS = 6
"""How often the weeks that fail are solved again before a try is given up."""

PATIENT = 1
"""Repairs by proven cuts alone; after these, days that fail are asked to hold less."""


@dataclass
class Search(Ground):
    """The state of the search for a better rota."""

    random: Random
    queue: list[int] = field(default_factory=list)
    vain: dict[tuple[int, ...], int] = field(default_factory=dict)
    """How often some clinicians were freed without a better rota."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.losses = Losses(self.ready)
        self.tired = np.zeros(len(self.clinicians))

    def adopt(self, rota: Rota, total: Fraction) -> bool:
        """Stand on the best of a rota that another search found and of the standing one.

        Returns
        -------
        bool
            Whether that is better than either, because each had something that the other lacked.
        """
        mine = Stand(self.standing, self.values)
        heard = standing_of(self.week, rota, total)
        theirs = Stand(heard, self._point_of(heard))
        best, other = (theirs, mine) if total < mine.standing.cost else (mine, theirs)
        self.standing, self.values = best.standing, best.values
        point = united(self.ready, best, other)
        return point is not None and self._joined(point)

    def _joined(self, point: Vector) -> bool:
        """Stand on a point put together from two rotas, if what it takes to make it legal leaves it better.

        Clinicians who find no room beside the others begin again with their pins alone.
        """
        if self._tied_up(point):
            return False
        before = self.standing, self.values
        legal = self._judged(point)
        bad = [c for c in self.clinicians if c not in legal]
        pinned = {a.index for a in self.week.clinic.appointments if a.pin is not None}
        kept = [c for c in self._booked(point) if c.clinician in legal or c.appointment in pinned]
        point = self._held(kept, point)
        legal = self._judged(point)
        if len(legal) == len(self.clinicians):
            self._taken(point, legal, anyway=True)
            self.values = self._point_of(self.standing)
            for clinician in bad:
                self.attempt((clinician,), UNITING)
        if self.standing.cost < before[0].cost:
            return True
        self.standing, self.values = before
        return False

    def improve(self, size: int, limits: Limits) -> bool:
        """Free the weeks of some clinicians who could see each other's patients.

        When the turn of those who were freed in vain comes again they are given to HiGHS, then to CP-SAT with
        presolve and cuts, then to CP-SAT as at first, and so on: each time to a finer gap, every second time
        for twice as long, up to `PATIENCE` times.
        """
        freed = tuple(self.neighbours(size + int(self.tired.min(initial=0.0)) // WEARY))
        vain = self.vain.get(freed, 0)
        gap = limits.gap / FINER ** min(FINEST, vain)
        seed, turn = self.random.randrange(1 << 20), vain % 3
        other = replace(limits, gap=gap, seed=seed, second=turn == 1, proving=turn == 2)
        better = self.attempt(freed, other.longer(2 ** min(PATIENCE, vain // 2)))
        self.vain[freed] = 0 if better else vain + 1
        self.tired[list(freed)] = 0.0 if better else self.tired[list(freed)] + 1.0
        return better

    def attempt(self, freed: Collection[int], limits: Limits, ahead: Ahead | None = None) -> bool:
        """Free some clinicians' weeks, hold the rest, solve, judge, repair; whether a better rota was found.

        Parameters
        ----------
        ahead
            What a point costs where others are still to come; any legal one is taken then.
        """
        for guess in self.judge.guesses.values():
            guess.clear()
        variables = self._freed(freed)
        if ahead is not None:
            variables = variables[ahead.inside[variables]]
        others = (c for c in self.standing.chosen.values() if c.clinician not in freed)
        held = self._held(others, self.values)
        for repair in range(REPAIRS):
            point = self._solved(variables, held, limits, ahead)
            if point is None:
                return False
            legal = self._judged(point)
            if len(legal) == len(self.clinicians):
                return self._taken(point, legal, anyway=ahead is not None)
            good = [c for c in self._booked(point) if c.clinician in legal]
            held = self._held(good, point)
            bad = [c for c in self.clinicians if c not in legal]
            variables = variables[np.isin(self.ready.split.block[variables], [*bad, LINK])]
            variables = np.setdiff1d(variables, self._settled(good))
            if repair >= PATIENT:
                self._guess(bad)
        return False

    def _settled(self, good: list[Column]) -> Indices:
        """The variables of the appointments that legal weeks have booked."""
        booked = [c.appointment for c in good]
        columns = [c.variable for a in booked for c in self.week.of_appointment[a]]
        return np.array([*columns, *(self.week.unplaced[a] for a in booked)], np.int64)

    def _guess(self, clinicians: Collection[int]) -> None:
        """Ask for one booking less on each day that failed."""
        for key, bookings in self.judge.failed.items():
            if key[0] in clinicians:
                self.judge.guesses[key[0]].append(fewer(self.week, key, bookings))

    def neighbours(self, size: int) -> list[int]:
        """Some clinicians who could see each other's patients.

        The first is now one who loses much, now the one least lately freed; the others are drawn by lot.
        """
        if not self.queue:
            self.queue = self.random.sample(self.clinicians, len(self.clinicians))
        group = [self._worst() if self.random.random() < GUIDED else self.queue[-1]]
        if group[0] in self.queue:
            self.queue.remove(group[0])
        while len(group) < size:
            shared = self.ready.affinity[group].sum(axis=0).astype(float)
            shared[group] = 0.0
            if not shared.any():
                break
            waiting = [c for c in self.queue if shared[c] > 0] or np.flatnonzero(shared).tolist()
            group.append(self.random.choices(waiting, [shared[c] for c in waiting])[0])
            if group[-1] in self.queue:
                self.queue.remove(group[-1])
        return sorted(group)

    def _worst(self) -> int:
        """A clinician by lot, likelier the more the standing week loses; less so after each time in vain."""
        weights = self.losses.of(self.values) * TIRING**self.tired
        return self.random.choices(self.clinicians, (weights + 1e-6).tolist())[0]

    def _freed(self, clinicians: Collection[int]) -> Indices:
        """The variables of some clinicians, and those that are nobody's, for open appointments of theirs."""
        taken = np.zeros(len(self.week.unplaced) + 1, bool)
        taken[[c.appointment for c in self.standing.chosen.values() if c.clinician not in clinicians]] = True
        theirs = np.zeros(len(taken), bool)
        theirs[self.appointment[self.variables[np.isin(self.owner, list(clinicians))]]] = True
        theirs[-1] = True
        block = self.ready.split.block
        free = np.isin(block, list(clinicians)) | ((block == LINK) & theirs[self.appointment])
        return np.flatnonzero(free & ~taken[self.appointment])

    def _solved(self, variables: Indices, held: Vector, limits: Limits, ahead: Ahead | None) -> Vector | None:
        """A point of the week's model with some variables free."""
        point, known = held.copy(), self.values[variables]
        rows = self._rows(variables)
        if ahead is None:
            small = part(self.given, variables, point, self.given.cost, rows)
        else:
            small = ahead.on(part(self.given, variables, point, ahead.cost, rows))
            start = self.values if ahead.start is None else ahead.start
            known = np.append(start[variables], ahead.rest(start))
        fewer_days = merged(small, self.ready.columns)
        unknown = ahead is not None and ahead.start is None
        first = None if unknown else np.rint(fewer_days.contracted(known)).astype(int)
        solve = highs.solve_part if limits.second else cpsat.solve_part
        found = solve(fewer_days.part, limits, first)
        if found.values is None:
            return None
        point[variables] = fewer_days.expanded(found.values, known)[: len(variables)]
        return point

    def _rows(self, variables: Indices) -> list[Row]:
        """Cuts, guesses and guides of the clinicians who have free variables."""
        freed = [c for c in np.unique(self.ready.split.block[variables]).tolist() if c != LINK]
        learnt = [r for c in freed for r in (*self.judge.cuts[c], *self.judge.guesses[c])]
        return learnt + [row for c in freed if (row := self.guides[c].row()) is not None]


def start(ready: Prepared, judge: Judge, random: Random) -> Search:
    """A search that stands at everything unplaced but pins.

    Raises
    ------
    Unlayable
        If no layout holds the pins of some day.
    """
    week = ready.week
    pins = {c.appointment: c for c in week.columns if week.appointment(c).pin is not None}
    frames = by_frame(pins.values())
    layouts: dict[FrameKey, Layout] = {}
    most = {key: len(zs) for key, zs in week.doubles.items()}
    for clinician in week.clinic.clinicians:
        mine = judge.weigh(clinician.index, frames, most)
        if mine is None:
            raise Unlayable(clinician.index)
        layouts.update(mine)
    standing = Standing(week.clinic, pins, layouts)
    return Search(ready, judge, standing, values_of(week, standing), random)


class Unlayable(Exception):
    """The pins of a clinician's week cannot be laid out; ``args[0]`` is the clinician."""
