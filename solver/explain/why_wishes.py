"""What the patient would have to agree to: another time, another mode, another clinician.

Only where that is needed: a start that is open to the appointment as it is asks nobody to agree to anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from solver.explain.why_edits import replaced
from solver.explain.why_proposal import Now, Proposal, proved, written
from solver.explain.why_there import Placing, There
from solver.explain.why_tries import TRIES, allowed, at_most_one
from solver.question.clinic import Appointment, Clinic, Span
from solver.question.request import Mode

MODES: tuple[Mode, ...] = ("telephone", "video", "in_person")


def other_windows(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """The patient could come at another time: the least that a window would have to grow."""
    if not appointment.windows:
        return
    placing = now.trying(replace(appointment, windows=()))
    starts = sorted(
        _closed(now, placing, appointment), key=lambda at: (_growth(appointment, at[1]), at[1], at[0])
    )
    for there in islice(allowed(placing, starts), TRIES):
        windows, more = _wider(now.clinic, appointment, Span(there.start, _ends(there)))
        told = [{"start": written(now.clinic, w.start), "end": written(now.clinic, w.end)} for w in windows]
        text = f"If the patient of {appointment.id} could also come {now.at(there.clinician, there.start)}"
        text = f"{text} ({more}), it could be booked there."
        edits = [replaced(told, "appointments", appointment.index, "windows")]
        yield from at_most_one(proved(now, "windows", text, edits, [there.booking]))


def other_mode(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """The contact could be in another mode."""
    for mode in MODES if appointment.mode else ():
        if mode == appointment.mode or mode == "in_person":
            continue
        placing = now.trying(replace(appointment, mode=mode))
        for there in islice(allowed(placing, _closed(now, placing, appointment)), 2):
            place = now.at(there.clinician, there.start)
            text = f"By {mode} instead of {appointment.mode}, {appointment.id} could be booked {place}."
            edits = [replaced(mode, "appointments", appointment.index, "mode")]
            yield from at_most_one(proved(now, "mode", text, edits, [there.booking]))


def other_clinician(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """Somebody else than its own clinician could see the patient."""
    if appointment.clinician is None:
        return
    placing = now.trying(replace(appointment, clinician=None))
    for there in islice(allowed(placing, _closed(now, placing, appointment)), TRIES):
        place = now.at(there.clinician, there.start)
        text = f"Without continuity of clinician, {appointment.id} could be booked {place}."
        edits = [replaced(None, "appointments", appointment.index, "clinician")]
        yield from at_most_one(proved(now, "continuity", text, edits, [there.booking]))


def _closed(now: Now, wider: Placing, appointment: Appointment) -> Iterator[tuple[int, int]]:
    """The starts that other wishes would open, without those that are open now."""
    open_now = set(Placing(now.standing, appointment).starts())
    return (at for at in wider.starts() if at not in open_now)


def _growth(appointment: Appointment, start: int) -> int:
    """Minutes that the nearest window lacks to hold a booking at a start."""
    return min(_lacks(w, start, start + appointment.minutes) for w in appointment.windows)


def _lacks(window: Span, start: int, end: int) -> int:
    return max(0, window.start - start) + max(0, end - window.end)


def _ends(there: There) -> int:
    """When the booking is over for its patient, who may have to wait through the reserve of a double."""
    entries = next(diary.entries for diary in there.diaries if diary.clinician == there.clinician)
    (slot,) = (e for e in entries if e.start == there.start and there.appointment in e.appointments)
    if len(slot.appointments) == 1:
        return slot.end
    return next((e.end for e in entries if e.start == slot.end and e.kind == "reserve"), slot.end)


def _wider(clinic: Clinic, appointment: Appointment, wanted: Span) -> tuple[list[Span], str]:
    """The windows with a stretch in them, and what that is: one of the same day longer, or one more."""
    day = clinic.moment(wanted.start).date()
    of_that_day = [w for w in appointment.windows if clinic.moment(w.start).date() == day]
    if not of_that_day:
        return sorted((*appointment.windows, wanted)), f"a window of {wanted.minutes} minutes more"
    lacks = {w: _lacks(w, wanted.start, wanted.end) for w in of_that_day}
    nearest = min(of_that_day, key=lacks.__getitem__)
    grown = Span(min(nearest.start, wanted.start), max(nearest.end, wanted.end))
    windows = [grown if w == nearest else w for w in appointment.windows]
    return windows, f"a window {lacks[nearest]} minutes longer"
