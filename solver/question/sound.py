"""The sound parts of a request: those without a fault of their own, each with its place.

The checks between fields run on these, so that one fault does not hide the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from solver.question.calendar import Calendar
from solver.question.faults import Fault, Part, pointer
from solver.question.policy import Policy
from solver.question.request import Appointment, Clinician, Published, Request, SiteRooms, Week
from solver.question.told import sentence

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Sound:
    """What of a request can be checked further; ``value`` is all of it as plain JSON.

    ``calendar`` and ``policy`` are None where the request's are not sound. The sets hold every id that
    stands in the request, also those of items that are not sound.
    """

    value: object
    calendar: Calendar | None
    policy: Policy | None
    clinicians: tuple[tuple[int, Clinician], ...]
    appointments: tuple[tuple[int, Appointment], ...]
    rooms: tuple[tuple[int, SiteRooms], ...]
    published: tuple[tuple[int, Published], ...]
    clinician_ids: frozenset[str]
    appointment_ids: frozenset[str]

    def fault(self, code: str, at: tuple[Part, ...], words: str) -> Fault:
        """A fault at a place; ``words`` follow the name of who and of the field."""
        return Fault(code, pointer(at), sentence(at, words, self.value))


def all_sound(request: Request, value: object) -> Sound:
    """A request in which no field is wrong."""
    return Sound(
        value=value,
        calendar=Calendar.of(request.week.start, request.week.timezone),
        policy=request.policy,
        clinicians=tuple(enumerate(request.clinicians)),
        appointments=tuple(enumerate(request.appointments)),
        rooms=tuple(enumerate(request.rooms)),
        published=tuple(enumerate(request.published)),
        clinician_ids=frozenset(clinician.id for clinician in request.clinicians),
        appointment_ids=frozenset(appointment.id for appointment in request.appointments),
    )


def sound_parts(value: object, error: ValidationError) -> Sound:
    """What is left of a request (plain JSON) without the parts that pydantic found wrong.

    A field that is not known makes nothing unsound: it is left out.
    """
    known = _known(value, error)
    fields = known if isinstance(known, dict) else {}
    week = _read(Week, fields.get("week"))
    return Sound(
        value=value,
        calendar=None if week is None else Calendar.of(week.start, week.timezone),
        policy=_read(Policy, fields.get("policy", {})),
        clinicians=_items(Clinician, fields.get("clinicians")),
        appointments=_items(Appointment, fields.get("appointments")),
        rooms=_items(SiteRooms, fields.get("rooms")),
        published=_items(Published, fields.get("published")),
        clinician_ids=_ids(fields.get("clinicians")),
        appointment_ids=_ids(fields.get("appointments")),
    )


def _known(value: object, error: ValidationError) -> object:
    kept = deepcopy(value)
    for found in error.errors(include_url=False, include_input=False):
        if found["type"] == "extra_forbidden":
            *path, name = found["loc"]
            inside: Any = kept
            for part in path:
                inside = inside[part]
            del inside[name]
    return kept


def _read(model: type[Model], value: object) -> Model | None:
    try:
        return model.model_validate_json(json.dumps(value))
    except ValidationError:
        return None


def _items(model: type[Model], values: object) -> tuple[tuple[int, Model], ...]:
    items = enumerate(values) if isinstance(values, list) else ()
    read: Iterable[tuple[int, Model | None]] = ((place, _read(model, item)) for place, item in items)
    return tuple((place, item) for place, item in read if item is not None)


def _ids(values: object) -> frozenset[str]:
    items = values if isinstance(values, list) else []
    names = (item.get("id") for item in items if isinstance(item, dict))
    return frozenset(name for name in names if isinstance(name, str))
