"""Section 1 of the problem, read afresh for the brute force: nothing of the solver's own reading is used.

Only the plain data of the question are shared with the solver, so that a misreading shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from solver.question.clinic import FULL, STEP, Appointment, Clinic, Clinician, Shift, Span

Bookings = tuple[Appointment, ...]


@dataclass(frozen=True)
class Frame:
    """One shift: where it is ``free`` of commitments, and where its lunch may lie (empty: none is due)."""

    shift: Shift
    taken: tuple[Span, ...]
    free: tuple[Span, ...]
    lunch_places: tuple[Span, ...]
    takes_bookings: bool


def minutes_of(spans: Iterable[Span], whole: Span) -> set[int]:
    """The 5-minute steps of a stretch that some of the spans cover, each by its start."""
    return {m for m in range(whole.start, whole.end, STEP) if any(s.start <= m < s.end for s in spans)}


def stretches(steps: Iterable[int]) -> tuple[Span, ...]:
    """Steps put together to stretches as long as can be."""
    found: list[Span] = []
    for step in sorted(steps):
        if found and found[-1].end == step:
            found[-1] = Span(found[-1].start, step + STEP)
        else:
            found.append(Span(step, step + STEP))
    return tuple(found)


def frame_of(clinician: Clinician, shift: Shift) -> Frame:
    """What one shift offers."""
    policy = clinician.policy
    steps = set(range(shift.start, shift.end, STEP))
    taken = minutes_of(clinician.commitments, shift)
    leave = minutes_of([c for c in clinician.commitments if c.kind == "leave"], shift)
    due = STEP * len(steps - leave) > policy.lunch_if_over_minutes
    inner = {m for m in steps - taken if shift.start < m < shift.end - STEP}
    anywhere = _long_enough(inner, policy.lunch_minutes)
    window = shift.lunch_window
    at_lunch_time = _long_enough({m for m in inner if window.start <= m < window.end}, policy.lunch_minutes)
    places = (at_lunch_time or anywhere) if due else ()
    return Frame(shift, stretches(taken), stretches(steps - taken), places, bool(places) or not due)


def _long_enough(steps: Iterable[int], minutes: int) -> tuple[Span, ...]:
    return tuple(span for span in stretches(steps) if span.minutes >= minutes)


def frames_of(clinician: Clinician) -> dict[int, tuple[Frame, ...]]:
    """The shifts of each day on which there is one, in order."""
    found: dict[int, tuple[Frame, ...]] = {}
    for shift in sorted(clinician.shifts, key=lambda s: s.start):
        found[shift.day] = (*found.get(shift.day, ()), frame_of(clinician, shift))
    return dict(sorted(found.items()))


def able(a: Appointment, c: Clinician) -> bool:
    """Whether the clinician may see the patient, the time aside."""
    own = a.clinician is None or a.clinician == c.index
    speaks = a.language is None or c.languages is None or a.language in c.languages
    works = a.mode is None or c.modes is None or a.mode in c.modes
    return own and c.index not in a.excluded and a.skills <= c.skills and speaks and works


def starts(a: Appointment, c: Clinician, frames: Iterable[Frame]) -> list[int]:
    """Where an appointment may start in some shifts of one clinician; a pinned one only at its pin."""
    if not able(a, c):
        return []
    found = []
    for frame in frames:
        if a.mode == "in_person" and a.site is not None and a.site != frame.shift.site:
            continue
        for t in range(frame.shift.start, frame.shift.end, STEP):
            end = t + a.minutes
            free = any(f.start <= t and end <= f.end for f in frame.free)
            if free and frame.takes_bookings and _may_start(a, c, frame.shift, t) and in_window(a, t, end):
                found.append(t)
    return found


def _may_start(a: Appointment, c: Clinician, shift: Shift, t: int) -> bool:
    if a.pin is not None:
        return (a.pin.clinician, a.pin.start) == (c.index, t)
    if c.slots is None:
        return (t - shift.start) % c.policy.grid_minutes == 0
    return any(slot.start == t and a.minutes <= slot.minutes for slot in c.slots)


def in_window(a: Appointment, start: int, end: int) -> bool:
    """Whether one of the patient's windows, if there are any, holds the stretch."""
    return not a.windows or any(w.start <= start and end <= w.end for w in a.windows)


def may_share(a: Appointment, b: Appointment, c: Clinician) -> bool:
    """Whether two appointments may be a double of the clinician."""
    together = Fraction(a.attendance, FULL) * Fraction(b.attendance, FULL)
    willing = a.double_bookable and b.double_bookable
    return c.policy.max_per_slot == 2 and willing and together <= c.policy.max_collision


def over_risk(bookings: Iterable[Appointment], ceiling: int) -> Fraction:
    """The probability that delivered minutes pass the ceiling, exact."""
    law, whole = {0: 1}, 1
    for a in bookings:
        after, whole = dict[int, int](), whole * FULL
        for minutes, mass in law.items():
            after[minutes] = after.get(minutes, 0) + mass * (FULL - a.attendance)
            after[minutes + a.minutes] = after.get(minutes + a.minutes, 0) + mass * a.attendance
        law = after
    return Fraction(sum(mass for minutes, mass in law.items() if minutes > ceiling), whole)


def over_filled(bookings: Bookings, c: Clinician) -> bool:
    """Whether a week's bookings pass the booked ceiling or the overload limit; more only make it worse."""
    if sum(a.minutes for a in bookings) > c.policy.max_booked_ratio * c.target:
        return True
    return float(over_risk(bookings, c.ceiling)) > c.policy.max_overload_risk + 1e-12


def crowded_day(bookings: Bookings, c: Clinician) -> bool:
    """Whether a day's bookings are too many, too intense or twice a patient's."""
    patients = {a.patient for a in bookings}
    intense = sum(a.intense for a in bookings)
    too_many = len(bookings) > c.policy.max_contacts_per_day or intense > c.policy.max_intense_per_day
    return too_many or len(patients) < len(bookings)


def queue_kept(clinic: Clinic, placed: frozenset[int]) -> bool:
    """Whether nobody is booked before somebody alike who stands earlier in the queue."""
    free = [a for a in clinic.appointments if a.pin is None and a.published is None]
    other = {a.patient: 0 for a in clinic.appointments}
    for index in placed:
        other[clinic.appointments[index].patient] += 1
    for j in free:
        for i in free:
            before = (-i.waiting_days, i.index) < (-j.waiting_days, j.index)
            alone = all(other[a.patient] - (a.index in placed) == 0 for a in (i, j))
            if before and alone and j.index in placed and i.index not in placed and _alike(i, j):
                return False
    return True


def _alike(i: Appointment, j: Appointment) -> bool:
    names = (
        "kind", "minutes", "admin", "skills", "language", "mode", "site", "clinician", "preferred",
        "excluded", "priority", "intense", "double_bookable",
    )  # fmt: skip
    return set(i.windows) == set(j.windows) and all(getattr(i, n) == getattr(j, n) for n in names)
