"""Databases for tests: a file of SQLite, and a PostgreSQL server of the test session."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, make_url

from api.store import Database, migrate
from benchmarks.service.databases import Postgres

TEMPLATE = "rota_template"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A server that holds one migrated, empty database to copy.

    Not in pytest's own directory: when root runs the tests the server is another user's, and has no way in.
    """
    place = Path(tempfile.mkdtemp(prefix="rota-"))
    server = Postgres(place / "pg")
    url = make_url(server.url)
    _run(url, "alter system set fsync = off")
    _run(url, "select pg_reload_conf()")
    _run(url, f"create database {TEMPLATE}")
    template = Database(_text(url.set(database=TEMPLATE)))
    migrate(template)
    template.close()
    yield url
    server.close()
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: URL) -> str:
    """A migrated, empty database of PostgreSQL."""
    name = f"rota_{uuid4().hex}"
    _run(postgresql_server, f"create database {name} template {TEMPLATE}")
    return _text(postgresql_server.set(database=name))


@pytest.fixture
def empty_postgresql_url(postgresql_server: URL) -> str:
    """A database of PostgreSQL without any table."""
    name = f"rota_{uuid4().hex}"
    _run(postgresql_server, f"create database {name}")
    return _text(postgresql_server.set(database=name))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A migrated, empty database of SQLite."""
    url = f"sqlite:///{tmp_path / 'rota.db'}"
    database = Database(url)
    migrate(database)
    database.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Either."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Either, open."""
    found = Database(database_url)
    yield found
    found.close()


def _run(url: URL, statement: str) -> None:
    with psycopg.connect(_text(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def _text(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
