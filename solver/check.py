"""The checker: what is wrong with any rota, by hand or by search, found without a solver.

Every hard rule is asked, and two things are looked at here because they are no choice of anyone's:

``conservation``
    Each appointment of the request is booked once, or unplaced once with a reason; the bookings and the
    diaries' slots say the same.
``diary``
    Each clinician has one diary; its entries are of a known kind, last a positive multiple of 5 minutes,
    stand in order, cover each shift exactly, and show the commitments as the union of those given; a
    slot has bookings and lasts no longer than the longest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from solver.diaries import entries, shift_at
from solver.question.clinic import STEP, Clinic, Clinician, Span
from solver.question.day import gaps, merged
from solver.question.when import when
from solver.rota import KINDS, Entry, Rota
from solver.rules import HARD
from solver.rules.rule import Breach

CONSERVATION = "conservation"
DIARY = "diary"


def breaches(clinic: Clinic, rota: Rota) -> tuple[Breach, ...]:
    """Everything that is wrong with a rota: empty for one that keeps every hard rule.

    Parameters
    ----------
    clinic
        The question.
    rota
        Any answer whose places in the request's lists exist; it may be wrong in every other way.
    """
    found = [*_accounts(clinic, rota), *_contradictions(clinic, rota), *_diaries(clinic, rota)]
    for rule in HARD:
        found.extend(rule.breaches(clinic, rota))
    return tuple(found)


def _accounts(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    booked = Counter(b.appointment for b in rota.bookings)
    unplaced = Counter(u.appointment for u in rota.unplaced)
    for a in clinic.appointments:
        if booked[a.index] + unplaced[a.index] != 1:
            text = (
                f"Appointment {a.id} is booked {booked[a.index]} times and unplaced {unplaced[a.index]} times"
            )
            yield Breach(CONSERVATION, None, None, f"{text}, not once in all.")
    for u in rota.unplaced:
        if not u.reason.strip():
            text = f"Appointment {clinic.appointments[u.appointment].id} is unplaced without a reason."
            yield Breach(CONSERVATION, None, None, text)


def _contradictions(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    listed = Counter((b.clinician, b.start, b.appointment) for b in rota.bookings)
    shown = Counter(
        (d.clinician, e.start, i) for d in rota.diaries for e in d.entries for i in e.appointments
    )
    for index, start, appointment in sorted((listed - shown) + (shown - listed)):
        clinician = clinic.clinicians[index]
        at = (index, start, appointment)
        text = f"Appointment {clinic.appointments[appointment].id} at {when(clinic, start)} stands"
        text = (
            f"{text} {listed[at]} times in the bookings and {shown[at]} times in the diary of {clinician.id}."
        )
        yield Breach(CONSERVATION, clinician.id, _day(clinician, start), text)


def _diaries(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    rows = entries(rota)
    count = Counter(diary.clinician for diary in rota.diaries)
    for clinician in clinic.clinicians:
        if count[clinician.index] != 1:
            text = f"{clinician.id} has {count[clinician.index]} diaries, not 1."
            yield Breach(DIARY, clinician.id, None, text)
        own = rows.get(clinician.index, [])
        for entry in own:
            for fault in _faults(clinic, clinician, entry):
                yield _breach(clinic, clinician, entry.start, f"the {entry.kind} entry {fault}")
        yield from _uncovered(clinic, clinician, own)
        yield from _miscommitted(clinic, clinician, own)
    yield from _disordered(clinic, rota)


def _faults(clinic: Clinic, clinician: Clinician, entry: Entry) -> Iterator[str]:
    if entry.kind not in KINDS:
        yield f"is none of {', '.join(KINDS)}"
    if entry.minutes <= 0:
        yield f"lasts {entry.minutes} minutes"
    if entry.start % STEP or entry.end % STEP:
        yield f"does not start and end at multiples of {STEP} minutes"
    if (entry.kind == "appointment") != bool(entry.appointments):
        yield f"has {len(entry.appointments)} bookings"
    longest = max((clinic.appointments[i].minutes for i in entry.appointments), default=entry.minutes)
    if entry.minutes > longest:
        yield f"lasts {entry.minutes} minutes and its longest booking {longest}"
    if not any(shift.holds(entry.start, entry.end) for shift in clinician.shifts):
        yield f"of {entry.minutes} minutes does not lie inside one shift"


def _disordered(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    for diary in rota.diaries:
        for before, after in zip(diary.entries, diary.entries[1:], strict=False):
            if after.start < before.start:
                clinician = clinic.clinicians[diary.clinician]
                yield _breach(clinic, clinician, after.start, f"{after.kind} is listed after a later entry")


def _uncovered(clinic: Clinic, clinician: Clinician, own: list[Entry]) -> Iterator[Breach]:
    covered = merged(Span(e.start, e.end) for e in own if e.minutes > 0)
    for shift in clinician.shifts:
        for gap in gaps(shift, covered):
            yield _breach(clinic, clinician, gap.start, f"{gap.minutes} minutes are left out of the diary")


def _miscommitted(clinic: Clinic, clinician: Clinician, own: list[Entry]) -> Iterator[Breach]:
    shown = merged(Span(e.start, e.end) for e in own if e.kind == "commitment")
    given = merged(
        Span(max(c.start, s.start), min(c.end, s.end))
        for c in clinician.commitments
        for s in clinician.shifts
        if c.touches(s.start, s.end)
    )
    for span in given:
        if span not in shown:
            fault = f"the commitment of {span.minutes} minutes is not shown as it was given"
            yield _breach(clinic, clinician, span.start, fault)
    for span in shown:
        if span not in given:
            fault = f"a commitment of {span.minutes} minutes is shown that was not given"
            yield _breach(clinic, clinician, span.start, fault)


def _breach(clinic: Clinic, clinician: Clinician, minute: int, fault: str) -> Breach:
    text = f"{clinician.id} at {when(clinic, minute)}: {fault}."
    return Breach(DIARY, clinician.id, _day(clinician, minute), text)


def _day(clinician: Clinician, minute: int) -> int | None:
    shift = shift_at(clinician, minute)
    return shift.day if shift else None
