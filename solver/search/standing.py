"""The rota that the search stands on, in the terms of the week's model."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules import cost
from solver.search.assemble import assembled
from solver.search.layout import Layout
from solver.search.linear import Vector

GIVEN = frozenset({"commitment", "free"})
"""Kinds of entry that no layout chooses."""


@dataclass
class Standing:
    """A legal rota in the terms of the week's model; what is not ``known`` is made when asked for."""

    clinic: Clinic
    chosen: dict[int, Column]
    layouts: dict[FrameKey, Layout]
    known: tuple[Rota, Fraction] | None = None

    @cached_property
    def rota(self) -> Rota:
        """The rota itself."""
        return self.known[0] if self.known else assembled(self.clinic, self.layouts)

    @cached_property
    def cost(self) -> Fraction:
        """Its exact cost."""
        return self.known[1] if self.known else cost(self.clinic, self.rota)


def standing_of(week: WeekModel, rota: Rota, total: Fraction) -> Standing:
    """A checked rota as a standing one, at the cost that it is to count for."""
    chosen: dict[int, Column] = {}
    for booking in rota.bookings:
        for column in week.of_appointment[booking.appointment]:
            if column.clinician == booking.clinician and booking.start in column.starts:
                chosen[booking.appointment] = column
    layouts: dict[FrameKey, Layout] = {}
    for key, day in week.days.items():
        shifts = [shift.shift for shift in day.shifts]
        entries = tuple(
            entry
            for entry in rota.diaries[key[0]].entries
            if entry.kind not in GIVEN and any(s.start <= entry.start < s.end for s in shifts)
        )
        admin = sum(entry.minutes for entry in entries if entry.kind == "admin")
        layouts[key] = Layout(entries, admin, sum(len(entry.appointments) > 1 for entry in entries))
    return Standing(week.clinic, chosen, layouts, (rota, total))


def values_of(week: WeekModel, standing: Standing) -> Vector:
    """A standing rota as a point of the week's model; what is neither booking nor double stays 0."""
    point = np.zeros(len(week.programme.cost))
    point[week.unplaced] = 1.0
    for appointment, column in standing.chosen.items():
        point[[week.unplaced[appointment], column.variable]] = 0.0, 1.0
    for key, literals in week.doubles.items():
        point[list(literals[: standing.layouts[key].doubles])] = 1.0
    return point
