"""Given slots: each inside a shift, each start once."""

from __future__ import annotations

from collections.abc import Iterator

from solver.question.calendar import Calendar
from solver.question.clinic import Span
from solver.question.faults import Fault
from solver.question.request import Clinician
from solver.question.sound import Sound


def faults(sound: Sound) -> Iterator[Fault]:
    """Slots that stand twice, or in no shift."""
    if sound.calendar is not None:
        for place, clinician in sound.clinicians:
            yield from _slots(sound, sound.calendar, place, clinician)


def _slots(sound: Sound, calendar: Calendar, place: int, clinician: Clinician) -> Iterator[Fault]:
    shifts = [Span(calendar.minute(s.start), calendar.minute(s.end)) for s in clinician.shifts]
    seen = dict[int, int]()
    for number, slot in enumerate(clinician.slots or ()):
        at, start = ("clinicians", place, "slots", number), calendar.minute(slot.start)
        if seen.setdefault(start, number) != number:
            yield sound.fault("duplicate_slot", (*at, "start"), f"starts with slots[{seen[start]}]")
        if not any(shift.holds(start, start + slot.minutes) for shift in shifts):
            yield sound.fault("slot_outside_shift", at, "must lie inside one shift")
