r"""Queue order: of appointments that are alike, whoever has waited longest comes first.

.. math:: \sum_{c,t} x_{jct} \le \sum_{c,t} x_{ict} \quad
          \text{for } i \prec j \text{ in one queue, both patients with no other booking}

A queue holds the appointments that agree in all but id, patient, attendance, group and waiting days; it
is ordered by ``waiting_days`` (days, longest first), then by the request. A pin or a published place
makes an appointment unlike any other. ``x`` has no unit. Attendance never decides between equals: people
who were let wait are the ones whom predicted attendance would keep waiting.

Source: problem, sections 2 and 5; M. Samorani et al., "Overbooked and Overlooked: Machine Learning and
Racial Bias in Medical Appointment Scheduling", M&SOM 24(6), 2022.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

from solver.diaries import booked
from solver.model.week import WeekModel
from solver.question.clinic import Appointment, Clinic
from solver.rota import Rota
from solver.rules.rule import Breach

NAME = "queue_order"
STATEMENT = "Of appointments that are alike, the one that has waited longest is booked first."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Appointments that are booked although one before them in their queue is not."""
    placed = booked(rota)
    bookings_of: dict[str, set[int]] = defaultdict(set)
    for index in placed:
        bookings_of[clinic.appointments[index].patient].add(index)
    for queue in queues(clinic):
        standing = [a for a in queue if not bookings_of[a.patient] - {a.index}]
        yield from _passed_over(standing, placed)


def queues(clinic: Clinic) -> tuple[tuple[Appointment, ...], ...]:
    """Every queue of two or more appointments, first in the queue first."""
    alike: dict[Appointment, list[Appointment]] = defaultdict(list)
    for appointment in clinic.appointments:
        if appointment.pin is None and appointment.published is None:
            alike[_likeness(appointment)].append(appointment)
    return tuple(tuple(sorted(queue, key=_turn)) for queue in alike.values() if len(queue) > 1)


def _likeness(appointment: Appointment) -> Appointment:
    """The appointment without what tells it from its queue; windows as a set, in order."""
    windows = tuple(sorted(set(appointment.windows)))
    return replace(
        appointment, id="", index=0, patient="", attendance=0, group=None, waiting_days=0, windows=windows
    )


def _turn(appointment: Appointment) -> tuple[int, int]:
    return -appointment.waiting_days, appointment.index


def _passed_over(standing: list[Appointment], placed: frozenset[int]) -> Iterator[Breach]:
    first: Appointment | None = None
    for a in standing:
        if a.index not in placed:
            first = first or a
        elif first is not None:
            waits = f"({first.waiting_days} days) waits although it stands before it in the queue"
            text = f"Appointment {a.id} ({a.waiting_days} days) is booked and {first.id} {waits}."
            yield Breach(NAME, None, None, text)


def post_week(week: WeekModel) -> None:
    """Unplaced in turn, down each queue; a patient's other booking lifts the row."""
    patients = week.clinic.by_patient
    for queue in queues(week.clinic):
        others = {a.index: [i for i in patients[a.patient] if i != a.index] for a in queue}
        pairs = list(pairwise(a for a in queue if not others[a.index]))
        pairs += [(a, b) for a, b in combinations(queue, 2) if others[a.index] or others[b.index]]
        for first, second in pairs:
            lifted = [week.unplaced[i] for i in (*others[first.index], *others[second.index])]
            terms = [(1, week.unplaced[first.index]), (-1, week.unplaced[second.index])]
            week.programme.row(NAME, [*terms, *((1, u) for u in lifted)], upper=len(lifted))
