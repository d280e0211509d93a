"""The bell of the store: heard when what rang it is committed, and again after the connection was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Semaphore, Thread

import pytest
from sqlalchemy import text

from api.jobs.ledger import Ledger
from api.store import Database, bell
from benchmarks.service.queue import Queue
from benchmarks.service.workers import SIMULATED, workers
from tests.job_builders import a_store, an_accepted_job

LONG = 20.0
"""Seconds after which a ring that was not heard will not be."""


class Ears:
    """Rings that were heard and not yet asked for."""

    def __init__(self) -> None:
        self._rings = Semaphore(0)

    def heard(self) -> None:
        """One more."""
        self._rings.release()

    def one(self, seconds: float = LONG) -> bool:
        """Whether one was heard, or is within so many seconds."""
        return self._rings.acquire(timeout=seconds)


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    found = Database(postgresql_url)
    yield found
    found.close()


@contextmanager
def listening(database: Database) -> Iterator[Ears]:
    """Ears at the bell, from when they hear."""
    ears, over = Ears(), Event()
    thread = Thread(target=bell.listen, args=(database, ears.heard, over))
    thread.start()
    try:
        assert ears.one(), "what rang before was missed, so the beginning counts as a ring"
        yield ears
    finally:
        over.set()
        thread.join(LONG)
        assert not thread.is_alive()


def test_a_job_that_is_accepted_is_heard_of_and_so_is_one_that_is_handed_back(database: Database) -> None:
    with listening(database) as ears:
        an_accepted_job(database)
        assert ears.one()
        ledger = Ledger(database, "w1")
        claimed = ledger.take()
        assert claimed is not None
        ledger.hand_back(claimed)
        assert ears.one()
        assert not ears.one(0.0), "each was heard once, and taking it not at all"


def test_a_ring_is_heard_when_it_is_committed_and_never_if_it_is_not(database: Database) -> None:
    with listening(database) as ears:
        with database.write() as s:
            bell.ring(s)
            s.rollback()
        with database.write() as s:
            bell.ring(s)
            assert not ears.one(0.1)
        assert ears.one()
        assert not ears.one(0.1)


def test_who_is_cut_off_listens_again(database: Database) -> None:
    with listening(database) as ears:
        with database.write() as s:
            others = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
            s.execute(text(f"{others} and datname = current_database() and query ilike 'listen%'"))
        assert ears.one()
        with database.write() as s:
            bell.ring(s)
        assert ears.one()


def test_sqlite_has_no_bell(tmp_path: Path) -> None:
    database, ears = a_store(tmp_path), Ears()
    bell.listen(database, ears.heard, Event())  # returns
    an_accepted_job(database)
    assert not ears.one(0.0)
    database.close()


def test_a_worker_runs_a_job_at_the_ring_before_it_would_have_looked(database: Database) -> None:
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    queue = Queue(url)
    with workers(url, 1, (*SIMULATED, "--seconds", "0", "--beat", "60")):
        queue.put(1, tickets=False)
        queue.wait(
            30
        )  # Whether it was there first, or the worker: without a ticket it would look in a minute.
        queue.put(1, tickets=False)
        queue.wait(30)
    assert (queue.lost(), queue.half()) == (0, 0)
    queue.close()
