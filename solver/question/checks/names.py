"""Names: unique in their list, and known where they are referred to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solver.question.faults import Fault, Part
from solver.question.request import Appointment
from solver.question.sound import Sound


def faults(sound: Sound) -> Iterator[Fault]:
    """Names that stand twice, that nobody has, or that contradict each other."""
    yield from _unique(sound)
    for place, appointment in sound.appointments:
        yield from _references(sound, ("appointments", place), appointment)
    for place, published in sound.published:
        at: tuple[Part, ...] = ("published", place)
        if published.appointment not in sound.appointment_ids:
            yield sound.fault(
                "unknown_appointment", (*at, "appointment"), "is no appointment of this request"
            )
        yield from _unknown(sound, (*at, "clinician"), published.clinician)


def _unique(sound: Sound) -> Iterator[Fault]:
    for listed, field, code, items in (
        ("clinicians", "id", "duplicate_id", [(i, c.id) for i, c in sound.clinicians]),
        ("appointments", "id", "duplicate_id", [(i, a.id) for i, a in sound.appointments]),
        ("rooms", "site", "duplicate_site", [(i, r.site) for i, r in sound.rooms]),
        ("published", "appointment", "published_twice", [(i, p.appointment) for i, p in sound.published]),
    ):
        for place, first in _again(items):
            words = f"stands already at number {first + 1} of the list"
            yield sound.fault(code, (listed, place, field), words)


def _again(items: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Each place whose name stood before, and where it stood first."""
    first: dict[str, int] = {}
    for place, name in items:
        if first.setdefault(name, place) != place:
            yield place, first[name]


def _references(sound: Sound, at: tuple[Part, ...], appointment: Appointment) -> Iterator[Fault]:
    if appointment.clinician is not None:
        yield from _unknown(sound, (*at, "clinician"), appointment.clinician)
    if appointment.pin is not None:
        yield from _unknown(sound, (*at, "pin", "clinician"), appointment.pin.clinician)
    for field in ("preferred_clinicians", "excluded_clinicians"):
        listed: tuple[str, ...] = getattr(appointment, field)
        for place, name in enumerate(listed):
            yield from _unknown(sound, (*at, field, place), name)
        for place, first in _again(enumerate(listed)):
            words = f"stands already at number {first + 1} of the list"
            yield sound.fault("duplicate_id", (*at, field, place), words)
    if appointment.clinician in appointment.excluded_clinicians:
        place = appointment.excluded_clinicians.index(appointment.clinician)
        words = f"excludes {appointment.clinician}, the appointment's own clinician"
        yield sound.fault("clinician_excluded", (*at, "excluded_clinicians", place), words)


def _unknown(sound: Sound, at: tuple[Part, ...], name: str) -> Iterator[Fault]:
    if name not in sound.clinician_ids:
        yield sound.fault("unknown_clinician", at, "is no clinician of this request")
