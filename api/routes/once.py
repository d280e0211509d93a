"""`Idempotency-Key`: what is asked twice under one key is done once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.people import Person
from api.problems import Refused
from api.problems.faults import Parameter
from api.routes.service import Service
from api.routes.views import to_bytes
from api.store import idempotency

_KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True, slots=True)
class Made:
    """What a creating operation answers.

    Parameters
    ----------
    status, location
        201 or 202, and the address of what was made.
    answer
        Its JSON.
    secret
        Fields of the answer that are told this once, and not when the key comes again.
    jobs
        Ids of jobs that wait from now on.
    """

    status: int
    location: str
    answer: Mapping[str, Any]
    secret: Mapping[str, Any] | None = None
    jobs: tuple[str, ...] = ()


def once(
    request: Request,
    service: Service,
    who: Person,
    body: bytes,
    make: Callable[[Session], Made],
    look: Callable[[], None] | None = None,
) -> Response:
    """Make something, or tell what was made when the same key came before.

    Parameters
    ----------
    request
        For its key and its address.
    service, who
        Where, and whose key it is.
    body
        As it was sent: the same key must come with the same.
    make
        Makes it within a transaction that also keeps the key.
    look
        Looks at what takes longer than a transaction may, before it; not again for a key that came before.

    Raises
    ------
    Refused
        `idempotency_key_reused`, `key_in_use`, or whatever ``make`` and ``look`` raise.
    """
    key = key_of(request)
    digest = hashlib.sha256(b"\n".join((_address(request), body))).hexdigest()
    if look is not None and not (key and _came_before(service, who, key)):
        look()
    with service.database.write() as s:
        before = idempotency.claim(s, who.team, who.subject, key, digest) if key else None
        if before is not None:
            return _answer(before.status, before.location, before.answer)
        made = make(s)
        if key:
            kept = (made.status, made.location, dict(made.answer))
            idempotency.keep(s, who.team, who.subject, key, *kept)
    for job in made.jobs:
        service.announce(job)
    return _answer(made.status, made.location, {**made.answer, **(made.secret or {})})


def key_of(request: Request) -> str | None:
    """The key that was sent, if one was.

    Raises
    ------
    Refused
        `invalid_request` if it is none, or if there are two.
    """
    sent = request.headers.getlist("idempotency-key")
    if not sent:
        return None
    if len(sent) > 1 or not _KEY.fullmatch(sent[0]):
        raise Refused(
            "invalid_request", faults=[Parameter("invalid_header", "/Idempotency-Key", "", "header")]
        )
    return sent[0]


def _came_before(service: Service, who: Person, key: str) -> bool:
    with service.database.read() as s:
        return idempotency.known(s, who.team, who.subject, key)


def _address(request: Request) -> bytes:
    query: bytes = request.scope.get("query_string", b"")
    return request.url.path.encode() + b"?" + query


def _answer(status: int, location: str, answer: Mapping[str, Any]) -> Response:
    headers = {"Location": location}
    if status == 202:
        headers["Retry-After"] = "2"
    return Response(to_bytes(answer), status, headers, "application/json")
