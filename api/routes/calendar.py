"""A diary as iCalendar (RFC 5545): UTC, stable UIDs, and neither patients nor appointments by name.

An event keeps its UID for as long as it is about the same thing: a slot about its appointments, any other
entry about its kind and its place in the day. Its SEQUENCE is the version of the rota, which only grows.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

MEDIA_TYPE = "text/calendar"

_WORDS = {
    "appointment": "Appointment",
    "admin": "Admin",
    "break": "Break",
    "lunch": "Lunch",
    "reserve": "Reserve",
    "commitment": "Commitment",
}
"""What an entry is called; free time is no event."""

_BREAKS_LINES = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF))


@dataclass(frozen=True, slots=True)
class Week:
    """One clinician's week as the feed tells it.

    Parameters
    ----------
    diary
        As in the document of the rota.
    version
        Of the rota; it becomes SEQUENCE.
    published
        Whether it holds; a draft is tentative.
    stamp
        When it was made or published; aware.
    """

    diary: Mapping[str, Any]
    version: int
    published: bool
    stamp: datetime


def feed(team: str, clinician: str, weeks: Iterable[Week]) -> bytes:
    """The calendar of one clinician.

    Parameters
    ----------
    team, clinician
        Whose; they make UIDs unique, and only the clinician's id is shown.
    weeks
        In any order, each week once.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//clinic-rota//diary//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clean(f"Rota {clinician}"))
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    for week in weeks:
        for event in _events(f"{team}\n{clinician}", week):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def clean(text: str) -> str:
    """Text without what some program takes for the end of a line, or cannot show."""
    return text.translate(_BREAKS_LINES)


def _events(whose: str, week: Week) -> Iterator[Event]:
    seen: Counter[str] = Counter()
    for entry in week.diary["entries"]:
        kind = entry["kind"]
        if kind in _WORDS:
            about = _about(entry)
            yield _event(f"{whose}\n{about}\n{seen[about]}", entry, week)
            seen[about] += 1


def _about(entry: Mapping[str, Any]) -> str:
    if entry.get("appointments"):
        return "appointment " + " ".join(sorted(entry["appointments"]))
    return f"{entry['kind']} {entry['start'][:10]}"


def _event(about: str, entry: Mapping[str, Any], week: Week) -> Event:
    event = Event()
    event.add("uid", f"{hashlib.sha256(about.encode()).hexdigest()[:32]}@clinic-rota")
    event.add("sequence", week.version)
    event.add("dtstamp", week.stamp.astimezone(UTC))
    event.add("dtstart", _utc(entry["start"]))
    event.add("dtend", _utc(entry["end"]))
    event.add("summary", _summary(entry, published=week.published))
    event.add("status", "CONFIRMED" if week.published else "TENTATIVE")
    event.add("class", "PRIVATE")
    return event


def _summary(entry: Mapping[str, Any], *, published: bool) -> str:
    double = len(entry.get("appointments") or ()) > 1
    words = _WORDS[entry["kind"]] + (" (two patients)" if double else "")
    return words if published else f"Draft: {words}"


def _utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC)
