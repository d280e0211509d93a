"""What a job tells while it is under way."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from api.problems import Refused
from api.problems.faults import Parameter
from api.routes.desk import Answers, Asks, Desk
from api.routes.parameters import Id
from api.routes.service import Service, person_of, service_of
from api.routes.sse import MEDIA_TYPE, Seen, Told, stream
from api.store import events, jobs
from api.store.tables import ENDED, Job

desk = Desk("rotas")

END = "end"
GAP = "gap"

EVENT = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
    "required": ["event", "data"],
}
"""One event, as OpenAPI tells it."""

_MOST_DIGITS = 18
_AT_ONCE = 500


@desk.get(
    "/v1/rotas/{id}/events",
    "rotas.events",
    "Follow a job.",
    Answers(media_type=MEDIA_TYPE, schema=EVENT),
    Asks(body=False, headers={"Last-Event-ID": "The last event that the client has."}),
)
def follow(request: Request, id: Id) -> Response:  # noqa: A002
    """Server-sent events: `state`, `progress`, `gap` where some are kept no more, and `end` at the last."""
    who, service, last = person_of(request), service_of(request), _last(request)
    with service.database.read() as s:
        jobs.get(s, who.team, id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if request.state.head:
        return Response(media_type=MEDIA_TYPE, headers=headers)

    def look(seen: int) -> Seen:
        return since(service, who.team, id, seen)

    told = stream(look, last, service.rhythm, service.draining)
    return StreamingResponse(told, media_type=MEDIA_TYPE, headers=headers)


def since(service: Service, team: str, job_id: str, last: int) -> Seen:
    """What a job has told since an event.

    An id that the job never gave counts as none. Where events have been pruned, `gap` says which.
    """
    with service.database.read() as s:
        job = jobs.get(s, team, job_id)
        last = last if last <= events.last(s, job_id) else 0
        rows = events.after(s, job_id, last, limit=_AT_ONCE)
        told = [Told(row.kind, row.data, row.seq) for row in rows]
        if told and rows[0].seq > last + 1:
            told.insert(0, Told(GAP, {"first_lost": last + 1, "last_lost": rows[0].seq - 1}))
        return Seen(told, _ended(job, told) if len(rows) < _AT_ONCE else None)


def _ended(job: Job, told: list[Told]) -> Told | None:
    """The last word; also for whoever comes when it has been said, or is pruned."""
    if job.state not in ENDED:
        return None
    if told and told[-1].kind == END:
        return told.pop()
    data = {
        "state": job.state,
        "outcome": job.outcome,
        "stop_reason": job.stop_reason,
        "error": job.error_code,
    }
    return Told(END, data)


def _last(request: Request) -> int:
    sent = request.headers.get("last-event-id", "0")
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= _MOST_DIGITS):
        fault = Parameter("invalid_header", "/Last-Event-ID", "", "header")
        raise Refused("invalid_request", faults=[fault])
    return int(sent)
