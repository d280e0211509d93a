"""What goes out about a fault: its code, where it is, and words that hold for every fault of that code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from solver.answer import shape
from solver.question import request
from solver.question.codes import CODES
from solver.question.faults import Fault

Place = Literal["body", "query", "path", "header"]

OWN = {
    "unknown_parameter": "The address has a parameter that the operation does not know.",
    "duplicate_parameter": "A parameter stands twice in the address.",
    "invalid_parameter": "A parameter is not of the form that the operation asks for.",
    "missing_parameter": "A required parameter is missing.",
    "invalid_header": "A header is not of the form that the operation asks for.",
    "wrong_week": "The rota and the request are of different weeks.",
}
"""Faults that only HTTP knows."""

WORDS = {**CODES, **OWN}
"""Every code that a fault may have, and what it means in general."""

_LONGEST = 64

_FIELDS = (
    "request rota name roles seconds priority deadline requests clinician team weeks changes reason "
    "cancelled_shifts minutes label"
)


@dataclass(frozen=True, slots=True)
class Parameter(Fault):
    """A fault of a parameter; its pointer leads into the parameters as one object."""

    place: Place = "query"


def told(fault: Fault) -> dict[str, str]:
    """A fault as it goes out; what was sent does not.

    A pointer keeps only places in lists and names of fields that the service itself knows, since a name that
    somebody made up may be a person's.
    """
    place = fault.place if isinstance(fault, Parameter) else "body"
    code = fault.code if fault.code in WORDS else "invalid_value"
    return {"code": code, "in": place, "pointer": _known(fault.pointer, place), "title": WORDS[code]}


def _known(pointer: str, place: Place) -> str:
    if place != "body":
        return pointer if len(pointer) <= _LONGEST else ""
    kept: list[str] = []
    for part in pointer.split("/")[1:]:
        if not re.fullmatch("[0-9]{1,6}", part) and part not in _names():
            break
        kept.append(part)
    return "".join(f"/{part}" for part in kept)


@cache
def _names() -> frozenset[str]:
    schemas = (request.json_schema(), shape.json_schema())
    return frozenset(_FIELDS.split()).union(*(_properties(schema) for schema in schemas))


def _properties(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for value in schema.values():
            yield from _properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _properties(value)
