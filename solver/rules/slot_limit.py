r"""Slot limit: at most ``max_per_slot`` bookings share a slot, and two only if they seldom collide.

.. math:: \sum_a x_{act} \le m_c; \qquad
          x_{act} = x_{bct} = 1 \Rightarrow \beta_a \wedge \beta_b \wedge p_a p_b \le \kappa

``m`` is ``max_per_slot`` (1 or 2 bookings), ``beta`` is ``double_bookable``, ``p`` attendance in 1/1000,
``kappa`` is ``max_collision``, a probability; compared exactly. Source: problem, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from solver.diaries import HeldSlot, doubles
from solver.model.day import DayModel
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import FULL, Appointment, Clinic, Policy
from solver.question.when import when
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "slot_limit"
STATEMENT = "A slot takes no more bookings than its limit, and two only where both patients seldom come."


def collision(a: Appointment, b: Appointment) -> Fraction:
    """The probability that both patients come, exact."""
    return Fraction(a.attendance * b.attendance, FULL * FULL)


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Slots with too many bookings, and doubles that are not allowed."""
    for slot in doubles(clinic, rota):
        for fault in _faults(slot, slot.clinician.policy):
            text = f"The slot of {slot.clinician.id} at {when(clinic, slot.start)} {fault}."
            yield Breach(NAME, slot.clinician.id, slot.shift.day if slot.shift else None, text)


def _faults(slot: HeldSlot, policy: Policy) -> Iterator[str]:
    count = len(slot.appointments)
    if count > policy.max_per_slot:
        yield f"has {count} bookings, more than {policy.max_per_slot}"
    for a in slot.appointments:
        if not a.double_bookable:
            yield f"shares appointment {a.id}, which may not be double-booked"
    for a, b in combinations(slot.appointments, 2):
        if collision(a, b) > policy.max_collision:
            chance, limit = float(collision(a, b)), float(policy.max_collision)
            yield f"brings {a.id} and {b.id} together with probability {chance:.6g}, more than {limit:.6g}"


def post_week(week: WeekModel) -> None:
    r"""Bookings of a length and more need as many starts that take them, or a double.

    In a double one booking at least is *short*, at most half of ``max_contact_run_minutes``: more may not
    stand between two breaks. So bookings that are not short, or share with nobody, need a start each,
    and a day has no more doubles than short bookings (``S``, of those that may share ``B``), or than pairs:

    .. math:: \sum_{a \notin S} y_a \le |T|, \; z \le \sum_{a \in S} y_a, \; 2 z \le \sum_{a \in B} y_a .
    """
    for key, columns in week.of_frame.items():
        spare = [(-1, z) for z in week.doubles.get(key, ())]
        for minutes in sorted({week.appointment(c).minutes for c in columns}):
            _need_starts(week, key, [c for c in columns if week.appointment(c).minutes >= minutes], spare)
        if spare:
            run = week.clinician(key).policy.max_contact_run_minutes
            sharing = [c for c in columns if week.appointment(c).double_bookable]
            short = [c for c in sharing if 2 * week.appointment(c).minutes <= run]
            paired = {c.variable for c in short}
            _need_starts(week, key, [c for c in columns if c.variable not in paired], [])
            week.programme.row(NAME, [*_negative(short), *((-c, z) for c, z in spare)], upper=0)
            week.programme.row(NAME, [*_negative(sharing), *((-2 * c, z) for c, z in spare)], upper=0)


def _need_starts(week: WeekModel, key: FrameKey, long: list[Column], spare: list[tuple[int, int]]) -> None:
    """A row, unless there are as many starts as the day may have bookings anyway (`contacts`)."""
    starts: set[int] = set().union(*{id(column.starts): column.starts for column in long}.values())
    if len(starts) < min(len(long), week.clinician(key).policy.max_contacts_per_day):
        week.programme.row(NAME, [*((1, c.variable) for c in long), *spare], upper=len(starts))


def _negative(columns: list[Column]) -> list[tuple[int, int]]:
    return [(-1, column.variable) for column in columns]


def post_day(day: DayModel) -> None:
    """A slot holds time for its longest booking, and takes two only as a double that is allowed."""
    for key in day.bookings:
        for start in day.slot_starts(key):
            here = day.standing(key, start)
            slots = {n: v for (k, s, n), v in day.slots.items() if k == key and s == start}
            double = day.doubles[key, start]
            day.programme.row(NAME, [(1, v) for v in slots.values()], upper=1)
            day.programme.row(NAME, [(1, double), *((-1, v) for v in slots.values())], upper=0)
            booked = [(1, x) for _, x in here]
            spare = [(-1, v) for v in (*slots.values(), double)]
            day.programme.row(NAME, [*booked, *spare], lower=0, upper=0)
            for column, x in here:
                enough = [(-1, v) for n, v in slots.items() if n >= day.appointment(column).minutes]
                day.programme.row(NAME, [(1, x), *enough], upper=0)
            for n, v in slots.items():
                longest = [(-1, x) for column, x in here if day.appointment(column).minutes == n]
                day.programme.row(NAME, [(1, v), *longest], upper=0)
        for _, (first, x), (second, y) in day.pairs(key):
            if not _may_share(day.appointment(first), day.appointment(second), day.clinician(key).policy):
                day.programme.row(NAME, [(1, x), (1, y)], upper=1)


def _may_share(a: Appointment, b: Appointment, policy: Policy) -> bool:
    allowed = policy.max_per_slot > 1 and a.double_bookable and b.double_bookable
    return allowed and collision(a, b) <= policy.max_collision
