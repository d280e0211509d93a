"""The week's model: who is seen by whom on which day, and how often a day doubles.

A relaxation of the whole problem: every rota that keeps the rules is a point of it at the same
cost, so its bound is a bound of the problem. Where in the day a booking stands is left to the
layout, except for a place that is given (a pin, a published place), which has a column of its own.

Rules post in any order: what takes time out of a day is said with `WeekModel.spend`, and the
time rows are closed once, by `WeekModel.close`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from heapq import merge

from solver.model.programme import Programme, Terms
from solver.question.clinic import Appointment, Clinic, Clinician, Span
from solver.question.day import Day, days
from solver.question.eligibility import eligible_starts, may_see, needed_site, needs

FrameKey = tuple[int, int]
"""Clinician and day."""

StartsByDay = dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Column:
    """An appointment seen by a clinician on a day, at one of ``starts``.

    ``given`` marks a place that is fixed from outside: a pin, or where it was published.
    """

    variable: int
    appointment: int
    clinician: int
    day: int
    starts: tuple[int, ...]
    given: bool

    @property
    def frame(self) -> FrameKey:
        """Clinician and day."""
        return self.clinician, self.day


@dataclass
class WeekModel:
    """Variables of the week, and the rows that the rules have posted so far."""

    clinic: Clinic
    programme: Programme = field(default_factory=Programme)
    columns: list[Column] = field(default_factory=list)
    unplaced: list[int] = field(default_factory=list)
    """By appointment: 1 where it is not booked."""
    days: dict[FrameKey, Day] = field(default_factory=dict)
    doubles: dict[FrameKey, tuple[int, ...]] = field(default_factory=dict)
    """By frame: literals, the k-th 1 where the day has more than k doubles."""
    doubled: dict[int, int] = field(default_factory=dict)
    """By a column's variable: 1 where the booking is in a double (only where a term asks)."""
    of_appointment: dict[int, list[Column]] = field(default_factory=lambda: defaultdict(list))
    of_frame: dict[FrameKey, list[Column]] = field(default_factory=lambda: defaultdict(list))
    spent: dict[FrameKey, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    due: dict[FrameKey, int] = field(default_factory=lambda: defaultdict(int))
    of_mix: dict[FrameKey, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By frame: places of the rows that count the day's bookings, as a table of its mixes does too."""
    notes: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """By clinician with a weekly admin scope: minutes of notes of the week."""

    @classmethod
    def over(cls, clinic: Clinic, among: Iterable[Appointment] | None = None) -> WeekModel:
        """The variables of a clinic's week, with no rule posted yet.

        Parameters
        ----------
        among
            The appointments that get columns, perhaps tied to somebody, in the request's order; None: all.
        """
        week = cls(clinic)
        week.unplaced = [
            week.programme.variable(upper=0 if a.pin is not None else 1) for a in clinic.appointments
        ]
        tied: dict[int | None, list[Appointment]] = defaultdict(list)
        for appointment in clinic.appointments if among is None else among:
            tied[appointment.clinician].append(appointment)
        for clinician in clinic.clinicians:
            mine = merge(tied[None], tied[clinician.index], key=lambda a: a.index)
            week._add_clinician(clinician, mine)
        return week

    def _add_clinician(self, clinician: Clinician, appointments: Iterable[Appointment]) -> None:
        """The days of a clinician, and the columns of the appointments that are not tied to another."""
        for day in days(clinician):
            self.days[clinician.index, day.day] = day
            if clinician.policy.max_per_slot > 1:
                most = min(clinician.policy.max_doubles_per_day, clinician.policy.max_doubles_per_week)
                literals = tuple(self.programme.variable() for _ in range(min(most, 12)))
                self.doubles[clinician.index, day.day] = literals
        able: dict[tuple[object, ...], bool] = {}
        known: dict[tuple[object, ...], StartsByDay] = {}
        for a in appointments:
            key = needs(a)
            if key not in able:
                able[key] = may_see(a, clinician)
            if able[key]:
                for day_number, starts, given in self._places(a, clinician, known):
                    self._add_column(a.index, clinician.index, day_number, starts, given)

    def _places(
        self,
        appointment: Appointment,
        clinician: Clinician,
        known: dict[tuple[object, ...], StartsByDay],
    ) -> Iterator[tuple[int, tuple[int, ...], bool]]:
        """Days with the starts that an appointment may have with a clinician who may see the patient."""
        if appointment.pin is not None:
            if appointment.pin.clinician == clinician.index:
                yield day_of(clinician, appointment.pin.start), (appointment.pin.start,), True
            return
        key = (appointment.minutes, appointment.windows, needed_site(appointment))
        if key not in known:
            known[key] = by_day(clinician, eligible_starts(appointment, clinician))
        published = appointment.published
        for day, starts in known[key].items():
            if published and published.clinician == clinician.index and published.start in starts:
                yield day, (published.start,), True
                starts = tuple(start for start in starts if start != published.start)
            if starts:
                yield day, starts, False

    def _add_column(
        self, appointment: int, clinician: int, day: int, starts: tuple[int, ...], given: bool
    ) -> None:
        column = Column(self.programme.variable(), appointment, clinician, day, starts, given)
        self.columns.append(column)
        self.of_appointment[appointment].append(column)
        self.of_frame[clinician, day].append(column)

    def appointment(self, column: Column) -> Appointment:
        """The appointment of a column."""
        return self.clinic.appointments[column.appointment]

    def clinician(self, key: FrameKey) -> Clinician:
        """The clinician of a frame."""
        return self.clinic.clinicians[key[0]]

    def of_clinician(self, clinician: int) -> Iterator[Column]:
        """All columns of a clinician's week."""
        for key in self.days:
            if key[0] == clinician:
                yield from self.of_frame[key]

    def expected(self, clinician: int) -> list[tuple[int, int]]:
        """Expected delivered minutes of a clinician's week, in 1/1000 minute a column."""
        return [(self.worth[c.appointment], c.variable) for c in self.of_clinician(clinician)]

    @cached_property
    def worth(self) -> tuple[int, ...]:
        """Expected delivered minutes of each appointment, in 1/1000 minute."""
        return tuple(appointment.expected for appointment in self.clinic.appointments)

    def charge(self, variable: int, cost: Fraction) -> None:
        """Add to the cost of a variable."""
        known = self.programme.cost[variable]
        self.programme.cost[variable] = known + cost if known else cost

    def spend(self, key: FrameKey, minutes: int, variable: int) -> None:
        """Say that a variable takes minutes out of a day."""
        self.spent[key].append((minutes, variable))

    def day_row(self, key: FrameKey, rule: str, terms: Terms, upper: int) -> None:
        """Post a row on what a day can hold that only counts its bookings of each kind."""
        self.of_mix[key].append(len(self.programme.rows))
        self.programme.row(rule, terms, upper=upper)

    def saved_by_double(self, key: FrameKey) -> int:
        """Most minutes that one double can save against two single slots."""
        if self.clinician(key).policy.whole_reserve:
            return 0
        appointments = (self.appointment(column) for column in self.of_frame[key])
        bookable = sorted(a.minutes for a in appointments if a.double_bookable)
        return bookable[-2] if len(bookable) > 1 else 0

    def close(self) -> None:
        """Post the time rows: what is spent in a day is at most its free minutes."""
        for key, day in self.days.items():
            free = sum(span.minutes for shift in day.shifts for span in shift.free)
            relief = [(-self.saved_by_double(key), z) for z in self.doubles.get(key, ())]
            self.day_row(key, "no_overlap", [*self.spent[key], *relief], free - self.due[key])
        for clinician, terms in self.notes.items():
            self._close_week(clinician, terms)
        self.spent.clear()
        self.notes.clear()

    def _close_week(self, clinician: int, admin: list[tuple[int, int]]) -> None:
        keys = [key for key in self.days if key[0] == clinician]
        free = sum(s.minutes for key in keys for shift in self.days[key].shifts for s in shift.free)
        base = sum(self.days[key].admin_base + self.due[key] for key in keys)
        relief = [(-self.saved_by_double(key), z) for key in keys for z in self.doubles.get(key, ())]
        spent = [term for key in keys for term in self.spent[key]]
        self.programme.row("admin", [*spent, *admin, *relief], upper=free - base)


def day_of(clinician: Clinician, start: int) -> int:
    """The day of the shift that holds a minute.

    Raises
    ------
    LookupError
        If no shift of the clinician holds it.
    """
    for shift in clinician.shifts:
        if shift.start <= start < shift.end:
            return shift.day
    raise LookupError(f"clinician {clinician.id}: no shift at minute {start}")


def by_day(clinician: Clinician, starts: tuple[int, ...]) -> StartsByDay:
    """Starts by the day of the shift that holds them, where that shift takes bookings."""
    found: dict[int, list[int]] = defaultdict(list)
    for day in days(clinician):
        for shift in day.shifts:
            if shift.takes_bookings:
                whole = Span(shift.shift.start, shift.shift.end)
                found[day.day].extend(s for s in starts if whole.start <= s < whole.end)
    return {day: tuple(sorted(at)) for day, at in found.items() if at}
