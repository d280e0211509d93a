"""Copies, and what is let go of."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.jobs import told
from api.operations.copies import Unusable, backup, restore
from api.operations.retention import Retention, prune
from api.operations.rows import lines
from api.problems import Refused
from api.store import Database, jobs, migrate, turns
from api.store.moment import now
from api.store.tables import Event as Told
from api.store.tables import Job, Slot
from benchmarks.service.databases import postgres
from tests.job_builders import a_runner, a_store, an_accepted_job, taken


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A store with a job that is done and one under way."""
    database = a_store(tmp_path)
    an_accepted_job(database)
    a_runner(database).run(taken(database))
    an_accepted_job(database)
    taken(database)
    yield database
    database.close()


def rows(database: Database) -> list[str]:
    """Every row of a store."""
    with database.snapshot() as s:
        return list(lines(s))


def test_a_copy_comes_back_as_it_was_and_the_job_under_way_waits_again(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "copy.gz"
    assert backup(database, file) == len(rows(database))
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    restore(other, file)
    assert rows(other) == rows(database)
    with other.write() as s:
        (job,) = turns.of_nobody(s)
        turns.put_back(job)
    assert taken(other, "w2").job == job.id
    other.close()


def test_a_copy_of_sqlite_comes_back_on_postgresql_and_numbers_go_on(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "copy.gz"
    backup(database, file)
    with postgres() as server:
        other = Database(server.url)
        restore(other, file)
        assert sorted(rows(other)) == sorted(rows(database))
        an_accepted_job(other)
        a_runner(other, worker="w2").run(taken(other, "w2"))
        with other.read() as s:
            before = s.scalar(select(func.count()).select_from(Slot))
        assert before
        other.close()


def test_a_file_that_was_cut_short_or_changed_is_not_restored(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "copy.gz"
    backup(database, file)
    whole = gzip.decompress(file.read_bytes())
    all_ = whole.splitlines(keepends=True)
    wrongs = [whole.replace(b'"north"', b'"south"'), b"".join(all_[:-1]), b"".join(all_[:3] + all_[4:]), b""]
    for index, wrong in enumerate(wrongs):
        file.write_bytes(gzip.compress(wrong))
        other = Database(f"sqlite:///{tmp_path / f'other{index}.db'}")
        migrate(other)
        with pytest.raises(Unusable):
            restore(other, file)
        assert rows(other) == []
        other.close()


def test_nothing_is_restored_over_what_is_there(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "copy.gz"
    backup(database, file)
    with pytest.raises(Unusable, match="not empty"):
        restore(database, file)


def test_old_events_and_requests_go_and_those_of_jobs_under_way_stay(database: Database) -> None:
    with database.read() as s:
        ended, under_way = [job.id for job in s.scalars(select(Job).order_by(Job.created))]
    with database.write() as s:
        gone = prune(s, Retention(event_days=1, key_days=1, request_days=1), now() + timedelta(days=2))
    assert (gone.events > 0, gone.keys, gone.requests) == (True, 0, 0)
    with database.read() as s:
        assert set(s.scalars(select(Told.job))) == {under_way}
    with database.write() as s:
        told.failed(s, s.get_one(Job, under_way), "solver_failed")
    with database.write() as s:
        gone = prune(s, Retention(request_days=1), now() + timedelta(days=2))
        assert gone.requests == 1
    with database.read() as s, pytest.raises(Refused, match="request_gone"):
        jobs.body(s, s.get_one(Job, ended))
