"""Times: wall times that exist, stretches that end after they start, and what lies in the week."""

from __future__ import annotations

from collections.abc import Iterator

from solver.question.calendar import Calendar
from solver.question.faults import Fault, Part
from solver.question.moment import instant, stands_in
from solver.question.request import Stretch
from solver.question.sound import Sound

At = tuple[Part, ...]


def faults(sound: Sound) -> Iterator[Fault]:
    """Times that do not exist, stretches that are none, and what lies outside the week."""
    for at, stretch in _stretches(sound):
        if instant(stretch.end) <= instant(stretch.start):
            yield sound.fault("end_not_after_start", (*at, "end"), "must be after the start")
    if sound.calendar is not None:
        yield from _unreal(sound, sound.calendar)
        yield from _outside(sound, sound.calendar)


def _stretches(sound: Sound) -> Iterator[tuple[At, Stretch]]:
    for place, clinician in sound.clinicians:
        for field in ("shifts", "commitments"):
            for number, stretch in enumerate(getattr(clinician, field)):
                yield ("clinicians", place, field, number), stretch
    for place, appointment in sound.appointments:
        for number, window in enumerate(appointment.windows):
            yield ("appointments", place, "windows", number), window


def _starts(sound: Sound) -> Iterator[tuple[At, str]]:
    """Starts of bookings: of given slots, pins and published places."""
    for place, clinician in sound.clinicians:
        for number, slot in enumerate(clinician.slots or ()):
            yield ("clinicians", place, "slots", number, "start"), slot.start
    yield from _places(sound)


def _places(sound: Sound) -> Iterator[tuple[At, str]]:
    for place, appointment in sound.appointments:
        if appointment.pin is not None:
            yield ("appointments", place, "pin", "start"), appointment.pin.start
    for place, published in sound.published:
        yield ("published", place, "start"), published.start


def _unreal(sound: Sound, calendar: Calendar) -> Iterator[Fault]:
    ends = (((*at, end), getattr(s, end)) for at, s in _stretches(sound) for end in ("start", "end"))
    for times in (ends, _starts(sound)):
        for at, text in times:
            if not stands_in(text, calendar.zone):
                words = "does not exist in the week's time zone: clocks go forward over it"
                yield sound.fault("time_does_not_exist", at, words)


def _outside(sound: Sound, calendar: Calendar) -> Iterator[Fault]:
    for at, stretch in _stretches(sound):
        start, end = calendar.minute(stretch.start), calendar.minute(stretch.end)
        if end <= start:
            continue
        if "shifts" in at and not 0 <= start < end <= calendar.minutes:
            yield sound.fault("outside_week", at, "must lie inside the week")
        if "windows" in at and not (start < calendar.minutes and end > 0):
            yield sound.fault("outside_week", at, "must share time with the week")
    for at, text in _places(sound):
        if not 0 <= calendar.minute(text) < calendar.minutes:
            yield sound.fault("outside_week", at, "must lie inside the week")
