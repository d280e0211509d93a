"""Sessions, outages, and several processes that migrate at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text

from api.problems import Refused
from api.store import Database, jobs, migrate
from api.store.migrate import is_current, newest
from api.store.moment import minute_of, moment_of
from api.store.tables import Job, Table
from tests.store_builders import a_job


@contextmanager
def unavailable() -> Iterator[None]:
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == "unavailable"
    assert int(refusal.value.headers["Retry-After"]) > 0


def test_migrations_make_what_the_code_knows(database: Database) -> None:
    assert is_current(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Table.metadata) == []


def test_the_newest_form_is_known_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    assert newest() == ScriptDirectory.from_config(config).get_current_head()


def test_several_processes_migrate_at_once(tmp_path: Path, empty_postgresql_url: str) -> None:
    program = "import sys; from api.store import Database, migrate; migrate(Database(sys.argv[1]))"
    for url in (f"sqlite:///{tmp_path / 'new.db'}", empty_postgresql_url):
        running = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(4)]
        assert [one.wait(120) for one in running] == [0, 0, 0, 0]
        database = Database(url)
        assert is_current(database)
        database.close()


def test_a_migration_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    # All tables need some 60 pages; with room for 20 the disk is full in the middle.
    database = Database(f"sqlite:///{tmp_path / 'small.db'}", pool=1)
    with database.read() as s:
        s.execute(text("pragma max_page_count = 20"))
    with unavailable():
        migrate(database)
    with database.read() as s:
        assert s.execute(text("select count(*) from sqlite_master")).scalar() == 0
        s.execute(text("pragma max_page_count = 100000"))
    migrate(database)
    assert is_current(database)
    database.close()


def test_sqlite_survives_a_power_cut(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read() as s:
        # 2 is FULL: every commit is on the disk before it is answered.
        found = [
            s.execute(text(f"pragma {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    database.close()


def test_a_full_disk_is_unavailable_until_there_is_room(sqlite_url: str) -> None:
    database = Database(sqlite_url, pool=1)
    with database.read() as s:
        pages = s.execute(text("pragma page_count")).scalar()
        s.execute(text(f"pragma max_page_count = {pages}"))
    with unavailable(), database.write() as s:
        for seed in range(200):
            a_job(s, seed=seed)
    with database.read() as s:
        assert jobs.counts(s) == {}
        s.execute(text("pragma max_page_count = 100000"))
    with database.write() as s:
        a_job(s)
    with database.read() as s:
        assert jobs.counts(s) == {"queued": 1}
    database.close()


def test_a_database_that_stays_locked_is_unavailable(sqlite_url: str) -> None:
    database = Database(sqlite_url, patience=0.2)
    other = sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)
    other.execute("begin immediate")
    with unavailable(), database.write() as s:
        a_job(s)
    database.ping()
    other.execute("rollback")
    with database.write() as s:
        a_job(s)
    other.close()
    database.close()


def test_a_postgresql_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"postgresql://nobody@/none?host={tmp_path}", connect_timeout=1)
    with unavailable():
        database.ping()
    with unavailable(), database.write() as s:
        a_job(s)
    database.close()


def test_connections_that_postgresql_dropped_are_replaced(postgresql_url: str) -> None:
    database = Database(postgresql_url, pool=2)
    other = Database(postgresql_url)
    drop = """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()
    """
    database.ping()
    with other.read() as s:
        s.execute(text(drop))
    database.ping()
    with unavailable(), database.write() as s:
        a_job(s)
        with other.read() as o:
            o.execute(text(drop))
        a_job(s, seed=1)
    with database.read() as s:
        assert jobs.counts(s) == {}
    other.close()
    database.close()


def test_a_session_that_reads_writes_nothing(database: Database) -> None:
    with database.read() as s:
        a_job(s)
    with database.read() as s:
        assert jobs.counts(s) == {}


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    deadline = datetime(2026, 11, 30, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with database.write() as s:
        name = a_job(s, deadline=deadline).id
    with database.read() as s:
        found = s.get(Job, name)
        assert found is not None
        assert found.deadline == deadline
        assert found.deadline is not None
        assert found.deadline.tzinfo == UTC
    with pytest.raises(Exception, match="without a time zone"), database.write() as s:
        a_job(s, deadline=datetime(2026, 11, 30, 9, 30))  # noqa: DTZ001


def test_minutes_are_counted_from_the_epoch_whatever_the_offset() -> None:
    # 30 November 2026 is day 20,787: 20,787 x 1,440 = 29,933,280, and 09:00 UTC is 540 more.
    assert minute_of("2026-11-30T09:00:00+00:00") == 29_933_820
    assert minute_of("2026-11-30T10:00:00+01:00") == 29_933_820
    with pytest.raises(ValueError, match="offset"):
        minute_of("2026-11-30T09:00:00")


def test_the_newest_jobs_of_a_team_are_listed_page_by_page(database: Database) -> None:
    with database.write() as s:
        made = [a_job(s, seed=seed).id for seed in range(5)]
        a_job(s, team="south")
    with database.read() as s:
        first = [job.id for job in jobs.list_(s, "north", limit=3)]
        rest = [job.id for job in jobs.list_(s, "north", limit=3, after=first[-1])]
        assert first + rest == made[::-1]
        assert jobs.list_(s, "north", after="unknown") == []
        with pytest.raises(Refused):
            jobs.get(s, "south", made[0])


def test_places_in_the_queue_go_by_turns_between_teams(database: Database) -> None:
    with database.write() as s:
        made = {
            name: a_job(s, seed=seed, team=team, priority=p)
            for seed, (name, team, p) in enumerate(
                [("n1", "north", 5), ("n2", "north", 5), ("n3", "north", 9), ("s1", "south", 0)]
            )
        }
    # North's own order is n3 (priority 9), n1, n2; the first of each team come before the seconds.
    with database.read() as s:
        found = {name: jobs.queue_position(s, job) for name, job in made.items()}
    assert found == {"n3": 1, "s1": 2, "n1": 3, "n2": 4}


def test_the_same_request_is_kept_once(database: Database) -> None:
    with database.write() as s:
        one, two, other = a_job(s), a_job(s), a_job(s, team="south")
        assert one.request == two.request == other.request
        assert s.execute(text("select count(*) from request")).scalar() == 2
        assert jobs.body(s, one) == b'{"patient":"p0001","seed":0}'


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.write() as s:
        a_job(s)
    migrate(database)
    with database.read() as s:
        assert jobs.counts(s) == {"queued": 1}


@pytest.mark.parametrize(
    "text",
    ["2026-11-30", "2026-11-30T09:00:00", "1999-11-30T09:00:00Z", "2026-02-30T09:00:00Z", "20261130T090000Z"],
)
def test_what_is_no_time_with_an_offset_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"not RFC 3339|no year|out of range"):
        moment_of(text)


def test_times_are_read_to_the_fraction_of_a_second() -> None:
    expected = datetime(2026, 11, 30, 8, 1, 2, 250_000, tzinfo=UTC)
    assert moment_of("2026-11-30t09:01:02.25+01:00") == expected
