"""The booking clerk: the first rota of every search, and a peer to be beaten.

Takes the appointments in turn - urgency, then waiting time, then the request's order - and books each
at the first slot (clinicians in the request's order, earliest start first) that keeps every hard
rule, on a day that can still be laid out. No look-ahead, no second thoughts, no doubles but pinned ones;
pins stand first, and published places count for nothing.

Booking never makes another booking possible, so a slot that was refused once stays refused, and is struck
out for every appointment alike in minutes, notes and site.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from solver.question.clinic import Appointment, Clinic, Clinician, Span
from solver.question.eligibility import eligible_starts, inside_windows, may_see, needed_site, needs
from solver.risk.law import exceeds, overload_probability
from solver.rota import Rota
from solver.rules.queue_order import queues
from solver.search.assemble import assembled
from solver.search.gap import Frame, frames
from solver.search.layout import Layout, OutOfNodes, Task, lay_out, most_admin
from solver.search.plan import task_of


def clerk(clinic: Clinic) -> Rota:
    """The clerk's rota, which keeps every hard rule.

    Raises
    ------
    ValueError
        If the pins of a day cannot be laid out.
    """
    desk = _Desk(clinic)
    for appointment in in_turn(clinic):
        desk.book(appointment)
    return assembled(clinic, {(d.clinician.index, d.frame.day.day): d.layout for d in desk.days()})


def in_turn(clinic: Clinic) -> tuple[Appointment, ...]:
    """The appointments without a pin, in the order in which the clerk takes them."""
    free = (a for a in clinic.appointments if a.pin is None)
    return tuple(sorted(free, key=lambda a: (-a.urgency, -a.waiting_days, a.index)))


@dataclass
class _Day:
    """A clinician's day as it fills up: bookings at fixed starts, and a layout that has room for them."""

    clinician: Clinician
    frame: Frame
    tasks: list[Task]
    intense: int
    patients: set[str]
    layout: Layout
    refused: set[tuple[int, int, int]] = field(default_factory=set)
    """Start, minutes and admin of what found no place."""

    @property
    def doubles(self) -> int:
        return len(self.tasks) - len({task.starts for task in self.tasks})

    def has_place(self, appointment: Appointment, start: int) -> bool:
        """Whether nobody alike was refused there, and no booking stands in the way."""
        if (start, appointment.minutes, appointment.admin) in self.refused:
            return False
        return self._clear(start, start + appointment.minutes)

    def _clear(self, start: int, end: int) -> bool:
        takes = any(s.takes_bookings and s.shift.holds(start, end) for s in self.frame.day.shifts)
        return takes and all(end <= t.starts[0] or t.starts[0] + t.minutes <= start for t in self.tasks)

    @property
    def full(self) -> bool:
        """Whether the day has as many bookings as it may (`contacts`)."""
        return len(self.tasks) >= self.clinician.policy.max_contacts_per_day


@dataclass
class _Week:
    """A clinician's week: its days by day, and what is booked (minutes, attendance in 1/1000)."""

    clinician: Clinician
    days: dict[int, _Day]
    bookings: list[tuple[int, int]]
    most: Fraction
    """Minutes that may be booked at all."""
    refused: dict[int, int] = field(default_factory=dict)
    """By minutes, the least attendance that the ceiling had no room for."""
    left: dict[tuple[int, int, str | None], list[int]] = field(default_factory=dict)
    """By minutes, notes and site needed: the starts that were not refused yet, in order."""

    def __post_init__(self) -> None:
        shifts = [(s.shift, day) for day in self.days.values() for s in day.frame.day.shifts]
        self.shifts = sorted(shifts, key=lambda held: held[0].start)
        self.begin = [shift.start for shift, _ in self.shifts]

    def day_at(self, start: int) -> _Day:
        """The day whose shift holds a start; shifts do not overlap."""
        return self.shifts[bisect_left(self.begin, start + 1) - 1][1]

    def open_to(self, appointment: Appointment) -> list[int]:
        """The starts that nobody alike was refused, whatever the patient's windows: a list to strike from."""
        key = (appointment.minutes, appointment.admin, needed_site(appointment))
        if key not in self.left:
            self.left[key] = list(eligible_starts(replace(appointment, windows=()), self.clinician))
        return self.left[key]


