"""The same replay, one week at a time, told as events: patients arrive, queue for the clinician, and leave.

Slow and plain, and by another mechanism than `solver.simulate.minutes` (a clinician is a resource with one
place, first come, first served), so that the two hold each other to account.

References
----------
SimPy: discrete event simulation for Python, https://simpy.readthedocs.io
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from solver.simulate.timetable import Arrival, Session, Timetable


@dataclass(slots=True)
class Told:
    """What one week of one diary came to; minutes. ``waits`` are by place, of those who came."""

    waits: dict[int, int] = field(default_factory=dict)
    break_lost: int = 0
    admin_lost: int = 0
    overtime: int = 0
    touched: set[int] = field(default_factory=set)
    """Days with promised time worked into."""


def tell(plan: Timetable, came: Sequence[bool], lasts: Sequence[int]) -> Told:
    """Live through one week.

    Parameters
    ----------
    plan
        The diary.
    came, lasts
        By place in the timetable: whether the patient comes, and the minutes that the session takes then.
    """
    told = Told()
    for session in plan.sessions:
        clinic = simpy.Environment(initial_time=session.start)
        clinician = simpy.Resource(clinic, capacity=1)
        worked: list[tuple[int, int]] = []
        for arrival in session.arrivals:
            if came[arrival.place]:
                clinic.process(_patient(clinic, clinician, arrival, int(lasts[arrival.place]), told, worked))
        clinic.run()
        _account(session, worked, told)
    return told


def _patient(
    clinic: simpy.Environment,
    clinician: simpy.Resource,
    arrival: Arrival,
    lasts: int,
    told: Told,
    worked: list[tuple[int, int]],
) -> Generator[simpy.Event, Any, None]:
    yield clinic.timeout(arrival.minute - clinic.now)
    with clinician.request() as turn:
        yield turn
        begins = int(clinic.now)
        told.waits[arrival.place] = begins - arrival.minute
        yield clinic.timeout(lasts)
        worked.append((begins, begins + lasts))


def _account(session: Session, worked: Sequence[tuple[int, int]], told: Told) -> None:
    overtime = max((end - session.end for _, end in worked), default=0)
    told.overtime += max(0, overtime)
    if overtime > 0:
        told.touched.add(session.day)
    for what, start, end in session.promised:
        lost = sum(max(0, min(end, last) - max(start, first)) for first, last in worked)
        told.break_lost += lost if what == "break" else 0
        told.admin_lost += lost if what == "admin" else 0
        if lost:
            told.touched.add(session.day)
