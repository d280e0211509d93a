"""A clinician's day before anything is booked: what is free, where lunch may go, what admin fits.

Facts of the input that several rules and the search share; nothing here is a choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from solver.question.clinic import STEP, Clinician, Shift, Span


@dataclass(frozen=True, slots=True)
class ShiftDay:
    """One shift: its free stretches, and where its lunch may lie.

    ``lunch_places`` are the stretches inside which the one lunch must lie (empty: no lunch is due).
    ``takes_bookings`` is False where a lunch is due and the commitments leave no place for it.
    """

    shift: Shift
    free: tuple[Span, ...]
    lunch_places: tuple[Span, ...]
    takes_bookings: bool


@dataclass(frozen=True, slots=True)
class Day:
    """All shifts that a clinician starts on one local date; ``admin_base`` minutes are always due."""

    clinician: int
    day: int
    shifts: tuple[ShiftDay, ...]
    admin_base: int


@lru_cache(maxsize=4096)
def days(clinician: Clinician) -> tuple[Day, ...]:
    """The days on which a clinician has a shift, in order."""
    found = sorted({shift.day for shift in clinician.shifts})
    return tuple(_day(clinician, day) for day in found)


def _day(clinician: Clinician, day: int) -> Day:
    shifts = tuple(shift_day(clinician, shift) for shift in sorted(clinician.shifts) if shift.day == day)
    policy = clinician.policy
    holds = sum(_most_admin(shift, policy.lunch_minutes, policy.admin_block_minutes) for shift in shifts)
    return Day(clinician.index, day, shifts, min(policy.admin_daily_minutes, holds))


def shift_day(clinician: Clinician, shift: Shift) -> ShiftDay:
    """What one shift of a clinician offers before anything is booked."""
    inside = merged(
        Span(max(c.start, shift.start), min(c.end, shift.end))
        for c in clinician.commitments
        if c.touches(shift.start, shift.end)
    )
    free = gaps(shift, inside)
    if not lunch_is_due(clinician, shift):
        return ShiftDay(shift, free, (), True)
    places = _lunch_places(shift, free, clinician.policy.lunch_minutes)
    return ShiftDay(shift, free, places, bool(places))


def lunch_is_due(clinician: Clinician, shift: Shift) -> bool:
    """Whether the shift, less its leave, is longer than ``lunch_if_over_minutes``."""
    leave = merged(
        Span(max(c.start, shift.start), min(c.end, shift.end))
        for c in clinician.commitments
        if c.kind == "leave" and c.touches(shift.start, shift.end)
    )
    present = shift.minutes - sum(span.minutes for span in leave)
    return present > clinician.policy.lunch_if_over_minutes


def _lunch_places(shift: Shift, free: tuple[Span, ...], minutes: int) -> tuple[Span, ...]:
    inner = Span(shift.start + STEP, shift.end - STEP)
    strict = _clipped(free, inner, minutes)
    return _clipped(strict, shift.lunch_window, minutes) or strict


def _clipped(spans: Iterable[Span], to: Span, at_least: int) -> tuple[Span, ...]:
    cut = (Span(max(s.start, to.start), min(s.end, to.end)) for s in spans)
    return tuple(span for span in cut if span.minutes >= at_least)


def _most_admin(shift: ShiftDay, lunch: int, block: int) -> int:
    """Most admin minutes, in entries of at least ``block``, that the empty shift can hold."""
    if not shift.lunch_places:
        return _in_blocks(shift.free, block)
    return max(
        _in_blocks(_without(shift.free, Span(start, start + lunch)), block)
        for place in shift.lunch_places
        for start in range(place.start, place.end - lunch + 1, STEP)
    )


def _in_blocks(spans: Iterable[Span], block: int) -> int:
    return sum(span.minutes for span in spans if span.minutes >= block)


def _without(spans: Iterable[Span], hole: Span) -> tuple[Span, ...]:
    return tuple(part for span in spans for part in gaps(span, (hole,)))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The union of stretches, as sorted stretches that do not touch or abut."""
    union: list[Span] = []
    for span in sorted(Span(s.start, s.end) for s in spans):
        if union and span.start <= union[-1].end:
            union[-1] = Span(union[-1].start, max(union[-1].end, span.end))
        else:
            union.append(span)
    return tuple(union)


def gaps(whole: Span, taken: Iterable[Span]) -> tuple[Span, ...]:
    """What sorted, disjoint stretches leave of a whole."""
    left, at = [], whole.start
    for span in taken:
        if span.touches(whole.start, whole.end):
            if span.start > at:
                left.append(Span(at, span.start))
            at = max(at, span.end)
    if at < whole.end:
        left.append(Span(at, whole.end))
    return tuple(left)
