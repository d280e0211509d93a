"""Pins that no rota can keep: counted, and laid out day by day with nothing beside them.

Whatever is not pinned may stay unplaced, so pins can be kept exactly if they can stand alone. Each fault here
is a proof: a sum, or a day of which every layout was ruled out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from solver.model.week import WeekModel
from solver.question.clinic import Appointment, Clinic
from solver.question.faults import Fault, pointer
from solver.question.pinned import pin_fault
from solver.search.layout import OutOfNodes
from solver.search.pins import pin_faults
from solver.search.plan import Chosen, Days, by_frame


def unkept(clinic: Clinic) -> list[Fault]:
    """A fault for each pin that no rota holds beside the others of its day, or of its clinician's week.

    Empty as well where the effort did not tell. What plain counting decides is found when a request is read.
    """
    pinned = [appointment for appointment in clinic.appointments if appointment.pin is not None]
    if not pinned:
        return []
    week = _alone(clinic, pinned)
    places = {_pin(at): _pin(appointment.index) for at, appointment in enumerate(pinned)}
    found = [*pin_faults(week), *_short_of_admin(week)]
    return [replace(fault, pointer=places[fault.pointer]) for fault in found]


def _pin(index: int) -> str:
    return pointer(("appointments", index, "pin"))


def _alone(clinic: Clinic, pinned: Sequence[Appointment]) -> Clinic:
    """The week of those who have a pin, without anything else: small, however large the request is."""
    busy = {appointment.pin.clinician for appointment in pinned if appointment.pin is not None}
    return replace(
        clinic,
        appointments=tuple(replace(one, index=at, published=None) for at, one in enumerate(pinned)),
        clinicians=tuple(
            one if one.index in busy else replace(one, shifts=(), commitments=()) for one in clinic.clinicians
        ),
    )


def _short_of_admin(clinic: Clinic) -> Iterator[Fault]:
    """Pins of the clinicians whose days, laid out for admin, hold too little of it for the week."""
    week = WeekModel.over(clinic)
    frames, days = by_frame(week.columns), Days(week)
    for clinician in clinic.clinicians:
        mine = {key: frames.get(key, ()) for key in days.frames if key[0] == clinician.index}
        if clinician.policy.admin_scope == "week" and _admin_missing(days, mine):
            words = f"leaves too little time for admin in the week of {clinician.id}"
            words = f"{words}, together with the other pins there"
            for index in sorted(column.appointment for columns in mine.values() for column in columns):
                yield pin_fault(clinic.appointments[index], "pins_admin", words)


def _admin_missing(days: Days, frames: Chosen) -> bool:
    due = sum(days.frames[key].day.admin_base for key in frames)
    due += sum(days.week.appointment(column).admin for columns in frames.values() for column in columns)
    for key, columns in frames.items():
        try:
            layout = days.lay(key, columns, len(days.week.doubles.get(key, ())))
        except OutOfNodes:
            return False
        due -= 0 if layout is None else layout.admin
        if layout is None or due <= 0:
            return False
    return due > 0
