"""Small weeks in a short notation.

Times are ``"Mon 09:00"``, stretches ``"Mon 09:00-13:00"``. Clinicians are c1, c2, ... and appointments a1,
a2, ... of patients p1, p2, ... in the order given, unless they bring an id of their own. A clinician works
on Monday from 09:00 to 13:00 (no lunch is due), an appointment lasts 60 minutes at attendance 900/1000.

A diary is a line a shift: where it starts, then its entries with their minutes. A slot is its
appointments, and lasts the longest of them; the last entry, without minutes, lasts to the end of the shift:

    "Mon 09:00 a1 | break 10 | a2+a3 | reserve 30 | admin 45 | free"
"""

# ruff: noqa: ANN401 (a builder takes whatever the thing it builds takes)
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from solver.question.clinic import (
    WEIGHTS,
    Appointment,
    Clinic,
    Clinician,
    Commitment,
    Place,
    Policy,
    Shift,
    Span,
)
from solver.question.day import gaps, merged
from solver.question.when import WEEKDAYS
from solver.rota import KINDS, Booking, Diary, Entry, Rota, Unplaced
from solver.rules.rule import Breach

DAY = 24 * 60


def at(text: str) -> int:
    """Minutes since the week began: ``at("Tue 00:10")`` is 1450."""
    day, clock = text.split()
    return WEEKDAYS.index(day) * DAY + _clock(clock)


def span(text: str) -> Span:
    """A stretch of one day: ``"Mon 09:00-13:00"``."""
    start, end = text.split("-")
    return Span(at(start), at(f"{text.split(maxsplit=1)[0]} {end}"))


def shift(text: str, site: str | None = None, lunch: str = "11:30-14:30") -> Shift:
    """A shift, with its lunch window of that day."""
    day = text.split(maxsplit=1)[0]
    here = span(text)
    return Shift(here.start, here.end, WEEKDAYS.index(day), site, span(f"{day} {lunch}"))


def commitment(text: str, kind: str = "meeting") -> Commitment:
    """A commitment of a clinician."""
    here = span(text)
    return Commitment(here.start, here.end, kind)


def place(text: str, clinician: int = 0) -> Place:
    """A clinician's place in the list, and a start."""
    return Place(clinician, at(text))


def a_clinician(**changes: Any) -> Clinician:
    """Target 1200 minutes, ceiling 1320, one morning; shifts may be written as texts."""
    given = changes.pop("shifts", ("Mon 09:00-13:00",))
    shifts = tuple(shift(s) if isinstance(s, str) else s for s in given)
    plain: dict[str, Any] = {"id": "", "index": 0, "target": 1200, "ceiling": 1320, "shifts": shifts}
    return Clinician(**(plain | changes))


def an_appointment(**changes: Any) -> Appointment:
    """60 minutes at attendance 900/1000, anyone, any time."""
    plain: dict[str, Any] = {"id": "", "index": 0, "patient": "", "minutes": 60, "attendance": 900}
    return Appointment(**(plain | changes))


def appointments(count: int, **changes: Any) -> list[Appointment]:
    """Several that are alike."""
    return [an_appointment(**changes) for _ in range(count)]


def a_clinic(
    clinicians: Clinician | Sequence[Clinician], wanted: Iterable[Appointment] = (), **changes: Any
) -> Clinic:
    """The week of 30 November 2026 in London; ``weights`` may name only those that differ."""
    team = [clinicians] if isinstance(clinicians, Clinician) else clinicians
    changes["weights"] = dict(WEIGHTS) | changes.get("weights", {})
    return Clinic(
        datetime(2026, 11, 30, tzinfo=UTC),
        "Europe/London",
        tuple(replace(c, id=c.id or f"c{i + 1}", index=i) for i, c in enumerate(team)),
        tuple(
            replace(a, id=a.id or f"a{i + 1}", index=i, patient=a.patient or f"p{i + 1}")
            for i, a in enumerate(wanted)
        ),
        **changes,
    )


def doubling(**changes: Any) -> Policy:
    """A policy that allows doubles."""
    return Policy(**({"max_per_slot": 2} | changes))


def a_rota(clinic: Clinic, **diaries: str) -> Rota:
    """Diaries by clinician id; shifts that are not written are free, appointments that are not, unplaced."""
    ids = [clinician.id for clinician in clinic.clinicians]
    assert set(diaries) <= set(ids), "a diary of a stranger"
    return rota_of(clinic, [_diary(clinic, c, diaries.get(c.id, "")) for c in clinic.clinicians])


def rota_of(clinic: Clinic, diaries: Iterable[Diary]) -> Rota:
    """The rota whose bookings are those in the diaries; every other appointment is unplaced."""
    kept = tuple(diaries)
    bookings = tuple(
        Booking(i, d.clinician, e.start) for d in kept for e in d.entries for i in e.appointments
    )
    booked = {b.appointment for b in bookings}
    left = (a.index for a in clinic.appointments if a.index not in booked)
    return Rota(bookings, tuple(Unplaced(i, "no_capacity", "No room this week.") for i in left), kept)


def faults(found: Iterable[Breach]) -> list[tuple[str | None, int | None]]:
    """Where the breaches are: (clinician, day)."""
    return [(breach.clinician, breach.day) for breach in found]


def _diary(clinic: Clinic, clinician: Clinician, text: str) -> Diary:
    written = dict(_line(clinic, clinician, line) for line in text.splitlines() if line.strip())
    rows = [
        entry for s in sorted(clinician.shifts) for entry in written.get(s.start) or _unwritten(clinician, s)
    ]
    return Diary(clinician.index, tuple(rows))


def _line(clinic: Clinic, clinician: Clinician, line: str) -> tuple[int, list[Entry]]:
    day, clock, rest = line.split(maxsplit=2)
    start = at(f"{day} {clock}")
    ends = {s.start: s.end for s in clinician.shifts}
    assert start in ends, f"no shift of {clinician.id} starts at {day} {clock}"
    rows: list[Entry] = []
    for part in rest.split("|"):
        rows.append(_entry(clinic, part.split(), rows[-1].end if rows else start, ends[start]))
    return start, rows


def _entry(clinic: Clinic, words: list[str], start: int, end: int) -> Entry:
    if words[0] in KINDS:
        return Entry(words[0], start, start + int(words[1]) if words[1:] else end)
    known = {a.id: a for a in clinic.appointments}
    inside = [known[name] for name in words[0].split("+")]
    minutes = int(words[1]) if words[1:] else max(a.minutes for a in inside)
    return Entry("appointment", start, start + minutes, tuple(a.index for a in inside))


def _unwritten(clinician: Clinician, s: Shift) -> Iterator[Entry]:
    taken = merged(
        Span(max(c.start, s.start), min(c.end, s.end))
        for c in clinician.commitments
        if c.touches(s.start, s.end)
    )
    rows = [Entry("commitment", t.start, t.end) for t in taken]
    rows += [Entry("free", g.start, g.end) for g in gaps(s, taken)]
    return iter(sorted(rows, key=lambda entry: entry.start))


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
