"""Rotas are asked for, listed and read."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Query, Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.jobs import intake
from api.problems import Refused
from api.problems.faults import Parameter
from api.routes import views
from api.routes.bodies import Large
from api.routes.conditional import answered, tag_of
from api.routes.desk import KEYED, Answers, Asks, Desk
from api.routes.once import Made, once
from api.routes.parameters import Id
from api.routes.pinned import check_pins
from api.routes.service import person_of, service_of
from api.routes.shapes import JobDocument, JobList, JobSummary
from api.store import audit, jobs, rotas
from api.store.moment import moment_of
from api.store.tables import ENDED
from solver.question.reading import read_request

desk = Desk("rotas")

MADE = {"Location": "Where it can be read.", "Retry-After": "Seconds until it is worth looking."}

Priority = Annotated[int, Query(ge=0, le=9, description="Higher ones of a team are solved first.")]
Deadline = Annotated[
    str | None,
    Query(
        description="RFC 3339 time: a job that has not begun by then fails.",
        json_schema_extra={"format": "date-time"},
    ),
]
Limit = Annotated[int, Query(ge=1, le=100)]
After = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="The last id of the page before.")
]


@desk.post(
    "/v1/rotas",
    "rotas.create",
    "Ask for a rota.",
    Answers(JobSummary, 202, headers=MADE),
    Asks("Request", headers=KEYED),
)
def create(request: Request, data: Large, priority: Priority = 5, deadline: Deadline = None) -> Response:
    """Take a request in; the rota is solved in the background."""
    who, service = person_of(request), service_of(request)
    asked = intake.Asked(who.team, who.subject, priority, deadline=moment(deadline))
    question = read_request(data)

    def make(s: Session) -> Made:
        job = intake.accept(s, service.intake, asked, data, question)
        audit.note(s, who, "rotas.create", f"rota:{job.id}")
        return Made(202, f"/v1/rotas/{job.id}", views.summary(job), jobs=(job.id,))

    return once(request, service, who, data, make, partial(check_pins, service, who, data, question))


@desk.get("/v1/rotas", "rotas.list", "The team's jobs, newest first.", Answers(JobList))
def list_(request: Request, limit: Limit = 20, after: After = None) -> JSONResponse:
    """A page of jobs, without their rotas."""
    who = person_of(request)
    with service_of(request).database.read() as s:
        found = jobs.list_(s, who.team, limit=limit + 1, after=after)
        page = found[:limit]
        further = f"/v1/rotas?limit={limit}&after={page[-1].id}" if len(found) > limit else None
        return JSONResponse({"rotas": [views.summary(job) for job in page], "next": further})


@desk.get(
    "/v1/rotas/{id}", "rotas.get", "A job, and its rota once done.", Answers(JobDocument, conditional=True)
)
def get(request: Request, id: Id) -> Response:  # noqa: A002 - the interface's name
    """The state of the job, apart from the outcome of the solve."""
    who = person_of(request)
    database = service_of(request).database
    with database.read() as s:
        job = jobs.get(s, who.team, id)
        if job.state not in ENDED:
            content = views.to_bytes(views.whole(job, None, jobs.queue_position(s, job)))
            return answered(request, content, tag_of(content))
    with database.write() as s:
        job, rota = jobs.get(s, who.team, id), rotas.get(s, who.team, id)
        content = views.to_bytes(views.whole(job, rota, None))
        tag = tag_of(content) if rota is None else rotas.etag(s, rota)
        if rota is not None or job.result is not None:
            audit.note(s, who, "rotas.get", f"rota:{id}")
    return answered(request, content, tag)


def moment(text: str | None, name: str = "deadline") -> datetime | None:
    """The time that a parameter of this name tells, in UTC.

    Raises
    ------
    Refused
        `invalid_request` if it is no RFC 3339 time with an offset.
    """
    if text is None:
        return None
    try:
        return moment_of(text)
    except (OverflowError, ValueError):
        faults = [Parameter("invalid_parameter", f"/{name}", "", "query")]
        raise Refused("invalid_request", faults=faults) from None
