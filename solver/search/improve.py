"""From one legal rota to a better one: free a few clinicians' weeks, hold the rest, solve, judge.

Large-neighbourhood search (Shaw, CP 1998) in which a neighbourhood is whole clinicians. It starts
from everything unplaced but pins, which is always legal. On the first pass an appointment that
others may see later is priced at its dual, not at its cost, so early clinicians leave to late
ones what suits those better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

import numpy as np

from solver.model.programme import Row
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Span
from solver.question.day import merged
from solver.rota import Rota
from solver.rules import cost
from solver.search.assemble import assembled
from solver.search.blocks import LINK
from solver.search.guide import Guide, guide_of
from solver.search.judge import Judge
from solver.search.layout import Layout
from solver.search.linear import Relaxation, Vector
from solver.search.mip import Indices, Limits, part, solve_part
from solver.search.plan import by_frame
from solver.search.prepare import Prepared


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

    def __post_init__(self) -> None:
        self.week, self.given, self.split = self.ready.week, self.ready.given, self.ready.split

    def first_pass(self, relaxed: Relaxation | None) -> Iterator[tuple[int, Vector]]:
        """Each clinician in turn, with what leaving an appointment to the others is worth."""
        open_to = {
            a.index: {c.clinician for c in self.week.of_appointment[a.index]} for a in self.week.clinic.appointments
        }
        for clinician in range(len(self.week.clinic.clinicians)):
            prices = self.given.cost.copy()
            for appointment, others in open_to.items():
                others.discard(clinician)
                if others and relaxed is not None:
                    u = self.week.unplaced[appointment]
                    prices[u] = min(prices[u], max(0.0, float(relaxed.duals[appointment])))
            yield clinician, prices

    def neighbours(self, size: int) -> list[int]:
        """Some clinicians, at random."""
        everybody = range(len(self.week.clinic.clinicians))
        return sorted(self.random.sample(everybody, min(size, len(everybody))))

    def resolve(
        self, clinicians: Sequence[int], limits: Limits, cost_of: Vector | None = None, rounds: int = 8
    ) -> bool:
        """Solve the weeks of some clinicians anew; whether a better rota was found.

        With ``cost_of`` given (prices) the new weeks are taken even where the true cost is not lower.
        """
        variables = self._freed(clinicians)
        for clinician in clinicians:
            self.judge.guesses[clinician].clear()
            if clinician not in self.guides:
                self.guides[clinician] = guide_of(self.ready, clinician)
        for _ in range(rounds):
            cuts = [row for c in clinicians for row in (*self.judge.cuts[c], *self.judge.guesses[c])]
            guides = [row for c in clinicians if (row := self.guides[c].row()) is not None]
            held = self._held(variables)
            small = part(
                self.given, variables, held, self.given.cost if cost_of is None else cost_of, [*cuts, *guides]
            )
            found = solve_part(small, limits)
            if found.values is None:
                return False
            point = held.copy()
            point[variables] = found.values
            if self._taken(clinicians, point, forced=cost_of is not None):
                return True
            if not self._learnt(clinicians, cuts):
                return False
        return False

    def _learnt(self, clinicians: Sequence[int], cuts: Sequence[object]) -> bool:
        return sum(len(self.judge.cuts[c]) + len(self.judge.guesses[c]) for c in clinicians) > len(cuts)

    def _freed(self, clinicians: Sequence[int]) -> Indices:
        """Their variables, less those of appointments that stand elsewhere, and the open linking ones."""
        inside = set(clinicians)
        free = np.isin(self.split.block, list(inside))
        elsewhere = {a for a, column in self.standing.chosen.items() if column.clinician not in inside}
        booked_elsewhere = [c.variable for a in elsewhere for c in self.week.of_appointment[a]]
        free[booked_elsewhere] = False
        for appointment in self.week.clinic.appointments:
            u = self.week.unplaced[appointment.index]
            if self.split.block[u] == LINK and appointment.index not in elsewhere:
                free[u] = any(c.clinician in inside for c in self.week.of_appointment[appointment.index])
        named = set(self.week.unplaced)
        others = [j for j in np.flatnonzero(self.split.block == LINK) if int(j) not in named]
        free[others] = True
        return np.flatnonzero(free)

    def _held(self, variables: Indices) -> Vector:
        held = self.values.copy()
        held[variables] = 0.0
        return held

    def _taken(self, clinicians: Sequence[int], point: Vector, *, forced: bool) -> bool:
        """Judge a point; make it the standing rota if it is legal and better (or forced)."""
        inside = set(clinicians)
        columns = [c for c in self.week.columns if c.clinician in inside and point[c.variable] > 0.5]
        frames = by_frame(columns)
        doubles = {
            key: int(round(sum(point[z] for z in zs)))
            for key, zs in self.week.doubles.items()
            if key[0] in inside
        }
        layouts = {key: layout for key, layout in self.standing.layouts.items() if key[0] not in inside}
        legal = True
        for clinician in clinicians:
            full = self._full_rooms(clinician, layouts)
            mine = self.judge.weigh(clinician, frames, doubles, full)
            self.guides[clinician].learn([c for c in columns if c.clinician == clinician], point)
            if mine is None:
                legal = False
            else:
                layouts.update(mine)
        if not legal:
            return False
        rota = assembled(self.week.clinic, layouts)
        total = cost(self.week.clinic, rota)
        if total >= self.standing.cost and not forced:
            return False
        kept = {a: c for a, c in self.standing.chosen.items() if c.clinician not in inside}
        self.standing = Standing(kept | {c.appointment: c for c in columns}, layouts, rota, total)
        self.values = point
        return True

    def _full_rooms(
        self, clinician: int, layouts: dict[FrameKey, Layout]
    ) -> dict[FrameKey, tuple[Span, ...]]:
        """Where no room is left for a clinician, given everybody else's layouts."""
        rooms = self.week.clinic.rooms
        if not rooms:
            return {}
        return {
            key: full
            for key in self.judge.frames_of(clinician)
            if (full := full_rooms(self.week, key, layouts))
        }


