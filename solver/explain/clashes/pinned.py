"""Whether pins can all stand under some of the rules: counted, then laid out day by day, in plain Python.

Whatever is not pinned may stay unplaced, so pins can stand exactly if they can stand alone. *No* is a proof:
a sum, or a day of which every layout was ruled out. *Yes* is a rota, which the checker has passed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from solver.check import breaches
from solver.explain.verdict.without import without
from solver.keepable import unkept
from solver.model.week import WeekModel
from solver.question import pins as counted
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.search.assemble import assembled
from solver.search.judge import Judge
from solver.search.layout import Layout
from solver.search.plan import Days, by_frame

SPARED = ("breaks", "lunch", "admin", "reserve", "overload", "contacts")
RULES = (*SPARED, "booked_ceiling", "double_limit", "slot_limit", "rooms")
"""Rules that may be part of a clash, those least to be blamed first. The others say what a pin is: where it
may stand, one patient at a time, one booking a day of a patient."""


def alone(clinic: Clinic, pins: Collection[int], rules: Collection[str]) -> Clinic:
    """The week with some pinned appointments and nothing else, under some of `RULES` and all other rules."""
    kept = [clinic.appointments[index] for index in sorted(pins)]
    busy = {a.pin.clinician for a in kept if a.pin is not None}
    small = replace(
        clinic,
        appointments=tuple(replace(a, index=at, published=None) for at, a in enumerate(kept)),
        clinicians=tuple(
            c if c.index in busy else replace(c, shifts=(), commitments=()) for c in clinic.clinicians
        ),
    )
    for rule in RULES:
        if rule not in rules:
            small = without(small, rule)
    return small


def hold(clinic: Clinic, pins: Collection[int], rules: Collection[str]) -> bool | None:
    """Whether some pins can all stand under some rules; None where the effort did not tell.

    Parameters
    ----------
    pins
        Appointments by their place in the request.
    rules
        Those of `RULES` that count.
    """
    week = alone(clinic, pins, rules)
    if any(counted.faults(week)):
        return False
    rota = witness(week)
    if rota is not None:
        return True
    return False if unkept(week) else None


def witness(week: Clinic) -> Rota | None:
    """A rota of a week that has only pins, passed by the checker."""
    model = WeekModel.over(week)
    frames = by_frame(model.columns)
    judge = Judge(model, Days(model))
    most = {key: len(literals) for key, literals in model.doubles.items()}
    layouts: dict[tuple[int, int], Layout] = {}
    for clinician in week.clinicians:
        mine = judge.weigh(clinician.index, frames, most)
        if mine is None:
            return None
        layouts.update(mine)
    rota = assembled(week, layouts)
    return None if breaches(week, rota) else rota
