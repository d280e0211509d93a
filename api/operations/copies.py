"""A copy of everything that is kept, in one file, and back into an empty database of either kind.

The file is gzip over lines of JSON: a heading, every row, and at the end the number of rows with their
SHA-256, so that a file that was cut short or changed is not restored. Jobs that were under way wait again
after a restore, from the best rota that they had told. Tickets are not copied: the sweep makes them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.operations import rows
from api.store import Database

FORM = "rota backup 1"
AT_ONCE = 200


class Unusable(Exception):
    """A copy that cannot be restored, or a place where it cannot be; a sentence for people."""


def backup(database: Database, file: Path) -> int:
    """Write a copy while the service works; the file is there whole or not at all. How many rows it has."""
    digest, count = hashlib.sha256(), 0
    handle, draft = tempfile.mkstemp(dir=file.resolve().parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as out:
            out.write(json.dumps({"form": FORM}).encode() + b"\n")
            with database.snapshot() as s:
                for line in rows.lines(s):
                    out.write(line.encode())
                    digest.update(line.encode())
                    count += 1
            out.write(json.dumps({"rows": count, "sha256": digest.hexdigest()}).encode() + b"\n")
            out.close()
            raw.flush()
            os.fsync(raw.fileno())
        Path(draft).replace(file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return count


def restore(database: Database, file: Path) -> int:
    """Put a copy into an empty database, all of it or nothing; how many rows.

    Raises
    ------
    Unusable
        If the file is not a whole copy, or the database is not empty.
    """
    with database.write() as s:
        if any(s.execute(select(table).limit(1)).first() for table in rows.tables()):
            raise Unusable("The database is not empty: restore into a new one.")
        try:
            count = _put(s, file)
        except (OSError, EOFError, ValueError, KeyError, TypeError, IntegrityError) as error:
            raise Unusable(f"The file is not a whole copy ({type(error).__name__}).") from None
        _go_on_counting(s)
    return count


def _put(s: Session, file: Path) -> int:
    known = {table.name: table for table in rows.tables()}
    count = 0
    for name, told in groupby(_verified(file), key=lambda told: str(told["table"])):
        table = known[name]
        for some in batched((rows.read(table, one["row"]) for one in told), AT_ONCE):
            s.execute(insert(table), some)
            count += len(some)
    return count


def batched(values: Iterator[dict[str, Any]], most: int) -> Iterator[list[dict[str, Any]]]:
    """So many values at a time."""
    while some := list(islice(values, most)):
        yield some


def _verified(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file; at its end a `ValueError` unless they are those that were written."""
    digest, count = hashlib.sha256(), 0
    with gzip.open(file, "rb") as lines:
        if json.loads(next(lines, b"{}")).get("form") != FORM:
            raise ValueError("form")
        for line in lines:
            told = json.loads(line)
            if "table" not in told:
                break
            digest.update(line)
            count += 1
            yield told
        else:
            raise EOFError
    if (told["rows"], told["sha256"]) != (count, digest.hexdigest()):
        raise ValueError("sha256")


def _go_on_counting(s: Session) -> None:
    """Have PostgreSQL number new rows after those restored."""
    if s.get_bind().dialect.name != "postgresql":
        return
    for table in rows.tables():
        key = table.autoincrement_column
        if key is not None:
            sequence = f"pg_get_serial_sequence('{table.name}', '{key.name}')"
            s.execute(text(f"select setval({sequence}, (select max({key.name}) from {table.name}))"))
