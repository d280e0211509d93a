"""Rows as lines of JSON, the same for every database, and back."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, select
from sqlalchemy.orm import Session

from api.store.moment import Moment
from api.store.tables import Table as Tables
from api.store.tables import WorkerBeat

_NOT_COPIED = {WorkerBeat.__tablename__}


def tables() -> tuple[Table, ...]:
    """What is copied, in an order in which it can be put back."""
    return tuple(table for table in Tables.metadata.sorted_tables if table.name not in _NOT_COPIED)


def lines(s: Session) -> Iterator[str]:
    """Every row, one a line, under its table's name."""
    for table in tables():
        for row in s.execute(select(table).order_by(*_order(table))).mappings():
            values = {name: _told(value) for name, value in row.items()}
            yield json.dumps({"table": table.name, "row": values}, separators=(",", ":")) + "\n"


def read(table: Table, told: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the database takes it.

    Raises
    ------
    KeyError, ValueError, TypeError
        If it is no such row.
    """
    return {name: _meant(table.c[name], value) for name, value in told.items()}


def _order(table: Table) -> list[Column[Any]]:
    """Parents come before their children, which were made later."""
    first = [table.c["created"]] if "created" in table.c else []
    return [*first, *table.primary_key.columns]


def _told(value: object) -> object:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _meant(column: Column[Any], value: Any) -> object:  # noqa: ANN401 - whatever a row holds
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return b64decode(value, validate=True)
    if isinstance(column.type, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if column.type.python_type is date else value
