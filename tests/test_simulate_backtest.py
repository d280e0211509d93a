"""The backtest agrees with a sound risk engine, and objects to one that is a little off."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from math import comb
from pathlib import Path
from random import Random

import numpy as np
import pytest
from typer.testing import CliRunner

from solver.answer import document, to_bytes
from solver.backtest import Predicted, backtest, predicted
from solver.check import breaches
from solver.cli import app
from solver.question.clinic import Clinic, Policy
from solver.rota import Rota
from solver.search.clerk import clerk
from solver.simulate import chance
from solver.simulate.pit import BINS, Forecast, histogram
from tests.answers import TINY, best_of_tiny, solved, tiny
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, commitment
from tests.small import small_clinic

WEEKS = 4000


@lru_cache
def a_risky_week() -> tuple[Clinic, Rota]:
    """A hand-made week in which all may go wrong: doubles without a reserve, sessions that run over."""
    policy = Policy(max_per_slot=2, overrun=((0, 0.6), (5, 0.3), (20, 0.1)), tolerance_minutes=0)
    shifts = ("Mon 09:00-13:00", "Tue 09:00-13:00", "Tue 14:00-16:00")
    clinician = a_clinician(shifts=shifts, target=270, ceiling=300, policy=policy)
    chances = [600, 850, 700, 900, 400, 750, 800, 650, 500]
    wanted = [an_appointment(minutes=30 + 15 * (i % 3), attendance=p) for i, p in enumerate(chances)]
    busy = replace(clinician, commitments=(commitment("Tue 10:45-11:15"),))
    clinic = a_clinic([busy, replace(clinician, ceiling=330)], wanted + wanted)
    mine = "Mon 09:00 a1+a2 | break 10 | a3 | admin 15 | a4 | lunch 30 | free\n"
    mine += "Tue 09:00 a5 | a6+a7 | commitment 30 | admin 30 | free\nTue 14:00 free 15 | a8 | a9"
    yours = "Mon 09:00 a10 | a11 | break 10 | a12 | admin 15 | a13+a14 | lunch 30 | free\n"
    yours += "Tue 09:00 free 130 | admin 20 | a15 | a16\nTue 14:00 free 15 | a17 | a18"
    return clinic, a_rota(clinic, c1=mine, c2=yours)


def test_everything_that_may_go_wrong_is_predicted_as_it_comes_out() -> None:
    clinic, rota = a_risky_week()
    found = backtest(clinic, rota, 20_000, 1)
    assert found.objections == ()
    assert not {breach.rule for breach in breaches(clinic, rota)} & {"diary", "conservation", "no_overlap"}
    spoken = {one.figure: one.predicted for one in found.chances if one.who == "c1"}
    assert all(0.01 < probability < 0.99 for probability in spoken.values()), spoken
    assert found.untold == 0
    assert found.uncertain == len(found.chances) == 2 * 5 + 4 + 6 + 2
    assert len(found.outside) <= found.allowed <= 3


@pytest.mark.parametrize("shock", [False, True])
@pytest.mark.parametrize("seed", range(25))
def test_no_objection_to_the_risk_engine_on_any_week(seed: int, shock: bool) -> None:
    clinic = small_clinic(seed)
    overrun = Random(seed).choice([((0, 1.0),), ((0, 0.7), (10, 0.3)), ((5, 0.5), (0, 0.25), (25, 0.25))])
    team = tuple(replace(c, policy=replace(c.policy, overrun=overrun)) for c in clinic.clinicians)
    told = replace(clinic, clinicians=team)
    assert backtest(told, clerk(told), WEEKS, seed, shock=shock).objections == ()


CHANCES = sorted(predicted(*a_risky_week()).chances)


@pytest.mark.parametrize("key", CHANCES, ids=" of ".join)
@pytest.mark.parametrize("off", [0.05, -0.05])
def test_any_probability_that_is_five_points_off_is_found(key: tuple[str, str], off: float) -> None:
    clinic, rota = a_risky_week()
    said = predicted(clinic, rota)
    said.chances[key] += off
    assert said.chances[key] > 0
    found = backtest(clinic, rota, 20_000, 2, against=said)
    assert len(found.objections) == 1
    assert found.objections[0].startswith(f"{key[0]} of {key[1]}: ")


@pytest.mark.parametrize("key", sorted(predicted(*a_risky_week()).amounts), ids=" of ".join)
def test_any_mean_that_is_a_tenth_off_is_found(key: tuple[str, str]) -> None:
    clinic, rota = a_risky_week()
    said = predicted(clinic, rota)
    if said.amounts[key] == 0:
        # The first patient of a shift waits for nobody: any wait at all is too much.
        said.amounts[key] = 1.0
    else:
        said.amounts[key] *= 1.1
    assert any(
        f"{key[0]} of {key[1]}: " in line
        for line in backtest(clinic, rota, 50_000, 2, against=said).objections
    )


def test_a_promise_that_is_broken_once_is_found() -> None:
    # Predicted never to happen, and it happens: one week is enough.
    clinic = a_clinic(a_clinician(ceiling=60, target=60), appointments(2, attendance=20))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | a2 | free")
    said = predicted(clinic, rota)
    assert said.chances["p_above_ceiling", "c1"] == pytest.approx(0.0004)
    said.chances["p_above_ceiling", "c1"] = 0.0
    assert "p_above_ceiling of c1: 0 predicted" in " ".join(
        backtest(clinic, rota, 20_000, 0, against=said).objections
    )


def of_another_week(clinic: Clinic, by: int) -> Predicted:
    """What the engine would say if every attendance were a little different."""
    wanted = tuple(replace(a, attendance=a.attendance + by) for a in clinic.appointments)
    return predicted(replace(clinic, appointments=wanted), a_risky_week()[1])


@pytest.mark.parametrize("by", [-20, 20])
def test_an_engine_that_is_two_points_of_attendance_off_is_found(by: int) -> None:
    clinic, rota = a_risky_week()
    found = backtest(clinic, rota, 10_000, 4, against=of_another_week(clinic, by))
    assert len(found.outside) > found.allowed
    assert "predicted probabilities lie outside their 99 % intervals" in found.objections[0]


def test_an_engine_that_forgets_the_overrun_is_found() -> None:
    clinic, rota = a_risky_week()
    team = tuple(replace(c, policy=replace(c.policy, overrun=((0, 1.0),))) for c in clinic.clinicians)
    said = predicted(replace(clinic, clinicians=team), rota)
    found = " ".join(backtest(clinic, rota, 10_000, 5, against=said).objections)
    assert "p_break_lost of c1" in found
    assert "p_above_ceiling" not in found


def test_an_engine_that_forgets_the_shock_is_found() -> None:
    clinic = a_clinic(
        a_clinician(shifts=tuple(f"{day} 09:00-15:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri"))),
        appointments(25, attendance=800),
    )
    days = ("Mon", "Tue", "Wed", "Thu", "Fri")
    lines = [
        f"{day} 09:00 " + " | ".join(f"a{5 * i + j + 1}" for j in range(5)) + " | free"
        for i, day in enumerate(days)
    ]
    rota = a_rota(clinic, c1="\n".join(lines))
    # 0.098 against 0.151 (problem, section 4).
    said = predicted(clinic, rota, shock=True)
    said.chances["p_above_ceiling", "c1"] = predicted(clinic, rota).chances["p_above_ceiling", "c1"]
    assert backtest(clinic, rota, 10_000, 6, shock=True).objections == ()
    found = backtest(clinic, rota, 10_000, 6, shock=True, against=said)
    assert found.objections[0].startswith("p_above_ceiling of c1: 0.098")


@pytest.mark.parametrize("n", [1, 7, 30, 200])
@pytest.mark.parametrize("p", [0.0, 0.001, 0.03, 0.5, 0.77, 0.999, 1.0])
def test_how_often_a_true_prediction_goes_astray_is_exact(n: int, p: float) -> None:
    rates = np.full(n + 1, p)
    outside = ~chance.inside(rates, np.arange(n + 1, dtype=np.int32), n)
    mass = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
    exact = sum(m for m, out in zip(mass, outside, strict=True) if out)
    assert float(chance.astray(np.array([p]), n)[0]) == pytest.approx(exact, abs=1e-12)
    assert exact <= 0.01


def test_what_chance_allows_is_the_binomials_tail_where_all_are_alike() -> None:
    # 100 predictions, each astray with probability 0.01: P(more than k) first falls under 0.001 at k = 5.
    def more(k: int) -> float:
        return 1 - sum(comb(100, i) * 0.01**i * 0.99 ** (100 - i) for i in range(k + 1))

    assert more(5) <= 0.001 < more(4)
    assert chance.allowed(np.full(100, 0.01)) == 5
    assert chance.allowed(np.zeros(100)) == 0
    assert [chance.allowed(np.full(size, 0.01)) for size in (0, 1, 2)] == [0, 1, 1]


def test_true_predictions_rarely_exceed_what_chance_allows() -> None:
    random = np.random.default_rng(9)
    rates = random.random(300)
    most = chance.allowed(chance.astray(rates, 1000))
    outside = [
        int((~chance.inside(rates, random.binomial(1000, rates).astype(np.int32), 1000)).sum())
        for _ in range(300)
    ]
    # About 1 in 1000 rounds goes over; more than 3 of 300 has a probability under 0.001.
    assert sum(count > most for count in outside) <= 3
    assert 1.5 < float(np.mean(outside)) < 3.0


def test_the_transform_is_flat_for_the_true_law_and_not_for_a_narrow_or_shifted_one() -> None:
    dice = np.random.default_rng(1)
    masses = np.array([comb(20, k) * 0.8**k * 0.2 ** (20 - k) for k in range(21)])
    came = (30 * dice.binomial(20, 0.8, size=20_000)).astype(np.int32)
    true = histogram(Forecast(0, 30, masses), came, dice)
    assert sum(true.weeks) == 20_000
    assert len(true.weeks) == BINS
    assert true.surprise > 0.001
    narrow = masses**2 / (masses**2).sum()
    found = histogram(Forecast(0, 30, narrow), came, dice)
    assert found.surprise < 1e-9
    # Too narrow: both ends are too full.
    assert min(found.weeks[0], found.weeks[-1]) > 1.3 * 2000
    assert histogram(Forecast(30, 30, masses), came, dice).surprise == 0.0
    assert histogram(Forecast(0, 20, masses), came, dice).surprise == 0.0


@pytest.fixture
def best(tmp_path: Path) -> Path:
    """The best rota of the smallest week, in a file."""
    question = tiny()
    written = tmp_path / "rota.json"
    written.write_bytes(to_bytes(document(question, solved(question.clinic, best_of_tiny(question.clinic)))))
    return written


def test_the_command_says_what_came_of_the_rota(best: Path) -> None:
    ran = CliRunner().invoke(app, ["simulate", str(TINY), str(best), "--weeks", "2000", "--seed", "3"])
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith(
        "2,000 weeks lived through, attendance drawn each patient by themselves, seed 3."
    )
    assert "p_above_ceiling" in ran.stdout


def test_the_command_tells_all_as_json_twice_alike(best: Path) -> None:
    words = ["simulate", str(TINY), str(best), "--weeks", "500", "--shock", "--json"]
    first, again = (CliRunner().invoke(app, words) for _ in range(2))
    assert first.stdout == again.stdout
    told = json.loads(first.stdout)
    assert (told["weeks"], told["attendance"], told["objections"]) == (500, "shared_shock", [])
    # In the shape of the risk figures: 500 weeks in the tenths of each clinician.
    assert {sum(one["weeks"]) for one in told["pit"].values()} == {500}
    assert sorted(told["pit"]) == ["c1", "c2"]


def test_a_rota_that_is_no_timetable_is_not_simulated(best: Path) -> None:
    told = json.loads(best.read_bytes())
    first, second = told["diaries"][0]["entries"][:2]
    first["end"] = second["end"]
    best.write_text(json.dumps(told))
    ran = CliRunner().invoke(app, ["simulate", str(TINY), str(best)])
    assert ran.exit_code == 2
    assert "cannot be lived through" in ran.stderr
