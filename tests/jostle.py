"""Rotas a few random steps away from a legal one: some legal, some not, nobody knows beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from solver.question.clinic import STEP, Clinic
from solver.question.eligibility import eligible_starts
from solver.rota import Booking, Diary, Entry, Rota, Unplaced
from tests.edits import freed, instead, put, spots, unplace, without

Step = Callable[[Clinic, Rota, Random], Rota | None]


def jostled(clinic: Clinic, rota: Rota, rng: Random, count: int) -> Iterator[Rota]:
    """Rotas, each one to three steps from the one given."""
    for _ in range(count):
        other: Rota | None = rota
        for _ in range(rng.choice([1, 1, 2, 3])):
            if other is not None:
                other = rng.choice(STEPS)(clinic, other, rng)
        if other is not None and other != rota:
            yield other


def label(clinic: Clinic, rota: Rota, rng: Random) -> Rota | None:
    """Some free time is given to something."""
    for spot in spots(clinic, rota, rng, "free")[:1]:
        start = rng.randrange(spot.entry.start, spot.entry.end, STEP)
        end = rng.choice([spot.entry.end, rng.randrange(start, spot.entry.end, STEP) + STEP])
        kind = rng.choice(["break", "lunch", "admin", "reserve"])
        parts = (
            Entry("free", spot.entry.start, start),
            Entry(kind, start, end),
            Entry("free", end, spot.entry.end),
        )
        return instead(rota, spot, *parts)
    return None


def unlabel(clinic: Clinic, rota: Rota, rng: Random) -> Rota | None:
    """An entry of a label is free time now."""
    for spot in spots(clinic, rota, rng, "break", "lunch", "admin", "reserve")[:1]:
        return instead(rota, spot, freed(spot.entry))
    return None


def relabel(clinic: Clinic, rota: Rota, rng: Random) -> Rota | None:
    """An entry of a label gets another."""
    for spot in spots(clinic, rota, rng, "break", "lunch", "admin", "reserve")[:1]:
        kind = rng.choice(["break", "lunch", "admin", "reserve"])
        return instead(rota, spot, replace(spot.entry, kind=kind))
    return None


def cut(clinic: Clinic, rota: Rota, rng: Random) -> Rota | None:
    """An entry of a label falls into two."""
    for spot in spots(clinic, rota, rng, "break", "lunch", "admin", "reserve"):
        if spot.entry.minutes > STEP:
            middle = rng.randrange(spot.entry.start + STEP, spot.entry.end, STEP)
            return instead(rota, spot, replace(spot.entry, end=middle), replace(spot.entry, start=middle))
    return None


def shift_border(clinic: Clinic, rota: Rota, rng: Random) -> Rota | None:
    """The border of two entries that are no slots moves."""
    kinds = ("break", "lunch", "admin", "reserve", "free")
    for spot in spots(clinic, rota, rng, *kinds):
        after = spot.next
        if after is not None and after.kind in kinds:
            border = rng.randrange(spot.entry.start, after.end + STEP, STEP)
            return instead(rota, spot, replace(spot.entry, end=border), replace(after, start=border), over=2)
    return None


def leave_out(clinic: Clinic, rota: Rota, rng: Random) -> Rota | None:
    """Somebody booked is not."""
    return unplace(rota, rng.choice(rota.bookings).appointment) if rota.bookings else None


def book(clinic: Clinic, rota: Rota, rng: Random) -> Rota | None:
    """An appointment is booked somewhere, over free time or whatever stood there."""
    places = [
        (a, c.index, start)
        for a in rng.sample(clinic.appointments, len(clinic.appointments))[:2]
        for c in clinic.clinicians
        for start in eligible_starts(a, c)
    ]
    if not places:
        return None
    a, clinician, start = rng.choice(places)
    return put(without(rota, a.index), clinician, start, a)


def share(clinic: Clinic, rota: Rota, rng: Random) -> Rota | None:
    """An appointment joins another's slot; what stood behind it may become its reserve."""
    for spot in spots(clinic, rota, rng, "appointment"):
        others = [a for a in clinic.appointments if a.index not in spot.entry.appointments]
        if others and len(spot.entry.appointments) == 1:
            a = rng.choice(others)
            return _joined(clinic, without(rota, a.index), spot.clinician.index, spot.entry, a.index)
    return None


def _joined(clinic: Clinic, rota: Rota, clinician: int, slot: Entry, joins: int) -> Rota:
    """The rota with one more in a slot, and as much reserve behind it as is due."""
    together = tuple(sorted((*slot.appointments, joins)))
    minutes = sorted(clinic.appointments[i].minutes for i in together)
    end = slot.start + minutes[-1]
    new = [Entry("appointment", slot.start, end, together), Entry("reserve", end, end + minutes[0])]
    (diary,) = (d for d in rota.diaries if d.clinician == clinician)
    rows = [e for e in diary.entries if e.start != slot.start]
    kept = [part for e in rows for part in _outside(e, slot.start, new[-1].end)]
    whole = Diary(clinician, tuple(sorted([*kept, *new], key=lambda e: e.start)))
    diaries = tuple(whole if d.clinician == clinician else d for d in rota.diaries)
    bookings = tuple(
        Booking(i, d.clinician, e.start) for d in diaries for e in d.entries for i in e.appointments
    )
    booked = {b.appointment for b in bookings}
    left = tuple(
        Unplaced(a.index, "no_capacity", "No room.") for a in clinic.appointments if a.index not in booked
    )
    return Rota(bookings, left, diaries)


def _outside(entry: Entry, start: int, end: int) -> Iterator[Entry]:
    """What a new slot leaves of an entry; of another slot only the time."""
    if entry.appointments and entry.start < end and start < entry.end:
        entry = freed(entry)
    if entry.appointments:
        yield entry
        return
    if entry.start < min(entry.end, start):
        yield replace(entry, end=min(entry.end, start))
    if max(entry.start, end) < entry.end:
        yield replace(entry, start=max(entry.start, end))


STEPS: tuple[Step, ...] = (label, unlabel, relabel, cut, shift_border, leave_out, book, book, share, share)
