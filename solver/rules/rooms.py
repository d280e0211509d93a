r"""Rooms: patients seen in person never outnumber the rooms of a site.

.. math:: |\{ s \in S_v : start_s \le \tau < start_s + h_s \}| \le K_v \quad \forall v, \tau

``S`` the slots at site ``v`` (the shift's) with an in-person patient, ``K`` rooms, ``tau`` a minute of
the week, ``h`` minutes: the booking's, or of both bookings of a double together. A site for which no
number is given has no limit. Source: problem, section 2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from solver.diaries import HeldSlot, shift_at, slots
from solver.model.day import DayModel
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Clinic, Span
from solver.question.day import merged
from solver.question.when import when
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "rooms"
STATEMENT = "A site never has more patients in person at once than rooms."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Moments at which one more patient arrives at a site than it has rooms."""
    held = [slot for slot in slots(clinic, rota) if any(a.in_person for a in slot.appointments)]
    for site, rooms in clinic.rooms.items():
        here = [slot for slot in held if slot.shift is not None and slot.shift.site == site]
        yield from _crowded(clinic, site, rooms, here)


def _crowded(clinic: Clinic, site: str, rooms: int, here: list[HeldSlot]) -> Iterator[Breach]:
    for minute in sorted({slot.start for slot in here}):
        inside = [slot for slot in here if slot.start <= minute < slot.start + slot.booked_minutes]
        if len(inside) > rooms:
            who = ", ".join(slot.clinician.id for slot in inside)
            text = f"Site {site} needs {len(inside)} rooms at {when(clinic, minute)} and has {rooms} ({who})."
            first = inside[0].shift
            yield Breach(NAME, None, first.day if first else None, text)


def post_week(week: WeekModel) -> None:
    """In-person minutes of a site and day are at most what its rooms can hold while a shift is there."""
    minutes: dict[tuple[str | None, int], list[tuple[int, int]]] = defaultdict(list)
    for column in week.columns:
        appointment = week.appointment(column)
        if appointment.in_person:
            sites = {_site(week, column, start) for start in column.starts}
            if len(sites) == 1:
                minutes[sites.pop(), column.day].append((appointment.minutes, column.variable))
    for (site, day), terms in minutes.items():
        if site is not None and site in week.clinic.rooms:
            shifts = [s for c in week.clinic.clinicians for s in c.shifts if (s.site, s.day) == (site, day)]
            open_minutes = sum(span.minutes for span in merged(shifts))
            week.programme.row(NAME, terms, upper=week.clinic.rooms[site] * open_minutes)


def _site(week: WeekModel, column: Column, start: int) -> str | None:
    shift = shift_at(week.clinic.clinicians[column.clinician], start)
    return shift.site if shift else None


def post_day(day: DayModel) -> None:
    """A literal for each stretch that a slot may hold a room; at any cell no more than there are rooms."""
    held: dict[str, list[tuple[Span, int]]] = defaultdict(list)
    for key in day.bookings:
        for start in day.slot_starts(key):
            shift = shift_at(day.clinician(key), start)
            if shift is not None and shift.site in day.clinic.rooms:
                held[str(shift.site)].extend(_post_holds(day, key, start))
    for site, holds in held.items():
        for minute in sorted({span.start for span, _ in holds}):
            terms = [(1, v) for span, v in holds if span.start <= minute < span.end]
            day.programme.row(NAME, terms, upper=day.clinic.rooms[site])


def _post_holds(day: DayModel, key: FrameKey, start: int) -> list[tuple[Span, int]]:
    here = day.standing(key, start)
    pairs = [(a, b) for s, a, b in day.pairs(key) if s == start]
    needs = [([x], day.appointment(c).minutes, day.appointment(c).in_person) for c, x in here]
    for (a, x), (b, y) in pairs:
        first, second = day.appointment(a), day.appointment(b)
        needs.append(([x, y], first.minutes + second.minutes, first.in_person or second.in_person))
    lengths = sorted({minutes for _, minutes, in_person in needs if in_person})
    holds = {minutes: day.programme.variable() for minutes in lengths}
    for literals, minutes, in_person in needs:
        if in_person:
            enough = [(-1, v) for n, v in holds.items() if n >= minutes]
            terms = [*((1, v) for v in literals), *enough]
            day.programme.row(NAME, terms, upper=len(literals) - 1)
    return [(Span(start, start + minutes), v) for minutes, v in holds.items()]
