"""Which rooms are taken when, while the days of a site are laid out one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from solver.diaries import shift_at
from solver.model.week import FrameKey, WeekModel
from solver.question.clinic import Shift, Span
from solver.question.day import merged
from solver.search.layout import Layout


def full_rooms(week: WeekModel, key: FrameKey, layouts: Mapping[FrameKey, Layout]) -> tuple[Span, ...]:
    """Stretches in which the sites of a day have no room left, given other days' layouts."""
    full: list[Span] = []
    for shift in week.days[key].shifts:
        rooms = week.clinic.rooms.get(shift.shift.site or "")
        if rooms is not None:
            held = [
                span
                for other, layout in layouts.items()
                if other != key
                for span in _held(week, other, layout, shift.shift)
            ]
            full.extend(_full(shift.shift, held, rooms))
    return merged(full)


def _full(shift: Shift, held: list[Span], rooms: int) -> list[Span]:
    if rooms == 0:
        return [Span(shift.start, shift.end)]
    edges = sorted({span.start for span in held} | {span.end for span in held})
    return [
        Span(start, end)
        for start, end in pairwise(edges)
        if sum(span.touches(start, end) for span in held) >= rooms
    ]


def _held(week: WeekModel, key: FrameKey, layout: Layout, shift: Shift) -> list[Span]:
    """When a day's in-person slots hold a room at a shift's site while it lasts."""
    held = []
    for entry in layout.entries:
        seen = [week.clinic.appointments[a] for a in entry.appointments]
        if any(a.in_person for a in seen):
            where = shift_at(week.clinician(key), entry.start)
            span = Span(entry.start, entry.start + sum(a.minutes for a in seen))
            if where is not None and where.site == shift.site and shift.touches(span.start, span.end):
                held.append(span)
    return held
