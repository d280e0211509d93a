"""The replay: every minute of every shift in turn, in all simulated weeks at once.

At each minute those who are booked then arrive, if they come, and queue; the clinician works a minute for
whoever is first, if anyone is there; a minute worked in a break is a minute of break lost. After the
shift the clinician stays until the last patient has gone. Nothing is computed that a clock on the wall would
not show.
"""

from __future__ import annotations

import numpy as np

from solver.simulate.draws import Bools, Ints
from solver.simulate.lived import Lived
from solver.simulate.timetable import Session, Timetable

OVERTIME = "overtime"


def replay(plan: Timetable, came: Bools, lasts: Ints, booked: Ints) -> Lived:
    """Live through all weeks of one diary.

    Parameters
    ----------
    plan
        The diary.
    came
        Shape (weeks, bookings): who comes.
    lasts
        Shape (weeks, bookings): minutes that the session takes if the patient comes.
    booked
        Shape (bookings,): minutes that count as delivered if the patient comes.
    """
    weeks = came.shape[0]
    days = tuple(sorted({session.day for session in plan.sessions}))
    lived = Lived(
        timetable=plan,
        came=came,
        waits=np.zeros(came.shape, dtype=np.int32),
        delivered=(came @ booked).astype(np.int32) if came.size else np.zeros(weeks, dtype=np.int32),
        break_lost=np.zeros(weeks, dtype=np.int32),
        admin_lost=np.zeros(weeks, dtype=np.int32),
        overtime=np.zeros(weeks, dtype=np.int32),
        days=days,
        touched=np.zeros((weeks, len(days)), dtype=np.bool_),
    )
    work = np.where(came, lasts, 0).astype(np.int32)
    for session in plan.sessions:
        _live(session, work, lived)
    return lived


def _live(session: Session, work: Ints, lived: Lived) -> None:
    waiting = np.zeros(work.shape[0], dtype=np.int32)
    touched = lived.touched[:, lived.days.index(session.day)]
    arrivals = _arrivals(session)
    promised = {minute: what for what, start, end in session.promised for minute in range(start, end)}
    worked_into = {"break": lived.break_lost, "admin": lived.admin_lost, OVERTIME: lived.overtime}
    minute, longest = session.start, 0
    while minute < session.end or longest > 0:
        for place in arrivals.get(minute, ()):
            lived.waits[:, place] = np.where(lived.came[:, place], waiting, 0)
            waiting += work[:, place]
            longest += int(work[:, place].max(initial=0))
        if longest > 0:
            busy = waiting > 0
            what = OVERTIME if minute >= session.end else promised.get(minute)
            if what is not None:
                touched |= busy
            if what in worked_into:
                worked_into[what] += busy
            waiting -= busy
            longest -= 1
        minute += 1


def _arrivals(session: Session) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for arrival in session.arrivals:
        found.setdefault(arrival.minute, []).append(arrival.place)
    return found
