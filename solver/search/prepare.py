"""The week's model with everything that tightens it, and its linear relaxation."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from solver.model.week import Column, WeekModel
from solver.question.clinic import Clinic
from solver.rules import week_model
from solver.search.blocks import Blocks, blocks
from solver.search.envelope import Table, envelope, groups_of, post_table
from solver.search.linear import Arrays, Relaxation, arrays
from solver.search.mixes import post_mixes
from solver.search.relaxed import relaxed_week


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


def tight_week(clinic: Clinic) -> tuple[WeekModel, dict[int, Table]]:
    """The week's model with its tables of mixes and of counts; the latter by clinician."""
    week = week_model(clinic)
    post_mixes(week)
    tables: dict[int, Table] = {}
    for clinician in clinic.clinicians:
        policy = clinician.policy
        groups = groups_of(week, clinician.index)
        booked = floor(policy.max_booked_ratio * clinician.target)
        found = envelope(groups, clinician.ceiling, booked, policy.max_overload_risk)
        if found is not None and found.counts:
            tables[clinician.index] = post_table(week, clinician.index, found)
    return week, tables


def prepared(clinic: Clinic, seconds: float = 60.0) -> Prepared:
    """The tight model of a clinic's week, relaxed within so many seconds."""
    week, tables = tight_week(clinic)
    given = arrays(week.programme)
    columns = {column.variable: column for column in week.columns}
    return Prepared(week, given, blocks(week, given), relaxed_week(given, columns, seconds), tables, columns)
