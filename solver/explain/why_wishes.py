"""What the patient would have to agree to: another time, another mode, another clinician."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from solver.explain.why_edits import replaced
from solver.explain.why_proposal import Now, Proposal, proved, written
from solver.explain.why_tries import TRIES, allowed, at_most_one
from solver.question.clinic import Appointment, Span
from solver.question.request import Mode

MODES: tuple[Mode, ...] = ("telephone", "video", "in_person")


def other_windows(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """The patient could come at another time: the least that a window would have to grow."""
    if not appointment.windows:
        return
    placing = now.trying(replace(appointment, windows=()))
    starts = sorted(placing.starts(), key=lambda at: (_growth(appointment, at[1]), at[1], at[0]))
    for there in islice(allowed(placing, starts), TRIES):
        windows = _grown(appointment, there.start)
        told = [{"start": written(now.clinic, w.start), "end": written(now.clinic, w.end)} for w in windows]
        more = _growth(appointment, there.start)
        text = f"If the patient of {appointment.id} could also come {now.at(there.clinician, there.start)}"
        text = f"{text} (a window {more} minutes longer), it could be booked there."
        edits = [replaced(told, "appointments", appointment.index, "windows")]
        yield from at_most_one(proved(now, "windows", text, edits, [there.booking]))


def other_mode(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """The contact could be in another mode."""
    for mode in MODES if appointment.mode else ():
        if mode == appointment.mode or mode == "in_person":
            continue
        placing = now.trying(replace(appointment, mode=mode))
        for there in islice(allowed(placing, placing.starts()), 2):
            place = now.at(there.clinician, there.start)
            text = f"By {mode} instead of {appointment.mode}, {appointment.id} could be booked {place}."
            edits = [replaced(mode, "appointments", appointment.index, "mode")]
            yield from at_most_one(proved(now, "mode", text, edits, [there.booking]))


def other_clinician(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """Somebody else than its own clinician could see the patient."""
    if appointment.clinician is None:
        return
    placing = now.trying(replace(appointment, clinician=None))
    for there in islice(allowed(placing, placing.starts()), TRIES):
        place = now.at(there.clinician, there.start)
        text = f"Without continuity of clinician, {appointment.id} could be booked {place}."
        edits = [replaced(None, "appointments", appointment.index, "clinician")]
        yield from at_most_one(proved(now, "continuity", text, edits, [there.booking]))


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
