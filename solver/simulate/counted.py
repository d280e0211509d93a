"""What the simulated weeks came to, counted under the names of the risk figures.

A figure is known by its name and whom it is of: a clinician's id, a clinician's id and a day (``c01 Mon``),
an appointment's id, or `SERVICE`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from solver.question.clinic import Clinic
from solver.question.when import WEEKDAYS
from solver.simulate.draws import Bools
from solver.simulate.lived import Lived
from solver.simulate.week import Simulated

SERVICE = "service"

Key = tuple[str, str]
"""Figure, and whom it is of."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over weeks: of one week's value, its standard deviation, and how often it was not 0."""

    mean: float
    deviation: float
    weeks: int
    nonzero: int


def hits(clinic: Clinic, found: Simulated) -> dict[Key, int]:
    """In how many weeks each thing happened that a risk figure gives the probability of."""
    counted = {key: int(weeks.sum()) for one in found.lived for key, weeks in _happened(clinic, one)}
    wanted = sum(clinician.target - clinician.policy.tolerance_minutes for clinician in clinic.clinicians)
    above = (one.delivered > clinic.clinicians[one.timetable.clinician].ceiling for one in found.lived)
    any_above: Bools = reduce(np.logical_or, above, np.zeros(found.weeks, dtype=np.bool_))
    counted["p_below_target", SERVICE] = int((found.delivered < wanted).sum())
    counted["p_any_above_ceiling", SERVICE] = int(any_above.sum())
    return counted


def _happened(clinic: Clinic, one: Lived) -> Iterator[tuple[Key, Bools]]:
    clinician = clinic.clinicians[one.timetable.clinician]
    yield (
        ("p_below_target", clinician.id),
        one.delivered < clinician.target - clinician.policy.tolerance_minutes,
    )
    yield ("p_above_ceiling", clinician.id), one.delivered > clinician.ceiling
    yield ("p_break_lost", clinician.id), one.break_lost > 0
    yield ("p_admin_lost", clinician.id), one.admin_lost > 0
    yield ("p_late_finish", clinician.id), one.overtime > 0
    for column, day in enumerate(one.days):
        yield ("p_promise_touched", f"{clinician.id} {WEEKDAYS[day]}"), one.touched[:, column]
    for first, second in _pairs(one):
        together = one.came[:, first] & one.came[:, second]
        for place in (first, second):
            yield ("p_collision", clinic.appointments[one.timetable.appointments[place]].id), together


def _pairs(one: Lived) -> Iterator[tuple[int, int]]:
    """Places of the two bookings of each double."""
    for session in one.timetable.sessions:
        for first, second in zip(session.arrivals, session.arrivals[1:], strict=False):
            if first.minute == second.minute:
                yield first.place, second.place


def means(clinic: Clinic, found: Simulated) -> dict[Key, Mean]:
    """The mean of each amount that a risk figure gives the expectation of, in minutes."""
    counted = {
        key: _mean(values) for one in found.lived for key, values in _amounts(clinic, one) if len(values)
    }
    counted["expected_delivered_minutes", SERVICE] = _mean(found.delivered)
    return counted


def _amounts(clinic: Clinic, one: Lived) -> Iterator[tuple[Key, NDArray[np.int32]]]:
    clinician = clinic.clinicians[one.timetable.clinician]
    yield ("expected_delivered_minutes", clinician.id), one.delivered
    over = np.maximum(one.delivered - clinician.ceiling, 0).astype(np.int32)
    yield ("expected_overload_minutes", clinician.id), over
    yield ("expected_break_minutes_lost", clinician.id), one.break_lost
    yield ("expected_overtime_minutes", clinician.id), one.overtime
    for place, index in enumerate(one.timetable.appointments):
        waits = one.waits[one.came[:, place], place]
        yield ("expected_wait_minutes", clinic.appointments[index].id), waits


def _mean(values: NDArray[np.int32]) -> Mean:
    row = values.astype(np.float64)
    deviation = float(row.std(ddof=1)) if len(row) > 1 else 0.0
    return Mean(float(row.mean()), deviation, len(row), int(np.count_nonzero(row)))
