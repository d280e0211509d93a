"""What would bring a week closer to its targets, asked for; it is a job, and read at the job's address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.jobs import intake
from api.routes import views
from api.routes.bodies import NoBody
from api.routes.desk import KEYED, Answers, Asks, Desk
from api.routes.once import Made, once
from api.routes.parameters import Id
from api.routes.rotas import MADE, Deadline, Priority, moment
from api.routes.service import person_of, service_of
from api.routes.shapes import JobSummary
from api.store import audit, jobs

desk = Desk("rotas")

Seconds = Annotated[int, Query(ge=1, le=600, description="How long to look, once its turn has come.")]


@desk.post(
    "/v1/rotas/{id}/recommendations",
    "rotas.recommendations",
    "Ask what would help.",
    Answers(JobSummary, 202, headers=MADE),
    Asks(body=False, headers=KEYED),
)
def recommend(
    request: Request,
    id: Id,  # noqa: A002
    seconds: Seconds = 20,
    priority: Priority = 5,
    deadline: Deadline = None,
    _: None = NoBody,
) -> Response:
    """Which rules stand in the way, and what each change would gain; found out in the background."""
    who, service = person_of(request), service_of(request)
    asked = intake.Asked(who.team, who.subject, priority, seconds, moment(deadline))

    def make(s: Session) -> Made:
        job = intake.recommend(s, service.intake, asked, jobs.get(s, who.team, id))
        audit.note(s, who, "rotas.recommendations", f"rota:{id}", f"rota:{job.id}")
        return Made(202, f"/v1/rotas/{job.id}", views.summary(job), jobs=(job.id,))

    return once(request, service, who, b"", make)
