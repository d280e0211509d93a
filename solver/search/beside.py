"""A rota's days, to try one more booking in beside what they hold.

A booking is tried with every other booking of its day, which may find other starts there; rooms, doubles and
notes of other days stay as they are. Bookings that a day cannot tell apart are tried once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping

from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Appointment, Span
from solver.rota import Booking, Entry, Rota
from solver.search.cover import Load
from solver.search.layout import Layout, OutOfNodes
from solver.search.plan import Days
from solver.search.rooms import still_full, taken_rooms
from solver.search.starts import too_few_starts

NODES = 500
"""States visited, at most, for the layout of one day."""


class Beside:
    """What is booked when, as one more booking finds it."""

    def __init__(self, week: WeekModel, rota: Rota) -> None:
        self.week, self.days = week, Days(week)
        self.mine: dict[int, list[FrameKey]] = defaultdict(list)
        for key in self.days.frames:
            self.mine[key[0]].append(key)
        self.held: dict[FrameKey, Layout] = {}
        self.booked = self._columns(rota)
        self.doubles: Counter[int] = Counter()
        for key, layout in self.held.items():
            self.doubles[key[0]] += layout.doubles
        self.seen = {(a.patient, key[1]) for key in self.booked for a in self._appointments(key)}
        self.open: dict[FrameKey, tuple[int, int]] = {}
        self.loads: dict[int, Load] = {}
        self.taken = taken_rooms(week, self.held, week.clinic.rooms.keys())
        self.full: dict[FrameKey, tuple[Span, ...]] = {}
        self.tried: dict[tuple[Hashable, ...], bool | None] = {}

    def may_hold(self, column: Column) -> bool:
        """Whether the counts of the day and the sums of the week allow one more booking."""
        one, (contacts, intense) = self.week.appointment(column), self._open(column.frame)
        if contacts < 1 or intense < one.intense or (one.patient, column.day) in self.seen:
            return False
        return self._load(column.clinician).bears(one)

    def takes(self, column: Column) -> bool | None:
        """Whether the day can be laid out with one more booking; None where that was not settled."""
        key = column.frame
        task = self.days.task(column, self._full(key))
        paired = (task.attendance, task.bookable, task.windows, task.in_person)
        like = (key, task.minutes, task.admin, task.starts, paired if self._doubles_left(key) else None)
        if like not in self.tried:
            try:
                self.tried[like] = self._laid(key, (*self.booked.get(key, ()), column))
            except OutOfNodes:
                self.tried[like] = None
        return self.tried[like]

    def _columns(self, rota: Rota) -> Mapping[FrameKey, tuple[Column, ...]]:
        """What each day holds, each booking at its day's starts."""
        found: dict[FrameKey, tuple[Column, ...]] = {}
        for booking in rota.bookings:
            for column in self.week.of_appointment[booking.appointment]:
                if column.clinician == booking.clinician and booking.start in column.starts:
                    found[column.frame] = (*found.get(column.frame, ()), column)
                    self._hold(column.frame, booking)
        return found

    def _hold(self, key: FrameKey, booking: Booking) -> None:
        """Note when a day's slots are, for its rooms and its doubles."""
        entries = {e.start: e for e in (self.held[key].entries if key in self.held else ())}
        partners = entries[booking.start].appointments if booking.start in entries else ()
        end = booking.start + self.week.clinic.appointments[booking.appointment].minutes
        entries[booking.start] = Entry("appointment", booking.start, end, (*partners, booking.appointment))
        doubles = sum(len(e.appointments) > 1 for e in entries.values())
        self.held[key] = Layout(tuple(entries.values()), 0, doubles)

    def _appointments(self, key: FrameKey) -> list[Appointment]:
        return [self.week.appointment(column) for column in self.booked.get(key, ())]

    def _open(self, key: FrameKey) -> tuple[int, int]:
        """Bookings that a day may still have, and intense ones, by the rule `contacts`."""
        if key not in self.open:
            policy, here = self.week.clinician(key).policy, self._appointments(key)
            intense = sum(a.intense for a in here)
            self.open[key] = policy.max_contacts_per_day - len(here), policy.max_intense_per_day - intense
        return self.open[key]

    def _load(self, clinician: int) -> Load:
        if clinician not in self.loads:
            booked = [a for key in self.mine[clinician] for a in self._appointments(key)]
            self.loads[clinician] = Load(self.week.clinic.clinicians[clinician], booked)
        return self.loads[clinician]

    def _laid(self, key: FrameKey, here: tuple[Column, ...]) -> bool:
        """Whether a day can be laid out beside the rooms, doubles and notes of the rest of the week."""
        tasks = [self.days.task(column, self._full(key)) for column in here]
        if too_few_starts(tasks, self._doubles_left(key)):
            return False
        layout = self._lay(key, here)
        if layout is None or self.days.frames[key].policy.admin_scope == "day":
            return layout is not None
        others = [k for k in self.mine[key[0]] if k != key]
        due = sum(self.days.frames[k].day.admin_base for k in (key, *others))
        due += sum(a.admin for k in others for a in self._appointments(k))
        due += sum(self.week.appointment(c).admin for c in here)
        return layout.admin + sum(map(self._most_admin, others)) >= due

    def _lay(self, key: FrameKey, here: tuple[Column, ...]) -> Layout | None:
        return self.days.lay(key, here, self._doubles_left(key), self._full(key), NODES)

    def _most_admin(self, key: FrameKey) -> int:
        """The most minutes of admin of a day with what it holds."""
        layout = self._lay(key, self.booked.get(key, ()))
        return 0 if layout is None else layout.admin

    def _full(self, key: FrameKey) -> tuple[Span, ...]:
        """When the sites of a day have no room left."""
        if key not in self.full:
            self.full[key] = still_full(self.week, key, self.taken)
        return self.full[key]

    def _doubles_left(self, key: FrameKey) -> int:
        """Doubles that a day may have, those of the clinician's other days kept."""
        here = self.held[key].doubles if key in self.held else 0
        left = self.week.clinician(key).policy.max_doubles_per_week - (self.doubles[key[0]] - here)
        return max(0, min(len(self.week.doubles.get(key, ())), left))
