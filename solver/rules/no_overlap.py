r"""No overlap: a clinician does one thing at a time, and a slot holds time for its longest booking.

.. math:: e_i \le s_j \text{ for entries } i < j \text{ of one clinician}; \qquad
          e_i - s_i \ge \max_{a \in i} d_a

``s``, ``e`` start and end of an entry, ``d`` duration of a booking, all in minutes.
Source: problem, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from solver.diaries import entries, shift_at
from solver.question.clinic import Clinic, Clinician
from solver.question.when import when
from solver.rota import Entry, Rota
from solver.rules.rule import Breach

NAME = "no_overlap"
STATEMENT = "A clinician does one thing at a time, and every slot lasts its longest booking."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Entries that start before an earlier one ends, and slots too short for a booking."""
    for index, rows in sorted(entries(rota).items()):
        yield from _overlaps(clinic, clinic.clinicians[index], rows)
        yield from _short(clinic, clinic.clinicians[index], rows)


def _overlaps(clinic: Clinic, clinician: Clinician, rows: list[Entry]) -> Iterator[Breach]:
    last: Entry | None = None
    for entry in rows:
        if last is not None and entry.start < last.end:
            shared = min(entry.end, last.end) - entry.start
            text = f"{clinician.id} has {last.kind} and {entry.kind} at {when(clinic, entry.start)}"
            yield _breach(clinician, entry, f"{text}: they share {shared} minutes.")
        if last is None or entry.end > last.end:
            last = entry


def _short(clinic: Clinic, clinician: Clinician, rows: list[Entry]) -> Iterator[Breach]:
    for entry in rows:
        for a in (clinic.appointments[i] for i in entry.appointments):
            if entry.minutes < a.minutes:
                text = f"The slot of {clinician.id} at {when(clinic, entry.start)} lasts {entry.minutes}"
                text = f"{text} minutes and appointment {a.id} needs {a.minutes}."
                yield _breach(clinician, entry, text)


def _breach(clinician: Clinician, entry: Entry, text: str) -> Breach:
    shift = shift_at(clinician, entry.start)
    return Breach(NAME, clinician.id, shift.day if shift else None, text)
