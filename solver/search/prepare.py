"""The week's model with everything that tightens it, and its linear relaxation."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import floor, sqrt
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from solver.model.week import Column, WeekModel
from solver.question.clinic import FULL, Clinic, Clinician
from solver.rules import week_model
from solver.search.blocks import Blocks, affinity, blocks, worlds
from solver.search.envelope import MOST_COUNTS, Table, envelope, groups_of, post_table
from solver.search.linear import Arrays, Relaxation, arrays
from solver.search.mixes import post_mixes
from solver.search.outlook import Outlook
from solver.search.relaxed import carried, relaxed_week


@dataclass(frozen=True)
class Prepared:
    """A week ready for the search; ``tables`` are the clinicians' tables of counts, where they have one."""

    week: WeekModel
    given: Arrays
    split: Blocks
    relaxed: Relaxation | None
    tables: dict[int, Table]
    columns: dict[int, Column]
    """By variable."""
    outlook: Outlook | None = None
    """What solves the relaxation again, if it is of the whole programme."""

    @cached_property
    def affinity(self) -> NDArray[np.int64]:
        """How many appointments each two clinicians could both see, (clinicians, clinicians)."""
        return affinity(self.week)

    @cached_property
    def worlds(self) -> list[tuple[int, ...]]:
        """Clinicians who share patients, directly or through others, and with nobody else."""
        return worlds(self.affinity)

    @property
    def share(self) -> float | None:
        """A clinician's share of the bound; None without a relaxation."""
        if self.relaxed is None:
            return None
        return abs(self.relaxed.bound) / max(1, len(self.week.clinic.clinicians))


FAR_MORE_COUNTS = 4000
"""Vectors of counts up to which a clinician gets a table who needs one."""

LARGE = 50_000
"""Variables from which relaxing twice takes longer than large tables are worth."""

PRESSED = 0.7
"""Part of the margin that the normal law asks for, under which a week is pressed: others keep it by cuts."""


def tight_week(clinic: Clinic) -> tuple[WeekModel, dict[int, Table]]:
    """The week's model with its tables of mixes and of counts; the latter by clinician."""
    tables: dict[int, Table] = {}
    with _no_collecting():
        week = week_model(clinic)
        post_mixes(week)
        for clinician in clinic.clinicians:
            _post(week, clinician, tables, MOST_COUNTS)
    return week, tables


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Let the garbage collector rest: it would search a million columns and rows, none of them garbage."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _post(week: WeekModel, clinician: Clinician, tables: dict[int, Table], most: int) -> int:
    """Post a clinician's table of counts, if there are no more vectors than that; how many there were."""
    policy = clinician.policy
    booked = floor(policy.max_booked_ratio * clinician.target)
    groups = groups_of(week, clinician.index)
    found = envelope(groups, clinician.ceiling, booked, policy.max_overload_risk, most)
    if found is None:
        return 0
    if found.counts:
        tables[clinician.index] = post_table(week, clinician.index, found)
    return found.seen


def prepared(clinic: Clinic, seconds: float = 60.0, vectors: int = FAR_MORE_COUNTS) -> Prepared:
    """The tight model of a clinic's week, relaxed within so many seconds.

    A large table costs a second or so: it is made only for those whose relaxed week would break the rule,
    and only with so many vectors of counts in all. Where there is no time to relax the week once more with
    those tables, the first relaxation stands for it.
    """
    week, tables = tight_week(clinic)
    over = monotonic() + seconds
    given = arrays(week.programme)
    columns = {column.variable: column for column in week.columns}
    first = relaxed_week(given, columns, seconds)
    relaxed: Relaxation | None = first
    outlook = first.outlook if first else None
    pressed = [
        c
        for c in clinic.clinicians
        if relaxed and len(given.cost) <= LARGE and c.index not in tables and _pressed(week, c, relaxed)
    ]
    for clinician in pressed:
        vectors -= _post(week, clinician, tables, min(FAR_MORE_COUNTS, vectors))
    if any(clinician.index in tables for clinician in pressed):
        given = arrays(week.programme)
        tighter = relaxed_week(given, columns, over - monotonic())
        relaxed = carried(relaxed, given) if tighter is None and relaxed is not None else tighter
        outlook = tighter.outlook if tighter else None
    return Prepared(week, given, blocks(week, given), relaxed, tables, columns, outlook)


def _pressed(week: WeekModel, clinician: Clinician, relaxed: Relaxation) -> bool:
    """Whether a clinician's relaxed week is clearly too near to the ceiling, by the normal law."""
    mine = [
        (week.appointment(c), float(relaxed.values[c.variable])) for c in week.of_clinician(clinician.index)
    ]
    mean = sum(part * a.expected for a, part in mine) / FULL
    variance = sum(part * a.minutes**2 * a.attendance * (FULL - a.attendance) for a, part in mine) / FULL**2
    z = float(ndtri(1 - min(0.5, max(1e-9, clinician.policy.max_overload_risk))))
    return mean + PRESSED * z * sqrt(variance) > clinician.ceiling
