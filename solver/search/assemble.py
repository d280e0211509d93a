"""Whole diaries from the layouts of days: commitments and free time fill what the layouts leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from solver.model.week import FrameKey
from solver.question.clinic import Clinic, Clinician, Span
from solver.question.day import ShiftDay, days, gaps
from solver.rota import Booking, Diary, Entry, Rota, Unplaced
from solver.search.layout import Layout


def assembled(clinic: Clinic, layouts: Mapping[FrameKey, Layout]) -> Rota:
    """The rota of a week's layouts; what they do not book is unplaced, its reason still to be found."""
    diaries = tuple(diary(clinician, layouts) for clinician in clinic.clinicians)
    bookings = tuple(
        sorted(
            (
                Booking(appointment, diary_.clinician, entry.start)
                for diary_ in diaries
                for entry in diary_.entries
                for appointment in entry.appointments
            ),
            key=lambda b: (b.clinician, b.start, b.appointment),
        )
    )
    booked = {booking.appointment for booking in bookings}
    unplaced = tuple(
        Unplaced(a.index, "no_capacity", "no place was found for it")
        for a in clinic.appointments
        if a.index not in booked
    )
    return Rota(bookings, unplaced, diaries)


def diary(clinician: Clinician, layouts: Mapping[FrameKey, Layout]) -> Diary:
    """A clinician's whole week."""
    entries = (
        entry
        for day in days(clinician)
        for shift in day.shifts
        for entry in _covered(shift, layouts[clinician.index, day.day].entries)
    )
    return Diary(clinician.index, tuple(entries))


def _covered(shift: ShiftDay, laid: tuple[Entry, ...]) -> Iterator[Entry]:
    whole = Span(shift.shift.start, shift.shift.end)
    inside = [entry for entry in laid if whole.holds(entry.start, entry.end)]
    committed = [Entry("commitment", s.start, s.end) for s in gaps(whole, shift.free)]
    at = whole.start
    for entry in sorted([*inside, *committed], key=lambda e: e.start):
        if entry.start > at:
            yield Entry("free", at, entry.start)
        yield entry
        at = entry.end
    if at < whole.end:
        yield Entry("free", at, whole.end)
