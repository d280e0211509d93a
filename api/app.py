"""The application: every operation behind its gate, every exception a problem, every answer watched."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from api import openapi
from api.people.matrix import MATRIX
from api.problems import handlers
from api.routes.desk import install
from api.routes.everything import DESKS
from api.routes.gate import gate
from api.routes.service import Service
from api.routes.standing import figures
from api.watching.edge import Edge
from api.watching.tracing import Tracer, tracer


def create_app(service: Service, traces: Tracer | None = None) -> Edge:
    """The ASGI application of one process.

    Parameters
    ----------
    service
        What it stands on.
    traces
        Where traces go; None: where the environment says.

    Raises
    ------
    KeyError
        If an operation has no row in the matrix, or a row no operation.
    """
    app = bare_app()
    app.state.service = service
    service.metrics.stand_by(lambda: figures(service.database))
    return Edge(app, service.metrics, traces or tracer(), demo=service.demo)


def bare_app() -> FastAPI:
    """The operations without anything to stand on: for their document and their names.

    Raises
    ------
    KeyError
        If an operation has no row in the matrix, or a row no operation.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    handlers.install(app)
    install(app, DESKS, gate)
    unknown = set(MATRIX) - {operation.name for desk in DESKS for operation in desk.operations}
    if unknown:
        raise KeyError(f"the matrix has rows without an operation: {sorted(unknown)}")
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    return app


def openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of the service."""
    return openapi.document(bare_app())
