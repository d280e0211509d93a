"""Which rooms are taken when, while the days of a site are laid out one after the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from solver.diaries import shift_at
from solver.model.week import FrameKey, WeekModel
from solver.question.clinic import Shift, Span
from solver.question.day import merged
from solver.search.layout import Layout

Taken = Mapping[str, Sequence[tuple[FrameKey, Span]]]
"""By site: when a day's in-person slots hold a room there."""


def full_rooms(week: WeekModel, key: FrameKey, layouts: Mapping[FrameKey, Layout]) -> tuple[Span, ...]:
    """Stretches in which the sites of a day have no room left, given other days' layouts."""
    sites = {shift.shift.site or "" for shift in week.days[key].shifts} & week.clinic.rooms.keys()
    return still_full(week, key, taken_rooms(week, layouts, sites)) if sites else ()


def taken_rooms(week: WeekModel, layouts: Mapping[FrameKey, Layout], sites: Collection[str]) -> Taken:
    """When the rooms of some sites are held, by whichever day."""
    taken: dict[str, list[tuple[FrameKey, Span]]] = {site: [] for site in sites}
    for key, layout in layouts.items():
        for entry in layout.entries:
            seen = [week.clinic.appointments[a] for a in entry.appointments]
            if any(a.in_person for a in seen):
                shift = shift_at(week.clinician(key), entry.start)
                if shift is not None and shift.site in taken:
                    span = Span(entry.start, entry.start + sum(a.minutes for a in seen))
                    taken[shift.site].append((key, span))
    return taken


def still_full(week: WeekModel, key: FrameKey, taken: Taken) -> tuple[Span, ...]:
    """Stretches in which the sites of a day have no room left for it, what it holds itself not counted."""
    full: list[Span] = []
    for shift in (one.shift for one in week.days[key].shifts):
        rooms = week.clinic.rooms.get(shift.site or "")
        if rooms is not None:
            theirs = (span for other, span in taken[shift.site or ""] if other != key)
            full.extend(_full(shift, [s for s in theirs if shift.touches(s.start, s.end)], rooms))
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
