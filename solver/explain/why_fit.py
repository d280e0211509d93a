"""How one more booking fits a day: as the diary stands, or when the day is laid out again, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from solver.explain.why_day import (
    Reason,
    blamed,
    carved,
    day_of,
    due,
    entries_of,
    laid_out,
    slot_entries,
    standing_of,
)
from solver.explain.why_standing import Standing, minutes_of_admin
from solver.model.week import FrameKey
from solver.question.clinic import Appointment
from solver.rota import Booking, Diary, Entry, Rota
from solver.rules import admin, breaks, lunch, no_overlap, reserve
from solver.rules.rule import HardRule
from solver.search.layout import Layout, OutOfNodes

_OF_DIARY: tuple[HardRule, ...] = (no_overlap, reserve, breaks, lunch)

LAYOUT = "layout"
"""Stands for the rules of a day that cannot be laid out, where nobody asked which."""


@dataclass(frozen=True, slots=True)
class Found:
    """``how`` is stands, laid_out, forbidden or not_settled; new diaries if it fits, else reasons."""

    how: str
    diaries: tuple[Diary, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass
class Fit:
    """One booking in one day; ``now`` is the booking that its appointment has so far, if any."""

    standing: Standing
    appointment: Appointment
    now: Booking | None
    booking: Booking

    def __post_init__(self) -> None:
        clinician = self.standing.clinic.clinicians[self.booking.clinician]
        day = day_of(clinician, self.booking.start)
        if day is None:
            raise LookupError(f"no shift of {clinician.id} at minute {self.booking.start}")
        self.key: FrameKey = (clinician.index, day.day)
        self.frame = self.standing.frames[self.key]
        others = [b for b in self.standing.on.get(self.key, []) if b.appointment != self.appointment.index]
        self.bookings = [*others, self.booking]
        appointments = self.standing.clinic.appointments
        self.standing_ = standing_of(appointments, others)
        self.day_after = (*self.standing_, (self.appointment, self.booking.start))

    def found(self, *, blame: bool = True) -> Found:
        """How it fits."""
        rows = self._carved()
        if rows is not None and self._keeps(rows):
            return Found("stands", self._diaries({self.key: rows}))
        broken = self.standing.broken(self.key)
        if broken is not None:
            return Found("forbidden", reasons=(Reason("eligible", f"The day is not in order: {broken}."),))
        try:
            return self._laid_out(blame=blame)
        except OutOfNodes:
            text = "Whether the day can be laid out with it was not settled with the effort given."
            return Found("not_settled", reasons=(Reason("not_settled", text),))

    def _laid_out(self, *, blame: bool) -> Found:
        layout = laid_out(self.frame, self.day_after)
        if layout is None:
            reasons = blamed(self.frame, self.day_after) if blame else (Reason(LAYOUT, "It does not fit."),)
            return Found("forbidden", reasons=reasons)
        if self.frame.policy.admin_scope == "week":
            return self._week_laid_out(layout)
        return Found("laid_out", self._diaries({self.key: entries_of(self.frame, layout)}))

    def _week_laid_out(self, layout: Layout) -> Found:
        """With a weekly admin scope: the other days give what admin they can, laid out again if need be."""
        rows = {self.key: entries_of(self.frame, layout)}
        wanted = self._due_in_week()
        for key, better in self._other_days():
            if self._given(rows) < wanted:
                rows[key] = better
        given = self._given(rows)
        if given < wanted:
            text = f"{self.frame.clinician.id} would have {given} minutes of admin a week at most"
            return Found("forbidden", reasons=(Reason("admin", f"{text}, {wanted} are due."),))
        return Found("laid_out", self._diaries(rows))

    def _other_days(self) -> Iterator[tuple[FrameKey, tuple[Entry, ...]]]:
        """The clinician's other days that would have more admin if they were laid out for it."""
        for key in self.standing.frames:
            if key[0] == self.key[0] and key != self.key:
                better = self._fuller(key)
                if better is not None:
                    yield key, better

    def _fuller(self, key: FrameKey) -> tuple[Entry, ...] | None:
        own = self.appointment.index
        if all(booking.appointment != own for booking in self.standing.on.get(key, [])):
            return self.standing.fullest(key)
        return self.standing.laid_out_for_admin(key, but=own)

    def _given(self, rows: dict[FrameKey, tuple[Entry, ...]]) -> int:
        own = [key for key in self.standing.frames if key[0] == self.key[0]]
        return sum(minutes_of_admin(rows[key] if key in rows else self.standing.rows_of(key)) for key in own)

    def _due_in_week(self) -> int:
        own = [b for b in self.standing.own.get(self.key[0], []) if b.appointment != self.appointment.index]
        notes = standing_of(self.standing.clinic.appointments, own)
        base = sum(due(f.day, ()) for k, f in self.standing.frames.items() if k[0] == self.key[0])
        return base + self.appointment.admin + sum(a.admin for a, _ in notes)

    def _carved(self) -> tuple[Entry, ...] | None:
        """The day with the booking in free time and spare admin; None where more would have to move."""
        rows = self._vacated(self.key)
        start = self.booking.start
        partners = [a for a, at in self.standing_ if at == start]
        if partners:
            rows = tuple(_vacant(e) if e.start == start and e.appointments else e for e in rows)
        whole = self.frame.policy.whole_reserve
        new = slot_entries([*partners, self.appointment], start, reserve=whole)
        return carved(rows, new, self.frame.policy.admin_block_minutes)

    def _vacated(self, key: FrameKey) -> tuple[Entry, ...]:
        """A day's entries without the appointment's present booking, whose time is free then."""
        rows = self.standing.rows_of(key)
        if self.now is None:
            return rows
        return tuple(part for row in rows for part in _without(self.standing, row, self.appointment.index))

    def _keeps(self, rows: tuple[Entry, ...]) -> bool:
        """Whether a day with these entries keeps the rules that look at a diary."""
        alone = self.standing.alone(*self.key)
        day = Rota(tuple(self.bookings), (), (Diary(self.key[0], rows),))
        if any(True for rule in _OF_DIARY for _ in rule.breaches(alone, day)) or not _same(day, rows):
            return False
        if self.frame.policy.admin_scope == "week":
            return self._given({self.key: rows}) >= self._due_in_week()
        return not any(True for _ in admin.breaches(alone, day))

    def _diaries(self, rows: dict[FrameKey, tuple[Entry, ...]]) -> tuple[Diary, ...]:
        """The new diaries of everybody who is touched."""
        mine = self.standing
        new = [e for e in mine.rows.get(self.key[0], []) if not self._stands_in(e, rows)]
        if self.now is not None and self.now.clinician == self.key[0]:
            new = [part for e in new for part in _without(mine, e, self.appointment.index)]
        entries = sorted((*new, *(e for own in rows.values() for e in own)), key=lambda e: (e.start, e.end))
        diaries = [Diary(self.key[0], tuple(entries))]
        if self.now is not None and self.now.clinician != self.key[0]:
            left = mine.rows.get(self.now.clinician, [])
            kept = (part for e in left for part in _without(mine, e, self.appointment.index))
            diaries.append(Diary(self.now.clinician, tuple(kept)))
        return tuple(diaries)

    def _stands_in(self, entry: Entry, rows: dict[FrameKey, tuple[Entry, ...]]) -> bool:
        shifts = [s.shift for key in rows for s in self.standing.frames[key].day.shifts]
        return any(s.start <= entry.start < s.end for s in shifts)


def _without(standing: Standing, entry: Entry, appointment: int) -> Iterator[Entry]:
    """An entry without one booking: its slot ends with the booking that is left, the rest is free."""
    if appointment not in entry.appointments:
        yield entry
        return
    left = tuple(i for i in entry.appointments if i != appointment)
    until = entry.start + max((standing.clinic.appointments[i].minutes for i in left), default=0)
    if left:
        yield replace(entry, end=min(entry.end, until), appointments=left)
    if until < entry.end:
        yield Entry("free", max(until, entry.start), entry.end)


def _vacant(entry: Entry) -> Entry:
    return Entry("free", entry.start, entry.end)


def _same(day: Rota, rows: tuple[Entry, ...]) -> bool:
    """Whether a day's entries show its bookings, each once."""
    shown = Counter((e.start, i) for e in rows for i in e.appointments)
    return shown == Counter((b.start, b.appointment) for b in day.bookings)
