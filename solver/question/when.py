"""How a minute of the week is said in a sentence."""

from __future__ import annotations

from solver.question.clinic import Clinic

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def when(clinic: Clinic, minute: int) -> str:
    """The local weekday and time of a minute of the week: ``Tue 10:15``."""
    moment = clinic.moment(minute)
    return f"{WEEKDAYS[moment.weekday()]} {moment:%H:%M}"
