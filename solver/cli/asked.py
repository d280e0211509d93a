"""What a command is given: a question, and a rota to go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import ValidationError

from solver.answer.reading import read_rota
from solver.cli.files import STANDARD, Unusable, read
from solver.question.faults import BadRequest, Fault
from solver.question.reading import Question, read_request
from solver.question.request import Effort
from solver.question.strict_json import MOST_BYTES
from solver.question.told import field_faults
from solver.rota import Rota


def question(name: str) -> Question:
    """The question in a file.

    Raises
    ------
    BadRequest, Unusable
        If it is not well asked, or cannot be read.
    """
    return read_request(read(name, MOST_BYTES))


def question_and_rota(request: str, rota: str) -> tuple[Question, Rota]:
    """A question and a rota in two files, of which one at most is standard input.

    Raises
    ------
    BadRequest, Unusable
        If either is not well put, or cannot be read.
    """
    if request == rota == STANDARD:
        raise Unusable("Only one of the two files can be standard input.")
    asked = question(request)
    return asked, read_rota(asked.clinic, read(rota, MOST_BYTES))


def with_effort(asked: Question, options: Mapping[str, object]) -> Question:
    """The same question, with another effort where options say so.

    Raises
    ------
    BadRequest
        If an option is out of range.
    """
    try:
        effort = Effort.model_validate(asked.effort.model_dump() | dict(options))
    except ValidationError as error:
        raise BadRequest(map(_of_an_option, field_faults(error, {}))) from None
    return replace(asked, effort=effort)


def _of_an_option(fault: Fault) -> Fault:
    return replace(fault, pointer=f"/effort{fault.pointer}", text=f"--{fault.text}")
