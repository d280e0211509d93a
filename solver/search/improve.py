"""From one legal rota to a better one: hold most bookings, free the rest, solve, judge.

The first try holds the bookings on which the linear relaxation is settled (relax and fix; Wolsey,
"Integer Programming", 1998). Each later one is a large neighbourhood of the standing rota (Shaw,
CP 1998): most of its bookings are held, everything else is free. A point of the model becomes the standing
rota only once every clinician's week in it was judged; those that fail are solved again under the
cuts that they taught.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

import numpy as np
from numpy.typing import NDArray

from solver.model.programme import Row
from solver.model.week import Column, FrameKey, WeekModel
from solver.rota import Rota
from solver.rules import cost
from solver.search.assemble import assembled
from solver.search.guide import Guide, guide_of
from solver.search.judge import Judge, fewer
from solver.search.layout import Layout
from solver.search.linear import Vector
from solver.search.mip import Indices, Limits, part, solve_part
from solver.search.plan import by_frame
from solver.search.prepare import Prepared
from solver.search.rooms import full_rooms

SETTLED = 0.999
"""A literal of the relaxation from which a booking counts as settled."""

DEAR = 0.25
"""Bookings whose reduced cost passes this share of the bound an appointment are not tried."""

REPAIRS = 8
"""How often the weeks that fail are solved again before a try is given up."""

PATIENT = 1
"""Repairs by proven cuts alone; after these, days that fail are asked to hold less."""


@dataclass
class Standing:
    """A legal rota in the terms of the week's model."""

    chosen: dict[int, Column]
    layouts: dict[FrameKey, Layout]
    rota: Rota
    cost: Fraction


