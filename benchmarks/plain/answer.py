"""From chosen literals to a whole rota: diaries with every minute said, a sentence for who is not booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from benchmarks.plain.overload import Mine
from benchmarks.plain.week import PlainWeek, Stay
from solver.question.clinic import Span
from solver.rota import Booking, Diary, Entry, Rota, Unplaced

Chosen = Callable[[int], bool]
"""Whether a literal is 1."""


def booked(week: PlainWeek, chosen: Chosen) -> dict[int, Mine]:
    """What is booked with each clinician."""
    found: dict[int, Mine] = defaultdict(list)
    for (appointment, number, _), literal in week.x.items():
        if chosen(literal):
            found[week.stays[number].clinician].append((week.clinic.appointments[appointment], literal))
    return found


def rota(week: PlainWeek, chosen: Chosen, admin: Iterable[tuple[int, Span]]) -> Rota:
    """The rota of chosen literals; ``admin`` are entries by their shift's number."""
    entries = _entries(week, chosen)
    for number, span in admin:
        entries[number].append(Entry("admin", span.start, span.end))
    diaries: dict[int, list[Entry]] = {c.index: [] for c in week.clinic.clinicians}
    for stay in sorted(week.stays, key=lambda s: s.span.start):
        diaries[stay.clinician].extend(_filled(stay, entries[stay.number], week.taken(stay)))
    bookings = [
        Booking(a, clinician, entry.start)
        for clinician, rows in diaries.items()
        for entry in rows
        for a in entry.appointments
    ]
    placed = {booking.appointment for booking in bookings}
    left = (a for a in week.clinic.appointments if a.index not in placed)
    return Rota(
        tuple(bookings),
        tuple(Unplaced(a.index, "no_capacity", "This model found no place for it.") for a in left),
        tuple(Diary(clinician, tuple(rows)) for clinician, rows in diaries.items()),
    )


def _entries(week: PlainWeek, chosen: Chosen) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    here: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (appointment, number, start), literal in week.x.items():
        if chosen(literal):
            here[number, start].append(appointment)
    for (number, start), seen in here.items():
        lengths = sorted(week.clinic.appointments[a].minutes for a in seen)
        found[number].append(Entry("appointment", start, start + lengths[-1], tuple(sorted(seen))))
        if len(seen) > 1:
            found[number].append(Entry("reserve", start + lengths[-1], start + sum(lengths)))
    for kind, literals in (("break", week.rest), ("lunch", week.lunch)):
        for (number, cell), literal in literals.items():
            if chosen(literal):
                policy = week.clinician(week.stays[number]).policy
                minutes = policy.break_minutes if kind == "break" else policy.lunch_minutes
                found[number].append(Entry(kind, cell, cell + minutes))
    return found


def _filled(stay: Stay, entries: Iterable[Entry], taken: Iterable[Span]) -> Iterator[Entry]:
    """A shift's entries with its commitments and its free time."""
    committed = [Entry("commitment", s.start, s.end) for s in taken]
    at = stay.span.start
    for entry in sorted([*entries, *committed], key=lambda e: e.start):
        if entry.start > at:
            yield Entry("free", at, entry.start)
        yield entry
        at = entry.end
    if at < stay.span.end:
        yield Entry("free", at, stay.span.end)
