"""What is not kept for ever: requests hold patients' ids, events and keys only serve for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Result, Select, delete, exists, select, update
from sqlalchemy.orm import Session

from api.store.requests import FORGOTTEN
from api.store.tables import ENDED, Event, Idempotency, Job, Request


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which things go: what a job told, and its request, both counted from the job's end."""

    event_days: float = 7
    key_days: float = 2
    request_days: float = 180


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows went."""

    events: int
    keys: int
    requests: int


def prune(s: Session, retention: Retention, at: datetime) -> Pruned:
    """Let go of what is old at a time. Rotas and the audit stay; they name no patient."""
    told = _ended_before(at - timedelta(days=retention.event_days))
    events = s.execute(delete(Event).where(Event.job.in_(told)))
    keys = s.execute(delete(Idempotency).where(Idempotency.at < at - timedelta(days=retention.key_days)))
    limit = at - timedelta(days=retention.request_days)
    requests = s.execute(
        update(Request)
        .where(Request.kept < limit, Request.body != FORGOTTEN, ~_needed(limit))
        .values(body=FORGOTTEN)
    )
    return Pruned(*map(_rows, (events, keys, requests)))


def prune_tickets(database_url: str, before: datetime) -> int:
    """Let go of the tickets that were spent before a time; how many. Workers do it too, once an hour."""
    from api.jobs.tickets import Tickets, prepare  # noqa: PLC0415 - DBOS is slow to load

    prepare(database_url)
    tickets, gone = Tickets(database_url), 0
    try:
        while some := tickets.prune(before):
            gone += some
    finally:
        tickets.close()
    return gone


def _rows(done: Result[Any]) -> int:
    assert isinstance(done, CursorResult)
    return done.rowcount


def _ended_before(limit: datetime) -> Select[str]:
    return select(Job.id).where(Job.state.in_(ENDED), Job.ended < limit)


def _needed(limit: datetime) -> ColumnElement[bool]:
    """Whether a request has a job that has not ended, or not so long ago."""
    own = (Job.team == Request.team) & (Job.request == Request.sha256)
    return exists().where(own & (Job.ended.is_(None) | (Job.ended >= limit)))
