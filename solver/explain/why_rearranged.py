"""One more booking in a day whose other bookings may find other starts: the exact layout says how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise

from solver.explain.why_admin import Rows, needs
from solver.explain.why_day import day_of, entries_of, standing_of
from solver.explain.why_edits import patched
from solver.explain.why_proposal import Now, Proposal, checked, pinned
from solver.explain.why_there import Placing
from solver.model.week import FrameKey
from solver.question.clinic import Appointment, Span
from solver.question.eligibility import eligible_starts
from solver.question.when import when
from solver.rota import Booking, Diary, Rota
from solver.search.layout import OutOfNodes, lay_out
from solver.search.plan import task_of

NODES = 1000

TRIES = 4


def rearranged(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """Days that take the appointment if their other bookings move; pinned and published ones stay."""
    placing = Placing(now.standing, appointment)
    days = {(c, _day(now, c, start)) for c, start in placing.starts()}
    for key in islice((key for key in sorted(days) if not placing.barred(*key)), 60):
        rows = (_laid_out(now, appointment, key, more) for more in (0, 1))
        found = (_proposed(now, appointment, key, days) for days in rows if days is not None)
        yield from islice((one for one in found if one is not None), 1)


def _laid_out(now: Now, appointment: Appointment, key: FrameKey, more: int) -> Rows | None:
    """The day with the appointment, and with so many doubles more than it has at most.

    With a weekly admin scope other days may be laid out again for admin, their bookings where they are.
    """
    frame = now.standing.frames[key]
    if now.standing.broken(key):
        return None
    standing = standing_of(now.clinic.appointments, now.standing.on.get(key, []))
    doubles = len(standing) - len({start for _, start in standing}) + more
    if more and doubles > frame.policy.max_doubles_per_day:
        return None
    tasks = [task_of(a, _starts(now, a, key, start)) for a, start in standing]
    tasks.append(task_of(appointment, _starts(now, appointment, key, None)))
    full = _full_rooms(now, key)
    tasks = [replace(t, starts=_roomy(t.starts, t.minutes, full)) if t.in_person else t for t in tasks]
    for need in needs(now.standing, frame, appointment):
        try:
            layout = lay_out(frame, tasks, need.minutes, doubles, full, NODES)
        except OutOfNodes:
            continue
        if layout is not None:
            return {key: entries_of(frame, layout), **need.rows(now.standing, layout.admin)}
    return None


def _proposed(now: Now, appointment: Appointment, key: FrameKey, days: Rows) -> Proposal | None:
    """The proposal of a day laid out anew: one pin for the appointment, the moves as a way to keep it."""
    new = [Booking(i, key[0], e.start) for e in days[key] for i in e.appointments]
    others = [b for b in now.rota.bookings if b not in now.standing.on.get(key, [])]
    placed = next(b for b in new if b.appointment == appointment.index)
    shifts = [s.shift for day in days for s in now.standing.frames[day].day.shifts]
    kept = [e for e in now.standing.rows[key[0]] if not any(s.start <= e.start < s.end for s in shifts)]
    entries = (e for rows in days.values() for e in rows)
    diary = Diary(key[0], tuple(sorted((*kept, *entries), key=lambda e: (e.start, e.end))))
    rota = Rota(
        tuple(sorted((*others, *new), key=lambda b: (b.clinician, b.start, b.appointment))),
        tuple(u for u in now.rota.unplaced if u.appointment != appointment.index),
        tuple(diary if d.clinician == key[0] else d for d in now.rota.diaries),
    )
    moves = [b for b in new if b not in now.rota.bookings and b != placed]
    said = ", ".join(
        f"{now.clinic.appointments[b.appointment].id} to {when(now.clinic, b.start)}" for b in moves
    )
    text = (
        f"Pin {appointment.id} to {now.at(key[0], placed.start)}; of that day {said or 'nothing'} would move."
    )
    edits = [pinned(now, placed)]
    question = patched(now.question.request, edits)
    return checked(now, "rearranged", text, edits, question, rota) if question else None


def _starts(now: Now, a: Appointment, key: FrameKey, stands: int | None) -> tuple[int, ...]:
    """The starts that a booking of the day may have; told ones keep theirs."""
    if stands is not None and (a.pin is not None or a.published is not None):
        return (stands,)
    clinician = now.clinic.clinicians[key[0]]
    return tuple(t for t in eligible_starts(a, clinician) if _day(now, key[0], t) == key[1])


def _full_rooms(now: Now, key: FrameKey) -> tuple[Span, ...]:
    """Stretches in which others hold every room of the day's sites."""
    sites = {s.shift.site for s in now.standing.frames[key].day.shifts} & set(now.clinic.rooms)
    found = []
    for site in sites:
        held = _holding(now, key, str(site))
        edges = sorted({edge for span in held for edge in (span.start, span.end)})
        for start, end in pairwise(edges):
            if sum(h.start <= start < h.end for h in held) >= now.clinic.rooms[str(site)]:
                found.append(Span(start, end))
    if any(not now.clinic.rooms[str(site)] for site in sites):
        found.append(Span(0, 1 << 20))
    return tuple(found)


def _holding(now: Now, key: FrameKey, site: str) -> list[Span]:
    """The time for which others hold a room of a site."""
    slots: dict[tuple[int, int], list[Appointment]] = {}
    for (clinician, day), bookings in now.standing.on.items():
        for b in bookings if day == key[1] and clinician != key[0] else ():
            if any(
                s.site == site and s.start <= b.start < s.end for s in now.clinic.clinicians[clinician].shifts
            ):
                slots.setdefault((clinician, b.start), []).append(now.standing.appointment(b))
    return [
        Span(start, start + sum(a.minutes for a in seen))
        for (_, start), seen in slots.items()
        if any(a.in_person for a in seen)
    ]


def _roomy(starts: tuple[int, ...], minutes: int, full: tuple[Span, ...]) -> tuple[int, ...]:
    return tuple(s for s in starts if not any(f.touches(s, s + minutes) for f in full))


def _day(now: Now, clinician: int, minute: int) -> int:
    day = day_of(now.clinic.clinicians[clinician], minute)
    return day.day if day else -1
