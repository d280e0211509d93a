"""The first pass: what it holds, what it foresees of the rest, and what it ends with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from solver.check import breaches
from solver.make import request_bytes
from solver.question.clinic import Clinic
from solver.question.reading import read_request
from solver.rules import cost
from solver.search import dive as dive_module
from solver.search.ahead import Ahead, Tangent
from solver.search.dive import LEAN, Dive
from solver.search.improve import Search, start
from solver.search.judge import Judge
from solver.search.linear import Arrays, Linear, relax
from solver.search.part import Limits, part
from solver.search.plan import Days
from solver.search.prepare import prepared
from tests.small import small_clinic

STEADY = Limits(seconds=None, work=0.5, gap=0.1)


def made(clinicians: int, appointments: int, seed: int, flavour: str = "mixed") -> Clinic:
    return read_request(request_bytes(clinicians, appointments, seed, flavour)).clinic


def searching(clinic: Clinic) -> Search:
    ready = prepared(clinic)
    return start(ready, Judge(ready.week, Days(ready.week)), Random(0))


def dived(search: Search) -> Dive:
    dive = Dive(search)
    for clinician, found in dive.weeks(lambda _: STEADY, lambda _: True, search.clinicians):
        assert found, clinician
    return dive


def held(search: Search, clinicians: list[int]) -> Arrays:
    """The programme with some clinicians' own variables held at the standing point, by their bounds."""
    given = search.given
    mine = np.isin(search.ready.split.block, clinicians)
    return replace(
        given,
        lower=np.where(mine, search.values, given.lower),
        upper=np.where(mine, search.values, given.upper),
    )


def test_a_look_is_the_relaxation_with_those_weeks_held() -> None:
    search = searching(made(4, 90, 1))
    dive, settled = Dive(search), []
    for clinician, _ in dive.weeks(lambda _: STEADY, lambda _: False, search.clinicians):
        settled.append(clinician)
        afresh = relax(held(search, settled))
        assert afresh is not None
        assert dive.seen.cost == pytest.approx(afresh.bound, abs=1e-3)
    assert len(settled) == 4


@pytest.mark.parametrize("flavour", ["mixed", "scarce", "doubles"])
def test_with_everybody_settled_the_last_look_is_the_rotas_cost(flavour: str) -> None:
    clinic = made(3, 60, 2, flavour)
    search = searching(clinic)
    dive = dived(search)
    assert search.standing.cost == cost(clinic, search.standing.rota)
    # `uneven` may be rounded up to whole thousandths in the point: a tenth of a unit of cost at its weight.
    assert dive.seen.cost == pytest.approx(float(search.standing.cost), abs=0.2)
    assert not breaches(clinic, search.standing.rota)


def tried_weeks(search: Search, clinician: int) -> Iterator[Ahead]:
    """Stand on several weeks of one clinician, bought at several prices."""
    before, whole = (search.standing, search.values), np.ones(len(search.given.cost), bool)
    own = search.ready.split.block == clinician
    for seed in range(4):
        prices = np.where(own, search.given.cost, 0.0) - np.random.default_rng(seed).random(len(own)) * 60
        bought = Ahead(prices, (Tangent(np.zeros(len(own)), 0.0),), whole)
        search.standing, search.values = before
        assert search.attempt((clinician,), STEADY, bought)
        yield bought


@pytest.mark.parametrize("seed", [1, 2])
def test_no_tangent_passes_what_the_rest_costs(seed: int) -> None:
    search = searching(made(3, 60, seed))
    dive = Dive(search)
    dive.later[:, 0] = False
    mine, _ = dive._ahead(0)
    points, costs, tangents = [], [], [dive._tangent(dive.seen, mine, dive.seen.values)]
    for _ in tried_weeks(search, 0):
        dive.spent = 1e9
        seen = dive._look(0, STEADY)
        assert seen is not None
        points.append(search.values)
        costs.append(seen.cost)
        tangents.append(dive._tangent(seen, mine, search.values))
    own = np.where(mine, search.given.cost, 0.0)
    least = [[float((own + t.slope) @ point) + t.constant for t in tangents] for point in points]
    for place, (true, below) in enumerate(zip(costs, least, strict=True)):
        assert max(below) <= true + 1e-3
        assert below[place + 1] == pytest.approx(true, abs=1e-3), "a tangent touches where it was learnt"
    assert max(costs) - min(costs) > 1, "the weeks differ, or nothing was tested"


