"""Stores with jobs in them, for tests."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from api.jobs.intake import Asked, accept
from api.jobs.ledger import Claimed, Ledger
from api.jobs.recommending import Finding, in_child_processes
from api.jobs.run import Runner
from api.jobs.settings import Intake, Worker
from api.jobs.solving import Solving
from api.store import Database, migrate
from api.store.tables import Job
from benchmarks.service.queue import TINY
from benchmarks.service.simulated import of_seconds

NORTH = Asked("north", "somebody", seconds=5.0)
SOUTH = Asked("south", "somebody", seconds=5.0)


def a_store(place: Path) -> Database:
    """A new SQLite store."""
    database = Database(f"sqlite:///{place / 'rota.db'}")
    migrate(database)
    return database


def an_accepted_job(database: Database, asked: Asked = NORTH, body: bytes = TINY) -> str:
    """The id of a job that waits."""
    with database.write() as s:
        return accept(s, Intake(), asked, body).id


def the_job(database: Database, job: str) -> Job:
    """A job as it stands."""
    with database.write() as s:
        found = s.get(Job, job)
        assert found is not None
        return found


def taken(database: Database, worker: str = "w1") -> Claimed:
    """The next job, in a worker's hands."""
    claimed = Ledger(database, worker).take()
    assert claimed is not None
    return claimed


def a_runner(
    database: Database,
    solving: Solving | None = None,
    settings: Worker | None = None,
    drain: Event | None = None,
    finding: Finding = in_child_processes,
    worker: str = "w1",
) -> Runner:
    """Runs jobs of a worker; unless another is given a solve takes no time and ends with the clerk's rota."""
    ledger = Ledger(database, worker)
    return Runner(
        ledger, solving or of_seconds(0.0), finding, settings or Worker(), drain or Event(), Event()
    )
