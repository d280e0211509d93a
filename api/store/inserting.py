"""A row that may be there already: of any number of writers at once, one inserts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.store.tables import Table


def insert_new(s: Session, table: type[Table], row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its key is there; whether it was inserted.

    On PostgreSQL a second writer of the same key waits until the first has committed, and sees its row then.
    """
    of = postgresql if s.get_bind().dialect.name == "postgresql" else sqlite
    rows = table.metadata.tables[table.__tablename__]
    done = of.insert(rows).values(**row).on_conflict_do_nothing().returning(*rows.primary_key)
    return s.execute(done).first() is not None
