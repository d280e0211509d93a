"""Small changes that place one more appointment: decide it, ask the patient, open a room, stay longer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from solver.explain.why_day import day_of, due, standing_of
from solver.explain.why_edits import Edit, added, replaced
from solver.explain.why_new_time import more_time
from solver.explain.why_proposal import KINDS, Now, Proposal, pinned, proved, written
from solver.explain.why_rearranged import rearranged
from solver.explain.why_there import Obstacle, Placing, There, applied
from solver.question.clinic import STEP, Appointment, Clinician, Shift, Span
from solver.question.eligibility import eligible_starts, may_see
from solver.question.moment import instant
from solver.question.request import Mode
from solver.question.when import when
from solver.rota import Booking
from solver.rules import eligible, queue_order, rooms
from solver.search.gap import frames
from solver.search.layout import OutOfNodes, lay_out
from solver.search.plan import task_of

MODES: tuple[Mode, ...] = ("telephone", "video", "in_person")

MOST_TRIED = 400
"""Starts tried a kind, and TRIES places verified a kind, before it is given up."""

TRIES = 4

MOST_AHEAD = 5
"""People in a queue who are placed first, so that its order is kept."""

LONGER = (15, 30, 45, 60, 90, 120)
"""Minutes by which a shift may be proposed to end later."""


def proposals(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """Verified proposals that place an appointment, at most one a kind, smallest change first."""
    for kind in KINDS:
        found = next(_WAYS[kind](now, appointment), None)
        if found is not None:
            yield found


def ahead(now: Now, appointment: Appointment) -> list[Appointment]:
    """The unplaced who come before an appointment in its queue, first in the queue first."""
    queue = next((q for q in queue_order.queues(now.clinic) if appointment in q), ())
    before = queue[: queue.index(appointment)] if queue else ()
    stands_outside = _others_booked(now)
    if appointment.index in stands_outside:
        return []
    return [a for a in before if a.index not in {*now.standing.booked, *stands_outside}]


def _others_booked(now: Now) -> set[int]:
    """Appointments whose patients have another booking this week, and so stand outside their queue."""
    patients = now.clinic.by_patient
    held = {p: [i for i in own if i in now.standing.booked] for p, own in patients.items()}
    return {a.index for a in now.clinic.appointments if any(i != a.index for i in held[a.patient])}


def _allowed(placing: Placing, starts: Iterable[tuple[int, int]]) -> Iterator[There]:
    tried = (placing.there(*at, blame=False) for at in islice(placing.hopeful(starts), MOST_TRIED))
    return (there for there in tried if there.allowed)


def _pin(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """It fits, and a pin decides it."""
    placing = Placing(now.standing, appointment)
    if placing.behind:
        return
    found = sorted(_allowed(placing, placing.starts()), key=lambda t: (t.cost, t.start, t.clinician))
    for there in found[:TRIES]:
        text = f"Pin {appointment.id} to {now.at(there.clinician, there.start)}; nothing else has to move."
        yield from _one(proved(now, "pin", text, [pinned(now, there.booking)], [there.booking]))


def _queue(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """Those who come first in the queue fit too, one after the other."""
    first = ahead(now, appointment)
    if not first or len(first) > MOST_AHEAD:
        return
    rota, bookings = now.rota, list[Booking]()
    for one in (*first, appointment):
        placing = Placing(now.beside(now.clinic, rota), one)
        if placing.behind:
            return
        there = min(_allowed(placing, placing.starts()), key=lambda t: (t.cost, t.start), default=None)
        if there is None:
            return
        rota, bookings = applied(rota, there), [*bookings, there.booking]
    places = "; ".join(
        f"{now.clinic.appointments[b.appointment].id} to {now.at(b.clinician, b.start)}" for b in bookings
    )
    text = f"Pin {places}: those who come first in the queue are placed first."
    yield from _one(proved(now, "queue", text, [pinned(now, b) for b in bookings], bookings))


def _off_grid(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """It fits between two starts of the grid, or at a start that is not given."""
    placing = Placing(now.standing, appointment)
    if placing.behind:
        return
    between = (
        (c.index, start)
        for c in now.clinic.clinicians
        if may_see(appointment, c)
        for shift in c.shifts
        for start in range(shift.start, shift.end - appointment.minutes + 1, STEP)
        if _in_windows(appointment, start)
    )
    tried = (placing.there(*at, blame=False) for at in islice(placing.hopeful(between), MOST_TRIED))
    for there in islice((t for t in tried if _only(t.obstacles, eligible.NAME, "start")), TRIES):
        yield from _one(_started(now, appointment, there.booking))


def _started(now: Now, appointment: Appointment, booking: Booking) -> Proposal | None:
    clinician = now.clinic.clinicians[booking.clinician]
    place = now.at(booking.clinician, booking.start)
    if clinician.slots is None:
        text = f"Pin {appointment.id} to {place}, which is no point of the grid; nothing else has to move."
        return proved(now, "off_grid", text, [pinned(now, booking)], [booking])
    slot = {"start": written(now.clinic, booking.start), "minutes": appointment.minutes}
    text = f"Give one more slot, {place}, for {appointment.minutes} minutes."
    edits = [added(slot, "clinicians", clinician.index, "slots")]
    return proved(now, "off_grid", text, edits, [booking])


def _windows(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """The patient could come at another time: the least that a window would have to grow."""
    if not appointment.windows:
        return
    placing = now.trying(replace(appointment, windows=()))
    starts = sorted(placing.starts(), key=lambda at: (_growth(appointment, at[1]), at[1], at[0]))
    for there in islice(_allowed(placing, starts), TRIES):
        windows = _grown(appointment, there.start)
        told = [{"start": written(now.clinic, w.start), "end": written(now.clinic, w.end)} for w in windows]
        more = _growth(appointment, there.start)
        text = f"If the patient of {appointment.id} could also come {now.at(there.clinician, there.start)}"
        text = f"{text} (a window {more} minutes longer), it could be booked there."
        edits = [replaced(told, "appointments", appointment.index, "windows")]
        yield from _one(proved(now, "windows", text, edits, [there.booking]))


def _mode(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """The contact could be in another mode."""
    for mode in MODES if appointment.mode else ():
        if mode == appointment.mode or mode == "in_person":
            continue
        placing = now.trying(replace(appointment, mode=mode))
        for there in islice(_allowed(placing, placing.starts()), 2):
            place = now.at(there.clinician, there.start)
            text = f"By {mode} instead of {appointment.mode}, {appointment.id} could be booked {place}."
            edits = [replaced(mode, "appointments", appointment.index, "mode")]
            yield from _one(proved(now, "mode", text, edits, [there.booking]))


def _continuity(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """Somebody else than its own clinician could see the patient."""
    if appointment.clinician is None:
        return
    placing = now.trying(replace(appointment, clinician=None))
    for there in islice(_allowed(placing, placing.starts()), TRIES):
        place = now.at(there.clinician, there.start)
        text = f"Without continuity of clinician, {appointment.id} could be booked {place}."
        edits = [replaced(None, "appointments", appointment.index, "clinician")]
        yield from _one(proved(now, "continuity", text, edits, [there.booking]))


def _room(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """One more room at a site."""
    if not (appointment.in_person and now.clinic.rooms):
        return
    placing = Placing(now.standing, appointment)
    tried = (placing.there(*at, blame=False) for at in islice(placing.hopeful(placing.starts()), MOST_TRIED))
    sites = [told.site for told in now.question.request.rooms]
    for there in islice((t for t in tried if t.rules == (rooms.NAME,)), TRIES):
        shift = _shift(now.clinic.clinicians[there.clinician], there.start)
        site = str(shift.site)
        number = now.clinic.rooms[site] + 1
        place = now.at(there.clinician, there.start)
        text = f"With {number} rooms at {site} in place of {number - 1}, {appointment.id} fits {place}."
        edits = [replaced(number, "rooms", sites.index(site), "rooms")]
        yield from _one(proved(now, "room", text, edits, [there.booking]))


def _longer_shift(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """A shift could end later; legal floors and the clinician's own caps still hold."""
    found = (
        (more, clinician, shift, start)
        for more in LONGER
        for clinician in now.clinic.clinicians
        for shift, start in _extended(now, appointment, clinician, more)
    )
    for more, clinician, shift, start in islice(found, TRIES):
        booking = Booking(appointment.index, clinician.index, start)
        index = _told(now, clinician, shift)
        end = written(now.clinic, shift.end + more)
        text = f"If {clinician.id} stayed {more} minutes longer, until {when(now.clinic, shift.end + more)},"
        text = f"{text} {appointment.id} could be booked {now.at(clinician.index, start)}."
        edits: list[Edit] = [replaced(end, "clinicians", clinician.index, "shifts", index, "end")]
        yield from _one(proved(now, "longer_shift", text, edits, [booking]))


