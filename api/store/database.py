"""The database: sessions that write and sessions that read, on SQLite and on PostgreSQL.

SQLite: WAL with ``synchronous=FULL``, so what was answered survives a power cut; a writer begins with
``BEGIN IMMEDIATE``, so it never fails half-way for want of the lock. PostgreSQL: psycopg 3 behind a pool that
looks at a connection before it hands it out.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from api.store.outages import outages_refused, unavailable

_BEGIN = "rota_begin"


class Database:
    """One database, from one process; threads may share it, forked children may not.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://...``.
    patience
        Seconds to wait for a lock, a connection of the pool, or a statement's lock on PostgreSQL.
    connect_timeout
        Seconds to wait for PostgreSQL to accept a connection.
    pool
        Most connections of this process.
    """

    def __init__(self, url: str, *, patience: float = 10.0, connect_timeout: int = 3, pool: int = 20) -> None:
        self._patience = patience
        self._one_writer = threading.Lock()
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = (
            _sqlite(url, patience, pool) if self.sqlite else _postgresql(url, patience, connect_timeout, pool)
        )
        self._writer = self.engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back when anything is raised.

        Raises
        ------
        Refused
            ``unavailable`` when the database is away, full or locked for too long; nothing is written then.
            If it went away during the commit itself all may be written: ask again with the same key.
        """
        with self._turn(), outages_refused(), Session(self._writer, expire_on_commit=False) as s, s.begin():
            s.info["writes"] = True
            yield s

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads; what it is told to write is rolled back.

        Raises
        ------
        Refused
            ``unavailable``.
        """
        with outages_refused(), Session(self.engine, expire_on_commit=False, autoflush=False) as s:
            yield s
            s.rollback()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that reads one state of the whole database however long it takes, for a copy of it.

        Raises
        ------
        Refused
            ``unavailable``.
        """
        engine = self.engine
        if not self.sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with outages_refused(), Session(engine, expire_on_commit=False) as s:
            s.execute(text("select 1 from alembic_version"))
            yield s
            s.rollback()

    def ping(self) -> None:
        """Ask for an answer.

        Raises
        ------
        Refused
            ``unavailable`` if there is none.
        """
        with self.read() as s:
            s.execute(text("select 1"))

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let writers of one process wait in a line: SQLite's own waiting is by chance, and some starve."""
        if not self.sqlite:
            yield
            return
        if not self._one_writer.acquire(timeout=self._patience):
            raise unavailable()
        try:
            yield
        finally:
            self._one_writer.release()


def _sqlite(url: str, patience: float, pool: int) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": patience, "check_same_thread": False},
        pool_size=pool,
        max_overflow=pool,
        pool_timeout=patience,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))

    return engine


def _postgresql(url: str, patience: float, connect_timeout: int, pool: int) -> Engine:
    waits = int(patience * 1000)
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": connect_timeout,
            "options": f"-c lock_timeout={waits} -c idle_in_transaction_session_timeout=60000",
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10000,
        },
        pool_size=pool,
        max_overflow=0,
        pool_timeout=patience,
        pool_pre_ping=True,
    )
