r"""Booked once: an appointment is booked at most once, a patient at most once a day.

.. math:: \sum_{c,t} x_{act} \le 1 \quad \forall a; \qquad
          \sum_{a : patient(a) = p} \sum_{c,\, t \in d} x_{act} \le 1 \quad \forall p, d

``x`` is 1 for a booking (no unit); the day of a booking is the day of the shift that it stands in.
Source: problem, section 2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from solver.diaries import slots
from solver.model.day import DayModel
from solver.model.week import WeekModel
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "booked_once"
STATEMENT = "Each appointment is booked at most once, and each patient at most once a day."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Appointments booked more than once, and patients booked more than once on a day."""
    yield from _twice(clinic, rota)
    yield from _two_a_day(clinic, rota)


def _twice(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    for appointment, times in Counter(b.appointment for b in rota.bookings).items():
        if times > 1:
            text = f"Appointment {clinic.appointments[appointment].id} is booked {times} times, not once."
            yield Breach(NAME, None, None, text)


def _two_a_day(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    seen: dict[tuple[str, int], set[str]] = defaultdict(set)
    for slot in slots(clinic, rota):
        for appointment in slot.appointments:
            if slot.shift is not None:
                seen[appointment.patient, slot.shift.day].add(appointment.id)
    for (_, day), ids in seen.items():
        if len(ids) > 1:
            text = f"Appointments {', '.join(sorted(ids))} are one patient's, {len(ids)} on one day, not 1."
            yield Breach(NAME, None, day, text)


def post_week(week: WeekModel) -> None:
    """One row an appointment (booked once or unplaced), one a patient and day with several."""
    for appointment in week.clinic.appointments:
        booked = [(1, column.variable) for column in week.of_appointment[appointment.index]]
        week.programme.row(NAME, [*booked, (1, week.unplaced[appointment.index])], lower=1, upper=1)
    for appointments in week.clinic.by_patient.values():
        if len(appointments) > 1:
            days: dict[int, list[tuple[int, int]]] = defaultdict(list)
            for column in (c for a in appointments for c in week.of_appointment[a]):
                days[column.day].append((1, column.variable))
            for terms in days.values():
                week.programme.row(NAME, terms, upper=1)


def post_day(day: DayModel) -> None:
    """Each booking of the days stands at one of its starts."""
    for columns in day.bookings.values():
        for column in columns:
            terms = [(1, day.starts[column.variable, start]) for start in column.starts]
            day.programme.row(NAME, terms, lower=1, upper=1)