@dataclass
class Search:
    """The state of the search for a better rota."""

    ready: Prepared
    judge: Judge
    random: Random
    standing: Standing
    values: Vector
    guides: dict[int, Guide] = field(default_factory=dict)
    queue: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.week, self.given = self.ready.week, self.ready.given
        self.clinicians = range(len(self.week.clinic.clinicians))
        self.guides = {c: guide_of(self.ready, c) for c in self.clinicians}
        self.affinity = affinity(self.week)
        self.tried = np.flatnonzero(~self._dear())

    def first_try(self, limits: Limits) -> bool:
        """Hold what the relaxation has settled; whether that gave a better rota."""
        relaxed = self.ready.relaxed
        if relaxed is None:
            return False
        settled = [c for c in self.week.columns if relaxed.values[c.variable] > SETTLED]
        return self.attempt(settled, limits)

    def improve(self, size: int, limits: Limits) -> bool:
        """Free the weeks of some clinicians, and some bookings of all others; whether a better rota was found."""
        freed = self.neighbours(size)
        share = self.random.choice((0.0, 0.1, 0.2))
        held = [
            column
            for column in self.standing.chosen.values()
            if column.clinician not in freed and self.random.random() >= share
        ]
        return self.attempt(held, limits)

    def attempt(self, held: Collection[Column], limits: Limits) -> bool:
        """Hold some bookings, solve for the rest, judge, repair; whether a better rota was found."""
        for guess in self.judge.guesses.values():
            guess.clear()
        for repair in range(REPAIRS):
            point = self._solved(held, limits)
            if point is None:
                return False
            legal = self._judged(point)
            if len(legal) == len(self.clinicians):
                return self._taken(point, legal)
            held = [c for c in self.week.columns if c.clinician in legal and point[c.variable] > 0.5]
            if repair >= PATIENT:
                self._guess({c for c in self.clinicians if c not in legal})
        return False

    def _guess(self, clinicians: Collection[int]) -> None:
        """Ask for one booking less on each day that failed."""
        for key, bookings in self.judge.failed.items():
            if key[0] in clinicians:
                self.judge.guesses[key[0]].append(fewer(self.week, key, bookings))

    def neighbours(self, size: int) -> list[int]:
        """Some clinicians who could see each other's patients, at random; least lately freed first."""
        if not self.queue:
            self.queue = self.random.sample(self.clinicians, len(self.clinicians))
        group = [self.queue.pop()]
        while len(group) < size:
            shared = self.affinity[group].sum(axis=0).astype(float)
            shared[group] = 0.0
            if not shared.any():
                break
            waiting = [c for c in self.queue if shared[c] > 0] or np.flatnonzero(shared).tolist()
            group.append(self.random.choices(waiting, [shared[c] for c in waiting])[0])
            if group[-1] in self.queue:
                self.queue.remove(group[-1])
        return sorted(group)

    def _dear(self) -> NDArray[np.bool_]:
        """Columns that the relaxation's reduced costs speak against."""
        dear = np.zeros(len(self.given.cost), bool)
        relaxed = self.ready.relaxed
        if relaxed is not None and self.week.columns:
            columns = np.array([column.variable for column in self.week.columns])
            share = max(1.0, DEAR * relaxed.bound / max(1, len(self.week.clinic.appointments)))
            dear[columns] = (relaxed.reduced[columns] > share) & (relaxed.values[columns] < 1e-6)
        return dear

    def _solved(self, held: Collection[Column], limits: Limits) -> Vector | None:
        """A point of the week's model with some bookings held and all else free."""
        kept = np.array(sorted(column.variable for column in held), np.int64)
        standing = np.array([column.variable for column in self.standing.chosen.values()], np.int64)
        variables: Indices = np.setdiff1d(np.union1d(self.tried, standing), kept)
        point = np.zeros(len(self.given.cost))
        point[kept] = 1.0
        small = part(self.given, variables, point, self.given.cost, self._rows())
        shift = max(100.0, float(abs(self.ready.relaxed.bound)) if self.ready.relaxed else 100.0)
        found = solve_part(small, limits, shift)
        if found.values is None:
            return None
        point[variables] = found.values
        return point

    def _rows(self) -> list[Row]:
        """Cuts, guesses and guides of every clinician."""
        learnt = [r for c in self.clinicians for r in (*self.judge.cuts[c], *self.judge.guesses[c])]
        return learnt + [row for c in self.clinicians if (row := self.guides[c].row()) is not None]

    def _judged(self, point: Vector) -> dict[int, dict[FrameKey, Layout]]:
        """Layouts of the clinicians whose week in a point is legal."""
        columns = [c for c in self.week.columns if point[c.variable] > 0.5]
        frames = by_frame(columns)
        doubles = {key: round(sum(point[z] for z in zs)) for key, zs in self.week.doubles.items()}
        legal: dict[int, dict[FrameKey, Layout]] = {}
        placed: dict[FrameKey, Layout] = {}
        for clinician in self.clinicians:
            full = {
                key: spans
                for key in self.judge.frames_of(clinician)
                if (spans := full_rooms(self.week, key, placed))
            }
            layouts = self.judge.weigh(clinician, frames, doubles, full)
            self.guides[clinician].learn([c for c in columns if c.clinician == clinician], point)
            if layouts is not None:
                legal[clinician] = layouts
                placed.update(layouts)
        return legal

    def _taken(self, point: Vector, legal: Mapping[int, Mapping[FrameKey, Layout]]) -> bool:
        """Make a legal point the standing rota if it is better."""
        layouts = {key: layout for mine in legal.values() for key, layout in mine.items()}
        rota = assembled(self.week.clinic, layouts)
        total = cost(self.week.clinic, rota)
        if total >= self.standing.cost:
            return False
        chosen = {c.appointment: c for c in self.week.columns if point[c.variable] > 0.5}
        self.standing, self.values = Standing(chosen, layouts, rota, total), point
        return True


def affinity(week: WeekModel) -> NDArray[np.int64]:
    """How many appointments each two clinicians could both see."""
    count = len(week.clinic.clinicians)
    shared = np.zeros((count, count), np.int64)
    for columns in week.of_appointment.values():
        able = sorted({column.clinician for column in columns})
        if len(able) > 1:
            shared[np.ix_(able, able)] += 1
    return shared


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
    values = np.zeros(len(ready.given.cost))
    rota = assembled(week.clinic, layouts)
    standing = Standing(pins, layouts, rota, cost(week.clinic, rota))
    return Search(ready, judge, random, standing, values)


class Unlayable(Exception):
    """The pins of a clinician's week cannot be laid out; ``args[0]`` is the clinician."""


