"""What the search calls proven is so: no bound passes what enumeration finds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product
from random import Random

import numpy as np
import pytest

from solver.check import breaches
from solver.model.programme import FREE, Programme
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules import cost, week_model
from solver.search import highs
from solver.search.attain import attainable, attained
from solver.search.bound import Prover
from solver.search.cpsat import Tries, solve
from solver.search.improve import start
from solver.search.judge import Judge
from solver.search.linear import arrays, relax, safe_bound
from solver.search.part import Limits, Part
from solver.search.plan import Days
from solver.search.prepare import prepared, tight_week
from tests.brute import best
from tests.in_models import InModels, price
from tests.jostle import jostled
from tests.small import small_clinic

SLACK = 1e-6


def some_programme(rng: Random, lowest: int = -2) -> Programme:
    """A few variables of a few values each, a few rows that some point keeps, costs of either sign."""
    programme = Programme(constant=Fraction(rng.randint(-20, 20), 7))
    point = []
    for _ in range(rng.randint(2, 5)):
        lower, width = rng.randint(lowest, 1), rng.randint(0, 3)
        cost = Fraction(rng.randint(-60, 60), rng.choice([1, 7, 126]))
        programme.variable(lower, lower + width, cost)
        point.append(rng.randint(lower, lower + width))
    for _ in range(rng.randint(1, 5)):
        inside = rng.sample(range(len(point)), rng.randint(1, len(point)))
        terms = [(rng.choice([-9, -3, -1, 1, 2, 5, 11]), v) for v in inside]
        value = sum(c * point[v] for c, v in terms)
        lower = rng.choice([-FREE, value, value - 3])
        programme.row("some", terms, lower, rng.choice([FREE, value, value + 4]))
    return programme


def least(programme: Programme) -> float:
    """The optimum, by trying every point."""
    ranges = [range(lo, hi + 1) for lo, hi in zip(programme.lower, programme.upper, strict=True)]
    kept = (point for point in product(*ranges) if all(row.holds(point) for row in programme.rows))
    return float(min(programme.objective(point) for point in kept))


def test_no_duals_at_all_prove_more_than_the_optimum() -> None:
    close = 0
    for seed in range(300):
        programme = some_programme(Random(f"programme/{seed}"))
        optimum = least(programme)
        given, rng = arrays(programme), np.random.default_rng(seed)
        relaxed = relax(given)
        assert relaxed is not None, seed
        assert relaxed.bound <= optimum + SLACK, seed
        assert relaxed.bound >= float(given.cost @ relaxed.values) + given.constant - 1e-6, seed
        for size in (1e-9, 1e-3, 1.0, 30.0):
            duals = relaxed.duals + rng.normal(0, size, len(relaxed.duals))
            bound, _ = safe_bound(given, duals)
            assert bound <= optimum + 1e-9 * abs(optimum), (seed, size)
            close += bound > optimum - 0.5
        # Duals of the wrong sign, and none.
        assert safe_bound(given, np.abs(relaxed.duals) + 1)[0] <= optimum + SLACK, seed
        assert safe_bound(given, 0 * relaxed.duals)[0] <= optimum + SLACK, seed
    assert close > 150


def test_cp_sat_finds_the_optimum_and_bounds_it_from_below() -> None:
    for seed in range(150):
        programme = some_programme(Random(f"whole/{seed}"), 0)
        optimum, answer = least(programme), solve(programme)
        assert answer.values is not None, seed
        assert answer.bound is not None, seed
        assert float(programme.objective(answer.values)) == pytest.approx(optimum, abs=SLACK), seed
        assert optimum - 1e-5 <= answer.bound <= optimum + 1e-9, seed
        # A variable held where it is best changes nothing.
        held = solve(programme, held={0: answer.values[0]})
        assert held.bound is not None, seed
        assert optimum - 1e-5 <= held.bound <= optimum + 1e-9, seed


def whole_part(programme: Programme) -> Part:
    """All of a programme as a part."""
    given = arrays(programme)
    least = np.where(given.equal, given.bounds, -np.inf)
    count = np.arange(len(given.cost))
    return Part(count, given.cost, given.lower, given.upper, given.matrix, least, given.bounds)


def test_highs_finds_the_optimum_from_any_start_and_bounds_it_from_below() -> None:
    for seed in range(120):
        programme, rng = some_programme(Random(f"highs/{seed}")), Random(seed)
        given, optimum = whole_part(programme), least(programme) - float(programme.constant)
        limits = Limits(seconds=10.0, proving=bool(seed % 2))
        plain = highs.solve_part(given, limits)
        assert plain.values is not None, seed
        assert float(given.cost @ plain.values) == pytest.approx(optimum, abs=1e-5), seed
        anywhere = np.array(
            [rng.randint(lo, hi) for lo, hi in zip(programme.lower, programme.upper, strict=True)]
        )
        for first in (plain.values.astype(int), anywhere):
            found = highs.solve_part(given, limits, first)
            assert found.values is not None, seed
            assert float(given.cost @ found.values) == pytest.approx(optimum, abs=1e-5), seed
            assert optimum - 0.01 <= found.bound <= optimum, seed


@lru_cache(maxsize=1)
def small_weeks() -> tuple[tuple[int, Clinic, Fraction, Rota], ...]:
    """Small weeks with their optimum."""
    found = []
    for seed in range(200, 260):
        clinic = small_clinic(seed)
        answer = best(clinic, 60_000)
        if answer is not None:
            found.append((seed, clinic, *answer))
    return tuple(found)


def test_block_by_block_nothing_is_proven_that_is_not_so() -> None:
    proved = exact = grown = joined = 0
    for seed, clinic, optimum, rota in small_weeks():
        ready = prepared(clinic)
        if ready.relaxed is None:
            continue
        judge = Judge(ready.week, Days(ready.week))
        prover = Prover(ready, judge)
        if seed % 2:
            # Blocks that begin at the best rota there is prove no more than those that begin at none.
            search = start(ready, judge, Random(seed))
            search.adopt(rota, optimum)
            prover.known = search.values
        said: list[float] = []
        while True:
            said.extend(prover.bounds(lambda: Limits(seconds=None, work=1.0, gap=0.0), lambda: False))
            if not prover.joined():
                break
        assert len(prover.members) <= 1, seed
        joined += len(clinic.clinicians) > 1
        assert said, seed
        assert all(b >= a - SLACK * max(1.0, abs(a)) for a, b in pairwise(said)), seed
        assert said[-1] <= float(optimum) + SLACK * max(1.0, float(optimum)), seed
        assert said[-1] >= ready.relaxed.bound, seed
        proved += 1
        exact += said[-1] > float(optimum) - 1e-3 * max(1.0, float(optimum))
        grown += said[-1] > ready.relaxed.bound + 1e-3
    assert proved > 35
    assert exact > 15
    assert grown > 10
    assert joined > 10


def test_no_more_is_attained_than_the_bound_says() -> None:
    compared = tight = 0
    for seed, clinic, _, rota in small_weeks():
        # With no tolerance and no other weight the least cost is what the best rota lacks of the targets.
        short = best(_only_short(clinic), 60_000)
        if short is None:
            continue
        most = sum(c.target for c in clinic.clinicians) - float(short[0])
        bound = attainable(tight_week(clinic)[0], 10.0)
        assert attained(clinic, short[1]) == pytest.approx(most, abs=1e-9), seed
        assert attained(clinic, rota) <= most + 1e-9, seed
        assert bound >= most - 1e-6, seed
        assert bound <= sum(c.target for c in clinic.clinicians), seed
        compared += 1
        tight += bound < most + 1.0 and most > 0
    assert compared > 35
    assert tight > 8


def _only_short(clinic: Clinic) -> Clinic:
    team = tuple(replace(c, policy=replace(c.policy, tolerance_minutes=0)) for c in clinic.clinicians)
    weights = {name: Fraction(name == "below_target") for name in clinic.weights}
    policy = replace(clinic.policy, tolerance_minutes=0)
    return replace(clinic, clinicians=team, policy=policy, weights=weights)


def test_the_tables_cut_off_no_legal_week() -> None:
    held = tables = 0
    for seed, clinic, optimum, rota in small_weeks():
        tight = InModels(clinic, tight_week(clinic)[0])
        tables += len(tight.week.programme.rows) > len(week_model(clinic).programme.rows)
        rng = Random(f"tight/{seed}")
        legal = [rota, *(r for r in jostled(clinic, rota, rng, 12) if not breaches(clinic, r))]
        for kept in legal[:5]:
            answer = tight.at_week(kept)
            assert answer.values is not None, seed
            paid = float(price(tight.week.programme, answer))
            assert paid == pytest.approx(float(cost(clinic, kept)), abs=1e-4), seed
            held += 1
        assert cost(clinic, rota) == optimum
    assert tables > 35
    assert held > 100


def test_the_tables_raise_the_relaxation_and_never_over_the_optimum() -> None:
    raised = 0
    for seed, clinic, optimum, _ in small_weeks():
        plain = solve(week_model(clinic).programme, (), Tries(seconds=30.0))
        tight = solve(tight_week(clinic)[0].programme, (), Tries(seconds=30.0))
        assert plain.values is not None, seed
        assert plain.bound is not None, seed
        assert tight.bound is not None, seed
        slack = 1e-5 * max(1.0, float(optimum))
        assert plain.bound - slack <= tight.bound <= float(optimum) + slack, seed
        raised += tight.bound > plain.bound + 1e-3
    assert raised > 1
