"""Numbers as a clinician reads them: hours and minutes, and chances as weeks in a hundred.

Chances are natural frequencies ("about 6 weeks in 100"), which more people read rightly than percentages.

References
----------
G. Gigerenzer and U. Hoffrage, "How to improve Bayesian reasoning without instruction: frequency formats",
Psychological Review 102 (1995), 684-704.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from solver.question.clinic import Clinic

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_HOUR = 60


def lasting(minutes: float) -> str:
    """``2 hours 30 minutes``; rounded half up to a whole minute."""
    whole = floor(minutes + 0.5)
    hours, rest = divmod(whole, _HOUR)
    parts = [_many(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(_many(rest, "minute"))
    return " ".join(parts)


def roughly(minutes: float) -> str:
    """The same to the nearest 5 minutes, for what is not that sure anyway."""
    return lasting(5 * floor(minutes / 5 + 0.5))


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 break``, ``3 breaks``, ``no breaks``."""
    return _many(number, one, many) if number else f"no {many or one + 's'}"


def weeks(chance: float) -> str:
    """A chance in weeks out of 100: what is not sure never sounds sure."""
    whole = floor(100 * chance + 0.5)
    if chance == 0:
        return "no week"
    if whole == 0:
        return "fewer than 1 week in 100"
    if chance == 1:
        return "every week"
    if whole == 100:
        return "more than 99 weeks in 100"
    return f"about {_many(whole, 'week')} in 100"


def times(chance: float) -> str:
    """A chance in times out of 100."""
    return weeks(chance).replace("weeks", "times").replace("week", "time").replace("no time", "never")


def clock(clinic: Clinic, minute: int) -> str:
    """The local time of a minute of the week."""
    return f"{clinic.moment(minute):%H:%M}"


def weekday(clinic: Clinic, minute: int) -> str:
    """The local day of a minute of the week."""
    return DAYS[clinic.moment(minute).weekday()]


def listed(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _many(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
