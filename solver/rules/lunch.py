r"""Lunch: a long shift has exactly one lunch, strictly inside it, at lunch time if that is possible.

.. math:: |s| - |leave \cap s| > L \Rightarrow \sum_i l_i = 1, \quad
          [s_i, e_i) \subseteq \text{a permitted place}, \quad e_i - s_i \ge m

``L`` is ``lunch_if_over_minutes``, ``m`` is ``lunch_minutes``, ``l`` is 1 for a lunch entry. The permitted
places are those of `solver.question.day`: inside the lunch window where it holds one that is free
of commitments, else anywhere free; a shift with no place needs no lunch and takes no bookings. A shift
that is due none may have one. Source: problem, section 2; Working Time Regulations 1998, regulation 12.
"""

from __future__ import annotations

from collections.abc import Iterator

from solver.diaries import shift_entries, slots
from solver.model.day import DayModel, cells
from solver.model.week import FrameKey, WeekModel
from solver.question.clinic import STEP, Clinic, Clinician
from solver.question.day import ShiftDay, shift_day
from solver.question.when import when
from solver.rota import Entry, Rota
from solver.rules.rule import Breach

NAME = "lunch"
STATEMENT = "Every long shift has one whole lunch, at lunch time if it can be, and never at the shift's edge."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Shifts with a missing, short, misplaced or second lunch; bookings where no lunch can be."""
    for clinician, shift, rows in shift_entries(clinic, rota):
        lunches = [entry for entry in rows if entry.kind == "lunch"]
        for fault in _faults(clinic, clinician, shift_day(clinician, shift), lunches):
            text = f"{clinician.id}, shift from {when(clinic, shift.start)}: {fault}."
            yield Breach(NAME, clinician.id, shift.day, text)
    yield from _booked_without_lunch(clinic, rota)


def _faults(clinic: Clinic, clinician: Clinician, shift: ShiftDay, lunches: list[Entry]) -> Iterator[str]:
    if len(lunches) > 1:
        yield f"it has {len(lunches)} lunches, not 1"
    if not shift.lunch_places:
        return
    least = clinician.policy.lunch_minutes
    if not lunches:
        yield f"it has no lunch of {least} minutes"
    for lunch in lunches:
        if lunch.minutes < least:
            yield f"its lunch lasts {lunch.minutes} minutes, less than {least}"
        if not any(place.holds(lunch.start, lunch.end) for place in shift.lunch_places):
            spans = ((when(clinic, p.start), when(clinic, p.end)) for p in shift.lunch_places)
            places = " and ".join(f"{start} to {end}" for start, end in spans)
            yield f"its lunch from {when(clinic, lunch.start)} lies outside {places}"


def _booked_without_lunch(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    for slot in slots(clinic, rota):
        if slot.shift is not None and not shift_day(slot.clinician, slot.shift).takes_bookings:
            ids = ", ".join(a.id for a in slot.appointments)
            where = f"{ids} with {slot.clinician.id} at {when(clinic, slot.start)}"
            least = slot.clinician.policy.lunch_minutes
            text = f"{where}: the shift has no place for {least} minutes of lunch, so it takes no bookings."
            yield Breach(NAME, slot.clinician.id, slot.shift.day, text)


def post_week(week: WeekModel) -> None:
    """A lunch that is due takes its minutes; a shift without a place for it has no columns but pins."""
    for key, day in week.days.items():
        lunches = sum(bool(shift.lunch_places) for shift in day.shifts)
        week.due[key] += lunches * week.clinician(key).policy.lunch_minutes


def post_day(day: DayModel) -> None:
    """One lunch where it is due, long enough and in a permitted place; at most one where it is not."""
    for key in day.bookings:
        least = day.clinician(key).policy.lunch_minutes
        for shift in day.days[key].shifts:
            begun = [cell for stretch in shift.free for cell in cells(stretch)]
            terms = [(1, day.begins["lunch", key, cell]) for cell in begun]
            day.programme.row(NAME, terms, lower=1 if shift.lunch_places else 0, upper=1)
            if not shift.takes_bookings:
                _post_closed(day, key, shift)
            for cell in begun if shift.lunch_places else ():
                if not any(place.holds(cell, cell + STEP) for place in shift.lunch_places):
                    day.programme.fix(day.on["lunch", key, cell], 0)
                _post_length(day, key, cell, least)


def _post_closed(day: DayModel, key: FrameKey, shift: ShiftDay) -> None:
    for (frame, start, _), slot in day.slots.items():
        if frame == key and shift.shift.start <= start < shift.shift.end:
            day.programme.fix(slot, 0)


def _post_length(day: DayModel, key: FrameKey, cell: int, least: int) -> None:
    begins = day.begins["lunch", key, cell]
    for later in range(cell + STEP, cell + least, STEP):
        if ("lunch", key, later) in day.on:
            day.programme.row(NAME, [(1, begins), (-1, day.on["lunch", key, later])], upper=0)
        else:
            day.programme.fix(begins, 0)
