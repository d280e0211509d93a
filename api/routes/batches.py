"""Many weeks are asked for at once."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.jobs import intake
from api.routes import views
from api.routes.asked import MOST_IN_A_BATCH
from api.routes.bodies import Large, strict
from api.routes.desk import KEYED, Answers, Asks, Desk
from api.routes.once import Made, once
from api.routes.parameters import Id
from api.routes.pinned import unkept_of
from api.routes.rotas import MADE, Deadline, Priority, moment
from api.routes.service import person_of, service_of
from api.routes.shapes import BatchDocument
from api.store import audit, batches
from api.store.tables import ENDED, Batch, Job
from solver.question.faults import BadRequest, Fault

desk = Desk("batches")


@desk.post(
    "/v1/batches",
    "batches.create",
    "Ask for many rotas at once.",
    Answers(BatchDocument, 202, headers=MADE),
    Asks("Batch", headers=KEYED),
)
def create(request: Request, data: Large, priority: Priority = 5, deadline: Deadline = None) -> Response:
    """All requests are taken in, or none; each is a job of its own."""
    who, service = person_of(request), service_of(request)
    bodies = _bodies(strict(data))
    questions = intake.read_batch(bodies)
    due = moment(deadline)

    def make(s: Session) -> Made:
        batch = batches.add(s, who.team, who.subject)
        asked = intake.Asked(who.team, who.subject, priority, deadline=due, batch=batch.id)
        jobs = intake.accept_batch(s, service.intake, asked, bodies, questions)
        audit.note(s, who, "batches.create", f"batch:{batch.id}", f"{len(jobs)} rotas")
        return Made(202, f"/v1/batches/{batch.id}", told(batch, jobs), jobs=tuple(job.id for job in jobs))

    def look() -> None:
        unkept = unkept_of(service, who, bodies, questions)
        if unkept:
            raise BadRequest(fault for one in unkept for fault in intake.of_one(one.place, one.faults))

    return once(request, service, who, data, make, look)


@desk.get("/v1/batches/{id}", "batches.get", "How far a batch is.", Answers(BatchDocument))
def get(request: Request, id: Id) -> JSONResponse:  # noqa: A002
    """The states of its jobs; rotas that are done can be read while others are solved."""
    who = person_of(request)
    with service_of(request).database.read() as s:
        batch = batches.get(s, who.team, id)
        return JSONResponse(told(batch, batches.jobs(s, batch)))


def told(batch: Batch, jobs: list[Job]) -> dict[str, Any]:
    """A batch and its jobs: `shapes.BatchDocument`."""
    return {
        "id": batch.id,
        "created": views.moment(batch.created),
        "states": dict(Counter(job.state for job in jobs)),
        "done": all(job.state in ENDED for job in jobs),
        "rotas": [views.summary(job) for job in jobs],
        "links": {"self": f"/v1/batches/{batch.id}"},
    }


def _bodies(value: object) -> list[bytes]:
    """The requests of a batch, each as JSON of its own."""
    if not isinstance(value, dict):
        raise BadRequest([Fault("wrong_type", "", "")])
    if set(value) - {"requests"}:
        raise BadRequest([Fault("unknown_field", "", "")])
    requests = value.get("requests")
    if not isinstance(requests, list):
        code = "wrong_type" if "requests" in value else "missing_field"
        raise BadRequest([Fault(code, "/requests", "")])
    if not 1 <= len(requests) <= MOST_IN_A_BATCH:
        raise BadRequest([Fault("too_many" if requests else "too_few", "/requests", "")])
    return [json.dumps(request).encode() for request in requests]
