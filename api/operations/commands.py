"""The commands of the service, as `solver.cli.service` declares them."""

# ruff: noqa: PLC0415 (a command imports no more than it needs)
from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from api.operations import auditing, copies, retention
from api.people.person import ROLES
from api.problems import Refused
from api.store import Database, keys, migrate
from api.store import audit as chain
from api.store.moment import now
from solver.cli.endings import failed, say


@contextmanager
def endings() -> Iterator[None]:
    """End with a sentence where the service cannot do what was asked.

    Raises
    ------
    typer.Exit
        With 1.
    """
    try:
        yield
    except Refused as refused:
        raise failed(refused.detail or refused.problem.title) from None
    except copies.Unusable as unusable:
        raise failed(str(unusable)) from None
    except OSError as error:
        raise failed(f"It cannot be done: {os.strerror(error.errno or 0)}.") from None


def worker(database_url: str, slots: int, drain_seconds: float) -> None:
    """Solve until told to stop."""
    from api.jobs.settings import Worker
    from api.jobs.worker import work

    with endings():
        migrate(Database(database_url))
        work(database_url, Worker(slots=slots, drain_seconds=drain_seconds))


def backup(database_url: str, file: str) -> None:
    """Copy everything into a file."""
    with endings():
        say(f"{copies.backup(Database(database_url), Path(file))} rows are in {file}.")


def restore(database_url: str, file: str) -> None:
    """Put a copy into an empty database."""
    with endings():
        database = Database(database_url)
        migrate(database)
        say(f"{copies.restore(database, Path(file))} rows are restored.")


def prune(
    database_url: str, event_days: float, key_days: float, request_days: float, ticket_days: float
) -> None:
    """Let go of what is old."""
    with endings(), Database(database_url).write() as s:
        gone = retention.prune(s, retention.Retention(event_days, key_days, request_days), now())
    tickets = retention.prune_tickets(database_url, now() - timedelta(days=ticket_days))
    rows = f"{gone.events} events, {gone.keys} keys, {gone.requests} requests"
    say(f"{rows} and {tickets} spent tickets are gone.")


def audit(database_url: str, known: str | None) -> None:
    """Look through the whole chain, and say where it ends, or breaks."""
    with endings(), Database(database_url).snapshot() as s:
        found = chain.verify(s, None if known is None else auditing.head(known))
    if isinstance(found, chain.Broken):
        raise failed(f"The chain breaks at record {found.seq}: it was changed, or is missing.")
    sys.stdout.write(f"{found.rows}:{found.hash}\n")
    say(f"{found.rows} records hold. Keep the line above elsewhere: with it --known finds records cut off.")


def list_audit(database_url: str, wanted: chain.Wanted) -> None:
    """Print records."""
    with endings(), Database(database_url).snapshot() as s:
        for line in auditing.lines(s, wanted):
            sys.stdout.write(line + "\n")


def openapi() -> None:
    """Print the OpenAPI document."""
    from api.app import openapi_document

    sys.stdout.write(json.dumps(openapi_document(), indent=1, ensure_ascii=False) + "\n")


def add_key(database_url: str, team: str, name: str, roles: Sequence[str]) -> None:
    """Make a key, and print it."""
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        raise failed(f"Roles are {', '.join(ROLES)}.")
    with endings():
        database = Database(database_url)
        migrate(database)
        with database.write() as s:
            secret, _ = keys.create(s, team, name, roles, "command line")
    sys.stdout.write(secret + "\n")
