"""A clinician's day with its bookings where they stand: breaks, lunch and admin kept, or laid out again.

As the diary stands, a booking may take free time, and admin time beyond what is due; nothing else moves.
Laid out again, every booking keeps its start, and the exact layout finds new places for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from solver.question.clinic import Appointment, Clinician, Span
from solver.question.day import Day, days, gaps
from solver.rota import Booking, Entry
from solver.search.assemble import diary
from solver.search.gap import Frame
from solver.search.layout import Layout, Task, lay_out, most_admin
from solver.search.plan import task_of

Standing = tuple[tuple[Appointment, int], ...]
"""Appointments of one day, each with its start in minutes since the week began."""

GIVES_WAY = frozenset({"free", "admin"})

_ENDLESS = 1 << 20


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that a day cannot keep, and a sentence with its figures."""

    rule: str
    text: str


def carved(rows: Iterable[Entry], taken: tuple[Entry, ...], block: int) -> tuple[Entry, ...] | None:
    """A day's entries with some more laid over free and admin time; None where anything else is in the way.

    Parameters
    ----------
    rows
        The entries of the day's shifts, in order.
    taken
        The new entries, in order.
    block
        Least minutes of an admin entry; shorter remains of admin are free.
    """
    found: list[Entry] = []
    uncovered = sum(t.minutes for t in taken)
    for row in rows:
        inside = [Span(t.start, t.end) for t in taken if Span(t.start, t.end).touches(row.start, row.end)]
        if inside and row.kind not in GIVES_WAY:
            return None
        uncovered -= sum(min(row.end, s.end) - max(row.start, s.start) for s in inside)
        for left in gaps(Span(row.start, row.end), inside):
            kind = "free" if inside and left.minutes < block else row.kind
            found.append(replace(row, kind=kind, start=left.start, end=left.end))
    return None if uncovered else tuple(sorted((*found, *taken), key=lambda e: (e.start, e.end)))


def slot_entries(seen: list[Appointment], start: int, *, reserve: bool) -> tuple[Entry, ...]:
    """The entries of a slot: the slot, and where it is a double the reserve behind it, if one is due."""
    longest = max(a.minutes for a in seen)
    slot = Entry("appointment", start, start + longest, tuple(sorted(a.index for a in seen)))
    if len(seen) == 1 or not reserve:
        return (slot,)
    return slot, Entry("reserve", slot.end, start + sum(a.minutes for a in seen))


def laid_out(frame: Frame, standing: Standing) -> Layout | None:
    """A layout with every booking at its start; None is a proof that there is none.

    Raises
    ------
    OutOfNodes
        If neither was found with the effort given.
    """
    tasks = _tasks(standing)
    if frame.policy.admin_scope == "week":
        return most_admin(frame, tasks, _doubles(standing))
    return lay_out(frame, tasks, due(frame.day, standing), _doubles(standing))


def due(day: Day, standing: Standing) -> int:
    """Minutes of admin due for a day and its bookings."""
    return day.admin_base + sum(a.admin for a, _ in standing)


def entries_of(frame: Frame, layout: Layout) -> tuple[Entry, ...]:
    """A layout as the entries of the day's shifts, which they cover."""
    shifts = tuple(s.shift for s in frame.day.shifts)
    return diary(replace(frame.clinician, shifts=shifts), {frame.key: layout}).entries


def blamed(frame: Frame, standing: Standing) -> tuple[Reason, ...]:
    """The rule without which a day could be laid out, admin before breaks before lunch; else together.

    Raises
    ------
    OutOfNodes
        If it was not found with the effort given.
    """
    booked = sum(a.minutes for a, _ in standing)
    alone = next((reason for reason, enough in _without(frame, standing, booked) if enough), None)
    if alone is not None:
        return (alone,)
    free = sum(span.minutes for _, span in frame.pieces)
    text = (
        f"The day of {frame.clinician.id} has {free} minutes that are not committed, {booked} of them booked;"
        " lunch, the breaks"
    )
    if frame.policy.admin_scope == "day":
        text = f"{text} and {due(frame.day, standing)} minutes of admin"
    return tuple(Reason(rule, f"{text} do not all fit beside the bookings.") for rule in ("breaks", "lunch"))


def _without(frame: Frame, standing: Standing, booked: int) -> Iterator[tuple[Reason, bool]]:
    """Each rule that may be to blame, and whether the day could be laid out if it alone were left out."""
    tasks, doubles = _tasks(standing), _doubles(standing)
    weekly = frame.policy.admin_scope == "week"
    need = 0 if weekly else due(frame.day, standing)
    if not weekly:
        most = most_admin(frame, tasks, doubles)
        if most is not None:
            text = f"{frame.clinician.id} would have {most.admin} minutes of admin a day at most"
            yield Reason("admin", f"{text}, {need} are due."), True
    restless = _with_policy(frame, max_contact_run_minutes=_ENDLESS)
    limit, rest = frame.policy.max_contact_run_minutes, frame.policy.break_minutes
    text = f"{frame.clinician.id} would have {booked} minutes of contact that day, with no place for a break"
    text = f"{text} of {rest} minutes after every {limit}."
    yield Reason("breaks", text), lay_out(restless, tasks, need, doubles) is not None
    if any(s.lunch_places for s in frame.day.shifts):
        text = (
            f"{frame.clinician.id} would have no place for a lunch of {frame.policy.lunch_minutes} minutes."
        )
        yield (
            Reason("lunch", text),
            lay_out(_lunchless(frame.clinician, frame.day, frame.pieces), tasks, need, doubles) is not None,
        )
    if doubles:
        text = (
            f"{frame.clinician.id} has no time for the second patient of a double that touches nothing else."
        )
        easy = _with_policy(frame, max_unreserved_risk=1.0)
        yield Reason("reserve", text), lay_out(easy, tasks, need, doubles) is not None


def _with_policy(frame: Frame, **changes: float) -> Frame:
    policy = replace(frame.clinician.policy, **changes)  # type: ignore[arg-type]
    return Frame(replace(frame.clinician, policy=policy), frame.day, frame.pieces, frame.fillings)


@lru_cache(maxsize=1024)
def _lunchless(clinician: Clinician, day: Day, pieces: tuple[tuple[int, Span], ...]) -> Frame:
    shifts = tuple(replace(s, lunch_places=()) for s in day.shifts)
    return Frame(clinician, replace(day, shifts=shifts), pieces)


def _tasks(standing: Standing) -> list[Task]:
    return [task_of(a, (start,)) for a, start in standing]


def _doubles(standing: Standing) -> int:
    return len(standing) - len({start for _, start in standing})


def day_of(clinician: Clinician, minute: int) -> Day | None:
    """The day of the shift in progress at a minute."""
    found = (day for day in days(clinician) for s in day.shifts if s.shift.start <= minute < s.shift.end)
    return next(found, None)


def standing_of(appointments: tuple[Appointment, ...], bookings: Iterable[Booking]) -> Standing:
    """Bookings of one day, in the layout's terms."""
    return tuple((appointments[b.appointment], b.start) for b in bookings)
