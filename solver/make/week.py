"""The week of a synthetic request: wall-clock times of one time zone, written with their offset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = 60


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Wall-clock time ``[start, end)`` of one day (0 is Monday), in minutes since its midnight."""

    day: int
    start: int
    end: int

    def touches(self, other: Stretch) -> bool:
        """Whether two stretches share any time."""
        return self.day == other.day and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Week:
    """One week from Monday, in one time zone."""

    monday: date
    timezone: str

    def at(self, day: int, minute: int) -> str:
        """RFC 3339 time of a wall-clock minute of a day.

        Parameters
        ----------
        day
            0 (Monday) to 6.
        minute
            Since midnight by the clock on the wall, 0 to 1439.
        """
        on = self.monday + timedelta(days=day)
        zone = ZoneInfo(self.timezone)
        return datetime(on.year, on.month, on.day, minute // HOUR, minute % HOUR, tzinfo=zone).isoformat()

    def span(self, stretch: Stretch) -> dict[str, str]:
        """``start`` and ``end`` of a stretch, as a request writes them."""
        return {"start": self.at(stretch.day, stretch.start), "end": self.at(stretch.day, stretch.end)}
