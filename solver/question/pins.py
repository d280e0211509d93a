r"""Pins that no rota can keep, as far as plain counting decides it.

Only pins count here: what they break on their own, every rota with them breaks.

.. math:: \sum_{a \text{ pinned}} v_a > V \Rightarrow \sum_{a \text{ booked}} v_a > V

Whether a day can be laid out around its pins (breaks, lunch, admin) is for the search to say.
Source: problem, section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations

from solver.question import pin_limits
from solver.question.clinic import FULL, Clinic, Policy
from solver.question.eligibility import windows_hold
from solver.question.faults import Fault
from solver.question.pinned import Pinned, PinnedSlot, grouped, pin_fault, place_of


def faults(clinic: Clinic) -> Iterator[Fault]:
    """Every fault of pins by themselves, each at a pin that is too much."""
    pins: list[Pinned] = []
    for appointment in clinic.appointments:
        if appointment.pin is None:
            continue
        found = place_of(clinic, appointment, appointment.pin)
        if isinstance(found, str):
            yield pin_fault(appointment, "pin_not_eligible", found)
        else:
            pins.append(found)
    slots = [PinnedSlot(tuple(held)) for held in grouped(pins, lambda p: (p.clinician.index, p.start))]
    yield from _patient_days(pins)
    for slot in slots:
        yield from _shared(slot)
    yield from _overlaps(slots)
    yield from pin_limits.faults(clinic, pins, slots)


def _patient_days(pins: Iterable[Pinned]) -> Iterator[Fault]:
    for first, *others in grouped(pins, lambda p: (p.appointment.patient, p.day)):
        for pin in others:
            words = f"is on the day of that of {first.appointment.id}, which is for the same patient"
            yield pin.fault("pins_patient_day", words)


def _shared(slot: PinnedSlot) -> Iterator[Fault]:
    limit = slot.clinician.policy.max_per_slot
    for count, pin in enumerate(slot.pins[limit:], limit + 1):
        words = (
            f"is number {count} in one slot of {slot.clinician.id}, must be at most max_per_slot ({limit})"
        )
        yield pin.fault("pins_slot", words)
    if 1 < len(slot.pins) <= limit:
        yield from _double(slot)


def _double(slot: PinnedSlot) -> Iterator[Fault]:
    for a, b in combinations(slot.pins, 2):
        if not _may_share(a, b, slot.clinician.policy):
            words = f"shares the slot of {a.appointment.id}, and the two may not be a double"
            yield b.fault("pins_slot", words)
    held = slot.held
    if not any(free.holds(held.start, held.end) for free in slot.last.shift.free):
        words = f"makes a double of {slot.clinician.id} with no room for its reserve"
        yield slot.last.fault("pins_reserve", words)
    for pin in slot.pins:
        if not windows_hold(pin.appointment, held.start, held.end):
            yield pin.fault("pins_reserve", "makes a double, and no window holds the slot and its reserve")


def _may_share(a: Pinned, b: Pinned, policy: Policy) -> bool:
    first, second = a.appointment, b.appointment
    collision = Fraction(first.attendance * second.attendance, FULL * FULL)
    return first.double_bookable and second.double_bookable and collision <= policy.max_collision


def _overlaps(slots: Iterable[PinnedSlot]) -> Iterator[Fault]:
    for group in grouped(slots, lambda slot: slot.clinician.index):
        first, *others = sorted(group, key=lambda slot: slot.start)
        for slot in others:
            if slot.start < first.held.end:
                words = f"overlaps that of {first.last.appointment.id} with {slot.clinician.id}"
                yield slot.last.fault("pins_overlap", words)
            first = max(first, slot, key=lambda s: s.held.end)
