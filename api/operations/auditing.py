"""The chain of the audit looked through from outside, and its records as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy.orm import Session

from api.operations.copies import Unusable
from api.store import audit
from api.store.moment import moment_of
from solver.cli.endings import failed

FIELDS = ("seq", "at", "team", "actor", "action", "object", "detail", "hash")


def head(told: str) -> audit.Head:
    """An end of the chain that was kept, ``ROWS:HASH``.

    Raises
    ------
    Unusable
        If it is none.
    """
    rows, _, hash_ = told.partition(":")
    if not (rows.isascii() and rows.isdecimal() and len(hash_) == len(audit.START)):
        raise Unusable("An end of the chain is told as ROWS:HASH, as this command prints it.")
    return audit.Head(int(rows), hash_)


def wanted(team: str | None, object_: str | None, actor: str | None, since: str | None) -> audit.Wanted:
    """Which records somebody wants to see.

    Raises
    ------
    typer.Exit
        With 1 if the time is none.
    """
    try:
        at = None if since is None else moment_of(since)
    except (OverflowError, ValueError):
        raise failed("A time is told as in 2026-11-30T09:00:00+00:00.") from None
    return audit.Wanted(team, object_, actor, at)


def lines(s: Session, wanted: audit.Wanted) -> Iterator[str]:
    """Records as JSON, the oldest first; they hold ids and no patient."""
    for row in audit.found(s, wanted):
        yield json.dumps({name: getattr(row, name) for name in FIELDS})
