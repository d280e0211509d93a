r"""Eligible: a booking stands where its clinician, its patient and the diary allow it.

.. math:: x_{act} = 1 \Rightarrow (a, c, t) \in E; \qquad
          \text{double at } (c, t) \Rightarrow [t, r) \subseteq \text{a window of } a, \text{ both } a

``E`` is `solver.question.eligibility.fits`; ``t`` and ``r`` minutes since the week began; ``r`` is the end
of the double's slot, and of the reserve that starts there if one does. Source: problem, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from solver.diaries import HeldSlot, entries, slots
from solver.model.day import DayModel
from solver.question.clinic import STEP, Appointment, Clinic
from solver.question.eligibility import fits, windows_hold
from solver.question.when import when
from solver.rota import Entry, Rota
from solver.rules.rule import Breach

NAME = "eligible"
STATEMENT = "Every booking is with a clinician who may take it, at a time when clinician and patient can."

FAR = 1 << 20
"""A minute after every week."""


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Bookings that stand where they may not."""
    rows = entries(rota)
    for slot in slots(clinic, rota):
        yield from _misplaced(clinic, slot)
        if slot.is_double:
            yield from _outside_window(clinic, slot, rows.get(slot.clinician.index, []))


def _misplaced(clinic: Clinic, slot: HeldSlot) -> Iterator[Breach]:
    for appointment in slot.appointments:
        fault = fits(appointment, slot.clinician, slot.start)
        if fault is not None:
            place = f"with {slot.clinician.id} at {when(clinic, slot.start)}"
            yield _breach(slot, f"Appointment {appointment.id} may not be {place}: {fault}.")


def _outside_window(clinic: Clinic, slot: HeldSlot, rows: list[Entry]) -> Iterator[Breach]:
    reserved = max((e.end for e in rows if e.kind == "reserve" and e.start == slot.end), default=slot.end)
    for appointment in slot.appointments:
        if not windows_hold(appointment, slot.start, reserved):
            needed = f"the {reserved - slot.start} minutes from {when(clinic, slot.start)}"
            text = f"No window of appointment {appointment.id} holds {needed}, its double and the reserve."
            yield _breach(slot, text)


def _breach(slot: HeldSlot, text: str) -> Breach:
    return Breach(NAME, slot.clinician.id, slot.shift.day if slot.shift else None, text)


def post_day(day: DayModel) -> None:
    """In a double no patient's window ends before the slot and the reserve entry behind it do."""
    for key in day.bookings:
        for start, (first, x), (second, y) in day.pairs(key):
            after = start + max(day.appointment(first).minutes, day.appointment(second).minutes)
            held = min(_held(day.appointment(first), start), _held(day.appointment(second), start))
            if held < after:
                day.programme.row(NAME, [(1, x), (1, y)], upper=1)
            elif all(("reserve", key, cell) in day.on for cell in range(after, held + STEP, STEP)):
                apart = [
                    (-1, day.begins["reserve", key, cell]) for cell in range(after + STEP, held + STEP, STEP)
                ]
                if held == after:
                    beyond = (1, day.begins["reserve", key, held])
                else:
                    beyond = (1, day.on["reserve", key, held])
                day.programme.row(NAME, [(1, x), (1, y), beyond, *apart], upper=2)


def _held(appointment: Appointment, start: int) -> int:
    """The end of the longest window that holds a start; far away where any time will do."""
    if not appointment.windows:
        return FAR
    return max((w.end for w in appointment.windows if w.start <= start < w.end), default=start)
