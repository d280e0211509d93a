"""Why an appointment is not booked: a stable code and a sentence, found by trying.

An appointment is tried on every day that may hold it, beside what is booked there; that day's other bookings
may find other starts, rooms and doubles of other days stay as they are. `no_capacity`
says that no day takes it as the rota stands; `costs_more` that some day would, at a cost no lower;
`not_found` that some day would, at a lower cost, which the search did not come to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from solver.model.week import Column, WeekModel
from solver.question.clinic import Appointment, Clinic
from solver.question.eligibility import may_see
from solver.rota import Booking, Rota, Unplaced
from solver.rules import one_more
from solver.rules.queue_order import queues
from solver.search.beside import Beside

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
    """A rota and those whom it leaves unplaced, each to be tried once more."""

    def __init__(self, clinic: Clinic, rota: Rota) -> None:
        self.clinic, self.rota = clinic, rota
        self.waiting = {u.appointment for u in rota.unplaced}
        self.ahead = self._ahead()
        self.week = WeekModel.over(clinic, self._asked())
        self.beside = Beside(self.week, rota)
        self.more = one_more(clinic, rota)

    def all(self) -> tuple[Unplaced, ...]:
        """Every unplaced appointment with its reason."""
        codes = ((u.appointment, self._code(u.appointment)) for u in self.rota.unplaced)
        return tuple(Unplaced(index, code, REASONS[code]) for index, code in codes)

    def _ahead(self) -> dict[int, int]:
        """Appointments with somebody before them in their queue who is unplaced too: the first of those."""
        found: dict[int, int] = {}
        for queue in queues(self.clinic):
            waiting = [a.index for a in queue if a.index in self.waiting and not self._seen_elsewhere(a)]
            found.update((index, waiting[0]) for index in waiting[1:])
        return found

    def _seen_elsewhere(self, appointment: Appointment) -> bool:
        """Whether the patient has another booking this week, and so stands outside the queue."""
        others = self.clinic.by_patient[appointment.patient]
        return any(i != appointment.index and i not in self.waiting for i in others)

    def _asked(self) -> Iterator[Appointment]:
        """What has to have columns: who waits, the first of each queue, and who is booked, only with whom."""
        seen_by: dict[int, set[int]] = defaultdict(set)
        for booking in self.rota.bookings:
            seen_by[booking.appointment].add(booking.clinician)
        for a in self.clinic.appointments:
            if a.index not in self.waiting:
                with_whom = sorted(c for c in seen_by[a.index] if a.clinician in {None, c})
                yield from (replace(a, clinician=c) for c in with_whom)
            elif a.index not in self.ahead:
                yield a

    def _code(self, index: int) -> str:
        columns = self.week.of_appointment[self.ahead.get(index, index)]
        if not columns:
            able = any(may_see(self.clinic.appointments[index], c) for c in self.clinic.clinicians)
            return "no_start" if able else "no_clinician"
        return "queue" if index in self.ahead else self._tried(columns)

    def _tried(self, columns: list[Column]) -> str:
        """What comes of the days that may hold it; once one takes it, only those that save count."""
        taken, settled = False, True
        for column in filter(self.beside.may_hold, columns):
            if taken and not self._saves(column):
                continue
            takes = self.beside.takes(column)
            if takes and self._saves(column):
                return "not_found"
            taken, settled = taken or takes is True, settled and takes is not None
        return "costs_more" if taken else "no_capacity" if settled else "not_settled"

    def _saves(self, column: Column) -> bool:
        """Whether the rota would cost less with one more booking."""
        return self.more(Booking(column.appointment, column.clinician, column.starts[0])) < 0
