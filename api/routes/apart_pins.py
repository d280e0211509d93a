"""Pins that no layout holds; runs in a process of its own."""

from __future__ import annotations

from api.routes.apart_work import AskedPins, Unkept, behind_others
from solver.keepable import unkept
from solver.question.reading import read_request
from solver.search.line import Line


def pins(asked: AskedPins, line: Line) -> list[Unkept]:
    """The requests that have such pins; each is told as soon as it is found."""
    behind_others()
    found = []
    for place, request in asked.requests:
        faults = unkept(read_request(request).clinic)
        if faults:
            found.append(Unkept(place, tuple(faults)))
            line.send(found[-1])
    return found
