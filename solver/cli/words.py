"""Numbers and outcomes, as they are said to people: rounded, and promising nothing that is not proven."""

from __future__ import annotations

from math import ceil
from types import MappingProxyType

STOPPED = MappingProxyType(
    {
        "gap_reached": "the gap asked for is reached",
        "time_limit": "the time limit is reached",
        "work_limit": "the work limit is reached",
        "cancelled": "it was cancelled",
        "finished_early": "it was asked to finish",
        "solver_failed": "the solver failed",
    }
)
"""Why a solve stopped, for each `stop_reason`."""

_LEAST_SHOWN = 0.001
_TENTH = 6
_FLOAT = 1e-6
_SAME = 1e-3
"""Minutes of a tenth of an hour, those that floating point may add, and those by which equals may differ."""


def hours(minutes: float) -> str:
    """``19.4``: hours of 60 minutes, without the unit."""
    return f"{minutes / 60:.1f}"


def hours_at_most(minutes: float, found: float | None = None) -> str:
    """The same of what is proven to be no more: rounded up, so that it still is no more.

    Where as much was ``found`` it is told as that is, since nothing stands between them.
    """
    if found is not None and minutes - found < _SAME:
        return hours(found)
    return hours(ceil((minutes - _FLOAT) / _TENTH) * _TENTH)


def number(value: float | None) -> str:
    """At most two decimals; ``-`` where it is not known."""
    return "-" if value is None else f"{value:z.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """``6.3 %``; what is not 0 never looks like 0, and what is not certain never like 100."""
    if 0 < share < _LEAST_SHOWN:
        return "<0.1 %"
    if 1 - _LEAST_SHOWN < share < 1:
        return ">99.9 %"
    return f"{share * 100:.1f} %".replace(".0 %", " %")


def gap(share: float | None) -> str:
    """``gap 2 %``, or that there is none."""
    return "gap not known" if share is None else f"gap {percent(share)}"
