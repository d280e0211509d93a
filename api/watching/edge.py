"""The outermost layer: every answer gets its headers, its log line and its figures, whatever fails."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems.document import answer
from api.problems.handlers import refusal
from api.watching.logs import bare
from api.watching.metrics import Metrics
from api.watching.tracing import Tracer

DEMO = "Rota-Demo"
NOWHERE = "-"
"""What stands for the operation of an address that has none."""

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_UNLESS_SAID = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_DEMO_WORDS = "made-up people, no passwords, this machine only; not for real patients"

log = structlog.get_logger("api.http")


@dataclass
class _Answer:
    """What is known of one answer while it is made."""

    request_id: str
    head: bool
    began: float = field(default_factory=time.perf_counter)
    status: int = 0
    seconds: float = 0.0
    ended: bool = False


class Edge:
    """ASGI middleware around everything; also answers HEAD wherever GET is answered.

    Parameters
    ----------
    app
        What it stands around.
    metrics, tracer
        Where it counts and tells.
    demo
        Whether to say on every answer that this is a demonstration.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, tracer: Tracer, *, demo: bool = False) -> None:
        self.app = app
        self.metrics = metrics
        self.tracer = tracer
        self.always = {**_ALWAYS, DEMO: _DEMO_WORDS} if demo else _ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        made = _Answer(str(uuid.uuid4()), scope["method"] == "HEAD")
        scope = {
            **scope,
            "state": {**scope.get("state", {}), "request_id": made.request_id, "head": made.head},
        }
        if made.head:
            scope["method"] = "GET"
        with self.tracer.span("HEAD" if made.head else _method(scope)) as span:
            await self._answered(scope, receive, self._watched(made, send), made)
            span.set_attribute("http.route", operation(scope))
            span.set_attribute("http.response.status_code", made.status)
        self._told(scope, made)

    async def _answered(self, scope: Scope, receive: Receive, send: Send, made: _Answer) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is answered and told
            refused = refusal(error)
            if refused.status == 500:
                self.metrics.failed()
                log.error("defect", operation=operation(scope), request_id=made.request_id, **bare(error))
            if not made.status:
                await answer(refused, made.request_id)(scope, receive, send)

    def _watched(self, made: _Answer, send: Send) -> Send:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                made.status = message["status"]
                made.seconds = time.perf_counter() - made.began
                self._headers(MutableHeaders(scope=message), made.request_id)
                await send(message)
            elif not made.head:
                await send(message)
            elif not made.ended:
                made.ended = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        return watched

    def _headers(self, headers: MutableHeaders, request_id: str) -> None:
        headers["X-Request-Id"] = request_id
        headers.update(self.always)
        for name, value in _UNLESS_SAID.items():
            headers.setdefault(name, value)

    def _told(self, scope: Scope, made: _Answer) -> None:
        name = operation(scope)
        self.metrics.answered(name, made.status, made.seconds)
        log.info(
            "answered",
            operation=name,
            status=made.status,
            milliseconds=round(1000 * made.seconds, 1),
            request_id=made.request_id,
        )


def operation(scope: Scope) -> str:
    """The operation that a request turned out to ask for."""
    return str(scope.get("state", {}).get("operation", NOWHERE))


def _method(scope: Scope) -> str:
    known = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "_OTHER"
