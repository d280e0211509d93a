"""Rows of the store as the answers tell them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from api.store.tables import ENDED, RECOMMEND, Job, Rota

_FAILURES = {
    "solver_failed": "The solver failed, twice where it was tried again.",
    "deadline": "The deadline came before the job was begun.",
    "invalid_request": "No rota can keep the pins of the request.",
    "broken_rota": "What was found broke a rule, and was thrown away.",
}


def moment(at: datetime | None) -> str | None:
    """A time in RFC 3339, in UTC; None for none."""
    return None if at is None else at.astimezone(UTC).isoformat()


def summary(job: Job) -> dict[str, Any]:
    """A job without its rota: `shapes.JobSummary`."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "outcome": job.outcome,
        "stop_reason": job.stop_reason,
        "asked": job.asked,
        "week": job.week.isoformat(),
        "priority": job.priority,
        "seconds": job.seconds,
        "deadline": moment(job.deadline),
        "parent": job.parent,
        "batch": job.batch,
        "created": moment(job.created),
        "started": moment(job.started),
        "ended": moment(job.ended),
        "error": _failure(job.error_code),
        "links": links(job),
    }


def whole(job: Job, rota: Rota | None, queue_position: int | None) -> dict[str, Any]:
    """A job, and its rota once it is done: `shapes.JobDocument`."""
    return summary(job) | {
        "queue_position": queue_position,
        "progress": progress(job.progress),
        "version": None if rota is None else rota.version,
        "publication": None if rota is None else rota.state,
        "rota": None if rota is None else rota.document,
        "verdict": job.result,
    }


def progress(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a solve last told: `shapes.Progress`."""
    if told is None:
        return None
    return {name: told.get(name) for name in ("cost", "bound", "gap", "seconds", "phase")}


def links(job: Job) -> dict[str, str]:
    """What can be read or asked next."""
    own = f"/v1/rotas/{job.id}"
    found = {"self": own, "events": f"{own}/events"}
    if job.state not in ENDED:
        found |= {"cancel": f"{own}/cancel", "finish": f"{own}/finish"}
    if job.state == "done" and job.kind != RECOMMEND:
        names = ("publish", "replan", "recommendations", "versions", "diff")
        found |= {name: f"{own}/{name}" for name in names}
    found |= {name: f"{own}/{name}" for name in _explained(job)}
    if job.parent:
        found["parent"] = f"/v1/rotas/{job.parent}"
    if job.batch:
        found["batch"] = f"/v1/batches/{job.batch}"
    return found


def _explained(job: Job) -> tuple[str, ...]:
    """What tells more of its rota. A cancelled job may have one too; one that books nothing has no why."""
    if job.kind == RECOMMEND or job.state not in {"done", "cancelled"} or job.outcome is None:
        return ()
    told = ("score", "compare", "report")
    return told if job.outcome == "none" else ("why", *told)


def version(rota: Rota) -> dict[str, Any]:
    """One of the rotas of a week: `shapes.VersionSummary`."""
    return {
        "id": rota.id,
        "version": rota.version,
        "parent": rota.parent,
        "publication": rota.state,
        "outcome": rota.document.get("outcome"),
        "cost": rota.document.get("cost"),
        "created": moment(rota.created),
        "published": moment(rota.published),
        "links": {"self": f"/v1/rotas/{rota.id}"},
    }


def to_bytes(told: Mapping[str, Any]) -> bytes:
    """An answer's JSON."""
    return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _failure(code: str | None) -> dict[str, str] | None:
    return None if code is None else {"code": code, "title": _FAILURES.get(code, "The job failed.")}
