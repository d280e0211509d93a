"""Rotas are published, and their versions told apart."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import JSONResponse

from api.problems import Refused
from api.routes import views
from api.routes.bodies import NoBody
from api.routes.conditional import required
from api.routes.desk import Answers, Asks, Desk
from api.routes.difference import difference
from api.routes.judging import broken_rules
from api.routes.parameters import Id
from api.routes.service import person_of, service_of
from api.routes.shapes import Difference, PublishedDocument, VersionList
from api.store import audit, jobs, rotas

desk = Desk("rotas")

Against = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="A rota of the same week; absent: the parent."),
]


@desk.post(
    "/v1/rotas/{id}/publish",
    "rotas.publish",
    "Let a rota hold.",
    Answers(PublishedDocument, headers={"ETag": "Of the rota from now on."}),
    Asks(body=False, headers={"If-Match!": "The ETag under which the rota was read."}),
)
def publish(request: Request, id: Id, _: None = NoBody) -> JSONResponse:  # noqa: A002
    """Once the checker has run again against the stored request; what held before is superseded."""
    who, service = person_of(request), service_of(request)
    tags = required(request)
    with service.database.read() as s:
        job = jobs.get(s, who.team, id)
        document, body = rotas.of_job(s, job).document, jobs.body(s, job)
    broken = broken_rules(body, document)
    if broken:
        service.metrics.broken()
        raise Refused("not_publishable", f"It breaks: {', '.join(broken)}.")
    with service.database.write() as s:
        rota = rotas.publish(s, rotas.of_job(s, jobs.get(s, who.team, id)), tags, who)
        audit.note(s, who, "rotas.publish", f"rota:{id}")
        tag = rotas.etag(s, rota)
        told = {
            "id": rota.id,
            "week": rota.week.isoformat(),
            "version": rota.version,
            "publication": rota.state,
            "published": views.moment(rota.published),
            "published_by": rota.published_by,
        }
    return JSONResponse(told, headers={"ETag": tag})


@desk.get("/v1/rotas/{id}/versions", "rotas.versions", "Every rota of its week.", Answers(VersionList))
def versions(request: Request, id: Id) -> JSONResponse:  # noqa: A002
    """Newest first."""
    who = person_of(request)
    with service_of(request).database.read() as s:
        job = jobs.get(s, who.team, id)
        found = [views.version(rota) for rota in rotas.of_week(s, who.team, job.week)]
        return JSONResponse({"week": job.week.isoformat(), "versions": found})


@desk.get("/v1/rotas/{id}/diff", "rotas.diff", "What differs from another.", Answers(Difference))
def compare(request: Request, id: Id, against: Against = None) -> JSONResponse:  # noqa: A002
    """Who is booked elsewhere, newly, or no more."""
    who = person_of(request)
    with service_of(request).database.write() as s:
        after = rotas.of_job(s, jobs.get(s, who.team, id))
        other = against or after.parent
        if other is None:
            raise Refused("conflict", "It has no parent: say which rota to compare it with.")
        before = rotas.get(s, who.team, other)
        if before is None:
            raise Refused("not_found")
        if before.week != after.week:
            raise Refused("conflict", "The two are of different weeks.")
        audit.note(s, who, "rotas.diff", f"rota:{id}", f"rota:{other}")
        return JSONResponse(difference(before, after))
