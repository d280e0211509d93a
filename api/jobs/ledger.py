"""What a worker writes about its jobs: one transaction a call, and only while the job is its own.

A worker that was taken for dead and is not (it was cut off from the database, say) has its jobs back as long
as nobody else has begun them. Once another has, what it still writes about them changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.jobs import told
from api.jobs.recommending import Recommended
from api.store import Database, beats, bell, jobs, rotas, tallies, turns
from api.store.tables import ENDED, RECOMMEND, Job, Rota

LOST = "lost"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job as its worker took it.

    ``spent`` are the seconds that earlier attempts have solved, ``incumbent`` the best that they told.
    ``about`` is the document of the rota that a job of the kind ``recommend`` is about.
    """

    job: str
    worker: str
    attempt: int
    team: str
    body: bytes
    seconds: float
    deadline: datetime | None = None
    asked: str | None = None
    spent: float = 0.0
    incumbent: dict[str, Any] | None = None
    about: dict[str, Any] | None = None


class Ledger:
    """The store, as a worker needs it; any call may be refused as ``unavailable``, with nothing changed."""

    def __init__(self, database: Database, worker: str) -> None:
        self._database, self._worker = database, worker

    def take(self) -> Claimed | None:
        """The next job, or None where none waits."""
        with self._database.write() as s:
            job = turns.take(s, self._worker)
            if job is None:
                return None
            told.state(s, job)
            claimed = _claimed(s, job, self._worker)
            if job.attempts == 1 and job.started is not None:
                waited = (job.started - job.created).total_seconds()
                tallies.observe(s, "queue_seconds", job.kind, max(0.0, waited))
            return claimed

    def asked(self, claimed: Claimed) -> str | None:
        """What somebody wants of a job: ``cancel``, ``finish``; `LOST` if it has gone to somebody else."""
        with self._database.read() as s:
            job = s.get(Job, claimed.job)
            if job is not None and job.state not in ENDED and _has(job, claimed):
                return job.asked
        with self._database.write() as s:
            job = _held(s, claimed)
            return LOST if job is None else job.asked

    def tell(self, claimed: Claimed, progress: dict[str, Any] | None, rota: dict[str, Any] | None) -> None:
        """Keep how far a job is, and the best that it has found."""
        with self._database.write() as s:
            job = _held(s, claimed)
            if job is not None:
                job.incumbent = rota or job.incumbent
                if progress is not None:
                    told.progress(s, job, progress)

    def finish(self, claimed: Claimed, document: dict[str, Any], *, cancelled: bool) -> bool:
        """Store a rota and the end of its job, both or neither; whether the job was still this worker's."""
        with self._database.write() as s:
            job = _held(s, claimed)
            if job is None:
                return False
            rotas.add_version(s, job, document)
            how = "cancelled" if cancelled else "done"
            told.ended(s, job, how, document["outcome"], document["stop_reason"])
            _measured(s, job, document.get("gap"))
            return True

    def conclude(self, claimed: Claimed, found: Recommended, *, cancelled: bool) -> bool:
        """Store what was found out and the end of its job; whether the job was still this worker's."""
        with self._database.write() as s:
            job = _held(s, claimed)
            if job is None:
                return False
            job.result = found.verdict
            told.ended(s, job, "cancelled" if cancelled else "done", found.outcome, found.stop_reason)
            _measured(s, job)
            return True

    def fail(self, claimed: Claimed, code: str, *, cancelled: bool) -> bool:
        """Store that a job has no rota; whether the job was still this worker's."""
        with self._database.write() as s:
            job = _held(s, claimed)
            if job is None:
                return False
            if cancelled:
                told.cancelled(s, job)
            else:
                told.failed(s, job, code)
            return True

    def hand_back(self, claimed: Claimed) -> None:
        """Let a job wait for another worker; this attempt was nobody's fault and does not count."""
        with self._database.write() as s:
            job = _held(s, claimed)
            if job is not None:
                turns.put_back(job)
                job.attempts -= 1
                told.state(s, job)
                bell.ring(s)


def _claimed(s: Session, job: Job, worker: str) -> Claimed:
    base = (job.id, worker, job.attempts, job.team, jobs.body(s, job), job.seconds, job.deadline, job.asked)
    if job.kind != RECOMMEND:
        return Claimed(*base, float((job.progress or {}).get("seconds", 0.0)), job.incumbent)
    rota = s.get_one(Rota, job.parent)
    return Claimed(*base, about=rota.document)


def _measured(s: Session, job: Job, gap: float | None = None) -> None:
    """Count what a job that is done took, and how near its rota is to the proven bound."""
    if job.state != "done" or job.started is None or job.ended is None:
        return
    if gap is not None:
        tallies.observe(s, "solve_gap", job.kind, gap)
    tallies.observe(s, "solve_seconds", job.kind, max(0.0, (job.ended - job.started).total_seconds()))


def _has(job: Job, claimed: Claimed) -> bool:
    return (job.worker, job.attempts) == (claimed.worker, claimed.attempt)


def _held(s: Session, claimed: Claimed) -> Job | None:
    """A job that is still this attempt's; one that was let go of is told to be under way again."""
    job = turns.held(s, claimed.job, claimed.worker, claimed.attempt)
    if job is not None and job.worker is None:
        turns.again(job, claimed.worker)
        beats.show(s, claimed.worker)
        told.state(s, job)
    return job
