"""Pinned appointments as they stand: each with its clinician and shift, and the slots that they make."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from solver.question.clinic import Appointment, Clinic, Clinician, Place, Span
from solver.question.day import ShiftDay, days
from solver.question.eligibility import fits, windows_hold
from solver.question.faults import Fault, pointer

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Pinned:
    """An appointment at its pin, inside a shift."""

    appointment: Appointment
    clinician: Clinician
    start: int
    shift: ShiftDay

    @property
    def day(self) -> int:
        """0 is Monday."""
        return self.shift.shift.day

    def fault(self, code: str, words: str) -> Fault:
        """A fault of this pin; ``words`` follow its name."""
        return pin_fault(self.appointment, code, words)


@dataclass(frozen=True, slots=True)
class PinnedSlot:
    """The pins of one clinician that share a start, in the request's order."""

    pins: tuple[Pinned, ...]

    @property
    def start(self) -> int:
        """Minutes since the week began."""
        return self.pins[0].start

    @property
    def clinician(self) -> Clinician:
        """Whose slot it is."""
        return self.pins[0].clinician

    @property
    def double(self) -> bool:
        """Whether bookings share it."""
        return len(self.pins) > 1

    @property
    def booked(self) -> int:
        """Minutes of all its bookings together."""
        return sum(pin.appointment.minutes for pin in self.pins)

    @property
    def held(self) -> Span:
        """The slot, and the reserve that a double needs at once where everyone counts as attending."""
        longest = max(pin.appointment.minutes for pin in self.pins)
        policy = self.clinician.policy
        reserved = policy.whole_reserve and len(self.pins) <= policy.max_per_slot
        minutes = self.booked if reserved else longest
        return Span(self.start, self.start + minutes)

    @property
    def last(self) -> Pinned:
        """The pin that comes last in the request."""
        return self.pins[-1]


def pin_fault(appointment: Appointment, code: str, words: str) -> Fault:
    """A fault of an appointment's pin."""
    return Fault(
        code,
        pointer(("appointments", appointment.index, "pin")),
        f"appointment {appointment.id}: pin {words}.",
    )


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> list[list[Item]]:
    """Items in groups of the same key; groups and items in the order in which they come."""
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def place_of(clinic: Clinic, appointment: Appointment, pin: Place) -> Pinned | str:
    """The pin in its shift, or why it is not eligible, in words that repeat no label."""
    clinician = clinic.clinicians[pin.clinician]
    span = Span(pin.start, pin.start + appointment.minutes)
    shifts = (shift for day in days(clinician) for shift in day.shifts)
    shift = next((s for s in shifts if s.shift.holds(span.start, span.end)), None)
    unable = _unable(appointment, clinician)
    if unable is not None:
        return f"is with {clinician.id}, {unable}"
    if shift is None:
        return f"has {span.minutes} minutes that do not lie inside one shift of {clinician.id}"
    untimely = _untimely(appointment, shift, span)
    if untimely is not None:
        return f"{untimely} of {clinician.id}"
    if not windows_hold(appointment, span.start, span.end):
        return "lies inside none of the windows"
    # The reasons above are those of `fits`, without its labels; should it learn another, this still holds.
    if fits(appointment, clinician, pin.start) is not None:
        return "is not eligible"
    return Pinned(appointment, clinician, pin.start, shift)


def _unable(appointment: Appointment, clinician: Clinician) -> str | None:
    if appointment.clinician not in (None, clinician.index):
        return "not with its own clinician"
    if clinician.index in appointment.excluded:
        return "who is excluded"
    if not appointment.skills <= clinician.skills:
        return "who lacks a skill that it needs"
    if _lacks(clinician.languages, appointment.language):
        return "who does not speak its language"
    if _lacks(clinician.modes, appointment.mode):
        return "who does not work in its mode"
    return None


def _lacks(offered: frozenset[str] | None, wanted: str | None) -> bool:
    return wanted is not None and offered is not None and wanted not in offered


def _untimely(appointment: Appointment, shift: ShiftDay, span: Span) -> str | None:
    if appointment.in_person and appointment.site not in (None, shift.shift.site):
        return "stands at another site than its own, in a shift"
    if not any(free.holds(span.start, span.end) for free in shift.free):
        return "touches a commitment"
    if not shift.takes_bookings:
        return "stands where commitments leave no place for lunch, in a shift"
    return None
