"""A change of the request that places an appointment: proposed, then applied and checked before it is said.

Every proposal has been verified: its patch makes a request that reads well, and in the rota that comes with
it, all that was booked is booked still, the appointment is booked too, and no rule is broken that was kept.
None weakens a clinician's protection: no cap, break, lunch or admin time is ever touched, and a longer shift
is said to be theirs to give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from solver import rules
from solver.check import breaches
from solver.explain.why_edits import Edit, patched, replaced
from solver.explain.why_standing import Standing
from solver.explain.why_there import Placing, applied
from solver.question.clinic import Appointment, Clinic, Span
from solver.question.day import days, gaps
from solver.question.eligibility import eligible_starts
from solver.question.reading import Question
from solver.question.when import when
from solver.rota import Booking, Diary, Entry, Rota

KINDS = (
    *("pin", "queue", "off_grid", "rearranged", "windows", "mode", "continuity"),
    *("room", "longer_shift", "more_time"),
)
"""Kinds of proposals, smallest change first: a decision, then the patient, then the place, then the team."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verified change: its kind, a sentence, the patch, the question and the rota that it leads to.

    ``cost`` is what that rota costs under the changed request less what the rota costs now under this one;
    ``placed`` are the new bookings, ``moved`` other bookings that stand elsewhere then.
    """

    kind: str
    text: str
    edits: tuple[Edit, ...]
    question: Question
    rota: Rota
    cost: Fraction
    placed: tuple[Booking, ...]
    moved: tuple[Booking, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """Where a search for proposals starts: the question, the rota, and both as they stand."""

    question: Question
    standing: Standing

    @property
    def clinic(self) -> Clinic:
        """The question in plain form."""
        return self.question.clinic

    @property
    def rota(self) -> Rota:
        """The rota that is explained."""
        return self.standing.rota

    def trying(self, changed: Appointment) -> Placing:
        """An appointment tried with other wishes."""
        told = list(self.clinic.appointments)
        told[changed.index] = changed
        return Placing(self.beside(replace(self.clinic, appointments=tuple(told)), self.rota), changed)

    def beside(self, clinic: Clinic, rota: Rota) -> Standing:
        """Another clinic, or rota, as it stands; days that are the same remember what was found."""
        return Standing(clinic, rota, self.standing.frames)

    def place(self, clinician: int, start: int) -> dict[str, str]:
        """A place as the request writes it."""
        return {"clinician": self.clinic.clinicians[clinician].id, "start": written(self.clinic, start)}

    def at(self, clinician: int, start: int) -> str:
        """A place as a sentence says it."""
        return f"{when(self.clinic, start)} with {self.clinic.clinicians[clinician].id}"


def written(clinic: Clinic, minute: int) -> str:
    """A minute of the week as the request writes it."""
    return clinic.moment(minute).isoformat()


def pinned(now: Now, booking: Booking) -> Edit:
    """The edit that pins an appointment."""
    place = now.place(booking.clinician, booking.start)
    return replaced(place, "appointments", booking.appointment, "pin")


def proved(
    now: Now, kind: str, text: str, edits: Sequence[Edit], bookings: Sequence[Booking]
) -> Proposal | None:
    """A proposal that books each of some appointments at a place, if it does what it says."""
    question = patched(now.question.request, edits)
    if question is None:
        return None
    rota = with_diaries(question.clinic, now.rota)
    for booking in bookings:
        placing = Placing(
            now.beside(question.clinic, rota), question.clinic.appointments[booking.appointment]
        )
        there = placing.there(booking.clinician, booking.start, blame=False)
        if not there.allowed:
            return None
        rota = applied(rota, there)
    return checked(now, kind, text, edits, question, rota)


def checked(
    now: Now, kind: str, text: str, edits: Sequence[Edit], question: Question, rota: Rota
) -> Proposal | None:
    """A proposal with its rota, if the checker finds nothing wrong with it that is not wrong already."""
    new = breaches(question.clinic, rota)
    if new and not set(new) <= set(breaches(now.clinic, now.rota)):
        return None
    cost = rules.cost(question.clinic, rota) - rules.cost(now.clinic, now.rota)
    known = set(now.rota.bookings)
    changed = [b for b in rota.bookings if b not in known]
    placed = tuple(b for b in changed if b.appointment not in now.standing.booked)
    moved = tuple(b for b in changed if b.appointment in now.standing.booked)
    return Proposal(kind, text, tuple(edits), question, rota, cost, placed, moved)


def with_diaries(clinic: Clinic, rota: Rota) -> Rota:
    """The rota with the time that a longer shift or a new clinician brings, free."""
    there = {d.clinician: d for d in rota.diaries}
    diaries = []
    for clinician in clinic.clinicians:
        kept = there.get(clinician.index, Diary(clinician.index, ()))
        diaries.append(filled(clinic, kept))
    return replace(rota, diaries=tuple(diaries))


def filled(clinic: Clinic, diary: Diary) -> Diary:
    """A diary whose shifts are covered: what no entry covers is free, or committed."""
    rows = sorted(diary.entries, key=lambda e: (e.start, e.end))
    new: list[Entry] = []
    for day in days(clinic.clinicians[diary.clinician]):
        for shift in day.shifts:
            whole = Span(shift.shift.start, shift.shift.end)
            for gap in gaps(whole, [Span(e.start, e.end) for e in rows]):
                open_ = [Span(max(f.start, gap.start), min(f.end, gap.end)) for f in shift.free]
                free = [f for f in open_ if f.minutes > 0]
                new += [Entry("free", f.start, f.end) for f in free]
                new += [Entry("commitment", c.start, c.end) for c in gaps(gap, free)]
    return Diary(diary.clinician, tuple(sorted((*rows, *new), key=lambda e: (e.start, e.end))))


def first_start(placing: Placing, clinician: int) -> Booking | None:
    """The first start with a clinician that takes the appointment."""
    own = placing.clinic.clinicians[clinician]
    starts = ((clinician, start) for start in eligible_starts(placing.appointment, own))
    found = (placing.there(*at, blame=False) for at in placing.hopeful(starts))
    return next((there.booking for there in found if there.allowed), None)