def _extended(
    now: Now, appointment: Appointment, clinician: Clinician, more: int
) -> Iterator[tuple[Shift, int]]:
    """Shifts that would take the appointment if they ended later, each with a start."""
    if not may_see(appointment, clinician) or clinician.policy.admin_scope == "week":
        return
    for shift in clinician.shifts:
        longer = replace(shift, end=shift.end + more)
        if any(other != shift and other.touches(longer.start, longer.end) for other in clinician.shifts):
            continue
        team = tuple(longer if other == shift else other for other in clinician.shifts)
        start = _start_in(now, appointment, replace(clinician, shifts=team), shift.day)
        if start is not None:
            yield shift, start


def _start_in(now: Now, appointment: Appointment, clinician: Clinician, day: int) -> int | None:
    """A start for the appointment in a day of a changed clinician, all others at their places."""
    placing = Placing(now.standing, appointment)
    frame = next(f for f in frames(clinician) if f.key[1] == day)
    starts = tuple(t for t in eligible_starts(appointment, clinician) if _day(clinician, t) == day)
    if not starts or placing.barred(clinician.index, day):
        return None
    standing = standing_of(now.clinic.appointments, now.standing.on.get(frame.key, []))
    doubles = len(standing) - len({start for _, start in standing})
    tasks = [*(task_of(a, (t,)) for a, t in standing), task_of(appointment, starts)]
    try:
        layout = lay_out(frame, tasks, due(frame.day, standing) + appointment.admin, doubles)
    except OutOfNodes:
        return None
    entries = layout.entries if layout else ()
    return next((e.start for e in entries if appointment.index in e.appointments), None)


