"""How operations are declared: each has an id, and none is reachable without passing the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.params import Depends
from pydantic import BaseModel

from api.problems.document import MEDIA_TYPE

Endpoint = Callable[..., Any]
Gate = Callable[[str], Endpoint]

_PROBLEM = {"$ref": "#/components/schemas/ProblemDocument"}
_PROBLEM_HEADERS = {"X-Request-Id": {"schema": {"type": "string"}}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Not done: why, without what was sent.",
        "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
        "headers": _PROBLEM_HEADERS,
    },
    "5XX": {
        "description": "Failed, or cannot be done just now.",
        "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
        "headers": _PROBLEM_HEADERS,
    },
}


@dataclass(frozen=True)
class Answers:
    """What an operation answers when all is well.

    Parameters
    ----------
    shape
        Of its JSON; None for another media type.
    status
        The HTTP status.
    media_type
        Of the answer; "" for no content.
    conditional
        Whether it has an ETag and may be 304.
    headers
        Further headers, each with what it says.
    schema
        Of what has no shape of its own; None: text.
    """

    shape: type[BaseModel] | None = None
    status: int = 200
    media_type: str = "application/json"
    conditional: bool = False
    headers: Mapping[str, str] | None = None
    schema: Mapping[str, Any] | None = None

    def documented(self) -> dict[int | str, dict[str, Any]]:
        """As OpenAPI tells it."""
        told: dict[int | str, dict[str, Any]] = {self.status: self._one()}
        if self.conditional:
            told[304] = {"description": "Whoever asks has it already."}
        return {**told, **_REFUSALS}

    def _one(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "description": (self.shape.__doc__ or "").split("\n")[0] if self.shape else "Done."
        }
        if self.shape is not None:
            said["content"] = {
                self.media_type: {"schema": {"$ref": f"#/components/schemas/{self.shape.__name__}"}}
            }
        elif self.media_type:
            said["content"] = {self.media_type: {"schema": self.schema or {"type": "string"}}}
        names = {"ETag": "Names this version."} if self.conditional else {}
        names |= self.headers or {}
        said["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in names.items()
        }
        return said


@dataclass(frozen=True)
class Asks:
    """What an operation is sent.

    Parameters
    ----------
    shape
        A name among the components of the document; None: any JSON.
    headers
        Names of headers that it reads, each with what it is for; a name that ends in ``!`` is required.
    """

    shape: str | None = None
    body: bool = True
    headers: Mapping[str, str] | None = None

    def documented(self) -> dict[str, Any]:
        """As OpenAPI tells it."""
        told: dict[str, Any] = {}
        if self.body:
            schema = {"$ref": f"#/components/schemas/{self.shape}"} if self.shape else {}
            told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
        if self.headers:
            told["parameters"] = [
                {"name": name.rstrip("!"), "in": "header", "required": name.endswith("!")} | said
                for name, text in self.headers.items()
                for said in ({"description": text, "schema": _HEADERS[name.rstrip("!")]},)
            ]
        return told


_HEADERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$"},
    "If-Match": {"type": "string"},
    "Last-Event-ID": {"type": "string", "pattern": "^[0-9]{1,18}$"},
}

NOTHING = Asks(body=False)
KEYED = {"Idempotency-Key": "The same key and the same body ask for the same thing, once."}


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    summary: str
    endpoint: Endpoint
    asks: Asks
    answers: Answers

    @cached_property
    def extra(self) -> dict[str, Any]:
        """What OpenAPI is told beyond what the endpoint's parameters say."""
        return self.asks.documented()


class Desk:
    """Operations that belong together."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.operations: list[Operation] = []

    def get(self, path: str, name: str, summary: str, answers: Answers, asks: Asks = NOTHING) -> Declares:
        """Declare a reading operation."""
        return Declares(self, "GET", path, name, summary, answers, asks)

    def post(self, path: str, name: str, summary: str, answers: Answers, asks: Asks = NOTHING) -> Declares:
        """Declare a writing operation."""
        return Declares(self, "POST", path, name, summary, answers, asks)

    def delete(self, path: str, name: str, summary: str, answers: Answers) -> Declares:
        """Declare an operation that ends something."""
        return Declares(self, "DELETE", path, name, summary, answers, NOTHING)


@dataclass(frozen=True)
class Declares:
    """Decorates the endpoint of an operation."""

    desk: Desk
    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    summary: str
    answers: Answers
    asks: Asks

    def __call__(self, endpoint: Endpoint) -> Endpoint:
        """Declare it."""
        told = (self.method, self.path, self.name, self.summary)
        self.desk.operations.append(Operation(*told, endpoint, self.asks, self.answers))
        return endpoint


def install(app: FastAPI, desks: Iterable[Desk], gate: Gate) -> None:
    """Make operations reachable, each behind its gate.

    Parameters
    ----------
    app
        Where.
    desks
        The operations.
    gate
        For an operation's name, the dependency that lets a request through or refuses it.
    """
    for desk in desks:
        for operation in desk.operations:
            app.add_api_route(
                operation.path,
                operation.endpoint,
                methods=[operation.method],
                operation_id=operation.name,
                name=operation.name,
                summary=operation.summary,
                tags=[desk.tag],
                dependencies=_behind(gate(operation.name)),
                responses=operation.answers.documented(),
                status_code=operation.answers.status,
                response_model=None,
                openapi_extra=operation.extra,
            )


def _behind(guard: Endpoint) -> Sequence[Depends]:
    return [Depends(guard)]
