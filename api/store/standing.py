"""How the service stands: the queue, and what could not be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.store.jobs import counts
from api.store.tables import Job


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
    """

    states: Mapping[str, int]
    oldest: datetime | None
    errors: Mapping[str, int]


def standing(s: Session) -> Standing:
    """How the service stands now."""
    oldest = s.scalar(select(func.min(Job.created)).where(Job.state == "queued"))
    by_code = select(Job.error_code, func.count()).where(Job.error_code.is_not(None))
    errors = {str(code): count for code, count in s.execute(by_code.group_by(Job.error_code))}
    return Standing(counts(s), oldest, errors)
