"""A rota as it stands, by clinician and day, and the rules asked about one clinician or one day alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

from solver.diaries import booked, entries
from solver.explain.why_change import Ledger
from solver.explain.why_day import day_of, entries_of, laid_out, standing_of
from solver.model.week import FrameKey
from solver.question.clinic import Appointment, Clinic, Clinician
from solver.question.eligibility import fits
from solver.question.when import when
from solver.rota import Booking, Entry, Rota
from solver.rules import queue_order
from solver.rules.rule import Breach, HardRule
from solver.search.gap import Frame, frames
from solver.search.layout import OutOfNodes


class Standing:
    """A rota and its clinic, indexed; any rota will do, hand-made ones too."""

    def __init__(
        self, clinic: Clinic, rota: Rota, known: Mapping[FrameKey, Frame] = MappingProxyType({})
    ) -> None:
        self.clinic, self.rota = clinic, rota
        self.frames: dict[FrameKey, Frame] = {
            f.key: _known(known, f) for c in clinic.clinicians for f in frames(c)
        }
        self.place = {b.appointment: b for b in rota.bookings}
        self.booked = booked(rota)
        self.own: dict[int, list[Booking]] = defaultdict(list)
        self.on: dict[FrameKey, list[Booking]] = defaultdict(list)
        for booking in rota.bookings:
            self.own[booking.clinician].append(booking)
            day = day_of(clinic.clinicians[booking.clinician], booking.start)
            if day is not None:
                self.on[booking.clinician, day.day].append(booking)
        self.rows = entries(rota)
        self._broken: dict[FrameKey, str | None] = {}
        self._fullest: dict[FrameKey, tuple[Entry, ...] | None] = {}
        self._unsettled: set[FrameKey] = set()
        self._alone: dict[tuple[int, int | None], Clinic] = {}

    @cached_property
    def ledger(self) -> Ledger:
        """The rota's terms and risks, and how they change."""
        return Ledger(self.clinic, self.rota)

    @cached_property
    def queue_faults(self) -> frozenset[Breach]:
        """Where the rota breaks the queue's order already."""
        return frozenset(queue_order.breaches(self.clinic, self.rota))

    def appointment(self, booking: Booking) -> Appointment:
        """The appointment of a booking."""
        return self.clinic.appointments[booking.appointment]

    def rows_of(self, key: FrameKey) -> tuple[Entry, ...]:
        """The entries of one clinician's day, in order."""
        shifts = [s.shift for s in self.frames[key].day.shifts]
        return tuple(e for e in self.rows.get(key[0], []) if any(s.start <= e.start < s.end for s in shifts))

    def fullest(self, key: FrameKey) -> tuple[Entry, ...] | None:
        """A day laid out again with the most admin, every booking at its start; None where it gains none.

        Raises
        ------
        OutOfNodes
            If it was not found out with the effort given.
        """
        if key in self._unsettled:
            raise OutOfNodes
        if key not in self._fullest:
            try:
                self._fullest[key] = self.laid_out_for_admin(key)
            except OutOfNodes:
                self._unsettled.add(key)
                raise
        return self._fullest[key]

    def laid_out_for_admin(self, key: FrameKey, but: int | None = None) -> tuple[Entry, ...] | None:
        """The same, tried anew, without the booking of one appointment.

        Raises
        ------
        OutOfNodes
            If it was not found out with the effort given.
        """
        if self.broken(key) is not None:
            return None
        held = [booking for booking in self.on.get(key, []) if booking.appointment != but]
        layout = laid_out(self.frames[key], standing_of(self.clinic.appointments, held))
        if layout is None or layout.admin <= minutes_of_admin(self.rows_of(key)):
            return None
        return entries_of(self.frames[key], layout)

    def broken(self, key: FrameKey) -> str | None:
        """What is wrong with the places of a day's bookings as it stands, if anything is."""
        if key not in self._broken:
            self._broken[key] = self._fault(key)
        return self._broken[key]

    def _fault(self, key: FrameKey) -> str | None:
        clinician = self.clinic.clinicians[key[0]]
        for booking in self.on.get(key, []):
            fault = fits(self.appointment(booking), clinician, booking.start)
            if fault is not None:
                at = when(self.clinic, booking.start)
                return f"{self.appointment(booking).id} may not be there at {at} in the first place: {fault}"
        return None

    def alone(self, clinician: int, day: int | None) -> Clinic:
        """The clinic in which only one clinician has shifts, on one day or (None) all week."""
        if (clinician, day) not in self._alone:
            team = tuple(_alone(c, clinician, day) for c in self.clinic.clinicians)
            self._alone[clinician, day] = replace(self.clinic, clinicians=team)
        return self._alone[clinician, day]

    def news(
        self, rules: Iterable[HardRule], clinic: Clinic, before: Iterable[Booking], after: Iterable[Booking]
    ) -> list[Breach]:
        """What rules that look only at bookings find wrong after that they did not before."""
        old, new = Rota(tuple(before), (), ()), Rota(tuple(after), (), ())
        found: list[Breach] = []
        for rule in rules:
            wrong = list(rule.breaches(clinic, new))
            known = set(rule.breaches(clinic, old)) if wrong else set()
            found.extend(b for b in wrong if b not in known)
        return found


def minutes_of_admin(rows: Iterable[Entry]) -> int:
    """Minutes of the entries that are admin."""
    return sum(row.minutes for row in rows if row.kind == "admin")


def _known(known: Mapping[FrameKey, Frame], frame: Frame) -> Frame:
    """The frame that was there before, with all it remembers, where it is the same day."""
    old = known.get(frame.key, frame)
    return old if old.clinician == frame.clinician else frame


def _alone(clinician: Clinician, index: int, day: int | None) -> Clinician:
    if clinician.index != index:
        return replace(clinician, shifts=(), commitments=(), slots=())
    if day is None:
        return clinician
    return replace(clinician, shifts=tuple(s for s in clinician.shifts if s.day == day))
