"""Pins that no rota can keep although each may stand alone: found by laying out their days.

The question's own checks have decided what plain arithmetic can (`solver.question.pins`). Left are
the overload rule's law, and whether lunch, breaks, admin and reserves still find room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solver.model.week import Column, WeekModel
from solver.question.clinic import Clinic
from solver.question.faults import Fault
from solver.question.pinned import pin_fault
from solver.search.cover import overloaded
from solver.search.plan import Days, by_frame


def pin_faults(clinic: Clinic) -> list[Fault]:
    """A fault for each pin of a week, or of a day, that no rota holds; weekly sums are left to the search."""
    if all(appointment.pin is None for appointment in clinic.appointments):
        return []
    week = WeekModel.over(clinic)
    pins = [column for column in week.columns if week.appointment(column).pin is not None]
    return [*_overloads(week, pins), *_unlayable(week, pins)]


def _overloads(week: WeekModel, pins: list[Column]) -> Iterator[Fault]:
    for clinician in week.clinic.clinicians:
        mine = [column for column in pins if column.clinician == clinician.index]
        if mine and overloaded(week, clinician.index, mine):
            words = f"passes the ceiling of {clinician.id} too probably, together with the other pins there"
            yield from _faults(week, mine, "pins_overload", words)


def _unlayable(week: WeekModel, pins: list[Column]) -> Iterator[Fault]:
    days = Days(week)
    for key, columns in by_frame(pins).items():
        if days.proven_unfit(key, columns, len(week.doubles.get(key, ()))):
            words = (
                f"leaves no layout of the day of {week.clinician(key).id}, together with the other pins there"
            )
            yield from _faults(week, columns, "pins_no_layout", words)


def _faults(week: WeekModel, pins: Iterable[Column], code: str, words: str) -> Iterator[Fault]:
    return (pin_fault(week.appointment(column), code, words) for column in pins)
