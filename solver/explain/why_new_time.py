"""More clinician time, so that nobody who is there has to give any: one more clinician, as long as needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count

from solver.explain.why_edits import Edit, added, patched, replaced
from solver.explain.why_proposal import Now, Proposal, checked, first_start, with_diaries, written
from solver.explain.why_there import Placing, applied
from solver.question.clinic import STEP, Appointment, Clinic, Span
from solver.question.eligibility import needed_site
from solver.question.when import when

LONGEST = 360
"""Minutes of the longest shift that is proposed; a lunch may be due in a longer one."""

STEPS = (0, 15, 30, 60, 120, 240, LONGEST)
"""Minutes beyond contact and notes that a shift is tried with, shortest first."""


def more_time(now: Now, wanted: list[Appointment]) -> Iterator[Proposal]:
    """One more clinician who sees these appointments, which are alike, in their order.

    What bars every clinician is lifted with it, and said: their own clinician, windows that are too short,
    rooms that are all taken.
    """
    first = wanted[0]
    crowded = first.in_person and first.site in now.clinic.rooms
    for any_time in (False, True) if first.windows else (True,):
        for rooms in (0, 1) if crowded else (0,):
            for shifts in _tried(now.clinic, wanted, any_time=any_time):
                lifted = [*_lifted(wanted, any_time=any_time), *_more_rooms(now, first, rooms)]
                yield from _proposed(now, wanted, shifts, lifted)


def _tried(clinic: Clinic, wanted: list[Appointment], *, any_time: bool) -> Iterator[list[Span]]:
    """Shifts to try, the shortest first: one if that will do, else as many days as needed for several."""
    sessions = _sessions(clinic, wanted[0], any_time=any_time)
    if len(wanted) == 1:
        for session in sessions:
            for extra in STEPS:
                yield [_cut(clinic, session, min(_needed(wanted[0]) + extra, LONGEST))]
        return
    together = sum(map(_needed, wanted))
    for session in sessions[:1]:
        for extra in STEPS:
            if together + extra < LONGEST:
                yield [_cut(clinic, session, together + extra)]
    shifts = [_cut(clinic, session, LONGEST) for session in sessions]
    yield from (shifts[:number] for number in range(1, len(shifts) + 1))


def _proposed(
    now: Now, wanted: list[Appointment], shifts: list[Span], lifted: list[Edit]
) -> Iterator[Proposal]:
    first, minutes = wanted[0], sum(a.minutes for a in wanted)
    name = next(f"more{i}" for i in count(1) if all(c.id != f"more{i}" for c in now.clinic.clinicians))
    site = needed_site(first)
    target = min(-(-minutes * 2 // STEP) * STEP, 2880)
    told = {
        "id": name,
        "target_minutes": minutes if now.clinic.policy.max_booked_ratio >= 1 else target,
        "ceiling_minutes": max(minutes, target),
        "skills": sorted(first.skills),
        "shifts": [
            {"start": written(now.clinic, s.start), "end": written(now.clinic, s.end), "site": site}
            for s in shifts
        ],
    }
    theirs = [replaced(name, "appointments", a.index, "clinician") for a in wanted if a.clinician is not None]
    edits = [added(told, "clinicians"), *theirs, *lifted]
    question = patched(now.question.request, edits)
    if question is None:
        return
    rota = with_diaries(question.clinic, now.rota)
    for a in wanted:
        one = question.clinic.appointments[a.index]
        placing = Placing(now.beside(question.clinic, rota), one)
        booking = None if placing.behind else first_start(placing, len(now.clinic.clinicians))
        if booking is None:
            return
        rota = applied(rota, placing.there(booking.clinician, booking.start))
    text = _said(now, wanted, shifts, edits)
    found = checked(now, "more_time", text, edits, question, rota)
    if found is not None:
        yield found


def _said(now: Now, wanted: list[Appointment], shifts: list[Span], edits: list[Edit]) -> str:
    spans = ", ".join(f"{when(now.clinic, s.start)} to {when(now.clinic, s.end)}" for s in shifts)
    skills = ", ".join(sorted(wanted[0].skills))
    who = f"One more clinician{f' with {skills}' if skills else ''}, {spans}"
    what = f"could see {wanted[-1].id}"
    if len(wanted) > 1:
        before = f"the {len(wanted) - 1} who come" if len(wanted) > 2 else "the one who comes"
        what = f"{what}, and {before} before it in the queue"
    also = {edit.path.rsplit("/", 1)[1] for edit in edits[1:]}
    lifted = [_LIFTED[field] for field in sorted(also)]
    return f"{who}, {what}{''.join(f'; {text}' for text in lifted)}."


_LIFTED = {
    "clinician": "its own clinician would not see the patient",
    "windows": "the patient would have to come at other times",
    "rooms": "one more room would be needed",
}


def _lifted(wanted: list[Appointment], *, any_time: bool) -> Iterator[Edit]:
    for a in wanted:
        if a.windows and any_time:
            yield replaced([], "appointments", a.index, "windows")


def _more_rooms(now: Now, first: Appointment, rooms: int) -> Iterator[Edit]:
    for index, told in enumerate(now.question.request.rooms if rooms else ()):
        if told.site == first.site:
            yield replaced(told.rooms + rooms, "rooms", index, "rooms")


def _needed(a: Appointment) -> int:
    return -(-(a.minutes + a.admin) // STEP) * STEP


def _sessions(clinic: Clinic, a: Appointment, *, any_time: bool) -> list[Span]:
    """Stretches, one a day at most, in which a new shift could start and hold the appointment."""
    if any_time:
        return [Span(start, start + LONGEST) for start in (_morning(clinic, d) for d in range(5))]
    long = [w for w in a.windows if w.minutes >= a.minutes]
    by_date = {clinic.moment(w.start).date(): w for w in reversed(long)}
    return sorted(by_date.values())


def _morning(clinic: Clinic, day: int) -> int:
    """The minute of the week at which clocks show 9 on a day."""
    shown = datetime.combine(clinic.date(day), time(9), clinic.zone)
    return int((shown.timestamp() - clinic.start.timestamp()) // 60)


def _cut(clinic: Clinic, session: Span, length: int) -> Span:
    """A shift from the start of a session, inside the week."""
    last = datetime.combine(clinic.date(6) + timedelta(days=1), time(), clinic.zone)
    ends = int((last.timestamp() - clinic.start.timestamp()) // 60)
    return Span(session.start, min(session.start + length, ends))
