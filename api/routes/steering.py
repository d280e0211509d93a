"""Jobs under way are stopped, and rotas planned again."""

from __future__ import annotations

from functools import partial

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.jobs import intake
from api.routes import views
from api.routes.bodies import Large, NoBody
from api.routes.desk import KEYED, Answers, Asks, Desk
from api.routes.once import Made, once
from api.routes.parameters import Id
from api.routes.pinned import check_pins
from api.routes.rotas import MADE, Deadline, Priority, moment
from api.routes.service import person_of, service_of
from api.routes.shapes import JobSummary
from api.store import audit, jobs
from solver.question.reading import read_request

desk = Desk("rotas")


@desk.post("/v1/rotas/{id}/cancel", "rotas.cancel", "Stop a job.", Answers(JobSummary, 202))
def cancel(request: Request, id: Id, _: None = NoBody) -> JSONResponse:  # noqa: A002
    """A job that waits is cancelled at once; one that runs stops as soon as its solver hears of it."""
    return _stop(request, id, "cancel")


@desk.post("/v1/rotas/{id}/finish", "rotas.finish", "Stop now, and keep the best.", Answers(JobSummary, 202))
def finish(request: Request, id: Id, _: None = NoBody) -> JSONResponse:  # noqa: A002
    """The best rota so far becomes the job's."""
    return _stop(request, id, "finish")


@desk.post(
    "/v1/rotas/{id}/replan",
    "rotas.replan",
    "Plan a week again, moving as few as can be.",
    Answers(JobSummary, 202, headers=MADE),
    Asks("Request", headers=KEYED),
)
def replan(
    request: Request,
    id: Id,  # noqa: A002
    data: Large,
    priority: Priority = 5,
    deadline: Deadline = None,
) -> Response:
    """The week as it stands now; each booking of the rota before that moves has a cost."""
    who, service = person_of(request), service_of(request)
    asked = intake.Asked(who.team, who.subject, priority, deadline=moment(deadline))
    question = read_request(data)

    def make(s: Session) -> Made:
        job = intake.revise(s, service.intake, asked, jobs.get(s, who.team, id), data)
        audit.note(s, who, "rotas.replan", f"rota:{id}", f"rota:{job.id}")
        return Made(202, f"/v1/rotas/{job.id}", views.summary(job), jobs=(job.id,))

    return once(request, service, who, data, make, partial(check_pins, service, who, data, question))


def _stop(request: Request, job_id: str, how: str) -> JSONResponse:
    who = person_of(request)
    with service_of(request).database.write() as s:
        job = intake.stop(s, jobs.get(s, who.team, job_id), how)
        audit.note(s, who, f"rotas.{how}", f"rota:{job_id}")
        told = views.summary(job)
    return JSONResponse(told, 202, {"Location": f"/v1/rotas/{job_id}", "Retry-After": "2"})
