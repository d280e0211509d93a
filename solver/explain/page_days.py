"""The days of a clinician's page: what stands when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.explain.page_shape import PageDay, Row
from solver.explain.page_words import DAYS, clock, count, lasting, listed
from solver.question.clinic import Appointment, Clinic, Clinician
from solver.rota import Diary, Entry

WORDS = {
    "admin": "time for notes",
    "break": "break",
    "lunch": "lunch",
    "reserve": "kept free for the second patient",
    "free": "free",
    "commitment": "not for patients",
}
_COMMITMENT = {"leave": "leave", "supervision": "supervision", "meeting": "meeting", "training": "training"}
_MODES = {"in_person": "in person", "telephone": "by phone", "video": "by video"}


def days(clinic: Clinic, diary: Diary) -> tuple[PageDay, ...]:
    """The days on which a clinician has a shift."""
    clinician = clinic.clinicians[diary.clinician]
    by_day = ((day, entries_of(clinician, diary, day)) for day in shift_days(clinician))
    return tuple(
        PageDay(
            name=DAYS[day],
            date=clinic.date(day).isoformat(),
            summary=_summary(clinic, clinician, day, entries),
            rows=tuple(_row(clinic, clinician, entry) for entry in entries),
        )
        for day, entries in by_day
    )


def shift_days(clinician: Clinician) -> list[int]:
    """The days of the week (0 is Monday) on which a clinician starts a shift, in order."""
    return sorted({shift.day for shift in clinician.shifts})


def entries_of(clinician: Clinician, diary: Diary, day: int) -> list[Entry]:
    """A diary's entries in the shifts of one day, in order."""
    shifts = [shift for shift in clinician.shifts if shift.day == day]
    inside = [e for e in diary.entries if any(s.start <= e.start < s.end for s in shifts)]
    return sorted(inside, key=lambda entry: entry.start)


def held(clinic: Clinic, entries: Sequence[Entry]) -> list[Appointment]:
    """The appointments booked in some entries, in order."""
    return [clinic.appointments[index] for entry in entries for index in entry.appointments]


def _summary(clinic: Clinic, clinician: Clinician, day: int, entries: Sequence[Entry]) -> str:
    shifts = sorted(shift for shift in clinician.shifts if shift.day == day)
    spans = listed([f"{clock(clinic, shift.start)} to {clock(clinic, shift.end)}" for shift in shifts])
    seen = held(clinic, entries)
    contact = f", {lasting(sum(one.minutes for one in seen))} with patients" if seen else ""
    return f"You work {spans}. You have {count(len(seen), 'booking')}{contact}. {_rests(entries)}"


def _rests(entries: Sequence[Entry]) -> str:
    breaks = sum(entry.kind == "break" for entry in entries)
    notes = sum(entry.minutes for entry in entries if entry.kind == "admin")
    parts = ["lunch"] if any(entry.kind == "lunch" for entry in entries) else []
    parts += [count(breaks, "break")] if breaks or not parts else []
    parts += [f"{lasting(notes)} for notes"] if notes else []
    return f"There is time for {listed(parts)}." if parts != ["no breaks"] else "No break is marked."


def _row(clinic: Clinic, clinician: Clinician, entry: Entry) -> Row:
    what = "; ".join(_words(clinic, clinician, entry)) or entry.kind
    return Row(clock(clinic, entry.start), clock(clinic, entry.end), entry.kind, what)


def _words(clinic: Clinic, clinician: Clinician, entry: Entry) -> Iterator[str]:
    if entry.kind == "commitment":
        kinds = [c.kind for c in sorted(clinician.commitments) if c.touches(entry.start, entry.end)]
        yield listed(list(dict.fromkeys(_COMMITMENT.get(kind, WORDS["commitment"]) for kind in kinds)))
    elif not entry.appointments:
        yield WORDS[entry.kind]
    if len(entry.appointments) > 1:
        yield "two at once"
    for one in held(clinic, [entry]):
        mode = f", {_MODES.get(one.mode, one.mode)}" if one.mode else ""
        yield f"{one.id}, {one.minutes} minutes{mode}{', demanding' if one.intense else ''}"
