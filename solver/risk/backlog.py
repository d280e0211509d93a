r"""Work owed in the day: who waits, which breaks and evenings are lost, from Lindley's recursion.

Walk one shift in the order of its entries. The state is the law of ``W``, minutes of work still owed
to patients who are already here. It is 0 when a shift starts. In an `appointment` entry, for each
booking in the order of the entry:

.. math:: E[wait_a] = E[W], \qquad W \leftarrow W + (d_a + R_a) X_a

``d[a]`` booked minutes, ``X[a]`` attendance, ``R[a]`` overrun in minutes (0 unless a law is given), all
independent. The wait is per *booked* patient: those ahead in the same slot count as far as they come.
Then time moves on by the length ``L`` of the entry, whatever its kind:

.. math:: W \leftarrow \max(0, W - L)

Protected time (break, lunch, admin, commitment, the end of a shift) is *touched* where it starts with
``W > 0``. The clinician then works into it: the entry drains ``W`` as any other does, ``min(W, L)``
minutes of it are lost, and what is left is owed on. So one late session may touch a break and the
admin after it; both count. What is owed at the end of a shift is done there and then, as overtime,
and the next shift starts at 0: shifts, and so days, are independent.

The probability that *at least one* break starts with work owed is found by carrying, beside the whole
mass, the mass that has touched none so far, and collecting what leaves it; likewise for admin and
for all protected time. Mass only ever moves by sums and products of numbers that are not negative:
where no outcome touches, the answer is 0.0 exactly.

References
----------
D. V. Lindley, "The theory of queues with a single server", Mathematical Proceedings of the Cambridge
Philosophical Society 48 (1952), 277-289.
G. C. Kaandorp and G. Koole, "Optimal outpatient appointment scheduling", Health Care Management
Science 10 (2007), 217-229 (the same walk, with punctual patients who may not come).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd

from solver.question.clinic import FULL, Appointment, Span
from solver.risk.owed import Overrun, Owed
from solver.rota import PROTECTED, Entry

PUNCTUAL: Overrun = ((0, 1.0),)
"""Sessions last as long as booked."""

BREAKS = frozenset({"break", "lunch"})
ADMIN = frozenset({"admin"})

_WATCHED = (BREAKS, ADMIN, PROTECTED)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a walk through one shift, or a whole diary, finds.

    ``waits`` are pairs (appointment, expected minutes), in the order of the walk.
    ``expected_break_minutes_lost`` is the sum over breaks and lunches of ``E[min(W, length)]``, ``W``
    owed when it starts; ``expected_overtime_minutes`` the sum over ends of shifts of ``E[W]``.
    """

    waits: tuple[tuple[int, float], ...]
    p_break_lost: float
    expected_break_minutes_lost: float
    p_admin_lost: float
    p_late_finish: float
    expected_overtime_minutes: float
    p_protected_touched: float


def backlog(
    entries: Sequence[Entry],
    shifts: Sequence[Span],
    appointments: Sequence[Appointment],
    overrun: Overrun = PUNCTUAL,
) -> Backlog:
    """Walk a diary, or any part of it that is made of whole shifts.

    Parameters
    ----------
    entries
        Entries of those shifts. Time that no entry covers drains like an entry.
    shifts
        The shifts; an entry belongs to the latest that has started.
    appointments
        The request's list, to which entries refer by place.
    overrun
        The law of the minutes that a session which takes place lasts over its booked ones.

    Raises
    ------
    ValueError
        If a session could last less than 0 minutes.
    """
    walks = [_shift_backlog(part, end, appointments, overrun) for part, end in sessions(entries, shifts)]
    return Backlog(
        waits=tuple(wait for walk in walks for wait in walk.waits),
        p_break_lost=either(walk.p_break_lost for walk in walks),
        expected_break_minutes_lost=sum(walk.expected_break_minutes_lost for walk in walks),
        p_admin_lost=either(walk.p_admin_lost for walk in walks),
        p_late_finish=either(walk.p_late_finish for walk in walks),
        expected_overtime_minutes=sum(walk.expected_overtime_minutes for walk in walks),
        p_protected_touched=either(walk.p_protected_touched for walk in walks),
    )


def touch_probability(
    entries: Sequence[Entry],
    shifts: Sequence[Span],
    appointments: Sequence[Appointment],
    *,
    everyone: bool = False,
) -> float:
    """Probability that any protected time of one clinician-day is touched, without overrun.

    Parameters
    ----------
    entries, shifts
        The day's entries, and the shifts of that day.
    appointments
        The request's list.
    everyone
        Everyone attends, whatever the attendances say: the answer is then exactly 0.0 or 1.0.
    """
    return either(
        _shift_touched(part, end, appointments, everyone) for part, end in sessions(entries, shifts)
    )


