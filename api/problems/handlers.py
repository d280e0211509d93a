"""From every exception to a refusal, in one place."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.problems.document import answer
from api.problems.faults import Parameter, Place
from api.problems.refused import Refused
from solver.question.faults import BadRequest, pointer

_BY_STATUS = {
    400: "invalid_syntax",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    412: "stale",
    413: "too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "rate_limited",
    431: "headers_too_large",
    503: "unavailable",
}

_PLACES: dict[str, Place] = {"query": "query", "path": "path", "header": "header"}


def refusal(error: Exception) -> Refused:
    """What an exception means to whoever asked; one that nobody meant to raise is `internal`."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, BadRequest):
        return _unreadable(error)
    if isinstance(error, RequestValidationError):
        return Refused("invalid_request", faults=map(_parameter, error.errors()))
    if isinstance(error, HTTPException):
        code = _BY_STATUS.get(error.status_code, "internal")
        return Refused(code, headers=error.headers)
    return Refused("internal")


def install(app: FastAPI) -> None:
    """Let every exception of an endpoint end as problem+json."""
    for kind in (Refused, BadRequest, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _answered)


def _answered(request: Request, error: Exception) -> Response:
    return answer(refusal(error), getattr(request.state, "request_id", None))


def _unreadable(error: BadRequest) -> Refused:
    too_large = any(fault.code == "json_too_large" for fault in error.faults)
    return Refused("too_large" if too_large else "invalid_request", faults=error.faults)


def _parameter(found: dict[str, object]) -> Parameter:
    where = found.get("loc")
    place, *names = where if isinstance(where, tuple) and where else ("query",)
    code = "missing_parameter" if found.get("type") == "missing" else "invalid_parameter"
    return Parameter(code, pointer(names), "", _PLACES.get(str(place), "query"))
