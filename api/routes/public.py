"""What anybody may read: what problems mean, weeks to try, and whether the service is well."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import JSONResponse, Response

from api.problems import PROBLEMS, Refused
from api.routes.bundled import weeks
from api.routes.desk import Answers, Desk
from api.routes.service import service_of
from api.routes.shapes_public import Health, ProblemMeaning, Readiness
from api.watching.metrics import MEDIA_TYPE

desk = Desk("public")

REQUEST = {"$ref": "#/components/schemas/Request"}
OBJECT = {"type": "object"}

Name = Annotated[str, Path(pattern="^[a-z0-9_]{1,40}$")]


@desk.get("/v1/problems/{code}", "problems.get", "What a problem means.", Answers(ProblemMeaning))
def problem(code: Name) -> JSONResponse:
    """The page behind the `type` of every error."""
    if code not in PROBLEMS:
        raise Refused("not_found")
    found = PROBLEMS[code]
    return JSONResponse(
        {
            "type": f"/v1/problems/{code}",
            "code": code,
            "status": found.status,
            "title": found.title,
            "meaning": found.meaning,
        }
    )


@desk.get("/v1/demo/{name}", "demo.get", "A week to try the service on.", Answers(schema=REQUEST))
def demo(name: Name) -> Response:
    """A request as it would be sent to `POST /v1/rotas`; made up, like everyone in it."""
    if name not in weeks():
        raise Refused("not_found")
    return Response(weeks()[name].read_bytes(), media_type="application/json")


@desk.get("/healthz", "healthz", "Whether the process is alive.", Answers(Health))
def healthz() -> JSONResponse:
    """Says nothing about the database."""
    return JSONResponse({"status": "ok"})


@desk.get("/readyz", "readyz", "Whether the service can do its work.", Answers(Readiness))
def readyz(request: Request) -> JSONResponse:
    """503 while the database does not answer, and while the service is being stopped."""
    service = service_of(request)
    if service.draining.is_set():
        raise Refused("unavailable", "The service is being stopped.", headers={"Retry-After": "5"})
    return JSONResponse({"status": "ready", "workers": service.workers()})


@desk.get("/metrics", "metrics", "Figures for Prometheus.", Answers(media_type="text/plain"))
def metrics(request: Request) -> Response:
    """The queue, solves, gaps, answers and failures of the checker."""
    return Response(service_of(request).metrics.text(), media_type=MEDIA_TYPE)


@desk.get("/v1/openapi.json", "openapi", "This interface, as OpenAPI 3.1.", Answers(schema=OBJECT))
def openapi(request: Request) -> JSONResponse:
    """The document that clients can be made from."""
    return JSONResponse(request.app.openapi())
