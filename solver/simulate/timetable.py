"""A diary as the simulation lives it: shifts, who arrives when, and which minutes are promised.

Made for diaries that keep the structural rules (`solver.check`): entries in order, each inside one shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solver.question.clinic import Clinic, Shift
from solver.rota import Diary, Entry

PROMISED = ("break", "admin", "commitment")
"""What a minute may be promised to; lunch is a break."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A patient who is booked at a minute of the week; ``place`` counts the diary's bookings from 0."""

    minute: int
    place: int


@dataclass(frozen=True, slots=True)
class Session:
    """One shift, ``[start, end)`` in minutes since the week began, with its promises.

    ``promised`` are triples (what, start, end), in order, with what one of `PROMISED`.
    """

    day: int
    start: int
    end: int
    arrivals: tuple[Arrival, ...]
    promised: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    """One diary: its bookings (places in the request's list) in order, and its shifts."""

    clinician: int
    appointments: tuple[int, ...]
    sessions: tuple[Session, ...]


def timetable(clinic: Clinic, diary: Diary) -> Timetable:
    """The timetable of a diary."""
    entries = sorted(diary.entries, key=lambda entry: entry.start)
    booked = [(entry.start, index) for entry in entries for index in entry.appointments]
    arrivals = [Arrival(minute, place) for place, (minute, _) in enumerate(booked)]
    shifts = sorted(clinic.clinicians[diary.clinician].shifts)
    return Timetable(
        diary.clinician,
        tuple(index for _, index in booked),
        tuple(_session(shift, entries, arrivals) for shift in shifts),
    )


def _session(shift: Shift, entries: Sequence[Entry], arrivals: Sequence[Arrival]) -> Session:
    inside = [entry for entry in entries if shift.start <= entry.start < shift.end]
    kinds = [("break" if entry.kind == "lunch" else entry.kind, entry.start, entry.end) for entry in inside]
    return Session(
        shift.day,
        shift.start,
        shift.end,
        tuple(arrival for arrival in arrivals if shift.start <= arrival.minute < shift.end),
        tuple(row for row in kinds if row[0] in PROMISED),
    )
