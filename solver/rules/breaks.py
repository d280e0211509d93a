r"""Breaks: after so many minutes of contact a clinician has a break.

.. math:: \sum_{a \text{ between two breaks}} d_a \le R_c
          \quad \text{or exactly one booking stands between them}

``d`` minutes (both bookings of a double), ``R`` is ``max_contact_run_minutes``. A break is a ``break`` or
``lunch`` entry of at least ``break_minutes``; the ends of a shift count as breaks; admin, commitments,
reserve and unlabelled time do not. Source: problem, section 2; HSE guidance on display screen work (short
breaks often beat long ones seldom).
"""

from __future__ import annotations

from collections.abc import Iterator

from solver.diaries import shift_entries
from solver.model.day import DayModel, cells
from solver.model.week import FrameKey, WeekModel
from solver.question.clinic import STEP, Appointment, Clinic, Policy, Span
from solver.question.day import ShiftDay
from solver.question.when import when
from solver.rota import Entry, Rota
from solver.rules.rule import Breach

NAME = "breaks"
STATEMENT = "Between two breaks a clinician has no more contact than the limit, or one longer appointment."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Runs of contact that are too long."""
    for clinician, shift, rows in shift_entries(clinic, rota):
        policy = clinician.policy
        for run in _runs(rows, policy):
            appointments = [clinic.appointments[i] for entry in run for i in entry.appointments]
            if _too_long(appointments, policy):
                minutes = sum(a.minutes for a in appointments)
                text = f"{clinician.id} has {minutes} minutes of contact from {when(clinic, run[0].start)}"
                text = f"{text} without a break, more than {policy.max_contact_run_minutes}."
                yield Breach(NAME, clinician.id, shift.day, text)


def is_break(entry: Entry, policy: Policy) -> bool:
    """Whether an entry ends a run of contact."""
    return entry.kind in {"break", "lunch"} and entry.minutes >= policy.break_minutes


def _runs(rows: list[Entry], policy: Policy) -> Iterator[list[Entry]]:
    """The slots between two breaks, for every such stretch that has any."""
    run: list[Entry] = []
    for entry in rows:
        if entry.appointments:
            run.append(entry)
        elif is_break(entry, policy):
            if run:
                yield run
            run = []
    if run:
        yield run


def _too_long(appointments: list[Appointment], policy: Policy) -> bool:
    return len(appointments) > 1 and sum(a.minutes for a in appointments) > policy.max_contact_run_minutes


def post_week(week: WeekModel) -> None:
    r"""A day's contact falls into runs, and all runs but those that shifts and lunches part need a break.

    With ``R`` runs, ``B`` breaks and the run limit ``L``: ``R <= B + shifts + lunches``;
    :math:`L R \\ge \\sum_a \\min(d_a, L) y_a`; and as no run holds two bookings over ``L / 2``,
    :math:`R \\ge \\sum_a w_a y_a`, ``w`` 1 over ``L / 2``, 1/2 at it (a dual feasible function; Fekete and
    Schepers, Mathematical Programming 91, 2001).
    """
    for key, columns in week.of_frame.items():
        policy, day = week.clinician(key).policy, week.days[key]
        limit, most = policy.max_contact_run_minutes, policy.max_contacts_per_day
        minutes = {c.variable: week.appointment(c).minutes for c in columns}
        runs, rests = week.programme.variable(upper=most), week.programme.variable(upper=most)
        parted = len(day.shifts) + sum(bool(shift.lunch_places) for shift in day.shifts)
        halves = [((2 * m > limit) + (2 * m >= limit), v) for v, m in minutes.items()]
        week.day_row(key, NAME, [(1, runs), (-1, rests)], parted)
        week.day_row(key, NAME, [*((min(m, limit), v) for v, m in minutes.items()), (-limit, runs)], 0)
        week.day_row(key, NAME, [*halves, (-2, runs)], 0)
        week.spend(key, policy.break_minutes, rests)


def post_day(day: DayModel) -> None:
    """Contact since the last break, cell by cell; a longer appointment fills a run by itself."""
    for key in day.bookings:
        for shift in day.days[key].shifts:
            _post_run(day, key, shift)


def _post_run(day: DayModel, key: FrameKey, shift: ShiftDay) -> None:
    policy = day.clinician(key).policy
    limit, before = policy.max_contact_run_minutes, None
    for stretch in shift.free:
        for cell in cells(stretch):
            run = day.programme.variable(upper=limit)
            booked = [
                (min(day.appointment(column).minutes, limit), x) for column, x in day.standing(key, cell)
            ]
            rests = [(-limit, _resting(day, key, label, cell, stretch)) for label in ("break", "lunch")]
            day.programme.row(NAME, [*booked, (-1, run)], upper=0)
            if before is not None:
                day.programme.row(NAME, [*booked, (1, before), (-1, run), *rests], upper=0)
            before = run


def _resting(day: DayModel, key: FrameKey, label: str, cell: int, stretch: Span) -> int:
    """A literal that may be 1 only where an entry that is long enough to be a break begins."""
    least = day.clinician(key).policy.break_minutes
    if cell + least > stretch.end:
        return day.programme.variable(upper=0)
    resting = day.programme.variable()
    day.programme.row(NAME, [(1, resting), (-1, day.begins[label, key, cell])], upper=0)
    for later in range(cell + STEP, cell + least, STEP):
        day.programme.row(NAME, [(1, resting), (-1, day.on[label, key, later])], upper=0)
        day.programme.row(NAME, [(1, resting), (1, day.begins[label, key, later])], upper=1)
    return resting