def either(chances: Iterable[float]) -> float:
    """Probability that at least one of some independent events happens; 0.0 if none can."""
    union = 0.0
    for chance in chances:
        union += chance * (1.0 - union)
    return union


def sessions(entries: Iterable[Entry], shifts: Sequence[Span]) -> list[tuple[list[Entry], int]]:
    """Entries by shift, each shift with its end; entries before any shift go to the first."""
    ordered = sorted(entries, key=lambda entry: (entry.start, entry.end))
    spans = sorted(shifts, key=lambda shift: shift.start)
    if ordered and not spans:
        return [(ordered, ordered[-1].end)]
    parts: list[tuple[list[Entry], int]] = [([], span.end) for span in spans]
    for entry in ordered:
        started = sum(span.start <= entry.start for span in spans)
        parts[max(0, started - 1)][0].append(entry)
    return parts


def _shift_touched(
    entries: Sequence[Entry], end: int, appointments: Sequence[Appointment], everyone: bool
) -> float:
    """As `_shift_backlog`, for the one figure that a search asks for very often."""
    untouched, touched = {0: 1.0}, 0.0
    at = entries[0].start if entries else end
    for entry in entries:
        untouched = _passed(untouched, entry.start - at)
        if entry.kind in PROTECTED:
            touched += sum(mass for owed, mass in untouched.items() if owed)
            untouched = {0: untouched.get(0, 0.0)}
        for index in entry.appointments:
            one = appointments[index]
            untouched = _joined(untouched, one.minutes, FULL if everyone else one.attendance)
        untouched, at = _passed(untouched, entry.minutes), entry.end
    untouched = _passed(untouched, end - at)
    return min(1.0, touched + sum(mass for owed, mass in untouched.items() if owed))


def _passed(owed: dict[int, float], minutes: int) -> dict[int, float]:
    if minutes <= 0 or (len(owed) == 1 and 0 in owed):
        return owed
    left: dict[int, float] = {}
    for work, mass in owed.items():
        after = max(0, work - minutes)
        left[after] = left.get(after, 0.0) + mass
    return left


def _joined(owed: dict[int, float], minutes: int, attendance: int) -> dict[int, float]:
    if not attendance:
        return owed
    p, q = attendance / FULL, (FULL - attendance) / FULL
    sums = {work: mass * q for work, mass in owed.items()} if q else {}
    for work, mass in owed.items():
        sums[work + minutes] = sums.get(work + minutes, 0.0) + mass * p
    return sums


def _shift_backlog(
    entries: Sequence[Entry], end: int, appointments: Sequence[Appointment], overrun: Overrun
) -> Backlog:
    owed = Owed(_grid(entries, end, appointments, overrun), _WATCHED)
    waits, broken = [], 0.0
    at = entries[0].start if entries else end
    for entry in entries:
        owed.drain(entry.start - at)
        owed.touch(entry.kind)
        if entry.kind in BREAKS:
            broken += owed.capped(entry.minutes)
        for index in entry.appointments:
            waits.append((index, owed.mean()))
            owed.add(appointments[index].minutes, appointments[index].attendance, overrun)
        owed.drain(entry.minutes)
        at = entry.end
    owed.drain(end - at)
    broken_into, admin_lost, any_lost = owed.lost
    return Backlog(
        waits=tuple(waits),
        p_break_lost=broken_into,
        expected_break_minutes_lost=broken,
        p_admin_lost=admin_lost,
        p_late_finish=owed.chance(),
        expected_overtime_minutes=owed.mean(),
        p_protected_touched=min(1.0, any_lost + owed.chance(_WATCHED.index(PROTECTED))),
    )


def _grid(entries: Sequence[Entry], end: int, appointments: Sequence[Appointment], overrun: Overrun) -> int:
    """Greatest common divisor of all that is added to the work owed, or drained from it, in minutes."""
    times = [time - entries[0].start for entry in entries for time in (entry.start, entry.end)]
    lengths = [
        appointments[index].minutes + extra
        for entry in entries
        for index in entry.appointments
        for extra, _ in overrun
    ]
    if lengths and min(lengths) < 0:
        raise ValueError(f"overrun: a session would last {min(lengths)} minutes, must be at least 0")
    return gcd(*times, *lengths, end - entries[0].start if entries else 0) or 1