def full_rooms(week: WeekModel, key: FrameKey, layouts: dict[FrameKey, Layout]) -> tuple[Span, ...]:
    """Stretches in which the sites of a day have no room left, given other days' layouts."""
    full: list[Span] = []
    for shift in week.days[key].shifts:
        site = shift.shift.site
        if site is None or site not in week.clinic.rooms:
            continue
        held = [
            span
            for other, layout in layouts.items()
            if other != key
            for span in rooms_held(week, other, layout, site)
        ]
        edges = sorted({span.start for span in held} | {span.end for span in held})
        for start, end in zip(edges, edges[1:], strict=False):
            if sum(span.touches(start, end) for span in held) >= week.clinic.rooms[site]:
                full.append(Span(max(start, shift.shift.start), min(end, shift.shift.end)))
        if week.clinic.rooms[site] == 0:
            full.append(Span(shift.shift.start, shift.shift.end))
    return merged(span for span in full if span.minutes > 0)


def rooms_held(week: WeekModel, key: FrameKey, layout: Layout, site: str) -> list[Span]:
    """When a day's in-person slots hold a room at a site."""
    held = []
    shifts = [s.shift for s in week.days[key].shifts if s.shift.site == site]
    for entry in layout.entries:
        seen = [week.clinic.appointments[a] for a in entry.appointments]
        if any(a.in_person for a in seen) and any(s.start <= entry.start < s.end for s in shifts):
            held.append(Span(entry.start, entry.start + sum(a.minutes for a in seen)))
    return held


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
    for appointment in week.clinic.appointments:
        values[week.unplaced[appointment.index]] = float(appointment.index not in pins)
    for column in pins.values():
        values[column.variable] = 1.0
    for key, zs in week.doubles.items():
        values[list(zs[: layouts[key].doubles])] = 1.0
    rota = assembled(week.clinic, layouts)
    standing = Standing(pins, layouts, rota, cost(week.clinic, rota))
    return Search(ready, judge, random, standing, values)


class Unlayable(Exception):
    """The pins of a clinician's week cannot be laid out; ``args[0]`` is the clinician."""

