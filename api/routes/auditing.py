"""Who did what, for those who answer for it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import JSONResponse

from api.routes.desk import Answers, Desk
from api.routes.rotas import Limit, moment
from api.routes.service import person_of, service_of
from api.routes.shapes_access import AuditList
from api.store import audit
from api.store.tables import Audit

desk = Desk("audit")

Before = Annotated[int | None, Query(ge=1, le=2**53, description="The last number of the page before.")]
Object = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z_]{1,32}:[A-Za-z0-9._-]{1,64}$", description="Only what was done to it: `rota:...`."
    ),
]
Actor = Annotated[
    str | None, Query(pattern=r"^[!-~]{1,255}$", description="Only what was done by this subject.")
]
Since = Annotated[
    str | None,
    Query(
        description="RFC 3339 time: only what was done then or later.",
        json_schema_extra={"format": "date-time"},
    ),
]


@desk.get("/v1/audit", "audit.list", "Who did what in the team, newest first.", Answers(AuditList))
def list_(
    request: Request,
    limit: Limit = 100,
    before: Before = None,
    object: Object = None,  # noqa: A002
    actor: Actor = None,
    since: Since = None,
) -> JSONResponse:
    """A page of records. `rota audit` verifies that none was changed."""
    who = person_of(request)
    wanted = audit.Wanted(object=object, actor=actor, since=moment(since, "since"))
    with service_of(request).database.read() as s:
        found = audit.list_(s, who.team, limit=limit + 1, before=before, wanted=wanted)
        page = [told(row) for row in found[:limit]]
    further = None
    if len(found) > limit:
        same = {"limit": limit, "object": object, "actor": actor, "since": since, "before": page[-1]["seq"]}
        further = f"/v1/audit?{urlencode({name: value for name, value in same.items() if value is not None})}"
    return JSONResponse({"records": page, "next": further})


def told(row: Audit) -> dict[str, Any]:
    """A record: `shapes_access.AuditRecord`."""
    return {name: getattr(row, name) for name in ("seq", "at", "actor", "action", "object", "detail", "hash")}
