"""The best rota so far as JSON, small enough to be written every second, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solver.rota import Booking, Diary, Entry, Rota, Unplaced

FORM = 1


def to_json(rota: Rota) -> dict[str, Any]:
    """All of it but the reasons, by places in the request's lists and minutes of the week."""
    return {
        "form": FORM,
        "bookings": [[b.appointment, b.clinician, b.start] for b in rota.bookings],
        "unplaced": [u.appointment for u in rota.unplaced],
        "diaries": [
            [d.clinician, [[e.kind, e.start, e.end, list(e.appointments)] for e in d.entries]]
            for d in rota.diaries
        ],
    }


def from_json(kept: Mapping[str, Any] | None) -> Rota | None:
    """The rota that was kept; None for none, and for a form that this version does not know."""
    if kept is None or kept.get("form") != FORM:
        return None
    diaries = tuple(
        Diary(clinician, tuple(Entry(kind, start, end, tuple(own)) for kind, start, end, own in entries))
        for clinician, entries in kept["diaries"]
    )
    bookings = tuple(Booking(*placed) for placed in kept["bookings"])
    return Rota(bookings, tuple(Unplaced(index, "", "") for index in kept["unplaced"]), diaries)