class _Desk:
    """Everybody's diary, and who is booked."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.booked = {a.index for a in clinic.appointments if a.pin is not None}
        self.rooms: dict[str, list[Span]] = defaultdict(list)
        self.pinned: dict[int, list[tuple[Appointment, int]]] = defaultdict(list)
        for a in clinic.appointments:
            if a.pin is not None:
                self.pinned[a.pin.clinician].append((a, a.pin.start))
        self.weeks = {c.index: self._opened(c) for c in clinic.clinicians}
        self.able: dict[tuple[object, ...], tuple[_Week, ...]] = {}
        self.ahead = {a.index: queue[:turn] for queue in queues(clinic) for turn, a in enumerate(queue)}

    def days(self) -> Iterator[_Day]:
        """Every day of every clinician."""
        return (day for week in self.weeks.values() for day in week.days.values())

    def book(self, appointment: Appointment) -> bool:
        """Book an appointment at the first slot that takes it, if any does."""
        if self._passes_over(appointment):
            return False
        return any(self._with(week, appointment) for week in self._able(appointment))

    def _able(self, appointment: Appointment) -> tuple[_Week, ...]:
        """The weeks of those who may see the patient at all."""
        key = needs(appointment)
        if key not in self.able:
            who = (c for c in self.clinic.clinicians if may_see(appointment, c))
            self.able[key] = tuple(self.weeks[c.index] for c in who)
        return self.able[key]

    def _opened(self, clinician: Clinician) -> _Week:
        """A week with only its pins."""
        days = {frame.day.day: self._open(clinician, frame) for frame in frames(clinician)}
        bookings = [(a.minutes, a.attendance) for a, _ in self.pinned[clinician.index]]
        return _Week(clinician, days, bookings, clinician.policy.max_booked_ratio * clinician.target)

    def _open(self, clinician: Clinician, frame: Frame) -> _Day:
        pins = [pin for pin in self.pinned[clinician.index] if self._stands_in(frame, pin[1])]
        tasks = [task_of(a, (start,)) for a, start in pins]
        day = _Day(
            clinician, frame, tasks, sum(a.intense for a, _ in pins), {a.patient for a, _ in pins}, _NONE
        )
        layout = _laid_out(day, tasks)
        if layout is None:
            raise ValueError(f"clinician {clinician.id}: the pins of day {frame.day.day} cannot be laid out")
        day.layout = layout
        for start in {start for _, start in pins}:
            self._take_room(day, start, [a for a, at in pins if at == start])
        return day

    def _stands_in(self, frame: Frame, start: int) -> bool:
        return any(s.shift.start <= start < s.shift.end for s in frame.day.shifts)

    def _passes_over(self, appointment: Appointment) -> bool:
        """Whether somebody alike who has waited longer would be left behind (`queue_order`)."""
        if self._has_another(appointment):
            return False
        ahead = self.ahead.get(appointment.index, ())
        return any(a.index not in self.booked and not self._has_another(a) for a in ahead)

    def _has_another(self, appointment: Appointment) -> bool:
        of_patient = self.clinic.by_patient[appointment.patient]
        return any(i in self.booked for i in of_patient if i != appointment.index)

    def _with(self, week: _Week, appointment: Appointment) -> bool:
        left = week.open_to(appointment)
        starts = inside_windows(appointment, left) if appointment.windows else tuple(left)
        if not starts or not self._bearable(week, appointment):
            return False
        takes: dict[int, bool] = {}
        for start in starts:
            day = week.day_at(start)
            number = day.frame.day.day
            if number not in takes:
                takes[number] = self._takes(day, appointment)
            if day.full or (takes[number] and not day.has_place(appointment, start)):
                del left[bisect_left(left, start)]
            elif takes[number] and self._room_is_free(day, appointment, start):
                if self._at(day, appointment, start):
                    return True
                del left[bisect_left(left, start)]
        return False

    def _bearable(self, week: _Week, appointment: Appointment) -> bool:
        """Whether the week stays under its worst case, and seldom passes its ceiling."""
        one = minutes, attendance = appointment.minutes, appointment.attendance
        if sum(booked for booked, _ in week.bookings) + minutes > week.most:
            return False
        if any(length <= minutes and least <= attendance for length, least in week.refused.items()):
            return False
        chance = overload_probability([*week.bookings, one], week.clinician.ceiling)
        if exceeds(chance, week.clinician.policy.max_overload_risk):
            week.refused[minutes] = attendance
            return False
        return True

    def _takes(self, day: _Day, appointment: Appointment) -> bool:
        """Whether the day's counts allow one more (`contacts`), and the patient is not seen that day."""
        if day.full or self._seen_that_day(day, appointment):
            return False
        return not appointment.intense or day.intense < day.clinician.policy.max_intense_per_day

    def _seen_that_day(self, day: _Day, appointment: Appointment) -> bool:
        number = day.frame.day.day
        weeks = self.weeks.values() if len(self.clinic.by_patient[appointment.patient]) > 1 else ()
        return any(appointment.patient in w.days[number].patients for w in weeks if number in w.days)

    def _at(self, day: _Day, appointment: Appointment, start: int) -> bool:
        """Book the appointment there if the day allows it."""
        tasks = [*day.tasks, task_of(appointment, (start,))]
        layout = _laid_out(day, tasks)
        if layout is None or not self._enough_admin(day, layout, appointment):
            day.refused.add((start, appointment.minutes, appointment.admin))
            return False
        day.tasks, day.layout = tasks, layout
        day.intense += appointment.intense
        day.patients.add(appointment.patient)
        self.weeks[day.clinician.index].bookings.append((appointment.minutes, appointment.attendance))
        self.booked.add(appointment.index)
        self._take_room(day, start, [appointment])
        return True

    def _enough_admin(self, day: _Day, layout: Layout, appointment: Appointment) -> bool:
        """With a weekly admin scope: whether the days together hold what is due."""
        if day.clinician.policy.admin_scope != "week":
            return True
        days = self.weeks[day.clinician.index].days.values()
        due = appointment.admin + sum(d.frame.day.admin_base + sum(t.admin for t in d.tasks) for d in days)
        return sum(layout.admin if d is day else d.layout.admin for d in days) >= due

    def _room_is_free(self, day: _Day, appointment: Appointment, start: int) -> bool:
        rooms = self.clinic.rooms.get(_site(day, start) or "")
        if rooms is None or not appointment.in_person:
            return True
        end = start + appointment.minutes
        held = [s for s in self.rooms[_site(day, start) or ""] if s.touches(start, end)]
        moments = {start} | {span.start for span in held if span.start > start}
        return all(sum(s.start <= moment < s.end for s in held) < rooms for moment in moments)

    def _take_room(self, day: _Day, start: int, seen: list[Appointment]) -> None:
        if any(a.in_person for a in seen):
            self.rooms[_site(day, start) or ""].append(Span(start, start + sum(a.minutes for a in seen)))


_NONE = Layout((), 0, 0)


def _site(day: _Day, start: int) -> str | None:
    shifts = (s.shift for s in day.frame.day.shifts)
    return next((shift.site for shift in shifts if shift.start <= start < shift.end), None)


def _laid_out(day: _Day, tasks: list[Task]) -> Layout | None:
    """The day with these bookings at their starts; None where there is none, or none was found."""
    doubles = day.doubles
    try:
        if day.clinician.policy.admin_scope == "week":
            return most_admin(day.frame, tasks, doubles)
        need = day.frame.day.admin_base + sum(task.admin for task in tasks)
        return lay_out(day.frame, tasks, need, doubles)
    except OutOfNodes:
        return None
