"""Times as they are written: RFC 3339 with an offset, days, and times of day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from solver.question.clinic import STEP

YEARS = range(2000, 2200)
"""Years that a request may speak of."""

_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?P<offset>[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NOT_ZONES = re.compile(r"localtime|posixrules|Factory|(posix|right)/.*")


class NotATime(ValueError):
    """Why a text is not such a time: a code, and words that follow the field's name."""

    def __init__(self, code: str, words: str) -> None:
        self.code = code
        self.words = words
        super().__init__(words)


@lru_cache(maxsize=65536)
def instant(text: str) -> datetime:
    """The instant that an RFC 3339 text names, in UTC.

    Raises
    ------
    NotATime
        If it is not RFC 3339, has no offset, lies in no year of `YEARS`, or is not a multiple of 5 minutes.
    """
    shape = _DATE_TIME.fullmatch(text)
    if shape is None:
        raise NotATime("time_not_rfc3339", "must be an RFC 3339 time such as 2026-11-30T09:00:00+00:00")
    if shape["offset"] is None:
        raise NotATime("time_without_offset", "must have an offset, such as +00:00 or Z")
    if int(text[:4]) not in YEARS:
        raise NotATime("time_out_of_range", f"must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    try:
        found = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except ValueError:
        raise NotATime("time_not_rfc3339", "must be a date and a time that exist") from None
    if found.timestamp() % (STEP * 60) or (shape["fraction"] or "").strip(".0"):
        raise NotATime("time_not_multiple", f"must be a multiple of {STEP} minutes")
    return found


def stands_in(text: str, zone: ZoneInfo) -> bool:
    """Whether the wall time that was written exists in the zone; a time written with Z is no wall time.

    Clocks that go forward leave out an hour: 01:30 on 29 March 2026 does not exist in London.
    """
    if text[-1] in "zZ" or text.endswith("-00:00"):
        return True
    wall = datetime.fromisoformat(text.upper()).replace(tzinfo=None)
    there = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there.replace(tzinfo=None) == wall


def clock_minutes(text: str) -> int:
    """Minutes after midnight of ``HH:MM``.

    Raises
    ------
    NotATime
        If it is not such a time, or not a multiple of 5 minutes.
    """
    if not _CLOCK.fullmatch(text):
        raise NotATime("bad_clock_time", "must be a time of day such as 11:30")
    minutes = int(text[:2]) * 60 + int(text[3:])
    if minutes % STEP:
        raise NotATime("time_not_multiple", f"must be a multiple of {STEP} minutes")
    return minutes


def monday(text: str) -> date:
    """The date of a Monday.

    Raises
    ------
    NotATime
        If it is no date, lies in no year of `YEARS`, or is another day of the week.
    """
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise NotATime("bad_date", "must be a date such as 2026-11-30")
    if found.year not in YEARS:
        raise NotATime("time_out_of_range", f"must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    if found.weekday():
        raise NotATime("week_not_monday", "must be a Monday")
    return found


@lru_cache(maxsize=64)
def time_zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises
    ------
    NotATime
        If the IANA database has none.
    """
    try:
        if _NOT_ZONES.fullmatch(name):
            raise ValueError(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise NotATime("unknown_timezone", "must be an IANA time zone such as Europe/London") from None
