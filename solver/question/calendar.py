"""One week in one time zone: from written times to elapsed minutes since local Monday 00:00."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from solver.question.moment import instant, monday, time_zone


@dataclass(frozen=True, slots=True)
class Calendar:
    """The week of a Monday; ``minutes`` is how long it lasts (10080, or 60 off where clocks change)."""

    monday: date
    zone: ZoneInfo
    start: datetime
    minutes: int

    @classmethod
    def of(cls, start: str, timezone: str) -> Calendar:
        """The week that starts on that Monday.

        Raises
        ------
        NotATime
            If it is no Monday, or nobody knows the time zone.
        """
        first, zone = monday(start), time_zone(timezone)
        begins, ends = _midnight(first, zone), _midnight(first + timedelta(days=7), zone)
        return cls(first, zone, begins, _minutes(ends.astimezone(UTC) - begins.astimezone(UTC)))

    def minute(self, text: str) -> int:
        """Elapsed minutes from the start of the week to a written time; negative before it.

        Raises
        ------
        NotATime
            If the text names no instant.
        """
        return _minutes(instant(text) - self.start.astimezone(UTC))

    def day(self, minute: int) -> int:
        """The local day (0 is Monday) of a minute of the week."""
        moment = self.start.astimezone(UTC) + timedelta(minutes=minute)
        return (moment.astimezone(self.zone).date() - self.monday).days

    def wall(self, day: int, minutes: int) -> int:
        """The minute of the week at which clocks show ``minutes`` after midnight on a day."""
        shown = datetime.combine(
            self.monday + timedelta(days=day), time(minutes // 60, minutes % 60), self.zone
        )
        return _minutes(shown.astimezone(UTC) - self.start.astimezone(UTC))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)
