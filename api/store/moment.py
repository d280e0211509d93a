"""Times in the database: aware in Python, UTC in every row."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def moment_of(text: str) -> datetime:
    """The time that an RFC 3339 text with an offset names, in UTC; to whatever fraction of a second.

    Raises
    ------
    ValueError
        If it is none, or lies outside the years 2000 to 2199.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError("not RFC 3339 with an offset")
    found = datetime.fromisoformat(text.upper())
    if not 2000 <= found.year < 2200:
        raise ValueError("of no year that is spoken of")
    return found.astimezone(UTC)


def minute_of(text: str) -> int:
    """Whole minutes from the epoch to an RFC 3339 time with an offset.

    Raises
    ------
    ValueError
        If it has no offset, or is no time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without an offset")
    return int((moment - EPOCH).total_seconds() // 60)


class Moment(TypeDecorator[datetime]):
    """An aware time; SQLite drops time zones, so UTC goes in and UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware time as UTC.

        Raises
        ------
        ValueError
            If it has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """A stored time, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
