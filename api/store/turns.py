"""Whose turn it is: waiting jobs handed to workers, and taken back from those that died.

Between teams by turns: first whoever has the fewest jobs running, then whoever was served longest ago.
Within a team: a job that was begun before, then priority (9 before 0), then the nearest deadline, then age.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from api.store.moment import now
from api.store.tables import Job, WorkerBeat

WAITING = ("queued", "cancelling")
UNDER_WAY = ("running", "cancelling")

_WAITS = and_(Job.state.in_(WAITING), Job.worker.is_(None))


def take(s: Session, worker: str) -> Job | None:
    """Give the next job to a worker, begun; None where none waits. No two workers are given the same.

    Parameters
    ----------
    s
        A session that writes.
    worker
        The name of its process.
    """
    job = _next(s)
    if job is None:
        return None
    job.worker = worker
    job.attempts += 1
    job.started = job.started or now()
    job.state = "cancelling" if job.asked == "cancel" else "running"
    s.flush()
    return job


def _next(s: Session) -> Job | None:
    order = (Job.attempts.desc(), Job.priority.desc(), Job.deadline.asc().nulls_last(), Job.created, Job.id)
    for team in _teams(s):
        query = select(Job).where(Job.team == team, Job.state.in_(WAITING), Job.worker.is_(None))
        job = s.scalar(query.order_by(*order).limit(1).with_for_update(skip_locked=True))
        if job is not None:
            return job
    return None


def _teams(s: Session) -> list[str]:
    """The teams that have jobs waiting, by whose turn it is."""
    waiting = select(Job.team).where(Job.state.in_(WAITING), Job.worker.is_(None))
    under_way = case((Job.state.in_(UNDER_WAY) & Job.worker.is_not(None), 1), else_=0)
    turn = (func.sum(under_way), func.max(Job.started).asc().nulls_first(), func.min(Job.created), Job.team)
    return list(s.scalars(select(Job.team).where(Job.team.in_(waiting)).group_by(Job.team).order_by(*turn)))


def held(s: Session, job: str, worker: str, attempt: int) -> Job | None:
    """A job that a worker has by this attempt, locked for the transaction; None once it has gone.

    It has gone when another worker has begun it, or it has ended. One that was only let go of, since its
    worker was taken for dead, has no worker: it can be had `again`.
    """
    mine = and_(Job.worker == worker, Job.state.in_(UNDER_WAY))
    query = select(Job).where(Job.id == job, Job.attempts == attempt, or_(mine, _WAITS))
    return s.scalar(query.with_for_update())


def again(job: Job, worker: str) -> None:
    """Give a job that was let go of to the worker that had it, in the same attempt."""
    job.worker = worker
    job.state = "cancelling" if job.asked == "cancel" else "running"


def put_back(job: Job) -> None:
    """Let a job wait again; what was asked of it, and the best it has found, stay."""
    job.worker = None
    if job.state == "running":
        job.state = "queued"


def of_nobody(s: Session) -> list[Job]:
    """The jobs under way whose worker is not on the list of those alive, locked for the transaction."""
    alive = exists().where(WorkerBeat.worker == Job.worker)
    query = select(Job).where(Job.state.in_(UNDER_WAY), Job.worker.is_not(None), ~alive)
    return list(s.scalars(query.with_for_update(of=Job, skip_locked=True)))


def waiting(s: Session, team: str | None = None) -> int:
    """How many jobs wait for a worker, of a team or of all."""
    query = select(func.count()).where(Job.state.in_(WAITING), Job.worker.is_(None))
    return s.scalar(query if team is None else query.where(Job.team == team)) or 0


def overdue(s: Session, at: datetime) -> list[Job]:
    """The jobs that wait although their deadline has passed, and have not told any rota."""
    waits = Job.state == "queued", Job.worker.is_(None), Job.incumbent.is_(None)
    query = select(Job).where(*waits, Job.deadline < at)
    return list(s.scalars(query.with_for_update(skip_locked=True)))
