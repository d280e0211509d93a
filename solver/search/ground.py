"""What a search stands on: a legal rota, the point of the week's model that it is, and its judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from solver.model.week import Column, FrameKey
from solver.search import cpsat
from solver.search.blocks import LINK
from solver.search.guide import Guide, guide_of
from solver.search.judge import Judge
from solver.search.layout import Layout
from solver.search.linear import Indices, Vector
from solver.search.part import Limits, part
from solver.search.plan import Chosen, by_frame
from solver.search.prepare import Prepared
from solver.search.rooms import full_rooms
from solver.search.standing import Standing, values_of

COMPLETION = Limits(seconds=0.5, work=0.25)
"""How long another search's rota may take to become a point of the week's model."""


@dataclass
class Ground:
    """A standing rota, and how a point becomes the next one."""

    ready: Prepared
    judge: Judge
    standing: Standing
    values: Vector

    def __post_init__(self) -> None:
        self.week, self.given = self.ready.week, self.ready.given
        self.clinicians = range(len(self.week.clinic.clinicians))
        self.guides: dict[int, Guide] = {c: guide_of(self.ready, c) for c in self.clinicians}
        self.variables = np.array([column.variable for column in self.week.columns], np.int64)
        self.owner = np.array([column.clinician for column in self.week.columns], np.int64)
        self.appointment = np.full(len(self.given.cost), -1, np.int64)
        self.appointment[self.variables] = [column.appointment for column in self.week.columns]
        self.literals = np.zeros(len(self.given.cost), bool)
        self.literals[[z for zs in self.week.doubles.values() for z in zs]] = True
        self.appointment[self.week.unplaced] = np.arange(len(self.week.unplaced))
        others = abs(self.given.matrix) @ (self.appointment < 0).astype(float)
        tying = np.flatnonzero((self.ready.split.row_block == LINK) & (others == 0))
        self.tying, self.tied = csr_array(self.given.matrix[tying]), self.given.bounds[tying]

    def take(self, variables: Indices, values: Vector) -> bool:
        """Put some clinicians' weeks into the standing rota, as in a point of theirs, if it is better then.

        Nothing is done where one of them would see somebody whom another sees now (`_tied_up`).
        """
        mine = np.zeros(len(self.given.cost))
        mine[variables] = values
        theirs = {self.week.columns[k].clinician for k in np.flatnonzero(mine[self.variables] > 0.5)}
        others = [c for c in self.standing.chosen.values() if c.clinician not in theirs]
        point = self._held([*others, *self._booked(mine)], self.values)
        inside = np.setdiff1d(variables, self.week.unplaced)
        point[inside] = mine[inside]
        legal = {} if self._tied_up(point) else self._judged(point)
        if len(legal) < len(self.clinicians) or not self._taken(point, legal, anyway=False):
            return False
        self.values = self._point_of(self.standing)
        return True

    def _tied_up(self, point: Vector) -> bool:
        """Whether bookings of different clinicians break a row that only bookings are in."""
        return bool((self.tying @ point > self.tied + 0.5).any())

    def _point_of(self, standing: Standing) -> Vector:
        """A rota as a point, with what bookings alone decide: minutes under target, breaks, counts."""
        values = values_of(self.week, standing)
        rest = np.flatnonzero((self.appointment < 0) & ~self.literals)
        found = cpsat.solve_part(part(self.given, rest, values, self.given.cost), COMPLETION)
        if found.values is not None:
            values[rest] = found.values
        return values

    def _held(self, columns: Iterable[Column], before: Vector) -> Vector:
        """The point with just these bookings, and everybody else unplaced; the rest as before."""
        point = np.rint(before)
        point[self.variables] = 0.0
        point[self.week.unplaced] = 1.0
        for column in columns:
            point[column.variable] = 1.0
            point[self.week.unplaced[column.appointment]] = 0.0
        return point

    def _booked(self, point: Vector) -> list[Column]:
        return [self.week.columns[place] for place in np.flatnonzero(point[self.variables] > 0.5).tolist()]

    def _judged(self, point: Vector) -> dict[int, dict[FrameKey, Layout]]:
        """Layouts of the clinicians whose week in a point is legal; unchanged weeks keep theirs."""
        columns = self._booked(point)
        frames = by_frame(columns)
        doubles = {key: round(sum(point[z] for z in zs)) for key, zs in self.week.doubles.items()}
        before = by_frame(self.standing.chosen.values())
        same = {c for c in self.clinicians if self._same(c, frames, before)}
        placed = {key: layout for key, layout in self.standing.layouts.items() if key[0] in same}
        legal = {c: {key: placed[key] for key in self.judge.frames_of(c)} for c in same}
        for clinician in self.clinicians:
            if clinician not in same:
                full = {key: full_rooms(self.week, key, placed) for key in self.judge.frames_of(clinician)}
                layouts = self.judge.weigh(clinician, frames, doubles, full)
                self.guides[clinician].learn([c for c in columns if c.clinician == clinician], point)
                if layouts is not None:
                    legal[clinician] = layouts
                    placed.update(layouts)
        return legal

    def _same(self, clinician: int, frames: Chosen, before: Chosen) -> bool:
        return all(frames.get(key, ()) == before.get(key, ()) for key in self.judge.frames_of(clinician))

    def _taken(self, point: Vector, legal: Mapping[int, Mapping[FrameKey, Layout]], *, anyway: bool) -> bool:
        """Make a legal point the standing rota if it is better, or anyway."""
        layouts = {key: layout for mine in legal.values() for key, layout in mine.items()}
        chosen = {c.appointment: c for c in self._booked(point)}
        found = Standing(self.week.clinic, chosen, layouts)
        if not anyway and found.cost >= self.standing.cost:
            return False
        self.standing, self.values = found, point
        return True
