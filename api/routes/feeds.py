"""Diaries in a calendar program, by an address that holds a token and can be revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from api.problems import Refused
from api.routes import calendar, views
from api.routes.asked import Feed as FeedAsked
from api.routes.bodies import Small
from api.routes.bodies import told as read
from api.routes.conditional import answered, tag_of
from api.routes.desk import KEYED, Answers, Asks, Desk
from api.routes.diaries import diary_in
from api.routes.once import Made, once
from api.routes.parameters import Id
from api.routes.service import own_of, person_of, service_of
from api.routes.shapes_access import FeedDocument, FeedList, NewFeed
from api.store import audit, feeds, rotas
from api.store.moment import now
from api.store.tables import Feed, Rota

desk = Desk("feeds")

_BACK = timedelta(weeks=5)

Token = Annotated[str | None, Query(description="The token of the feed.", max_length=200)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads a feed, as the audit names them."""

    team: str
    subject: str


@desk.get(
    "/v1/clinicians/{id}/diary.ics",
    "diaries.ics",
    "A diary for calendar programs.",
    Answers(media_type=calendar.MEDIA_TYPE, conditional=True),
)
def ics(request: Request, id: Id, token: Token = None) -> Response:  # noqa: A002 - the interface's name
    """Whoever has the address may read it until it is revoked: no patient is named, nor any appointment."""
    if token is None:
        raise Refused("unauthenticated")
    with service_of(request).database.write() as s:
        feed = feeds.by_token(s, token)
        if feed is None or feed.clinician != id:
            raise Refused("not_found")
        since = (now() - _BACK).date()
        weeks = [_week(rota, id) for rota in rotas.weeks_of(s, feed.team, id) if rota.week >= since]
        audit.note(s, Reader(feed.team, f"feed:{feed.id}"), "diaries.ics", f"clinician:{id}")
        content = calendar.feed(feed.team, id, weeks)
    return answered(request, content, tag_of(content), f"{calendar.MEDIA_TYPE}; charset=utf-8")


@desk.post(
    "/v1/feeds",
    "feeds.create",
    "Make a feed.",
    Answers(NewFeed, 201, headers={"Location": "Where it can be revoked."}),
    Asks("Feed", headers=KEYED),
)
def create(request: Request, data: Small) -> Response:
    """Its address is told this once; clinicians make their own only."""
    who, asked = person_of(request), read(FeedAsked, data)
    if not _may_know(own_of(request), asked.clinician):
        raise Refused("not_found")

    def make(s: Session) -> Made:
        token, feed = feeds.create(s, who.team, asked.clinician, who.subject)
        audit.note(s, who, "feeds.create", f"feed:{feed.id}", f"clinician:{feed.clinician}")
        url = f"/v1/clinicians/{feed.clinician}/diary.ics?token={token}"
        kept = told(feed) | {"token": None, "url": None}
        return Made(201, f"/v1/feeds/{feed.id}", kept, {"token": token, "url": url})

    return once(request, service_of(request), who, data, make)


@desk.get("/v1/feeds", "feeds.list", "Feeds, without their tokens.", Answers(FeedList))
def list_(request: Request) -> JSONResponse:
    """Clinicians see their own."""
    who = person_of(request)
    with service_of(request).database.read() as s:
        found = [feed for feed in feeds.list_(s, who.team) if _may_know(own_of(request), feed.clinician)]
        return JSONResponse({"feeds": [told(feed) for feed in found]})


@desk.delete("/v1/feeds/{id}", "feeds.revoke", "Revoke a feed.", Answers(FeedDocument))
def revoke(request: Request, id: Id) -> JSONResponse:  # noqa: A002
    """Its address opens nothing from the next request on."""
    who = person_of(request)
    with service_of(request).database.write() as s:
        if not _may_know(own_of(request), feeds.get(s, who.team, id).clinician):
            raise Refused("not_found")
        feed = feeds.revoke(s, who.team, id)
        audit.note(s, who, "feeds.revoke", f"feed:{id}")
        return JSONResponse(told(feed))


def told(feed: Feed) -> dict[str, Any]:
    """A feed without its token: `shapes_access.FeedDocument`."""
    return {
        "id": feed.id,
        "clinician": feed.clinician,
        "created": views.moment(feed.created),
        "revoked": views.moment(feed.revoked),
    }


def _week(rota: Rota, clinician: str) -> calendar.Week:
    diary = diary_in(rota.document, clinician)
    return calendar.Week(diary, rota.version, rota.state == "published", rota.published or rota.created)


def _may_know(own: str | None, clinician: str) -> bool:
    return own is None or own == clinician
