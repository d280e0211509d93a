"""Shifts: apart from each other, with the rest and the hours that the law asks for.

The floors are those of the Working Time Regulations 1998: 11 hours of rest a day (regulation 10) and 48
hours of work a week (regulation 4; here in every week, which is stricter than its average).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from solver.question.calendar import Calendar
from solver.question.clinic import Span
from solver.question.day import merged
from solver.question.faults import Fault, Part
from solver.question.request import Clinician, Stretch
from solver.question.sound import Sound

REST = 11 * 60
LONGEST_WEEK = 48 * 60

Placed = tuple[Span, int]
"""A shift, and its place in the list."""


def faults(sound: Sound) -> Iterator[Fault]:
    """Shifts that overlap or stand too close, days without rest between them, weeks that are too long."""
    if sound.calendar is None:
        return
    for place, clinician in sound.clinicians:
        at = ("clinicians", place, "shifts")
        shifts = sorted(_placed(sound.calendar, clinician.shifts))
        for first, second in pairwise(shifts):
            yield from _apart(sound, at, first, second, _lunch(sound, clinician))
        yield from _long_week(sound, at, clinician, [shift for shift, _ in shifts])


def _placed(calendar: Calendar, stretches: Sequence[Stretch]) -> Iterator[Placed]:
    for number, stretch in enumerate(stretches):
        span = Span(calendar.minute(stretch.start), calendar.minute(stretch.end))
        if span.minutes > 0:
            yield span, number


def _lunch(sound: Sound, clinician: Clinician) -> int:
    service = 0 if sound.policy is None else sound.policy.lunch_minutes
    return max(service, clinician.policy.lunch_minutes or 0)


def _apart(sound: Sound, at: tuple[Part, ...], first: Placed, second: Placed, lunch: int) -> Iterator[Fault]:
    (before, earlier), (after, number) = first, second
    between = after.start - before.end
    here, other = (*at, number), f"shifts[{earlier}]"
    if between < 0:
        yield sound.fault("shifts_overlap", here, f"overlaps {other}")
    elif _same_day(sound, before, after):
        if between < lunch:
            words = f"starts {between} minutes after {other} ends, must be at least lunch_minutes ({lunch})"
            yield sound.fault("shifts_too_close", here, words)
    elif between < REST:
        words = f"starts {between} minutes after {other} of the day before ends, must be at least {REST}"
        yield sound.fault("rest_too_short", here, words)


def _same_day(sound: Sound, before: Span, after: Span) -> bool:
    days = [sound.calendar.day(span.start) for span in (before, after)] if sound.calendar else []
    return len(set(days)) == 1


def _long_week(
    sound: Sound, at: tuple[Part, ...], clinician: Clinician, shifts: Sequence[Span]
) -> Iterator[Fault]:
    assert sound.calendar is not None
    leave = [s for s, _ in _placed(sound.calendar, [c for c in clinician.commitments if c.kind == "leave"])]
    worked = merged(shifts)
    away = merged(
        Span(max(w.start, gone.start), min(w.end, gone.end))
        for w in worked
        for gone in leave
        if w.touches(gone.start, gone.end)
    )
    minutes = sum(s.minutes for s in worked) - sum(s.minutes for s in away)
    if minutes > LONGEST_WEEK:
        words = f"add up to {minutes} minutes less leave, must be at most {LONGEST_WEEK}"
        yield sound.fault("week_too_long", at, words)
