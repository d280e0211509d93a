"""Signs of life of the processes that solve, by the database's clock: theirs may differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from api.store.inserting import insert_new
from api.store.moment import now
from api.store.tables import WorkerBeat


def show(s: Session, worker: str, *, draining: bool = False) -> None:
    """Say that a worker is alive."""
    at = _now(s)
    seen = update(WorkerBeat).filter_by(worker=worker).values(seen=at, draining=draining)
    if s.execute(seen.returning(WorkerBeat.worker)).first() is None:
        insert_new(s, WorkerBeat, {"worker": worker, "started": at, "seen": at, "draining": draining})


def silent(s: Session, seconds: float, but: str) -> list[str]:
    """The workers, without one, that have shown no life for so many seconds."""
    limit = _now(s) - timedelta(seconds=seconds)
    return list(
        s.scalars(select(WorkerBeat.worker).where(WorkerBeat.seen <= limit, WorkerBeat.worker != but))
    )


def forget(s: Session, workers: Sequence[str]) -> None:
    """Strike workers off the list."""
    s.execute(delete(WorkerBeat).where(WorkerBeat.worker.in_(workers)))


def alive(s: Session, seconds: float) -> int:
    """How many workers have shown life within so many seconds, and take jobs."""
    limit = _now(s) - timedelta(seconds=seconds)
    query = select(func.count()).where(WorkerBeat.seen > limit, WorkerBeat.draining.is_(False))
    return s.scalar(query) or 0


def _now(s: Session) -> datetime:
    if s.get_bind().dialect.name == "sqlite":
        return now()
    told = s.scalar(select(func.clock_timestamp()))
    return told if isinstance(told, datetime) else now()
