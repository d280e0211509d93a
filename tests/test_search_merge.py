"""A part with its days dropped has the same weeks in it at the same cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from solver.make.request import request_bytes
from solver.question.clinic import Clinic
from solver.question.reading import read_request
from solver.rules import week_model
from solver.search import highs
from solver.search.cpsat import solve_part
from solver.search.linear import Arrays, arrays, relax
from solver.search.merge import Merged, merged
from solver.search.part import Limits, Part, part
from solver.search.prepare import prepared, tight_week
from solver.search.relaxed import CLOSE, carried, relaxed_week
from tests.small import small_clinic

EXACT = Limits(seconds=None, gap=0.0)


def whole(clinic: Clinic) -> tuple[Part, Part, Merged]:
    ready = prepared(clinic)
    count = len(ready.given.cost)
    plain = part(ready.given, np.arange(count), np.zeros(count), ready.given.cost)
    found = merged(plain, ready.columns)
    return plain, found.part, found


def feasible(given: Part, point: np.ndarray) -> bool:
    rows = given.matrix @ point
    inside = (rows >= given.least - 1e-6).all() and (rows <= given.most + 1e-6).all()
    return bool(inside and (point >= given.lower - 1e-9).all() and (point <= given.upper + 1e-9).all())


@pytest.mark.parametrize("seed", range(40))
def test_a_small_week_has_the_same_optimum_merged_and_its_point_is_one_of_the_week(seed: int) -> None:
    plain, small, found = whole(small_clinic(seed))
    one, other = solve_part(plain, EXACT), solve_part(small, EXACT)
    if one.values is None:
        assert other.values is None
        return
    assert other.values is not None
    assert other.cost == pytest.approx(one.cost, abs=1e-3)
    point = found.expanded(other.values, np.zeros(len(plain.variables)))
    assert feasible(plain, point)
    assert plain.cost @ point == pytest.approx(other.cost, abs=1e-3)


def test_a_realistic_week_loses_a_quarter_of_its_columns_and_keeps_standing_days() -> None:
    clinic = read_request(request_bytes(4, 140, 1)).clinic
    plain, small, found = whole(clinic)
    fewer = len(plain.variables) - len(small.variables)
    assert fewer > 0.25 * len(plain.variables)
    seen = solve_part(small, Limits(seconds=None, work=0.2, gap=5.0))
    assert seen.values is not None
    first = found.expanded(seen.values, np.zeros(len(plain.variables)))
    assert feasible(plain, first)
    again = found.expanded(seen.values, first)
    assert (again == first).all(), "a booking changed its day without need"


def test_a_search_that_is_stopped_before_it_begins_proves_nothing() -> None:
    # Prices of other clinicians make costs negative: a bound of 0 would be wrong.
    _, small, _ = whole(read_request(request_bytes(4, 140, 1)).clinic)
    cheap = replace(small, cost=small.cost - 50.0)
    stopped = [solve_part(cheap, Limits(seconds=seconds, gap=0.0)) for seconds in (1e-9, 1e-3, 1e-2)]
    best = solve_part(cheap, Limits(seconds=5.0, gap=1.0))
    assert best.cost < -1000
    assert all(found.bound <= best.cost for found in stopped)


@pytest.mark.parametrize("seed", range(20))
def test_both_solvers_of_a_part_find_its_optimum_and_bound_it_from_below(seed: int) -> None:
    _, small, _ = whole(small_clinic(seed))
    one, other = solve_part(small, EXACT), highs.solve_part(small, EXACT)
    assert other.cost == pytest.approx(one.cost, abs=1e-3)
    for found in (one, other):
        assert one.cost - 0.05 <= found.bound <= one.cost + 1e-6


@pytest.mark.parametrize("size", [(12, 200), (20, 300)])
def test_a_week_relaxed_column_by_column_is_the_week_relaxed_at_once(size: tuple[int, int]) -> None:
    clinic = read_request(request_bytes(*size, 1)).clinic
    week, _ = tight_week(clinic)
    given, columns = arrays(week.programme), {column.variable: column for column in week.columns}
    once = relaxed_week(given, columns, 60.0)
    grown = relaxed_week(given, columns, 60.0, all_at_once=0)
    assert once is not None
    assert grown is not None
    assert once.bound * (1 - CLOSE) - 1e-6 <= grown.bound <= once.bound + 1e-6


def test_the_merged_relaxation_is_that_of_the_week() -> None:
    for seed in range(30):
        ready = prepared(small_clinic(seed))
        plain = relax(ready.given)
        assert plain is not None
        assert ready.relaxed is not None
        assert ready.relaxed.bound == pytest.approx(plain.bound, abs=1e-5), seed
        point = ready.relaxed.values
        assert float(ready.given.cost @ point) + ready.given.constant == pytest.approx(plain.bound, abs=1e-3)
        rows = ready.given.matrix @ point - ready.given.bounds
        assert (np.where(ready.given.equal, np.abs(rows), rows) <= 1e-6).all(), seed


def test_a_relaxation_keeps_its_bound_when_a_table_is_posted_after_it() -> None:
    clinic = read_request(request_bytes(2, 40, 1, "slack")).clinic
    week = week_model(clinic)
    first = relax(arrays(week.programme))
    tight, tables = tight_week(clinic)
    given = arrays(tight.programme)
    assert tables
    assert first is not None
    kept, solved = carried(first, given), relax(given)
    assert solved is not None
    assert kept.bound == pytest.approx(first.bound, abs=1e-6)
    assert kept.bound <= solved.bound + 1e-6


def test_rows_that_a_relaxation_leaves_out_are_kept_without_them() -> None:
    for flavour in ("mixed", "scarce", "fixed_slots"):
        week, _ = tight_week(read_request(request_bytes(3, 80, 2, flavour)).clinic)
        given = arrays(week.programme)
        kept = ~given.implied
        fewer = Arrays(
            given.cost,
            given.constant,
            given.lower,
            given.upper,
            csr_array(given.matrix[np.flatnonzero(kept)]),
            given.bounds[kept],
            given.equal[kept],
            np.zeros(int(kept.sum()), bool),
        )
        whole, less = relax(given), relax(fewer)
        assert whole is not None
        assert less is not None
        assert given.implied.sum() > 30
        assert less.bound == pytest.approx(whole.bound, rel=1e-9), flavour
