"""API keys, for programs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import Refused
from api.store import secrets
from api.store.moment import now
from api.store.tables import ApiKey


def create(
    s: Session,
    team: str,
    name: str,
    roles: Collection[str],
    subject: str,
    *,
    expires: datetime | None = None,
) -> tuple[str, ApiKey]:
    """A new key of a team: its secret, which cannot be had again, and its row."""
    secret = secrets.new("key")
    key = ApiKey(
        id=uuid4().hex,
        sha256=secrets.kept_as(secret),
        team=team,
        name=name,
        roles=" ".join(sorted(roles)),
        created_by=subject,
        created=now(),
        expires=expires,
    )
    s.add(key)
    s.flush()
    return secret, key


def find(s: Session, secret: str) -> ApiKey | None:
    """The key of a secret; None if there is none, or it was revoked or has expired."""
    key = s.scalar(select(ApiKey).where(ApiKey.sha256 == secrets.kept_as(secret)))
    if key is None or key.revoked is not None:
        return None
    return None if key.expires is not None and key.expires <= now() else key


def list_(s: Session, team: str) -> list[ApiKey]:
    """A team's keys, the newest first, revoked ones too."""
    return list(s.scalars(select(ApiKey).where(ApiKey.team == team).order_by(ApiKey.created.desc())))


def revoke(s: Session, team: str, key: str) -> ApiKey:
    """Make a key worthless from now on; once more changes nothing.

    Raises
    ------
    Refused
        ``not_found`` also if it is another team's.
    """
    found = s.get(ApiKey, key, with_for_update=True)
    if found is None or found.team != team:
        raise Refused("not_found")
    if found.revoked is None:
        found.revoked = now()
        s.flush()
    return found
