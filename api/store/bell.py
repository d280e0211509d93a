"""A bell, rung when a job begins to wait: on PostgreSQL all workers hear it at once.

It belongs to the transaction that lets the job wait, so it is heard exactly when that is committed. It is no
promise: who is cut off hears nothing, and so do all on SQLite. Workers look for themselves now and then.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import cast

import psycopg
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.store.database import Database

CHANNEL = "rota_jobs"

_PAUSE = 1.0
"""Seconds until a lost connection is made again."""

_STEP = 0.5
"""Seconds after which a listener looks whether it is over."""


def ring(s: Session) -> None:
    """Tell all workers, once the transaction is committed, that a job may wait."""
    if s.get_bind().dialect.name == "postgresql":
        s.execute(select(func.pg_notify(CHANNEL, "")))


def listen(database: Database, heard: Callable[[], None], over: Event) -> None:
    """Call a function for each ring until it is over; on SQLite, where there is none, return at once.

    Parameters
    ----------
    database
        One of its connections is held meanwhile; if it is lost another is made.
    heard
        Must return at once. It is called whenever listening begins, too: what rang before was not heard.
    """
    while not (database.sqlite or over.is_set()):
        try:
            _hear(database, heard, over)
        except (SQLAlchemyError, psycopg.Error):
            over.wait(_PAUSE)


def _hear(database: Database, heard: Callable[[], None], over: Event) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"listen {CHANNEL}")
        driver = cast("psycopg.Connection[object]", connection.connection.driver_connection)
        connection.detach()  # whoever was handed it next would be told of each ring
        heard()
        while not over.is_set():
            for _ in driver.notifies(timeout=_STEP):
                heard()
