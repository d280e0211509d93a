"""Everything that keeps an appointment from a start, not only the first thing.

The one source is `solver.question.eligibility.fits`, which names a fault at a time: each is lifted from the
appointment in thought, and it is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from solver.question.clinic import Appointment, Clinician, Place
from solver.question.eligibility import fits


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in words, and the field of the appointment that asks for what is missing, if one does."""

    field: str | None
    text: str


def faults(appointment: Appointment, clinician: Clinician, start: int) -> tuple[Fault, ...]:
    """Every fault of an appointment at a start (minutes since the week began) with a clinician.

    What lies behind a fault that no field of the appointment can lift (outside every shift, a commitment)
    is not looked for.
    """
    found: list[Fault] = []
    asked: Appointment | None = appointment
    while asked is not None and (text := fits(asked, clinician, start)) is not None:
        field, asked = _lifted(asked, clinician, start, text)
        found.append(Fault(field, text))
    return tuple(found)


def _lifted(
    asked: Appointment, clinician: Clinician, start: int, text: str
) -> tuple[str | None, Appointment | None]:
    """The field behind a fault, and the appointment without what it asks for there."""
    for field, easier in _lifts(asked, clinician, start).items():
        if easier != asked and fits(easier, clinician, start) != text:
            return field, easier
    return None, None


def _lifts(a: Appointment, clinician: Clinician, start: int) -> dict[str, Appointment]:
    """The appointment less one thing it asks for, by the request's name; ``start``: the grid or the slots."""
    return {
        "clinician": replace(a, clinician=None),
        "excluded_clinicians": replace(a, excluded=a.excluded - {clinician.index}),
        "skills": replace(a, skills=a.skills & clinician.skills),
        "language": replace(a, language=None),
        "site": replace(a, site=None),
        "mode": replace(a, mode=None),
        "windows": replace(a, windows=()),
        "start": replace(a, pin=Place(clinician.index, start)),
    }
