"""From pydantic's errors to faults: codes of our own, and sentences that repeat nothing that was sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from solver.question.codes import CODES
from solver.question.faults import Fault, Part, may_be_shown, shown_pointer
from solver.question.policy import SERVICE_ONLY, ClinicianPolicy, Overrun, Policy
from solver.question.request import (
    Appointment,
    Clinician,
    Commitment,
    Effort,
    Place,
    Published,
    Request,
    Shift,
    SiteRooms,
    Slot,
    Week,
    Weights,
    Window,
)

LISTS = MappingProxyType({"clinicians": "clinician", "appointments": "appointment", "published": "published"})
"""Lists of the request, and what one of their items is called."""

_WORDS = MappingProxyType(
    {
        "missing": ("missing_field", "is required"),
        "int_type": ("wrong_type", "must be a whole number"),
        "float_type": ("wrong_type", "must be a number"),
        "string_type": ("wrong_type", "must be text"),
        "bool_type": ("wrong_type", "must be true or false"),
        "tuple_type": ("wrong_type", "must be a list"),
        "model_type": ("wrong_type", "must be an object"),
        "greater_than": ("out_of_range", "must be more than {gt}"),
        "greater_than_equal": ("out_of_range", "must be at least {ge}"),
        "less_than_equal": ("out_of_range", "must be at most {le}"),
        "multiple_of": ("not_a_multiple", "must be a multiple of {multiple_of}"),
        "literal_error": ("unknown_value", "must be one of {expected}"),
        "too_short": ("too_few", "must have at least {min_length} entries"),
        "too_long": ("too_many", "must have at most {max_length} entries"),
    }
)
"""Code and words for each of pydantic's own types of error that these models raise."""

_MODELS: Sequence[tuple[re.Pattern[str], type[BaseModel]]] = tuple(
    (re.compile(pattern), model)
    for pattern, model in (
        ("", Request),
        ("/week", Week),
        ("/policy", Policy),
        ("/policy/overrun/[0-9]+", Overrun),
        ("/weights", Weights),
        ("/effort", Effort),
        ("/rooms/[0-9]+", SiteRooms),
        ("/published/[0-9]+", Published),
        ("/clinicians/[0-9]+", Clinician),
        ("/clinicians/[0-9]+/shifts/[0-9]+", Shift),
        ("/clinicians/[0-9]+/commitments/[0-9]+", Commitment),
        ("/clinicians/[0-9]+/slots/[0-9]+", Slot),
        ("/clinicians/[0-9]+/policy", ClinicianPolicy),
        ("/appointments/[0-9]+", Appointment),
        ("/appointments/[0-9]+/windows/[0-9]+", Window),
        ("/appointments/[0-9]+/pin", Place),
    )
)


def field_faults(error: ValidationError, value: object) -> list[Fault]:
    """The faults of single fields.

    Parameters
    ----------
    error
        What pydantic found.
    value
        The request as plain JSON, for the ids of its clinicians and appointments.
    """
    return [
        _fault(found["type"], found["loc"], found.get("ctx", {}), found["msg"], value)
        for found in error.errors(include_url=False, include_input=False)
    ]


def _fault(kind: str, at: tuple[Part, ...], limits: Mapping[str, Any], words: str, value: object) -> Fault:
    if kind == "extra_forbidden":
        return _unknown_field(at, value)
    code, template = _WORDS.get(kind, (kind, words) if kind in CODES else ("invalid_value", "is not valid"))
    said = template.format(**{name: _number(limit) for name, limit in limits.items()})
    return Fault(code, shown_pointer(at), sentence(at, said, value))


def _number(limit: object) -> object:
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def _unknown_field(at: tuple[Part, ...], value: object) -> Fault:
    name, inside = str(at[-1]), at[:-1]
    model = next(model for pattern, model in _MODELS if pattern.fullmatch(shown_pointer(inside)))
    where = shown_pointer(at)
    if model is ClinicianPolicy and name in SERVICE_ONLY:
        said = "is the service's alone, a clinician cannot set it"
        return Fault("policy_service_only", where, sentence(at, said, value))
    known = f"known: {', '.join(model.model_fields)}"
    if may_be_shown(name):
        return Fault("unknown_field", where, sentence(at, f"is not known; {known}", value))
    return Fault("unknown_field", where, sentence(inside, f"has a field that is not known; {known}", value))


def sentence(at: Sequence[Part], words: str, value: object) -> str:
    """``clinician c01: shifts[0].start must ...``: who it is about, which field, and the words."""
    who, rest = _subject(at, value)
    field = _field(rest)
    return f"{who}: {field} {words}." if field and who else f"{who or field or 'The request'} {words}."


def _subject(at: Sequence[Part], value: object) -> tuple[str, Sequence[Part]]:
    if len(at) > 1 and at[0] in LISTS and isinstance(at[1], int):
        return named(str(at[0]), at[1], value), at[2:]
    return "", at


def named(listed: str, place: int, value: object) -> str:
    """What an item of a list is called: by its id where that is one, else by its place from 1."""
    items = value.get(listed) if isinstance(value, dict) else None
    item = items[place] if isinstance(items, list) and place < len(items) else None
    name = item.get("appointment" if listed == "published" else "id") if isinstance(item, dict) else None
    if isinstance(name, str) and may_be_shown(name):
        return f"{LISTS[listed]} {name}"
    return f"{LISTS[listed]} number {place + 1}"


def _field(parts: Iterable[Part]) -> str:
    said = ""
    for part in parts:
        said += f"[{part}]" if isinstance(part, int) else f".{part}"
    return said.removeprefix(".")