def test_the_part_with_tangents_costs_what_they_say() -> None:
    search = searching(made(2, 30, 1))
    slopes = [np.random.default_rng(k).normal(size=len(search.given.cost)) for k in range(3)]
    ahead = Ahead(
        search.given.cost,
        tuple(Tangent(np.round(slope, 2), 10.0 * k) for k, slope in enumerate(slopes)),
        np.ones(len(search.given.cost), bool),
    )
    point = search.values
    greatest = max(float(t.slope @ point) + t.constant for t in ahead.tangents)
    assert ahead.rest(point) == pytest.approx(100 * greatest, abs=1.01)
    everything = np.arange(len(point))
    posed = ahead.on(part(search.given, everything, point, ahead.cost))
    whole = np.append(point, ahead.rest(point))
    assert posed.cost @ whole == pytest.approx(float(search.given.cost @ point) + greatest, abs=0.011)
    rows = (posed.matrix @ whole)[-3:]
    assert (rows <= posed.most[-3:] + 1).all(), "no tangent passes what is left to the rest, but for rounding"
    assert (rows - posed.most[-3:]).max() > -2.5, "and one of them touches it"


def test_the_first_pass_leans_to_whom_the_relaxation_gave_an_appointment() -> None:
    search = searching(made(3, 60, 1))
    relaxed, week = search.ready.relaxed, search.week
    assert relaxed is not None
    _, ahead = Dive(search)._ahead(0)
    lean = LEAN * relaxed.bound / 3
    whole = [c for c in week.of_clinician(0) if relaxed.values[c.variable] > 1 - 1e-6]
    some = {c.appointment for c in week.of_clinician(0) if relaxed.values[c.variable] > 1e-6}
    assert whole
    for column in week.of_clinician(0):
        own = search.given.cost[column.variable]
        if column in whole:
            assert ahead.cost[column.variable] == pytest.approx(own - lean)
        if column.appointment not in some:
            assert ahead.cost[column.variable] == own


def test_a_second_week_is_tried_where_the_first_came_out_dearer(monkeypatch: pytest.MonkeyPatch) -> None:
    totals = []
    for tries in (1, dive_module.TRIES):
        monkeypatch.setattr(dive_module, "TRIES", tries)
        rotas = [searching(made(5, 130, seed)) for seed in (1, 2, 3)]
        for search in rotas:
            dived(search)
        totals.append(sum(float(search.standing.cost) for search in rotas))
    assert totals[1] < totals[0]


def test_without_a_relaxation_the_first_pass_finds_legal_weeks_all_the_same() -> None:
    clinic = made(3, 60, 1)
    ready = replace(prepared(clinic), relaxed=None, outlook=None)
    search = start(ready, Judge(ready.week, Days(ready.week)), Random(0))
    empty = search.standing.cost
    dived(search)
    assert search.standing.cost < empty
    assert not breaches(clinic, search.standing.rota)


def test_pinned_and_tiny_weeks_are_settled_too() -> None:
    for seed in range(25):
        search = searching(small_clinic(seed))
        dived(search)
        assert not breaches(search.week.clinic, search.standing.rota), seed


def test_a_pass_ends_where_its_time_does() -> None:
    search = searching(made(3, 60, 1))
    left = iter([STEADY, None])
    assert len(list(Dive(search).weeks(lambda _: next(left), lambda _: True, search.clinicians))) == 1


def test_a_relaxation_says_nothing_on_the_console(capfd: pytest.CaptureFixture[str]) -> None:
    assert Linear(searching(made(2, 20, 1)).given).solve(10.0) is not None
    assert capfd.readouterr() == ("", "")
