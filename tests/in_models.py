"""A rota as a point of the models: what it decides is held, the rest is left to CP-SAT.

A rota that has no such point (no column for a booking, no cell for an entry, a variable out of its range) is
refused like one that breaks a row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from solver.diaries import entries, shift_at, slots
from solver.model.day import LABELS, DayModel
from solver.model.programme import Programme
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import STEP, Clinic
from solver.rota import Booking, Entry, Rota
from solver.rules import day_model, overload, reserve, week_model
from solver.search.cpsat import Answer, Tries, solve

Point = dict[int, int]
"""Values by variable."""


ANY = 1e12
"""A gap that the first point keeps."""


class NoPoint(Exception):
    """The model has no point for the rota."""


@dataclass
class InModels:
    """A clinic's models, and rotas in them; the models of days are remembered by their bookings."""

    clinic: Clinic
    week: WeekModel
    days: dict[object, DayModel] = field(default_factory=dict)

    @classmethod
    def of(cls, clinic: Clinic) -> InModels:
        """The models of a clinic, with every rule."""
        return cls(clinic, week_model(clinic))

    def accepts(self, rota: Rota) -> bool:
        """Whether both models take the rota, and the two exact laws that they leave to others."""
        try:
            return self.lawful(rota) and _some(self.at_week(rota, ANY)) and _some(self.at_days(rota))
        except NoPoint:
            return False

    def lawful(self, rota: Rota) -> bool:
        """Overload, and touched protected time where some risk of it is allowed."""
        at_risk = {c.id for c in self.clinic.clinicians if not c.policy.whole_reserve}
        touched = [b for b in reserve.breaches(self.clinic, rota) if b.clinician in at_risk]
        return not touched and not list(overload.breaches(self.clinic, rota))

    def at_week(self, rota: Rota, gap: float = 0.0) -> Answer:
        """The week's model with the rota held, the rest as cheap as can be (to a relative gap)."""
        return at(self.week.programme, self.week_point(rota), gap)

    def at_days(self, rota: Rota) -> Answer:
        """The model of all days with the rota held."""
        chosen = self.columns(rota)
        frames = {key: tuple(c for c in chosen.values() if c.frame == key) for key in self.week.days}
        signature = frozenset(c.variable for c in chosen.values())
        if signature not in self.days:
            self.days[signature] = day_model(self.clinic, frames, self._most_doubles())
        day = self.days[signature]
        return at(day.programme, self.day_point(day, rota, chosen))

    def _most_doubles(self) -> dict[FrameKey, int]:
        policies = {key: self.week.clinician(key).policy for key in self.week.days}
        return {key: p.max_doubles_per_day if p.max_per_slot > 1 else 0 for key, p in policies.items()}

    def columns(self, rota: Rota) -> dict[int, Column]:
        """The column of each booking, by appointment."""
        found: dict[int, Column] = {}
        for booking in rota.bookings:
            if booking.appointment in found:
                raise NoPoint
            found[booking.appointment] = self._column(booking)
        return found

    def _column(self, booking: Booking) -> Column:
        for column in self.week.of_appointment[booking.appointment]:
            if column.clinician == booking.clinician and booking.start in column.starts:
                return column
        raise NoPoint

    def week_point(self, rota: Rota) -> Point:
        """Columns, unplaced, how many doubles a day, and who is in them."""
        chosen = self.columns(rota)
        point = {column.variable: 0 for column in self.week.columns}
        point |= {column.variable: 1 for column in chosen.values()}
        point |= {v: int(a not in chosen) for a, v in enumerate(self.week.unplaced)}
        point |= dict.fromkeys(self.week.doubled.values(), 0)
        shared = dict.fromkeys(self.week.days, 0)
        for slot in slots(self.clinic, rota):
            if slot.is_double:
                columns = [chosen[a.index] for a in slot.appointments]
                shared[columns[0].frame] += 1
                asked = [c for c in columns if c.variable in self.week.doubled]
                point |= {self.week.doubled[c.variable]: 1 for c in asked}
        for key, count in shared.items():
            literals = self.week.doubles.get(key, ())
            if count > len(literals):
                raise NoPoint
            point |= {v: int(place < count) for place, v in enumerate(literals)}
        return point

    def day_point(self, day: DayModel, rota: Rota, chosen: dict[int, Column]) -> Point:
        """Where each booking starts, which slots are doubles, and every entry of a label."""
        begun = {(chosen[b.appointment].variable, b.start) for b in rota.bookings}
        point = {v: int(at in begun) for at, v in day.starts.items()}
        held = {
            (slot.clinician.index, slot.start): len(slot.appointments) for slot in slots(self.clinic, rota)
        }
        point |= {v: int(held.get((key[0], at), 1) > 1) for (key, at), v in day.doubles.items()}
        point |= dict.fromkeys((*day.on.values(), *day.begins.values()), 0)
        for clinician, rows in entries(rota).items():
            _apart(rows)
            for entry in rows:
                self._hold(day, clinician, entry, point)
        return point

    def _hold(self, day: DayModel, clinician: int, entry: Entry, point: Point) -> None:
        if entry.appointments:
            if entry.minutes != max(self.clinic.appointments[a].minutes for a in entry.appointments):
                raise NoPoint
        elif entry.kind in LABELS:
            shift = shift_at(self.clinic.clinicians[clinician], entry.start)
            for cell in range(entry.start, entry.end, STEP):
                name = (entry.kind, (clinician, shift.day if shift else -1), cell)
                if name not in day.on:
                    raise NoPoint
                point[day.on[name]] = 1
                point[day.begins[name]] |= int(cell == entry.start)


def _apart(rows: list[Entry]) -> None:
    """What the model cannot say: time that is free and is not, two entries of a label over one another."""
    for first, second in pairwise(rows):
        unsaid = first.kind == second.kind or not {first.kind, second.kind} <= {"appointment", *LABELS}
        if second.start < first.end and (unsaid or first.start == second.start):
            raise NoPoint


def at(programme: Programme, point: Point, gap: float = 0.0) -> Answer:
    """The programme with a point held; the answer's values are whole."""
    if any(not programme.lower[v] <= value <= programme.upper[v] for v, value in point.items()):
        return Answer(None, None, True, 0.0)
    answer = solve(programme, (), Tries(seconds=60.0, gap=gap), point)
    assert answer.infeasible or answer.values is not None, "CP-SAT did not finish"
    return answer


def _some(answer: Answer) -> bool:
    return answer.values is not None


def price(programme: Programme, answer: Answer) -> Fraction:
    """The exact cost of an answer's point."""
    assert answer.values is not None
    return programme.objective(answer.values)
