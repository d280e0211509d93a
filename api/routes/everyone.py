"""A diary lived through with every patient coming: the case that the rules protect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

PROTECTED = frozenset({"break", "lunch", "admin", "commitment"})
RESTS = frozenset({"break", "lunch"})

_MINUTE = timedelta(minutes=1)


@dataclass
class _Lived:
    """How far a day has been lived through."""

    delivered: int = 0
    run: int = 0
    longest: int = 0
    kept: bool = True
    until: datetime | None = None

    def slot(self, start: datetime, minutes: int) -> None:
        """See patients, later than planned where those before took longer."""
        begins = start if self.until is None else max(start, self.until)
        self.until = begins + minutes * _MINUTE
        self.delivered += minutes
        self.run += minutes
        self.longest = max(self.longest, self.run)

    def rest(self, kind: str, start: datetime) -> None:
        """Come to time that is protected."""
        if self.until is not None and self.until > start:
            self.kept = False
        elif kind in RESTS:
            self.run = 0


def if_everyone_attends(diary: Mapping[str, Any], bookings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a diary holds if all patients come.

    Parameters
    ----------
    diary
        As in the document of a rota: entries in order.
    bookings
        Of the same document, of all clinicians; for how long each appointment is.

    Returns
    -------
    dict
        `delivered_minutes`; `breaks_kept`: whether every break, lunch, admin and commitment begins with
        nobody left to see; `longest_contact_run_minutes` between two rests of one shift or day.
    """
    minutes = {
        booking["appointment"]: (_moment(booking["end"]) - _moment(booking["start"])) // _MINUTE
        for booking in bookings
    }
    lived, before = _Lived(), None
    for entry in diary["entries"]:
        start = _moment(entry["start"])
        if before is None or start > before:
            lived.run = 0
        before = _moment(entry["end"])
        if entry.get("appointments"):
            lived.slot(start, sum(minutes[name] for name in entry["appointments"]))
        elif entry["kind"] in PROTECTED:
            lived.rest(entry["kind"], start)
    return {
        "delivered_minutes": lived.delivered,
        "breaks_kept": lived.kept,
        "longest_contact_run_minutes": lived.longest,
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
