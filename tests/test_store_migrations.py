"""Databases of earlier versions, with what stood in them, brought to the newest form."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from api.store import Database, jobs, migrate
from api.store.migrate import is_current
from tests.store_builders import a_job

ROWS = (
    "insert into request values ('north', 'r', '{}', '2026-11-23')",
    """
    insert into job (id, team, request, kind, week, state, priority, seconds, attempts, created_by, created)
    values ('j', 'north', 'r', 'replan', '2026-11-30', 'queued', 5, 1.0, 0, 'anna', '2026-11-23')
    """,
    "insert into event values ('j', 1, 'state', '{}', '2026-11-23')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database as the second migration leaves it, with a job and what it told."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("empty_postgresql_url")
    database = Database(url)
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    with database.write() as s:
        config.attributes["connection"] = s.connection()
        command.upgrade(config, "0002")
        for row in ROWS:
            s.execute(text(row))
    return database


def test_jobs_of_an_earlier_version_stay_and_new_kinds_can_stand_beside_them(old: Database) -> None:
    migrate(old)
    assert is_current(old)
    with old.write() as s:
        a_job(s, kind="recommend", parent="j")
    with old.read() as s:
        assert jobs.counts(s) == {"queued": 2}
        assert s.execute(text("select kind from event where job = 'j'")).scalar() == "state"
        if old.sqlite:
            assert s.execute(text("pragma integrity_check")).scalar() == "ok"
            assert s.execute(text("pragma foreign_key_check")).all() == []
    old.close()
