"""A rota as it is kept, with the request that it answers: what every explanation begins with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast

from fastapi import Query
from sqlalchemy.orm import Session

from api.people import Person
from api.problems import Refused
from api.store import jobs, rotas
from api.store.tables import Rota
from solver.answer.reading import read_rota
from solver.explain.page_shape import Standing
from solver.question.reading import Question, read_request
from solver.rota import Rota as PlainRota

Version = Annotated[
    int | None,
    Query(ge=1, le=1_000_000, description="Another version of the same week; absent: the one of the id."),
]


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of a week.

    Parameters
    ----------
    rota, version, week, standing
        Its id, its number, the Monday of its week, and whether it is published.
    body
        The request, in canonical form.
    document
        The rota as it was given out.
    """

    rota: str
    version: int
    week: date
    standing: Standing
    body: bytes
    document: Mapping[str, Any]

    @property
    def text(self) -> bytes:
        """The document as JSON."""
        return json.dumps(self.document).encode()

    def read(self) -> tuple[Question, PlainRota]:
        """The question and the answer, in plain form."""
        question = read_request(self.body)
        return question, read_rota(question.clinic, self.text)


def stored(s: Session, who: Person, name: str, version: int | None = None) -> Stored:
    """A team's rota, or another version of its week.

    Raises
    ------
    Refused
        `not_found` if there is no such job or version, `not_done` while the job has no rota, `conflict` if it
        will have none, `request_gone` if its request is kept no more.
    """
    job = jobs.get(s, who.team, name)
    if version is None:
        return kept(s, who, rotas.of_job(s, job))
    for found in rotas.of_week(s, who.team, job.week):
        if found.version == version:
            return kept(s, who, found)
    raise Refused("not_found")


def kept(s: Session, who: Person, rota: Rota) -> Stored:
    """A rota with its request."""
    body = jobs.body(s, jobs.get(s, who.team, rota.id))
    return Stored(rota.id, rota.version, rota.week, cast(Standing, rota.state), body, rota.document)
