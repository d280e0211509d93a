"""Why an appointment is not booked: a stable code and a sentence, found by trying.

An appointment is tried on every day that may hold it, beside what is booked there; that day's other bookings
may find other starts, rooms and doubles of other days stay as they are. `no_capacity`
says that no day takes it as the rota stands; `costs_more` that some day would, at a cost no lower;
`not_found` that some day would, at a lower cost, which the search did not come to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Appointment, Clinic, Span
from solver.question.eligibility import may_see
from solver.rota import Booking, Entry, Rota, Unplaced
from solver.rules import cost
from solver.rules.queue_order import queues
from solver.search.cover import overloaded
from solver.search.layout import Layout, OutOfNodes
from solver.search.plan import Days
from solver.search.rooms import full_rooms

REASONS = {
    "no_clinician": "No clinician has what it asks for.",
    "no_start": "No clinician who may see the patient has a start that fits the times asked for.",
    "queue": "Somebody alike who has waited longer is not placed either, and comes first.",
    "no_capacity": "Every day that could take it is full under the rules, as the rota stands.",
    "costs_more": "A day could take it, but the rota would cost no less for it.",
    "not_found": "A day could take it at a lower cost; the search ended before it came to that.",
    "not_settled": "Not every day that could take it was tried to the end.",
}
"""Stable codes, and what each says."""


def explained(clinic: Clinic, rota: Rota) -> Rota:
    """The rota with a reason for each appointment that it leaves unplaced."""
    if not rota.unplaced:
        return rota
    return replace(rota, unplaced=Reasons(clinic, rota).all())


class Reasons:
    """A rota in the terms of the week's columns, to try one more booking in."""

    def __init__(self, clinic: Clinic, rota: Rota) -> None:
        self.clinic, self.rota = clinic, rota
        self.week = WeekModel.over(clinic)
        self.days = Days(self.week)
        self.held: dict[FrameKey, Layout] = {}
        self.full: dict[FrameKey, tuple[Span, ...]] = {}
        self.booked = self._columns()
        self.cost = cost(clinic, rota)
        self.waiting = {u.appointment for u in rota.unplaced}

    def all(self) -> tuple[Unplaced, ...]:
        """Every unplaced appointment with its reason."""
        behind = self._behind()
        return tuple(
            self._reason(self.clinic.appointments[u.appointment], behind) for u in self.rota.unplaced
        )

    def _columns(self) -> Mapping[FrameKey, tuple[Column, ...]]:
        """What each day holds, each booking at its day's starts."""
        found: dict[FrameKey, tuple[Column, ...]] = {}
        for booking in self.rota.bookings:
            for column in self.week.of_appointment[booking.appointment]:
                if column.clinician == booking.clinician and booking.start in column.starts:
                    found[column.frame] = (*found.get(column.frame, ()), column)
                    self._hold(column.frame, booking)
        return found

    def _hold(self, key: FrameKey, booking: Booking) -> None:
        """Note when a day's slots are, for its rooms and its doubles."""
        entries = {e.start: e for e in (self.held[key].entries if key in self.held else ())}
        partners = entries[booking.start].appointments if booking.start in entries else ()
        end = booking.start + self.clinic.appointments[booking.appointment].minutes
        entries[booking.start] = Entry("appointment", booking.start, end, (*partners, booking.appointment))
        doubles = sum(len(e.appointments) > 1 for e in entries.values())
        self.held[key] = Layout(tuple(entries.values()), 0, doubles)

    def _behind(self) -> set[int]:
        """Appointments with somebody before them in their queue who is unplaced too."""
        found: set[int] = set()
        for queue in queues(self.clinic):
            waiting = [a.index for a in queue if a.index in self.waiting and not self._seen_elsewhere(a)]
            found.update(waiting[1:])
        return found

    def _seen_elsewhere(self, appointment: Appointment) -> bool:
        """Whether the patient has another booking this week, and so stands outside the queue."""
        others = self.clinic.by_patient[appointment.patient]
        return any(i != appointment.index and i not in self.waiting for i in others)

    def _reason(self, appointment: Appointment, behind: set[int]) -> Unplaced:
        code = self._code(appointment, behind)
        return Unplaced(appointment.index, code, REASONS[code])

    def _code(self, appointment: Appointment, behind: set[int]) -> str:
        columns = self.week.of_appointment[appointment.index]
        if not columns:
            able = any(may_see(appointment, clinician) for clinician in self.clinic.clinicians)
            return "no_start" if able else "no_clinician"
        if appointment.index in behind:
            return "queue"
        tried = [self._takes(column) for column in columns]
        if any(tried):
            cheaper = any(takes and self._saves(column) for column, takes in zip(columns, tried, strict=True))
            return "not_found" if cheaper else "costs_more"
        return "not_settled" if None in tried else "no_capacity"

    def _saves(self, column: Column) -> bool:
        """Whether the rota would cost less with one more booking."""
        booking = Booking(column.appointment, column.clinician, column.starts[0])
        return cost(self.clinic, replace(self.rota, bookings=(*self.rota.bookings, booking))) < self.cost

    def _takes(self, column: Column) -> bool | None:
        """Whether a day would take one more booking; None where that was not settled."""
        key, policy = column.frame, self.week.clinician(column.frame).policy
        here = (*self.booked.get(key, ()), column)
        appointments = [self.week.appointment(c) for c in here]
        if len(here) > policy.max_contacts_per_day or self._seen_that_day(column):
            return False
        if sum(a.intense for a in appointments) > policy.max_intense_per_day:
            return False
        week = [*(c for k, cs in self.booked.items() if k[0] == key[0] for c in cs), column]
        clinician = self.clinic.clinicians[column.clinician]
        if sum(self.week.appointment(c).minutes for c in week) > policy.max_booked_ratio * clinician.target:
            return False
        if overloaded(self.week, column.clinician, week):
            return False
        try:
            return self._laid(key, here)
        except OutOfNodes:
            return None

    def _laid(self, key: FrameKey, here: tuple[Column, ...]) -> bool:
        """Whether a day can be laid out beside the rooms, doubles and notes of the rest of the week."""
        layout = self.days.lay(key, here, self._doubles_left(key), self._full(key), nodes=500)
        if layout is None or self.days.frames[key].policy.admin_scope == "day":
            return layout is not None
        others = [k for k in self.days.frames if k[0] == key[0] and k != key]
        due = sum(self.days.frames[k].day.admin_base for k in (key, *others))
        due += sum(self.week.appointment(c).admin for k in others for c in self.booked.get(k, ()))
        due += sum(self.week.appointment(c).admin for c in here)
        return layout.admin + sum(map(self._most_admin, others)) >= due

    def _most_admin(self, key: FrameKey) -> int:
        """The most minutes of admin of a day with what it holds."""
        layout = self.days.lay(
            key, self.booked.get(key, ()), self._doubles_left(key), self._full(key), nodes=500
        )
        return 0 if layout is None else layout.admin

    def _full(self, key: FrameKey) -> tuple[Span, ...]:
        """When the sites of a day have no room left."""
        if key not in self.full:
            self.full[key] = full_rooms(self.week, key, self.held)
        return self.full[key]

    def _doubles_left(self, key: FrameKey) -> int:
        """Doubles that a day may have, those of the clinician's other days kept."""
        elsewhere = sum(one.doubles for k, one in self.held.items() if k[0] == key[0] and k != key)
        left = self.week.clinician(key).policy.max_doubles_per_week - elsewhere
        return max(0, min(len(self.week.doubles.get(key, ())), left))

    def _seen_that_day(self, column: Column) -> bool:
        patient = self.week.appointment(column).patient
        return any(
            self.week.appointment(c).patient == patient
            for key, columns in self.booked.items()
            if key[1] == column.day
            for c in columns
        )
