"""What forbids an appointment a start, rule by rule, but for the layout of the day.

All other bookings keep their clinicians and starts. What was broken before is not held against a start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.explain.why_change import with_booking
from solver.explain.why_day import day_of
from solver.explain.why_eligible import faults
from solver.explain.why_standing import Standing
from solver.model.week import FrameKey
from solver.question.clinic import Appointment, Clinician, Place
from solver.question.day import days
from solver.question.eligibility import windows_hold
from solver.question.when import when
from solver.rota import Booking, Rota
from solver.rules import (
    booked_ceiling,
    booked_once,
    contacts,
    double_limit,
    eligible,
    lunch,
    no_overlap,
    overload,
    pinned,
    queue_order,
    rooms,
    slot_limit,
)
from solver.rules.rule import HardRule

_OF_WEEK: tuple[HardRule, ...] = (booked_ceiling, overload)
_OF_SLOT: tuple[HardRule, ...] = (slot_limit, double_limit)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A rule that would be broken, and a sentence with its figures.

    ``field`` is the field of the appointment that asks for what is missing, where one does.
    """

    rule: str
    text: str
    field: str | None = None


class Obstacles:
    """What stands in one appointment's way; what does not depend on the start is found once."""

    def __init__(self, standing: Standing, appointment: Appointment) -> None:
        self.standing, self.clinic, self.appointment = standing, standing.clinic, appointment
        self.now = standing.place.get(appointment.index)
        self._queue: tuple[Obstacle, ...] | None = None
        self._of_week: dict[int, tuple[Obstacle, ...]] = {}
        self._of_day: dict[FrameKey, tuple[Obstacle, ...]] = {}

    def at(self, clinician: Clinician, start: int) -> tuple[tuple[Obstacle, ...], bool]:
        """What forbids a start but for the layout of its day, and whether the layout is worth asking."""
        found = [*self._ineligible(clinician, start), *self._pinned_elsewhere(clinician, start)]
        day = day_of(clinician, start)
        if day is None or any(o.field is None for o in found if o.rule == eligible.NAME):
            return tuple(found), False
        key = (clinician.index, day.day)
        closed = list(self._closed(clinician, start))
        overlaps = list(self.overlaps(key, start))
        shared = list(self._slot(clinician, start))
        found += [*closed, *self._behind(), *self._week(clinician.index), *self._day(key)]
        found += [*shared, *overlaps, *self._crowded(key, start)]
        return tuple(found), not (closed or overlaps or shared)

    def barred(self, clinician: int, day: int) -> bool:
        """Whether the clinician's week, or that day, takes no more of it at whatever time."""
        return bool(self._week(clinician) or self._day((clinician, day)))

    @property
    def behind(self) -> tuple[Obstacle, ...]:
        """Those who come first in the queue, if anybody does."""
        return self._behind()

    def _ineligible(self, clinician: Clinician, start: int) -> Iterator[Obstacle]:
        place = f"{self.appointment.id} may not be with {clinician.id} at {when(self.clinic, start)}"
        for fault in faults(self.appointment, clinician, start):
            yield Obstacle(eligible.NAME, f"{place}: {fault.text}.", fault.field)

    def _pinned_elsewhere(self, clinician: Clinician, start: int) -> Iterator[Obstacle]:
        pin = self.appointment.pin
        if pin not in {None, Place(clinician.index, start)}:
            yield Obstacle(pinned.NAME, f"{self.appointment.id} is pinned to another place.", "pin")

    def _closed(self, clinician: Clinician, start: int) -> Iterator[Obstacle]:
        for day in days(clinician):
            for shift in day.shifts:
                if shift.shift.start <= start < shift.shift.end and not shift.takes_bookings:
                    least = clinician.policy.lunch_minutes
                    text = f"The shift of {clinician.id} has no place for {least} minutes of lunch"
                    yield Obstacle(lunch.NAME, f"{text}, so it takes no bookings.")

    def _behind(self) -> tuple[Obstacle, ...]:
        """Those who come first in the queue; the place makes no difference."""
        if self._queue is None:
            index = self.appointment.index
            bookings = with_booking(self.standing.rota, Booking(index, 0, 0))
            new = {} if self.now else {*queue_order.breaches(self.clinic, Rota(bookings, (), ()))}
            news = [b for b in new if b not in self.standing.queue_faults]
            self._queue = tuple(Obstacle(b.rule, b.text) for b in sorted(news, key=lambda b: b.text))
        return self._queue

    def _week(self, clinician: int) -> tuple[Obstacle, ...]:
        """What the clinician's week as a whole does not allow."""
        if clinician not in self._of_week:
            before = self.standing.own.get(clinician, [])
            after = [*self._others(before), Booking(self.appointment.index, clinician, 0)]
            news = self.standing.news(_OF_WEEK, self.standing.alone(clinician, None), before, after)
            self._of_week[clinician] = tuple(Obstacle(b.rule, b.text) for b in news)
        return self._of_week[clinician]

    def _day(self, key: FrameKey) -> tuple[Obstacle, ...]:
        """What the day does not allow, at whatever time; and the patient's other bookings that day."""
        if key not in self._of_day:
            self._of_day[key] = (*self._contacts(key), *self._seen(key[1]))
        return self._of_day[key]

    def _contacts(self, key: FrameKey) -> Iterator[Obstacle]:
        before = self.standing.on.get(key, [])
        start = self.standing.frames[key].day.shifts[0].shift.start
        after = [*self._others(before), Booking(self.appointment.index, key[0], start)]
        news = self.standing.news((contacts,), self.standing.alone(*key), before, after)
        yield from (Obstacle(b.rule, b.text) for b in news)

    def _seen(self, day: int) -> Iterator[Obstacle]:
        for index in self.clinic.by_patient[self.appointment.patient]:
            other = self.standing.place.get(index)
            if other is not None and index != self.appointment.index:
                held = day_of(self.clinic.clinicians[other.clinician], other.start)
                if held is not None and held.day == day:
                    text = f"The patient is booked that day already, for {self.clinic.appointments[index].id}"
                    yield Obstacle(booked_once.NAME, f"{text} at {when(self.clinic, other.start)}.")

    def _slot(self, clinician: Clinician, start: int) -> Iterator[Obstacle]:
        """What keeps the appointment from sharing a slot that is taken."""
        own = self.standing.own.get(clinician.index, [])
        others = self._others(own)
        partners = [self.standing.appointment(b) for b in others if b.start == start]
        if not partners:
            return
        after = [*others, Booking(self.appointment.index, clinician.index, start)]
        alone = self.standing.alone(clinician.index, None)
        news = [Obstacle(b.rule, b.text) for b in self.standing.news(_OF_SLOT, alone, own, after)]
        yield from news if len(partners) < clinician.policy.max_per_slot else news[:1]
        seen = [*partners, self.appointment]
        lengths = [a.minutes for a in seen]
        held = sum(lengths) if clinician.policy.whole_reserve else max(lengths)
        for a in seen:
            if not windows_hold(a, start, start + held):
                text = f"No window of {a.id} holds the {held} minutes of the double and its reserve."
                yield Obstacle(eligible.NAME, text)

    def overlaps(self, key: FrameKey, start: int) -> Iterator[Obstacle]:
        """Other slots of the day that the booking would run into, or that run into it."""
        slots: dict[int, list[Appointment]] = {start: [self.appointment]}
        for booking in self._others(self.standing.on.get(key, [])):
            slots.setdefault(booking.start, []).append(self.standing.appointment(booking))
        whole = self.standing.frames[key].policy.whole_reserve
        end = start + _held(slots[start], whole=whole)
        for at, seen in sorted(slots.items()):
            until = at + _held(seen, whole=whole)
            if at != start and at < end and start < until:
                names = " and ".join(a.id for a in seen)
                shared = min(end, until) - max(at, start)
                text = f"{self.clinic.clinicians[key[0]].id} sees {names} at {when(self.clinic, at)}"
                yield Obstacle(no_overlap.NAME, f"{text}: they would share {shared} minutes.")

    def _crowded(self, key: FrameKey, start: int) -> Iterator[Obstacle]:
        """Rooms that are taken; only where somebody in the slot comes in person."""
        booking = Booking(self.appointment.index, key[0], start)
        before = [b for k, bookings in self.standing.on.items() if k[1] == key[1] for b in bookings]
        others = self._others(before)
        partners = [self.standing.appointment(b) for b in others if (b.clinician, b.start) == (key[0], start)]
        if self.clinic.rooms and any(a.in_person for a in (self.appointment, *partners)):
            news = self.standing.news((rooms,), self.clinic, before, [*others, booking])
            yield from (Obstacle(b.rule, b.text) for b in news)

    def _others(self, bookings: list[Booking]) -> list[Booking]:
        return [b for b in bookings if b.appointment != self.appointment.index]


def _held(seen: list[Appointment], *, whole: bool) -> int:
    lengths = [a.minutes for a in seen]
    return sum(lengths) if whole else max(lengths)
