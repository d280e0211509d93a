"""Readings of a rota that several rules share: slots, days, a shift's entries, a clinician's bookings.

They take any rota, hand-made ones too: entries out of order, bookings outside every shift, a
clinician without a diary. What is wrong with it is for the rules to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from solver.question.clinic import FULL, Appointment, Clinic, Clinician, Shift
from solver.rota import Entry, Rota


@dataclass(frozen=True, slots=True)
class HeldSlot:
    """A start in one clinician's diary, with its bookings; ``shift`` is None outside every shift."""

    clinician: Clinician
    shift: Shift | None
    start: int
    appointments: tuple[Appointment, ...]

    @property
    def end(self) -> int:
        """When its longest booking ends, in minutes since the week began."""
        return self.start + max(a.minutes for a in self.appointments)

    @property
    def booked_minutes(self) -> int:
        """Minutes of all its bookings together."""
        return sum(a.minutes for a in self.appointments)

    @property
    def is_double(self) -> bool:
        """Whether it has two bookings (or, in a rota that breaks `slot_limit`, more)."""
        return len(self.appointments) > 1


def shift_at(clinician: Clinician, minute: int) -> Shift | None:
    """The clinician's shift in progress at a minute of the week."""
    return next((shift for shift in clinician.shifts if shift.start <= minute < shift.end), None)


def slots(clinic: Clinic, rota: Rota) -> list[HeldSlot]:
    """Every slot with its bookings, by clinician and start."""
    found: dict[tuple[int, int], list[Appointment]] = defaultdict(list)
    for booking in rota.bookings:
        found[booking.clinician, booking.start].append(clinic.appointments[booking.appointment])
    return [
        HeldSlot(clinic.clinicians[c], shift_at(clinic.clinicians[c], start), start, tuple(found[c, start]))
        for c, start in sorted(found)
    ]


def doubles(clinic: Clinic, rota: Rota) -> list[HeldSlot]:
    """Every slot with two bookings or more."""
    return [slot for slot in slots(clinic, rota) if slot.is_double]


def by_clinician(clinic: Clinic, rota: Rota) -> dict[int, list[Appointment]]:
    """The appointments booked with each clinician, by the clinician's place; each has an entry."""
    found: dict[int, list[Appointment]] = {clinician.index: [] for clinician in clinic.clinicians}
    for booking in rota.bookings:
        found[booking.clinician].append(clinic.appointments[booking.appointment])
    return found


def expected_minutes(clinic: Clinic, rota: Rota) -> dict[int, Fraction]:
    """Expected delivered minutes of each clinician, exact, by the clinician's place."""
    booked_with = by_clinician(clinic, rota).items()
    return {index: Fraction(sum(a.expected for a in own), FULL) for index, own in booked_with}


def by_day(clinic: Clinic, rota: Rota) -> dict[tuple[int, int], list[Appointment]]:
    """The appointments booked on each clinician-day that has any, by (clinician, day).

    A booking stands in the day of its shift; one outside every shift stands in none.
    """
    found: dict[tuple[int, int], list[Appointment]] = defaultdict(list)
    for slot in slots(clinic, rota):
        if slot.shift is not None:
            found[slot.clinician.index, slot.shift.day].extend(slot.appointments)
    return dict(found)


def booked(rota: Rota) -> frozenset[int]:
    """The appointments that have a booking."""
    return frozenset(booking.appointment for booking in rota.bookings)


def entries(rota: Rota) -> dict[int, list[Entry]]:
    """Each clinician's entries by start, all diaries of that clinician together."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for diary in rota.diaries:
        found[diary.clinician].extend(diary.entries)
    return {clinician: sorted(rows, key=lambda e: (e.start, e.end)) for clinician, rows in found.items()}


def shift_entries(clinic: Clinic, rota: Rota) -> Iterator[tuple[Clinician, Shift, list[Entry]]]:
    """Every shift with the entries that start in it, in order."""
    rows = entries(rota)
    for clinician in clinic.clinicians:
        for shift in sorted(clinician.shifts):
            inside = [e for e in rows.get(clinician.index, []) if shift.start <= e.start < shift.end]
            yield clinician, shift, inside
