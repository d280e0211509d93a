"""Small edits of a rota, to make a wrong one from a right one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from solver.question.clinic import Appointment, Clinic, Clinician, Shift
from solver.rota import Booking, Diary, Entry, Rota, Unplaced


@dataclass(frozen=True, slots=True)
class Spot:
    """One entry of a diary, and the shift and the diary in which it stands."""

    clinician: Clinician
    shift: Shift
    entry: Entry
    place: int
    entries: tuple[Entry, ...]

    @property
    def next(self) -> Entry | None:
        """The entry after it in the same shift."""
        after = self.entries[self.place + 1 : self.place + 2]
        return after[0] if after and after[0].start < self.shift.end else None

    @property
    def in_shift(self) -> tuple[Entry, ...]:
        """All entries of its shift."""
        return tuple(e for e in self.entries if self.shift.start <= e.start < self.shift.end)


def spots(clinic: Clinic, rota: Rota, rng: Random, *kinds: str) -> list[Spot]:
    """Every entry of these kinds, in a random order."""
    found = [
        Spot(clinician, shift, entry, place, diary.entries)
        for diary in rota.diaries
        for clinician in [clinic.clinicians[diary.clinician]]
        for place, entry in enumerate(diary.entries)
        for shift in clinician.shifts
        if entry.kind in kinds and shift.start <= entry.start < shift.end
    ]
    rng.shuffle(found)
    return found


def rewritten(rota: Rota, clinician: int, entries: Iterable[Entry], *placed: int) -> Rota:
    """The rota with another diary of one clinician; ``placed`` are taken off the unplaced list."""
    rows = tuple(e for e in entries if e.minutes)
    diaries = tuple(Diary(clinician, rows) if d.clinician == clinician else d for d in rota.diaries)
    bookings = tuple(
        Booking(i, d.clinician, e.start) for d in diaries for e in d.entries for i in e.appointments
    )
    return Rota(bookings, tuple(u for u in rota.unplaced if u.appointment not in placed), diaries)


def instead(rota: Rota, spot: Spot, *entries: Entry, over: int = 1) -> Rota:
    """Other entries in place of one, or of ``over`` of them from it on."""
    rows = [*spot.entries[: spot.place], *entries, *spot.entries[spot.place + over :]]
    return rewritten(rota, spot.clinician.index, rows)


def freed(entry: Entry) -> Entry:
    """The same time, unlabelled."""
    return Entry("free", entry.start, entry.end)


def without(rota: Rota, appointment: int) -> Rota:
    """The rota with one appointment out of every slot; a slot left empty is free time."""
    for diary in rota.diaries:
        if any(appointment in e.appointments for e in diary.entries):
            rows = (_taken_out(entry, appointment) for entry in diary.entries)
            rota = rewritten(rota, diary.clinician, rows)
    return rota


def unplace(rota: Rota, appointment: int) -> Rota:
    """The rota with one appointment unplaced, properly, with a reason."""
    left = without(rota, appointment)
    return replace(
        left, unplaced=(*left.unplaced, Unplaced(appointment, "no_capacity", "No room this week."))
    )


def put(rota: Rota, clinician: int, start: int, appointment: Appointment) -> Rota:
    """The rota with an appointment written over whatever stood there in a diary."""
    new = Entry("appointment", start, start + appointment.minutes, (appointment.index,))
    (diary,) = (d for d in rota.diaries if d.clinician == clinician)
    rows = sorted([*_cut(diary.entries, new), new], key=lambda e: e.start)
    return rewritten(rota, clinician, rows, appointment.index)


def crammed(rota: Rota, clinician: int, start: int, appointments: Sequence[Appointment]) -> Rota:
    """The rota with appointments at starts 5 minutes apart, over one another and all else."""
    (diary,) = (d for d in rota.diaries if d.clinician == clinician)
    new = [
        Entry("appointment", start + 5 * i, start + 5 * i + a.minutes, (a.index,))
        for i, a in enumerate(appointments)
    ]
    rows = sorted([*diary.entries, *new], key=lambda e: e.start)
    return rewritten(rota, clinician, rows, *(a.index for a in appointments))


def _cut(entries: Iterable[Entry], new: Entry) -> Iterator[Entry]:
    for e in entries:
        if e.end <= new.start or e.start >= new.end:
            yield e
        elif not e.appointments:
            yield replace(e, end=max(e.start, new.start))
            yield replace(e, start=min(e.end, new.end))


def _taken_out(entry: Entry, appointment: int) -> Entry:
    left = tuple(i for i in entry.appointments if i != appointment)
    if left == entry.appointments:
        return entry
    return replace(entry, appointments=left) if left else freed(entry)
