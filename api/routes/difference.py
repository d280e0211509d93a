"""What differs between two rotas of one week, appointment by appointment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.store.tables import Rota

_PLACE = ("clinician", "start", "end")


def difference(before: Rota, after: Rota) -> dict[str, Any]:
    """Who is booked newly, no more, or elsewhere: `shapes.Difference`."""
    was, now = _places(before.document), _places(after.document)
    changes = [
        {"appointment": name, "kind": _kind(was.get(name), now.get(name))}
        | {"before": was.get(name), "after": now.get(name)}
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    ]
    return {"before": before.id, "after": after.id, "changes": changes}


def _kind(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> str:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    if before["clinician"] == after["clinician"]:
        return "moved_time"
    return "moved_clinician" if before["start"] == after["start"] else "moved_both"


def _places(document: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    return {
        booking["appointment"]: {name: booking[name] for name in _PLACE} for booking in document["bookings"]
    }
