"""What a job tells its listeners, in order, kept for those who come late."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.store.moment import now
from api.store.tables import Event, Job


def append(s: Session, job: str, kind: str, data: dict[str, Any]) -> int:
    """Tell one thing more of a job; its number, from 1 without gaps.

    Parameters
    ----------
    job
        Its row is locked until the transaction ends, so that two tellers never take one number.
    """
    s.flush()
    s.execute(select(Job.id).where(Job.id == job).with_for_update(key_share=True))
    seq = last(s, job) + 1
    s.add(Event(job=job, seq=seq, kind=kind, data=data, at=now()))
    s.flush()
    return seq


def after(s: Session, job: str, last_id: int, *, limit: int = 500) -> list[Event]:
    """The events of a job after one that was seen, oldest first.

    If the first one's number is not ``last_id + 1``, some have been pruned.
    """
    query = select(Event).where(Event.job == job, Event.seq > last_id).order_by(Event.seq).limit(limit)
    return list(s.scalars(query))


def last(s: Session, job: str) -> int:
    """The number of the newest event of a job; 0 before the first."""
    return s.scalar(select(func.max(Event.seq)).where(Event.job == job)) or 0
