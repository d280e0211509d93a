"""Numbers and names as the report says them: rounded, and promising nothing that is not proven."""

from __future__ import annotations

from math import ceil
from types import MappingProxyType

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

KINDS = MappingProxyType(
    {
        "appointment": "Booking",
        "double": "Two bookings at once",
        "reserve": "Kept free for the second patient",
        "admin": "Notes",
        "break": "Break",
        "lunch": "Lunch",
        "commitment": "Other commitment",
        "free": "Free",
    }
)
"""Kinds of entry, in the order of the legend."""

STOPPED = MappingProxyType(
    {
        "gap_reached": "the gap asked for was reached",
        "time_limit": "the time limit was reached",
        "work_limit": "the work limit was reached",
        "cancelled": "the search was cancelled",
        "finished_early": "the search was asked to finish",
        "solver_failed": "the solver failed",
    }
)

_LEAST = 0.001
_TENTH = 6
_FLOAT = 1e-6
_SAME = 1e-3
"""Minutes of a tenth of an hour, those that floating point may add, and those by which equals may differ."""
_GLUE = "\u00a0"
"""A space at which no line breaks."""


def hours(minutes: float) -> str:
    """``19.4 h``."""
    return f"{minutes / 60:.1f}{_GLUE}h"


def hours_at_most(minutes: float, found: float | None = None) -> str:
    """The same of what is proven to be no more: rounded up, so that it still is no more.

    Where as much was ``found`` it is told as that is, since nothing stands between them.
    """
    if found is not None and minutes - found < _SAME:
        return hours(found)
    return hours(ceil((minutes - _FLOAT) / _TENTH) * _TENTH)


def percent(share: float) -> str:
    """``6.3 %``; what is not 0 never looks like 0, and what is not certain never like 100."""
    if 0 < share < _LEAST:
        return f"<0.1{_GLUE}%"
    if 1 - _LEAST < share < 1:
        return f">99.9{_GLUE}%"
    return f"{share * 100:.1f}".removesuffix(".0") + f"{_GLUE}%"


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def count(number: int, one: str) -> str:
    """``1 booking``, ``3 bookings``."""
    return f"{number} {one}{'' if number == 1 else 's'}"
