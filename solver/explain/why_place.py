"""More of what the place and the team give: one more room, a shift that ends later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from solver.explain.why_admin import needs
from solver.explain.why_day import day_of, standing_of
from solver.explain.why_edits import Edit, replaced
from solver.explain.why_proposal import Now, Proposal, proved, written
from solver.explain.why_there import Placing
from solver.explain.why_tries import MOST_TRIED, TRIES, at_most_one
from solver.question.clinic import Appointment, Clinician, Shift
from solver.question.eligibility import eligible_starts, may_see
from solver.question.moment import instant
from solver.question.when import when
from solver.rota import Booking
from solver.rules import rooms
from solver.search.gap import frames
from solver.search.layout import OutOfNodes, lay_out
from solver.search.plan import task_of

LONGER = (15, 30, 45, 60, 90, 120)
"""Minutes by which a shift may be proposed to end later."""


AGREED = "It is time of their own, so only if they agree."
"""Of a longer shift: what a patient gains there a clinician gives."""


def one_more_room(now: Now, appointment: Appointment) -> Iterator[Proposal]:
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
        yield from at_most_one(proved(now, "room", text, edits, [there.booking]))


def longer_shift(now: Now, appointment: Appointment) -> Iterator[Proposal]:
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
        text = f"{text} {appointment.id} could be booked {now.at(clinician.index, start)}. {AGREED}"
        edits: list[Edit] = [replaced(end, "clinicians", clinician.index, "shifts", index, "end")]
        yield from at_most_one(proved(now, "longer_shift", text, edits, [booking]))


def _extended(
    now: Now, appointment: Appointment, clinician: Clinician, more: int
) -> Iterator[tuple[Shift, int]]:
    """Shifts that would take the appointment if they ended later, each with a start."""
    if not may_see(appointment, clinician):
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
    *_, least = needs(now.standing, frame, appointment)
    try:
        layout = lay_out(frame, tasks, least.minutes, doubles)
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
