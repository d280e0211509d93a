r"""Admin: the notes of every booking have their time in the day (or in the week).

.. math:: \sum_i w_i \ge B_{cd} + \sum_{a,\, t \in d} n_a x_{act}, \qquad w_i \ge b

``w`` minutes of an admin entry, ``b`` is ``admin_block_minutes``, ``n`` is the appointment's
``admin_minutes``, ``B`` is ``admin_daily_minutes`` or what the empty day can hold, if less. With
``admin_scope`` "week" both sides are summed over the week. Source: problem, section 2; 15 minutes a contact:
NHS Talking Therapies pathway model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from solver.diaries import by_day, entries, shift_at
from solver.model.day import DayModel, cells
from solver.model.week import FrameKey, WeekModel
from solver.question.clinic import STEP, Clinic, Clinician
from solver.question.day import days
from solver.question.when import when
from solver.rota import Entry, Rota
from solver.rules.rule import Breach

NAME = "admin"
STATEMENT = "Every booking's notes, and the daily admin, have whole blocks of time in the diary."

Notes = dict[tuple[int, int], int]
"""Minutes of notes due, by (clinician, day)."""


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Days (or weeks) with too little admin time, and admin entries that are too short."""
    rows = entries(rota)
    notes = {at: sum(a.admin for a in booked) for at, booked in by_day(clinic, rota).items()}
    for clinician in clinic.clinicians:
        own = [entry for entry in rows.get(clinician.index, []) if entry.kind == "admin"]
        yield from _short_blocks(clinic, clinician, own)
        yield from _short_sums(clinician, own, notes)


def _short_blocks(clinic: Clinic, clinician: Clinician, own: list[Entry]) -> Iterator[Breach]:
    least = clinician.policy.admin_block_minutes
    for entry in own:
        if entry.minutes < least:
            shift = shift_at(clinician, entry.start)
            text = f"{clinician.id} has {entry.minutes} minutes of admin at {when(clinic, entry.start)}"
            yield Breach(NAME, clinician.id, shift.day if shift else None, f"{text}, less than {least}.")


def _short_sums(clinician: Clinician, own: list[Entry], notes: Notes) -> Iterator[Breach]:
    due = {day.day: day.admin_base + notes.get((clinician.index, day.day), 0) for day in days(clinician)}
    given: Counter[int] = Counter()
    for entry in own:
        shift = shift_at(clinician, entry.start)
        if shift is not None:
            given[shift.day] += entry.minutes
    if clinician.policy.admin_scope == "week":
        yield from _less(clinician, None, given.total(), sum(due.values()))
        return
    for day, minutes in due.items():
        yield from _less(clinician, day, given[day], minutes)


def _less(clinician: Clinician, day: int | None, given: int, due: int) -> Iterator[Breach]:
    if given < due:
        period = "week" if day is None else "day"
        text = f"{clinician.id} has {given} minutes of admin a {period}, {due} are due."
        yield Breach(NAME, clinician.id, day, text)


def post_week(week: WeekModel) -> None:
    """Notes take their minutes out of the day, or out of the week."""
    for key, columns in week.of_frame.items():
        weekly = week.clinician(key).policy.admin_scope == "week"
        if not weekly:
            week.due[key] += week.days[key].admin_base
        for column in columns:
            minutes = week.appointment(column).admin
            if weekly:
                week.notes[key[0]].append((minutes, column.variable))
            else:
                week.spend(key, minutes, column.variable)


def post_day(day: DayModel) -> None:
    """Every admin entry is long enough, and they add up to what is due."""
    due: dict[int | FrameKey, int] = defaultdict(int)
    given: dict[int | FrameKey, list[tuple[int, int]]] = defaultdict(list)
    for key, columns in day.bookings.items():
        policy = day.clinician(key).policy
        scope = key[0] if policy.admin_scope == "week" else key
        due[scope] += day.days[key].admin_base + sum(day.appointment(c).admin for c in columns)
        for _, stretch in day.stretches(key):
            for cell in cells(stretch):
                given[scope].append((STEP, day.on[NAME, key, cell]))
                _post_block(day, key, cell, policy.admin_block_minutes)
    for scope, minutes in due.items():
        day.programme.row(NAME, given[scope], lower=minutes)


def _post_block(day: DayModel, key: FrameKey, cell: int, least: int) -> None:
    begins = day.begins[NAME, key, cell]
    for later in range(cell + STEP, cell + least, STEP):
        if (NAME, key, later) not in day.on:
            day.programme.fix(begins, 0)
            return
        day.programme.row(NAME, [(1, begins), (-1, day.on[NAME, key, later])], upper=0)
        day.programme.row(NAME, [(1, begins), (1, day.begins[NAME, key, later])], upper=1)
