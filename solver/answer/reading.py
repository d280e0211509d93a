"""Read any rota, ours or hand-made: strict JSON, then who, when and what; all faults at once.

Bookings, unplaced and diaries are needed, and of each only what makes it up. All other fields may be
absent, and are passed over: risk and cost are recomputed, never believed. Whether the rota keeps any rule is
for `solver.check`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from solver import rota as plain
from solver.answer.shape import Kind
from solver.question.calendar import Calendar
from solver.question.clinic import Clinic
from solver.question.faults import BadRequest, Fault
from solver.question.fields import Moment
from solver.question.strict_json import parse
from solver.question.told import field_faults


@dataclass(frozen=True, slots=True)
class _Known:
    """Places in the request's lists by id."""

    clinicians: Mapping[str, int]
    appointments: Mapping[str, int]


def _clinician(name: str, info: ValidationInfo[_Known]) -> str:
    if name not in info.context.clinicians:
        raise PydanticCustomError("unknown_clinician", "is no clinician of the request")
    return name


def _appointment(name: str, info: ValidationInfo[_Known]) -> str:
    if name not in info.context.appointments:
        raise PydanticCustomError("unknown_appointment", "is no appointment of the request")
    return name


_ClinicianId = Annotated[str, AfterValidator(_clinician)]
_AppointmentId = Annotated[str, AfterValidator(_appointment)]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _Booking(_Read):
    appointment: _AppointmentId
    clinician: _ClinicianId
    start: Moment


class _Unplaced(_Read):
    appointment: _AppointmentId
    code: str = ""
    reason: str = ""


class _Entry(_Read):
    kind: Kind
    start: Moment
    end: Moment
    appointments: tuple[_AppointmentId, ...] = ()


class _Diary(_Read):
    clinician: _ClinicianId
    entries: tuple[_Entry, ...]


class _Rota(_Read):
    bookings: tuple[_Booking, ...]
    unplaced: tuple[_Unplaced, ...]
    diaries: tuple[_Diary, ...]


def read_rota(clinic: Clinic, data: bytes | str) -> plain.Rota:
    """The rota that a JSON text gives as an answer to a question.

    Parameters
    ----------
    clinic
        The question.
    data
        The whole text; bytes are UTF-8.

    Raises
    ------
    BadRequest
        With every fault found: not strict JSON, a field missing or wrong, a time that is not RFC 3339 or no
        multiple of 5 minutes, a clinician or an appointment that the request does not have.
    """
    try:
        value, unreadable = parse(data)
        told = _Rota.model_validate_json(json.dumps(value), context=_known(clinic))
    except BadRequest as error:
        raise BadRequest(map(_of_the_rota, error.faults)) from None
    except ValidationError as error:
        taken = {fault.pointer for fault in unreadable}
        found = [fault for fault in field_faults(error, value) if fault.pointer not in taken]
        raise BadRequest(map(_of_the_rota, [*unreadable, *found])) from None
    if unreadable:
        raise BadRequest(map(_of_the_rota, unreadable))
    calendar = Calendar.of(clinic.date(0).isoformat(), clinic.timezone)
    return _Writer(_known(clinic), calendar).rota(told)


def _known(clinic: Clinic) -> _Known:
    return _Known(
        {clinician.id: clinician.index for clinician in clinic.clinicians},
        {appointment.id: appointment.index for appointment in clinic.appointments},
    )


def _of_the_rota(fault: Fault) -> Fault:
    return replace(fault, text=fault.text.replace("The request", "The rota", 1))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns what was told into places and minutes."""

    known: _Known
    calendar: Calendar

    def rota(self, told: _Rota) -> plain.Rota:
        places = self.known.appointments
        return plain.Rota(
            bookings=tuple(
                plain.Booking(
                    places[b.appointment], self.known.clinicians[b.clinician], self.calendar.minute(b.start)
                )
                for b in told.bookings
            ),
            unplaced=tuple(plain.Unplaced(places[u.appointment], u.code, u.reason) for u in told.unplaced),
            diaries=tuple(
                plain.Diary(self.known.clinicians[d.clinician], tuple(map(self._entry, d.entries)))
                for d in told.diaries
            ),
        )

    def _entry(self, told: _Entry) -> plain.Entry:
        inside = tuple(self.known.appointments[name] for name in told.appointments)
        start, end = self.calendar.minute(told.start), self.calendar.minute(told.end)
        return plain.Entry(told.kind, start, end, inside)
