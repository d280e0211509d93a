"""What a command is given: a question, and a rota to go with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast, get_args

from pydantic import ValidationError

from solver.answer.reading import read_rota
from solver.cli.files import STANDARD, Unusable, read
from solver.explain.page_shape import Standing
from solver.question.faults import BadRequest, Fault
from solver.question.reading import Question, read_request
from solver.question.request import Effort
from solver.question.strict_json import MOST_BYTES, parse
from solver.question.told import field_faults
from solver.rota import Rota


@dataclass(frozen=True, slots=True)
class Given:
    """The document of a rota as JSON, and whether it is published, as far as its file knows."""

    document: bytes
    standing: Standing = "draft"


def question(name: str) -> Question:
    """The question in a file.

    Raises
    ------
    BadRequest, Unusable
        If it is not well asked, or cannot be read.
    """
    return read_request(read(name, MOST_BYTES))


def given(name: str) -> Given:
    """The rota in a file: its document alone, or as the service tells it of a job, with its state.

    Raises
    ------
    Unusable
        If it cannot be read, or is a job that has no rota.
    """
    data = read(name, MOST_BYTES)
    if b'"publication"' not in data:
        return Given(data)
    try:
        job, faults = parse(data)
    except BadRequest:
        return Given(data)
    if faults or not isinstance(job, dict) or "rota" not in job:
        return Given(data)
    if job["rota"] is None:
        raise Unusable("The job has no rota.")
    told = job.get("publication")
    standing = cast(Standing, told) if told in get_args(Standing) else "draft"
    return Given(json.dumps(job["rota"]).encode(), standing)


def question_and_rota(request: str, rota: str) -> tuple[Question, Rota]:
    """A question and a rota in two files, of which one at most is standard input.

    Raises
    ------
    BadRequest, Unusable
        If either is not well put, or cannot be read.
    """
    asked, kept = question_and_given(request, rota)
    return asked, read_rota(asked.clinic, kept.document)


def question_and_given(request: str, rota: str) -> tuple[Question, Given]:
    """The same, with the rota as it was told.

    Raises
    ------
    BadRequest, Unusable
        If the question is not well put, or either cannot be read.
    """
    if request == rota == STANDARD:
        raise Unusable("Only one of the two files can be standard input.")
    return question(request), given(rota)


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
