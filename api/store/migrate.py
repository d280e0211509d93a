"""The database brought to the form that this version of the code knows."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from api.store.database import Database
from api.store.outages import outages_refused

_LOCK = 7_612_001
"""Of PostgreSQL's advisory locks, the one of migrations."""


def migrate(database: Database) -> None:
    """Bring a database to the newest form; safe while other processes do the same.

    All of it in one transaction, which only one process at a time can begin (``BEGIN IMMEDIATE`` on SQLite,
    an advisory lock on PostgreSQL): a crash leaves the old form.

    Raises
    ------
    Refused
        ``unavailable``.
    """
    config = _config()
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
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "api.store:migrations")
    return config
