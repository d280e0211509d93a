"""A draft becomes what holds: one publisher wins, and no clinician is ever in two places."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.problems import Refused
from api.store import versions
from api.store.moment import now
from api.store.tables import Diary, Rota
from api.store.who import Who


def publish(s: Session, rota: Rota, tags: Collection[str], who: Who) -> Rota:
    """Publish a rota; what was published for the same clinicians in its week is superseded.

    Whether it keeps every rule is for the caller to find out before. An older version can be published again.

    Parameters
    ----------
    tags
        ETags, as `api.store.rotas.etag` gives them, quotes included; one of them must be the rota's.

    Raises
    ------
    Refused
        ``stale`` if the rota, or what is published for its week, has changed since; ``conflict`` if it is
        published already, if it leaves out a clinician of an unrelated rota that it would replace, or if a
        clinician is booked elsewhere at the same time.
    """
    week = versions.locked_week(s, rota.team, rota.week)
    s.refresh(rota)
    if versions.etag(s, rota) not in tags:
        raise Refused("stale")
    if rota.state == "published":
        raise Refused("conflict", "The rota is published already.")
    _supersede(s, rota)
    rota.state, rota.published, rota.published_by = "published", now(), who.subject
    week.revision += 1
    try:
        s.flush()
    except IntegrityError as overlap:
        raise Refused("conflict", "A clinician is booked elsewhere at the same time.") from overlap
    return rota


def _supersede(s: Session, rota: Rota) -> None:
    mine = _seats(s, rota)
    query = select(Rota).where(Rota.team == rota.team, Rota.week == rota.week, Rota.state == "published")
    for other in s.scalars(query).all():
        theirs = _seats(s, other)
        if theirs <= mine or _related(s, rota, other):
            other.state = "superseded"
        elif theirs & mine:
            raise Refused("conflict", "A published rota has some of these clinicians, and others besides.")
    s.flush()


def _seats(s: Session, rota: Rota) -> set[int]:
    return set(s.scalars(select(Diary.seat).where(Diary.rota == rota.id)))


def _related(s: Session, one: Rota, other: Rota) -> bool:
    """Whether one of two revises the other, at however many removes."""
    return other.id in _ancestors(s, one) or one.id in _ancestors(s, other)


def _ancestors(s: Session, rota: Rota) -> set[str]:
    found: set[str] = set()
    parent = rota.parent
    while parent is not None and parent not in found:
        found.add(parent)
        parent = s.scalar(select(Rota.parent).where(Rota.id == parent))
    return found
