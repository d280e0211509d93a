"""Many jobs that were asked for at once."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.problems import Refused
from api.store.moment import now
from api.store.tables import Batch, Job


def add(s: Session, team: str, subject: str) -> Batch:
    """A new batch; its jobs name it."""
    batch = Batch(id=uuid4().hex, team=team, created_by=subject, created=now())
    s.add(batch)
    s.flush()
    return batch


def get(s: Session, team: str, batch: str) -> Batch:
    """A team's batch.

    Raises
    ------
    Refused
        ``not_found`` also if it is another team's.
    """
    found = s.get(Batch, batch)
    if found is None or found.team != team:
        raise Refused("not_found")
    return found


def jobs(s: Session, batch: Batch) -> list[Job]:
    """All jobs of a batch, in the order in which they were asked for."""
    return list(s.scalars(select(Job).where(Job.batch == batch.id).order_by(Job.created, Job.id)))
