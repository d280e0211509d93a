"""Pins against what a clinician's day and week, and a site's rooms, hold at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from solver.question.clinic import Clinic, Policy
from solver.question.faults import Fault
from solver.question.pinned import Pinned, PinnedSlot, grouped


@dataclass(frozen=True, slots=True)
class _Cap:
    """At most so many of something a clinician's day, or week.

    ``limit`` is read from the policy; the ``field`` of the policy names it.
    """

    code: str
    field: str
    what: str
    daily: bool

    def faults(self, pins: Iterable[Pinned], limit: Callable[[Policy], int]) -> Iterator[Fault]:
        """For each day or week with too many, the first pin that is one too many."""
        for group in grouped(pins, lambda p: (p.clinician.index, p.day if self.daily else None)):
            most = limit(group[0].clinician.policy)
            if len(group) > most:
                words = f"brings {group[0].clinician.id} to {most + 1} pinned {self.what}"
                yield group[most].fault(self.code, f"{words}, must be at most {self.field} ({most})")


_CONTACTS = _Cap("pins_contacts", "max_contacts_per_day", "bookings a day", daily=True)
_INTENSE = _Cap("pins_intense", "max_intense_per_day", "intense bookings a day", daily=True)
_DOUBLES_A_DAY = _Cap("pins_doubles", "max_doubles_per_day", "doubles a day", daily=True)
_DOUBLES_A_WEEK = _Cap("pins_doubles", "max_doubles_per_week", "doubles a week", daily=False)


def faults(clinic: Clinic, pins: Sequence[Pinned], slots: Sequence[PinnedSlot]) -> Iterator[Fault]:
    """Pins beyond a limit, each at the pin that is one too many in the request's order."""
    doubles = [slot.last for slot in slots if slot.double]
    doubles.sort(key=lambda pin: pin.appointment.index)
    yield from _booked(pins)
    yield from _CONTACTS.faults(pins, lambda policy: policy.max_contacts_per_day)
    intense = (pin for pin in pins if pin.appointment.intense)
    yield from _INTENSE.faults(intense, lambda policy: policy.max_intense_per_day)
    yield from _DOUBLES_A_DAY.faults(doubles, lambda policy: policy.max_doubles_per_day)
    yield from _DOUBLES_A_WEEK.faults(doubles, lambda policy: policy.max_doubles_per_week)
    yield from _runs(slots)
    yield from _rooms(clinic, slots)


def _booked(pins: Iterable[Pinned]) -> Iterator[Fault]:
    for week in grouped(pins, lambda pin: pin.clinician.index):
        clinician = week[0].clinician
        limit: Fraction = clinician.policy.max_booked_ratio * clinician.target
        sums = accumulate(pin.appointment.minutes for pin in week)
        passing = next(
            ((pin, minutes) for pin, minutes in zip(week, sums, strict=True) if minutes > limit), None
        )
        if passing is not None:
            pin, minutes = passing
            words = f"brings {clinician.id} to {minutes} pinned minutes, must be at most"
            words = f"{words} max_booked_ratio x target_minutes ({float(limit):g})"
            yield pin.fault("pins_over_ceiling", words)


def _runs(slots: Iterable[PinnedSlot]) -> Iterator[Fault]:
    """Runs of contact between whose slots no break has room; slots that overlap are another fault."""
    for group in grouped(slots, lambda s: (s.clinician.index, s.last.shift.shift.start)):
        policy, run = group[0].clinician.policy, list[PinnedSlot]()
        for slot in sorted(group, key=lambda s: s.start):
            together = bool(run) and 0 <= slot.start - run[-1].held.end < policy.break_minutes
            run = [*run, slot] if together else [slot]
            minutes = sum(s.booked for s in run)
            if minutes > policy.max_contact_run_minutes and (len(run) > 1 or slot.double):
                words = f"makes {minutes} minutes of contact without room for a break, must be at most"
                words = f"{words} max_contact_run_minutes ({policy.max_contact_run_minutes})"
                yield slot.last.fault("pins_run", words)


def _rooms(clinic: Clinic, slots: Iterable[PinnedSlot]) -> Iterator[Fault]:
    indoors = [slot for slot in slots if any(pin.appointment.in_person for pin in slot.pins)]
    for site, rooms in clinic.rooms.items():
        here = [slot for slot in indoors if slot.last.shift.shift.site == site]
        for minute in sorted({slot.start for slot in here}):
            inside = [slot for slot in here if slot.start <= minute < slot.start + slot.booked]
            if len(inside) > rooms:
                last = max((s.last for s in inside if s.start == minute), key=lambda p: p.appointment.index)
                words = f"needs a room at its site, where {len(inside)} are needed and {rooms} are there"
                yield last.fault("pins_rooms", words)
