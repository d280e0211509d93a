"""Rotas that show that a rule binds: they break no other rule, and reach more than any rota that keeps it.

A search without a rule may leave the queues a little out of order where patients are open to anybody, since
the queues of the week as it is are not those of the changed one. Places are then given back in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from solver.check import breaches
from solver.diaries import booked
from solver.question.clinic import Appointment, Clinic, Place
from solver.rota import Diary, Rota
from solver.rules.queue_order import queues
from solver.search.attain import attained
from solver.search.clerk import clerk
from solver.search.reach import NEAR


def shows(clinic: Clinic, rule: str, rota: Rota, least: float) -> bool:
    """Whether a rota, or the same with its queues in order, reaches more and breaks no rule but one.

    Parameters
    ----------
    clinic
        The week with all its rules.
    least
        Minutes of sum min(expected delivered, target) that it has to pass.
    """
    if attained(clinic, rota) <= least + NEAR:
        return False
    return any(_passes(clinic, rule, one, least) for one in (rota, in_turn(clinic, rota)))


def filled(loose: Clinic, rota: Rota) -> Rota:
    """A rota with what the booking clerk finds room for in a week of fewer rules; nothing booked moves."""
    places = {b.appointment: Place(b.clinician, b.start) for b in rota.bookings}
    kept = tuple(replace(a, pin=places.get(a.index, a.pin)) for a in loose.appointments)
    try:
        return clerk(replace(loose, appointments=kept))
    except ValueError:
        return rota


def in_turn(clinic: Clinic, rota: Rota) -> Rota:
    """The same places, each queue's taken by those who come first in it; who shares a patient is left out."""
    takes = dict(_exchanges(clinic, rota))
    gives = {first: later for later, first in takes.items()}
    return Rota(
        tuple(replace(b, appointment=takes.get(b.appointment, b.appointment)) for b in rota.bookings),
        tuple(replace(u, appointment=gives.get(u.appointment, u.appointment)) for u in rota.unplaced),
        tuple(_with_names(diary, takes) for diary in rota.diaries),
    )


def _passes(clinic: Clinic, rule: str, rota: Rota, least: float) -> bool:
    if attained(clinic, rota) <= least + NEAR:
        return False
    return {breach.rule for breach in breaches(clinic, rota)} <= {rule}


def _exchanges(clinic: Clinic, rota: Rota) -> Iterator[tuple[int, int]]:
    """Who is booked before their turn, with who takes the place."""
    placed = booked(rota)
    for queue in queues(clinic):
        alone = [a for a in queue if not _another(clinic, placed, a)]
        count = sum(a.index in placed for a in alone)
        late = (a.index for a in alone[count:] if a.index in placed)
        yield from zip(late, (a.index for a in alone[:count] if a.index not in placed), strict=True)


def _another(clinic: Clinic, placed: frozenset[int], one: Appointment) -> bool:
    return any(i in placed and i != one.index for i in clinic.by_patient[one.patient])


def _with_names(diary: Diary, takes: dict[int, int]) -> Diary:
    entries = (replace(e, appointments=tuple(takes.get(i, i) for i in e.appointments)) for e in diary.entries)
    return Diary(diary.clinician, tuple(entries))
