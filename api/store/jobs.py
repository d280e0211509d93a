"""Jobs: taken in, looked up, listed. Turns and ends are in `api.store.turns` and `api.jobs`."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from api.problems import Refused
from api.store import bell, requests
from api.store.moment import now
from api.store.tables import Job


def add(
    s: Session,
    *,
    team: str,
    body: bytes,
    week: date,
    seconds: float,
    created_by: str,
    kind: str = "solve",
    parent: str | None = None,
    batch: str | None = None,
    priority: int = 5,
    deadline: datetime | None = None,
) -> Job:
    """A new job, queued, with its request kept; workers are told of it when the transaction is committed.

    Parameters
    ----------
    body
        The request; read and found right before.
    week
        The Monday that it begins with.
    seconds
        Time limit of the solve.
    created_by
        The subject of whoever asks.
    parent
        The id of the job that it revises.
    """
    job = Job(
        id=uuid4().hex,
        team=team,
        request=requests.keep(s, team, body),
        week=week,
        kind=kind,
        parent=parent,
        batch=batch,
        state="queued",
        priority=priority,
        seconds=seconds,
        deadline=deadline,
        attempts=0,
        created_by=created_by,
        created=now(),
    )
    s.add(job)
    s.flush()
    bell.ring(s)
    return job


def body(s: Session, job: Job) -> bytes:
    """The request of a job, in canonical form."""
    return requests.body(s, job.team, job.request)


def get(s: Session, team: str, job: str) -> Job:
    """A team's job.

    In a session that writes it is locked: as it is now, and nobody else changes it until the end.

    Raises
    ------
    Refused
        ``not_found`` also if it is another team's.
    """
    query = select(Job).where(Job.id == job, Job.team == team)
    if s.info.get("writes"):
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = s.scalar(query)
    if found is None:
        raise Refused("not_found")
    return found


def list_(s: Session, team: str, *, limit: int = 50, after: str | None = None) -> list[Job]:
    """A team's jobs, the newest first.

    Parameters
    ----------
    after
        The id of the last job that was seen; an unknown one lists nothing.
    """
    query = select(Job).where(Job.team == team)
    if after is not None:
        seen = select(Job.created, Job.id).where(Job.id == after, Job.team == team)
        query = query.where(tuple_(Job.created, Job.id) < seen.scalar_subquery())
    return list(s.scalars(query.order_by(Job.created.desc(), Job.id.desc()).limit(limit)))


def counts(s: Session) -> dict[str, int]:
    """How many jobs there are in each state."""
    found = s.execute(select(Job.state, func.count()).group_by(Job.state))
    return dict(found.all())


def queue_position(s: Session, job: Job) -> int | None:
    """How many turns until a queued job is begun, 1 for the next; None once it is not queued.

    Teams take turns, those with jobs under way later; within a team by priority and age. What is asked for
    later may still come before it.
    """
    if job.state != "queued":
        return None
    running = select(Job.team, func.count().label("jobs")).where(Job.state.in_(("running", "cancelling")))
    held = running.group_by(Job.team).subquery()
    order = (Job.attempts.desc(), Job.priority.desc(), Job.deadline.asc().nulls_last(), Job.created, Job.id)
    place = func.row_number().over(partition_by=Job.team, order_by=order) + func.coalesce(held.c.jobs, 0)
    queued = (
        select(Job.id, place.label("turn"), Job.created)
        .outerjoin(held, held.c.team == Job.team)
        .where(Job.state == "queued")
        .subquery()
    )
    rank = func.row_number().over(order_by=(queued.c.turn, queued.c.created, queued.c.id)).label("rank")
    ranked = select(queued.c.id, rank).subquery()
    return s.scalar(select(ranked.c.rank).where(ranked.c.id == job.id))
