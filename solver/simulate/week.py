"""Many weeks of a rota, lived through with drawn attendances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.simulate.draws import Draws, Ints, attended, draws, extra_minutes
from solver.simulate.events import tell
from solver.simulate.lived import Lived
from solver.simulate.minutes import replay
from solver.simulate.timetable import timetable

RETOLD = 20
"""Weeks of every diary that are also told as events, to check the replay."""


class Disagreement(Exception):
    """The minute-by-minute replay and the event simulation differ: one of them is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """Each clinician who has a diary, in the rota's order, in every simulated week."""

    weeks: int
    seed: int
    shock: bool
    lived: tuple[Lived, ...]

    @property
    def delivered(self) -> Ints:
        """Delivered minutes of the service, shape (weeks,)."""
        return sum((one.delivered for one in self.lived), np.zeros(self.weeks, dtype=np.int32))


def simulate(clinic: Clinic, rota: Rota, weeks: int, seed: int, *, shock: bool = False) -> Simulated:
    """Live through weeks of a rota; equal arguments give equal weeks.

    Parameters
    ----------
    clinic, rota
        The question, and an answer that keeps the structural rules of `solver.check`.
    weeks
        How many weeks, at least 1.
    seed
        Of all dice, at least 0.
    shock
        Whether attendances share a shock (see `solver.simulate.draws`).

    Raises
    ------
    Disagreement
        If the first weeks, told as events, come out otherwise.
    """
    given = draws(weeks, seed, shock=shock)
    lived = tuple(_lived(clinic, rota, place, given) for place in range(len(rota.diaries)))
    return Simulated(weeks, seed, shock, lived)


def _lived(clinic: Clinic, rota: Rota, place: int, given: Draws) -> Lived:
    plan = timetable(clinic, rota.diaries[place])
    clinician = clinic.clinicians[plan.clinician]
    held = [clinic.appointments[index] for index in plan.appointments]
    booked = np.array([one.minutes for one in held], dtype=np.int32)
    dice = given.dice(plan.clinician)
    came = attended(dice, given, [one.attendance for one in held])
    lasts = booked + extra_minutes(dice, came.shape, clinician.policy.overrun)
    found = replay(plan, came, lasts, booked)
    for week in islice(range(given.weeks), RETOLD):
        _retell(found, week, lasts[week].tolist())
    return found


def _retell(found: Lived, week: int, lasts: Sequence[int]) -> None:
    came = found.came[week].tolist()
    told = tell(found.timetable, came, lasts)
    replayed = (
        {place: int(found.waits[week, place]) for place, comes in enumerate(came) if comes},
        int(found.break_lost[week]),
        int(found.admin_lost[week]),
        int(found.overtime[week]),
        {day for day, touched in zip(found.days, found.touched[week], strict=True) if touched},
    )
    if replayed != (told.waits, told.break_lost, told.admin_lost, told.overtime, told.touched):
        raise Disagreement(f"week {week} of clinician {found.timetable.clinician}: {replayed} or {told}")
