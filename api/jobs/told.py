"""What the listeners of a job are told: a row for each event, in the transaction of what it tells."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.store import events
from api.store.moment import now
from api.store.tables import Job

STATE = "state"
PROGRESS = "progress"
END = "end"


def state(s: Session, job: Job) -> None:
    """Where the job stands."""
    events.append(s, job.id, STATE, {"state": job.state, "attempt": job.attempts})


def progress(s: Session, job: Job, found: dict[str, Any]) -> None:
    """How far it is: seconds, cost, bound, gap."""
    job.progress = found
    events.append(s, job.id, PROGRESS, found)


def ended(s: Session, job: Job, how: str, outcome: str | None, stop_reason: str | None) -> None:
    """That it has ended, and nothing comes after this."""
    job.state, job.outcome, job.stop_reason, job.ended = how, outcome, stop_reason, now()
    job.incumbent = None
    told = {"state": how, "outcome": outcome, "stop_reason": stop_reason, "error": job.error_code}
    events.append(s, job.id, END, told)


def failed(s: Session, job: Job, code: str) -> None:
    """That it has no rota, and why: a stable code."""
    job.error_code = code
    ended(s, job, "failed", "none", None)


def cancelled(s: Session, job: Job) -> None:
    """That it was cancelled before it found a rota."""
    ended(s, job, "cancelled", None, "cancelled")
