"""Small weeks, solved to the end: the week's model by CP-SAT, cut until its point can be worked.

Logic-based Benders decomposition (Hooker and Ottosson, Mathematical Programming 96, 2003): every
point that the week's model gives is judged, clinician by clinician and then all days together;
each failure is a cut that every rota keeps, so the model's bound stays one, and a point that
passes is a rota at the model's own cost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from solver.model.programme import Row, made_row
from solver.model.week import FrameKey, WeekModel
from solver.rota import Rota
from solver.rules import cost
from solver.search.assemble import assembled
from solver.search.cpsat import Tries, solve
from solver.search.joint import lay_out_together
from solver.search.judge import Judge
from solver.search.layout import Layout
from solver.search.plan import Chosen, booked_columns, by_frame

SMALL = 400
"""Columns up to which a week is solved to the end straight away."""


@dataclass(frozen=True)
class Settled:
    """What the exact search ended with: a rota unless it was cut short, and a proven bound."""

    rota: Rota | None
    cost: Fraction | None
    bound: float


def settle(week: WeekModel, judge: Judge, tries: Callable[[], Tries | None]) -> Settled:
    """Solve, judge, cut, until nothing is left to cut.

    Parameters
    ----------
    tries
        How hard the next call of CP-SAT may try; None ends the search.
    """
    extra: list[Row] = []
    bound = float("-inf")
    while (effort := tries()) is not None:
        cuts = [row for rows in judge.cuts.values() for row in rows]
        answer = solve(week.programme, [*cuts, *extra], effort)
        if answer.bound is not None:
            bound = max(bound, answer.bound)
        if answer.values is None:
            break
        layouts = _layouts(week, judge, answer.values, extra)
        if layouts is not None:
            rota = assembled(week.clinic, layouts)
            total = cost(week.clinic, rota)
            return Settled(rota, total, min(bound, float(total)))
    return Settled(None, None, bound)


def _layouts(
    week: WeekModel, judge: Judge, values: tuple[int, ...], extra: list[Row]
) -> dict[FrameKey, Layout] | None:
    """Layouts of a point of the week's model, or None where a cut was learnt instead."""
    frames = by_frame(booked_columns(week, values))
    doubles = {key: sum(values[z] for z in zs) for key, zs in week.doubles.items()}
    layouts: dict[FrameKey, Layout] = {}
    for clinician in week.clinic.clinicians:
        mine = judge.weigh(clinician.index, frames, doubles)
        if mine is None:
            return None
        layouts.update(mine)
    if not _crowded(week, frames):
        return layouts
    return _together(week, judge, frames, doubles, extra)


def _crowded(week: WeekModel, frames: Chosen) -> bool:
    """Whether any two in-person bookings of a day could meet at a site with rooms to count."""
    return bool(week.clinic.rooms) and any(
        week.appointment(column).in_person for columns in frames.values() for column in columns
    )


def _together(
    week: WeekModel,
    judge: Judge,
    frames: Chosen,
    doubles: dict[FrameKey, int],
    extra: list[Row],
) -> dict[FrameKey, Layout] | None:
    """All days at once, rooms counted; a failure is shrunk to the bookings that cannot meet."""
    everything = {key: frames.get(key, ()) for key in judge.days.frames}
    tries = Tries(seconds=20.0)
    layouts = lay_out_together(week.clinic, everything, doubles, tries)
    if layouts is not None:
        return layouts
    chosen = [column for columns in everything.values() for column in columns]
    for column in tuple(chosen):
        if week.appointment(column).pin is None:
            rest = [c for c in chosen if c is not column]
            left = by_frame(rest)
            smaller = {key: left.get(key, ()) for key in everything}
            if lay_out_together(week.clinic, smaller, doubles, tries) is None:
                chosen = rest
    more = [z for key, zs in week.doubles.items() for z in zs[doubles.get(key, 0) :]]
    terms = [*((1, c.variable) for c in chosen), *((-1, z) for z in more)]
    extra.append(made_row("rooms", terms, upper=len(chosen) - 1))
    return None
