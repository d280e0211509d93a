"""Stores with jobs in them, for tests."""

from __future__ import annotations

from pathlib import Path

from api.jobs.intake import Asked, accept
from api.jobs.ledger import Claimed, Ledger
from api.jobs.settings import Intake
from api.store import Database, migrate
from api.store.tables import Job
from benchmarks.service.queue import TINY

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
