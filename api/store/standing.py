"""How the service stands: the queue, and how the last solves went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.store.jobs import counts
from api.store.tables import Job

LAST = 100
"""So many solves stand for how they go."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store knows of its jobs.

    Parameters
    ----------
    states
        How many jobs are in each state that any is in.
    oldest
        When the oldest job that waits came in.
    errors
        How many jobs have no rota, by code.
    seconds, gaps
        Of the last solves.
    """

    states: Mapping[str, int]
    oldest: datetime | None
    errors: Mapping[str, int]
    seconds: Sequence[float]
    gaps: Sequence[float]


def standing(s: Session) -> Standing:
    """How the service stands now."""
    oldest = s.scalar(select(func.min(Job.created)).where(Job.state == "queued"))
    by_code = select(Job.error_code, func.count()).where(Job.error_code.is_not(None))
    errors = {str(code): count for code, count in s.execute(by_code.group_by(Job.error_code))}
    done = select(Job.started, Job.ended, Job.progress).where(Job.state == "done", Job.started.is_not(None))
    last = s.execute(done.order_by(Job.ended.desc()).limit(LAST)).all()
    return Standing(
        counts(s),
        oldest,
        errors,
        [(ended - started).total_seconds() for started, ended, _ in last if started and ended],
        [float(told["gap"]) for _, _, told in last if told and told.get("gap") is not None],
    )
