"""What would bring a week closer to its targets, measured by solving changed weeks."""

from __future__ import annotations

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import JSONResponse

from api.problems import Refused
from api.routes.bodies import NoBody
from api.routes.desk import Answers, Desk
from api.routes.parameters import Id
from api.routes.service import Service, person_of, service_of
from api.routes.shapes import Recommendations
from api.store import audit, jobs, rotas
from solver.answer.findings import shaped
from solver.answer.reading import read_rota
from solver.answer.verdict import verdict
from solver.explain.verdict.find import findings
from solver.question.reading import read_request
from solver.solve import Solved

desk = Desk("rotas")

NICENESS = 10
_ONE = threading.Lock()

Seconds = Annotated[
    int, Query(ge=1, le=60, description="How long to look; the answer comes after about as long.")
]


@desk.post(
    "/v1/rotas/{id}/recommendations",
    "rotas.recommendations",
    "What would help.",
    Answers(Recommendations),
)
def recommend(request: Request, id: Id, seconds: Seconds = 20, _: None = NoBody) -> JSONResponse:  # noqa: A002
    """Which rules stand in the way, and what each change would gain; one week is looked into at a time."""
    who, service = person_of(request), service_of(request)
    with service.database.write() as s:
        job, rota = jobs.get(s, who.team, id), rotas.get(s, who.team, id)
        if rota is None:
            raise Refused("not_done", headers={"Retry-After": "2"})
        body, document = jobs.body(s, job), rota.document
        audit.note(s, who, "rotas.recommendations", f"rota:{id}")
    if not _ONE.acquire(blocking=False):
        raise Refused("unavailable", "Others are being worked out.", headers={"Retry-After": str(seconds)})
    try:
        told = _told(service, body, document, seconds)
    finally:
        _ONE.release()
    return JSONResponse({"id": id, "verdict": told})


def _told(service: Service, body: bytes, document: dict[str, Any], seconds: int) -> dict[str, Any]:
    """The verdict of a week, begun with its rota; its searches yield to everybody else."""
    clinic = read_request(body).clinic
    rota = read_rota(clinic, json.dumps(document))
    with ThreadPoolExecutor(1, "recommend", os.nice, (NICENESS,)) as thread:
        searching = thread.submit(
            findings, clinic, seconds, workers=1, begin=rota, should_stop=service.draining.is_set
        )
        found = searching.result()
    best = Solved(
        "feasible",
        "time_limit",
        found.rota,
        None,
        None,
        None,
        found.attainable_minutes,
        found.attainable_bound_minutes,
    )
    told: dict[str, Any] = verdict(clinic, rota, best, found.binding, shaped(found)).model_dump(mode="json")
    return told
