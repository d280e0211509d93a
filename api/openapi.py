"""The OpenAPI document: made from the operations as declared, and from the shapes of what goes in and out."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.people.matrix import open_to_all
from api.problems.document import ProblemDocument
from api.routes import (
    asked,
    shapes,
    shapes_access,
    shapes_clashes,
    shapes_diaries,
    shapes_judged,
    shapes_public,
    shapes_score,
    shapes_why,
)
from solver import __version__
from solver.answer.shape import RotaDocument
from solver.question.request import Request

_TITLE = "Clinic rota"
_SUMMARY = "Weekly clinic rotas that deliver the hours and keep every break, even if every patient turns up."
_MODULES = (
    *(shapes, shapes_access, shapes_clashes, shapes_diaries, shapes_judged, shapes_public),
    *(shapes_score, shapes_why, asked),
)
_REF = "#/components/schemas/{model}"


def document(app: FastAPI) -> dict[str, Any]:
    """What OpenAPI 3.1 says of an app.

    Parameters
    ----------
    app
        With all of its operations.
    """
    told = get_openapi(
        title=_TITLE, version=__version__, summary=_SUMMARY, routes=app.routes, openapi_version="3.1.0"
    )
    components = told.setdefault("components", {})
    components["schemas"] = dict(sorted({**components.get("schemas", {}), **_schemas()}.items()))
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A JWT, or an API key."}
    }
    for path in told["paths"].values():
        for operation in path.values():
            _secured(operation)
    return told


def _secured(operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    if not open_to_all(name):
        operation["security"] = [{"bearer": []}]


def _schemas() -> dict[str, Any]:
    models: list[type[BaseModel]] = [
        ProblemDocument,
        Request,
        RotaDocument,
        *(model for module in _MODULES for model in _shapes(module)),
    ]
    _, found = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _shapes(module: object) -> list[type[BaseModel]]:
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__ == module.__name__  # type: ignore[attr-defined]
    ]
