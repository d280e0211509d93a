"""Guide rows for the overload rule: which weeks the search should try, never what is allowed.

Where a clinician has a table of counts (`envelope`), the guide is that table with estimates in the place
of its bounds. Elsewhere it is the tangent of the normal approximation: a week keeps the rule where
`mu + z sqrt(V) <= C`; the root is concave, so its tangent at a usual variance `V0` gives

.. math:: \\sum_a y_a [ p_a d_a + z d_a^2 p_a (1 - p_a) / (2 \\sqrt{V_0}) ] \\le C - z \\sqrt{V_0} / 2.

Either is moved after each week that is judged by the exact law, up where the true chance leaves
room and down where it passes the limit. ``p`` is attendance, ``d`` and ``C`` minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt
from typing import Protocol

from scipy.special import ndtri

from solver.model.programme import FREE, Row, made_row
from solver.model.week import Column, WeekModel
from solver.question.clinic import FULL, Appointment
from solver.risk.law import overload_probability
from solver.search.envelope import Table
from solver.search.linear import Vector
from solver.search.prepare import Prepared

MARGIN = 0.3
"""Minutes that a guide keeps under what it has just seen to be too much."""

FAR_TAIL = 1e-4
"""Chances are kept this far from 0 and 1 when they are turned into minutes."""


class Guide(Protocol):
    """A row for the search, and how it learns."""

    def row(self) -> Row | None:
        """The row, or None where no week of this clinician can pass the ceiling."""

    def learn(self, columns: Sequence[Column], point: Vector, /) -> None:
        """Move the row by what the exact law says of a week."""


def guide_of(ready: Prepared, clinician: int) -> Guide:
    """The guide of a clinician."""
    table = ready.tables.get(clinician)
    if table is None:
        return Tangent(ready.week, clinician)
    return Estimates(ready.week, clinician, table)


def room(week: WeekModel, clinician: int, columns: Sequence[Column]) -> float:
    """About how many more expected minutes the rule leaves a week; below 0 where it is broken."""
    person = week.clinic.clinicians[clinician]
    seen = [week.appointment(c) for c in columns]
    bookings = [(a.minutes, a.attendance) for a in seen]
    if sum(minutes for minutes, _ in bookings) <= person.ceiling:
        return inf
    chance = _inside(overload_probability(bookings, person.ceiling))
    limit = _inside(person.policy.max_overload_risk)
    return float(ndtri(1 - chance) - ndtri(1 - limit)) * sqrt(sum(map(_variance, seen)))


def _inside(chance: float) -> float:
    return min(max(chance, FAR_TAIL), 1 - FAR_TAIL)


def _variance(appointment: Appointment) -> float:
    """Variance of delivered minutes."""
    p = appointment.attendance
    return appointment.minutes**2 * p * (FULL - p) / FULL**2


class Estimates:
    """A table of counts with an estimate for each vector, learnt one by one."""

    def __init__(self, week: WeekModel, clinician: int, table: Table) -> None:
        self.week, self.clinician, self.table = week, clinician, table
        self.usual = list(table.usual)

    def row(self) -> Row | None:
        """Expected minutes are at most the estimate of the vector that is chosen."""
        held = [(-round(FULL * e), v) for e, v in zip(self.usual, self.table.literals, strict=True)]
        return made_row("overload", [*self.week.expected(self.clinician), *held], upper=0)

    def learn(self, columns: Sequence[Column], point: Vector) -> None:
        """Move the estimate of the vector that was chosen."""
        spare = room(self.week, self.clinician, columns)
        minutes = sum(self.week.appointment(c).expected for c in columns) / FULL
        for place, literal in enumerate(self.table.literals):
            if point[literal] > 0.5:
                if spare < 0:
                    self.usual[place] = minutes + spare - MARGIN
                else:
                    most = self.table.expected[place]
                    self.usual[place] = min(most, max(self.usual[place], minutes + spare))


class Tangent:
    """The tangent of the normal approximation."""

    def __init__(self, week: WeekModel, clinician: int) -> None:
        self.week, self.clinician, self.shift = week, clinician, 0.0
        person = week.clinic.clinicians[clinician]
        self.z = float(ndtri(1 - _inside(person.policy.max_overload_risk)))
        seen = {c.appointment: week.appointment(c) for c in week.of_clinician(clinician)}.values()
        minutes = max(1.0, sum(a.expected for a in seen) / FULL)
        self.root = sqrt(max(25.0, sum(map(_variance, seen)) * min(1.0, person.target / minutes)))
        self.idle = sum(a.minutes for a in seen) <= person.ceiling
        columns = list(week.of_clinician(clinician))
        self.variables = tuple(column.variable for column in columns)
        self.weights = tuple(round(FULL * self._weight(column)) for column in columns)

    def row(self) -> Row | None:
        """Weighted minutes are at most the tangent's right side."""
        if self.idle:
            return None
        return Row("overload", self.variables, self.weights, -FREE, round(FULL * self._limit()))

    def learn(self, columns: Sequence[Column], _point: Vector) -> None:
        """Move the right side."""
        spare = room(self.week, self.clinician, columns)
        if spare == inf:
            return
        reached = sum(map(self._weight, columns)) - (self._limit() - self.shift) + spare
        self.shift = reached - MARGIN if spare < 0 else max(self.shift, reached)

    def _limit(self) -> float:
        person = self.week.clinic.clinicians[self.clinician]
        return person.ceiling - self.z * self.root / 2 + self.shift

    def _weight(self, column: Column) -> float:
        appointment = self.week.appointment(column)
        return appointment.expected / FULL + self.z * _variance(appointment) / (2 * self.root)
