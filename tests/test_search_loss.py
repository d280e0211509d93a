"""Where a standing rota loses, and the point of the model that it is."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from solver.make import request_bytes
from solver.question.clinic import Clinic
from solver.question.reading import read_request
from solver.rules import cost
from solver.search.clerk import clerk
from solver.search.improve import Search, start
from solver.search.judge import Judge
from solver.search.loss import Losses
from solver.search.part import Limits
from solver.search.plan import Days
from solver.search.prepare import prepared


def made(clinicians: int, appointments: int, seed: int) -> Clinic:
    return read_request(request_bytes(clinicians, appointments, seed, "mixed")).clinic


def standing_on_the_clerks(clinic: Clinic) -> Search:
    ready = prepared(clinic)
    search = start(ready, Judge(ready.week, Days(ready.week)), Random(0))
    rota = clerk(clinic)
    search.adopt(rota, cost(clinic, rota))
    return search


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_adopted_rota_is_a_point_of_the_model_at_its_exact_cost(seed: int) -> None:
    search = standing_on_the_clerks(made(3, 60, seed))
    given, values = search.given, search.values
    over = given.matrix @ values - given.bounds
    assert over.max() <= 1e-6, "each row is kept"
    assert np.abs(over[given.equal]).max() <= 1e-6, "each equation holds"
    # `uneven` may be rounded up to whole thousandths in the model: a tenth of a unit of cost at its weight.
    assert given.cost @ values + given.constant == pytest.approx(float(search.standing.cost), abs=0.2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_losses_add_up_to_the_gap_but_for_what_is_nobodys(seed: int) -> None:
    search = standing_on_the_clerks(made(3, 60, seed))
    relaxed = search.ready.relaxed
    assert relaxed is not None
    lost = Losses(search.ready).of(search.values)
    gap = search.given.cost @ search.values + search.given.constant - relaxed.bound
    assert lost.min() >= 0
    # Rows of several clinicians, such as rooms and `uneven`, are nobody's: here less than a fifth of all.
    assert 0.8 * gap <= lost.sum() <= gap + 1e-3


def test_alone_a_clinician_loses_the_whole_gap() -> None:
    search = standing_on_the_clerks(made(1, 25, 4))
    relaxed = search.ready.relaxed
    assert relaxed is not None
    gap = search.given.cost @ search.values + search.given.constant - relaxed.bound
    assert gap > 1, "the clerk's week is not the best"
    assert Losses(search.ready).of(search.values) == pytest.approx([gap], rel=1e-4)


def test_rounds_that_begin_where_most_is_lost_find_a_better_rota() -> None:
    search = standing_on_the_clerks(made(3, 60, 1))
    before = search.standing.cost
    assert search.improve(3, Limits(seconds=None, work=0.5, gap=0.5))
    assert search.standing.cost < before
    assert search.standing.cost == cost(search.week.clinic, search.standing.rota)


def test_a_week_may_be_freed_in_vain_for_ever() -> None:
    search = standing_on_the_clerks(made(1, 25, 4))
    search.vain[(0,)] = 100_000
    before = search.standing.cost
    search.improve(1, Limits(seconds=None, work=0.1, gap=0.5))
    assert search.standing.cost <= before
    assert search.vain[(0,)] in (0, 100_001)
