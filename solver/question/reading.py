"""Read a request: strict JSON, then its fields, then what holds between them; all faults at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from solver.question import checks, pins
from solver.question.canonical import sha256
from solver.question.clinic import Clinic
from solver.question.compile import compile_clinic
from solver.question.faults import BadRequest, Fault
from solver.question.request import Effort, Request
from solver.question.sound import all_sound, sound_parts
from solver.question.strict_json import parse
from solver.question.told import field_faults


@dataclass(frozen=True, slots=True)
class Question:
    """A request in which nothing is wrong that the input alone shows.

    Parameters
    ----------
    request
        As it arrived, defaults filled in.
    clinic
        The same in minutes of the week and places in lists.
    effort
        How hard to try; the request's.
    sha256
        Of the canonical form of what was sent (see `solver.question.canonical`).
    """

    request: Request
    clinic: Clinic
    effort: Effort
    sha256: str


def read_request(data: bytes | str) -> Question:
    """The question that a JSON text asks.

    Parameters
    ----------
    data
        The whole text; bytes are UTF-8.

    Raises
    ------
    BadRequest
        With every fault found. What one fault makes unreadable is not checked any further, and pins are
        looked at once everything else is well.
    """
    value, unreadable = parse(data)
    try:
        request = Request.model_validate_json(json.dumps(value))
    except ValidationError as error:
        found = [*field_faults(error, value), *checks.faults(sound_parts(value, error))]
        raise BadRequest([*unreadable, *_elsewhere(found, unreadable)]) from None
    return _question(request, value, unreadable)


def question_of(request: Request) -> Question:
    """The question that a request asks which was put together here; its digest is that of all its fields.

    Raises
    ------
    BadRequest
        As `read_request` does.
    """
    return _question(request, request.model_dump(mode="json"), [])


def _question(request: Request, value: object, unreadable: list[Fault]) -> Question:
    found = [*unreadable, *checks.faults(all_sound(request, value))]
    if found:
        raise BadRequest(found)
    clinic = compile_clinic(request)
    unkept = list(pins.faults(clinic))
    if unkept:
        raise BadRequest(unkept)
    return Question(request, clinic, request.effort, sha256(value))


def _elsewhere(found: Iterable[Fault], unreadable: Iterable[Fault]) -> list[Fault]:
    """The faults at places that could be read."""
    taken = {fault.pointer for fault in unreadable}
    return [fault for fault in found if fault.pointer not in taken]
