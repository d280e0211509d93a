"""The database brought to the form that this version of the code knows.

Alembic is loaded only where there is something to do: a service that starts again has no time for it.
"""

# ruff: noqa: PLC0415 (see above)
from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text

from api.store.database import Database
from api.store.outages import outages_refused

_LOCK = 7_612_001
"""Of PostgreSQL's advisory locks, the one of migrations."""


def migrate(database: Database) -> None:
    """Bring a database to the newest form, unless it has it; safe while other processes do the same.

    All of it in one transaction, which only one process at a time can begin (``BEGIN IMMEDIATE`` on SQLite,
    an advisory lock on PostgreSQL): a crash leaves the old form.

    Raises
    ------
    Refused
        ``unavailable``.
    """
    if is_current(database):
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    with database.write() as s:
        if not database.sqlite:
            s.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = s.connection()
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the database has the form that this code knows.

    Raises
    ------
    Refused
        ``unavailable``.
    """
    with outages_refused(), database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.scalars(text("select version_num from alembic_version")).all() == [newest()]


def newest() -> str:
    """The last revision; each stands in a file of ``migrations/versions`` named ``mREVISION_what.py``."""
    return max(file.stem[1:5] for file in (Path(__file__).parent / "migrations" / "versions").glob("m*_*.py"))
