"""Small requests as JSON, in London's week of 30 November 2026 unless they say otherwise."""

from __future__ import annotations

import json
from typing import Any

from solver.question.faults import BadRequest
from solver.question.reading import Question, read_request

Json = dict[str, Any]


def a_time(day: int, clock: str) -> str:
    """``a_time(30, "09:00")`` is 09:00 on 30 November; day 1 and on are December."""
    month = "11" if day == 30 else "12"
    return f"2026-{month}-{day:02}T{clock}:00+00:00"


def a_stretch(day: int, start: str, end: str, **more: object) -> Json:
    return {"start": a_time(day, start), "end": a_time(day, end), **more}


def a_told_clinician(**changes: object) -> Json:
    """c01, 600 minutes, Monday 09:00 to 17:00."""
    return {"id": "c01", "target_minutes": 600, "shifts": [a_stretch(30, "09:00", "17:00")], **changes}


def a_told_appointment(**changes: object) -> Json:
    """a1 of p1: 30 minutes at attendance 0.8."""
    return {"id": "a1", "patient": "p1", "minutes": 30, "attendance": 0.8, **changes}


def a_request(**changes: object) -> Json:
    """One clinician, one appointment."""
    plain: Json = {
        "week": {"start": "2026-11-30", "timezone": "Europe/London"},
        "clinicians": [a_told_clinician()],
        "appointments": [a_told_appointment()],
    }
    return plain | changes


def read(request: object) -> Question:
    return read_request(json.dumps(request))


def found(request: object) -> list[tuple[str, str]]:
    """Code and pointer of each fault, sorted; none if the request is well."""
    try:
        read(request)
    except BadRequest as bad:
        return sorted((fault.code, fault.pointer) for fault in bad.faults)
    return []
