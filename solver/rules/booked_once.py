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