def _day(clinician: Clinician, minute: int) -> int | None:
    day = day_of(clinician, minute)
    return day.day if day else None


def _shift(clinician: Clinician, minute: int) -> Shift:
    return next(s for s in clinician.shifts if s.start <= minute < s.end)


def _told(now: Now, clinician: Clinician, shift: Shift) -> int:
    """The place of a shift in the request's list."""
    told = now.question.request.clinicians[clinician.index].shifts
    wanted = now.clinic.moment(shift.start)
    return next(i for i, s in enumerate(told) if instant(s.start) == wanted)


def _only(obstacles: tuple[Obstacle, ...], rule: str, field: str) -> bool:
    return bool(obstacles) and all(o.rule == rule and o.field == field for o in obstacles)


def _in_windows(appointment: Appointment, start: int) -> bool:
    end = start + appointment.minutes
    return not appointment.windows or any(w.holds(start, end) for w in appointment.windows)


def _growth(appointment: Appointment, start: int) -> int:
    """Minutes that the nearest window lacks to hold a booking at a start."""
    return min(_lacks(w, start, start + appointment.minutes) for w in appointment.windows)


def _lacks(window: Span, start: int, end: int) -> int:
    return max(0, window.start - start) + max(0, end - window.end)


def _grown(appointment: Appointment, start: int) -> list[Span]:
    end = start + appointment.minutes
    nearest = min(appointment.windows, key=lambda w: _lacks(w, start, end))
    grown = Span(min(nearest.start, start), max(nearest.end, end))
    return [grown if w == nearest else w for w in appointment.windows]


def _one(found: Proposal | None) -> Iterator[Proposal]:
    if found is not None:
        yield found


def _rearranged(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    if not Placing(now.standing, appointment).behind:
        yield from rearranged(now, appointment)


def _more_time(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    yield from more_time(now, [*ahead(now, appointment), appointment])


_WAYS: dict[str, Callable[[Now, Appointment], Iterator[Proposal]]] = {
    "pin": _pin,
    "queue": _queue,
    "off_grid": _off_grid,
    "rearranged": _rearranged,
    "windows": _windows,
    "mode": _mode,
    "continuity": _continuity,
    "room": _room,
    "longer_shift": _longer_shift,
    "more_time": _more_time,
}
