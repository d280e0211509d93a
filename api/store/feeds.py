"""Addresses of calendars: whoever holds the token reads one clinician's published weeks."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import Refused
from api.store import secrets
from api.store.moment import now
from api.store.tables import Feed


def create(s: Session, team: str, clinician: str, subject: str) -> tuple[str, Feed]:
    """A new feed of a clinician of a team: its token, which cannot be had again, and its row."""
    token = secrets.new("feed")
    feed = Feed(
        id=uuid4().hex,
        sha256=secrets.kept_as(token),
        team=team,
        clinician=clinician,
        created_by=subject,
        created=now(),
    )
    s.add(feed)
    s.flush()
    return token, feed


def by_token(s: Session, token: str) -> Feed | None:
    """The feed of a token; None if there is none, or it was revoked."""
    return s.scalar(select(Feed).where(Feed.sha256 == secrets.kept_as(token), Feed.revoked.is_(None)))


def get(s: Session, team: str, feed: str) -> Feed:
    """A team's feed.

    Raises
    ------
    Refused
        ``not_found`` also if it is another team's.
    """
    found = s.get(Feed, feed)
    if found is None or found.team != team:
        raise Refused("not_found")
    return found


def list_(s: Session, team: str) -> list[Feed]:
    """A team's feeds, the newest first, revoked ones too."""
    return list(s.scalars(select(Feed).where(Feed.team == team).order_by(Feed.created.desc())))


def revoke(s: Session, team: str, feed: str) -> Feed:
    """Make a token worthless from now on; once more changes nothing.

    Raises
    ------
    Refused
        ``not_found`` also if it is another team's.
    """
    found = get(s, team, feed)
    if found.revoked is None:
        found.revoked = now()
        s.flush()
    return found
