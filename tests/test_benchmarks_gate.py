"""The regression gate: what holds passes, and a worsened figure fails it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import gate
from benchmarks.__main__ import main
from benchmarks.gate import INSTANCES, STORED, TOLERANCE, Figure, Instance, measured, read, store, worse

SMALL = Instance(1, 6, "fixed_slots", 1, 1)
FIGURE = Figure(SMALL, cost=100.0, bound=99.0, gap=0.01, seconds=1.0)


def test_a_gap_within_the_tolerance_holds() -> None:
    assert worse(FIGURE, FIGURE) is None
    assert worse(FIGURE, replace(FIGURE, gap=0.01 + TOLERANCE)) is None
    assert worse(FIGURE, replace(FIGURE, gap=0.0, seconds=900.0)) is None


def test_a_worsened_gap_is_told_with_the_side_that_is_at_fault() -> None:
    dearer = worse(FIGURE, replace(FIGURE, cost=102.0, gap=3 / 102))
    assert dearer is not None
    assert "gap 2.941%, stored 1.000%; the rota costs 102.00, stored 100.00 (" in dearer
    looser = worse(FIGURE, replace(FIGURE, bound=97.0, gap=0.03))
    assert looser is not None
    assert "gap 3.000%, stored 1.000%; the bound is 97.00, stored 99.00 (" in looser


def test_a_bound_above_a_known_rota_fails_however_small_its_gap() -> None:
    wrong = worse(FIGURE, replace(FIGURE, cost=100.5, bound=100.5, gap=0.0))
    assert wrong is not None
    assert "the bound 100.50 is above a rota known, 100.00" in wrong


def test_the_same_work_gives_the_same_figures() -> None:
    one, two = measured(SMALL), measured(SMALL)
    assert (one.cost, one.bound, one.gap) == (two.cost, two.bound, two.gap)


def test_the_gate_passes_what_holds_and_fails_what_is_worse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The stored gap is made better than what the search reaches by twice the tolerance: as if the search
    # had been that good once, and is not any more.
    path = tmp_path / "gate.json"
    now = measured(SMALL)
    store([now], path)
    assert main(["gate", "--file", str(path)]) == 0
    assert "holds  1/6 fixed_slots 1" in capsys.readouterr().out
    store([now, replace(now, gap=now.gap - 2 * TOLERANCE)], path)
    assert main(["gate", "--file", str(path)]) == 1
    assert "WORSE  1/6 fixed_slots 1" in capsys.readouterr().out


def test_a_search_that_never_ends_fails_the_gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gate.json"
    store([replace(FIGURE, instance=Instance(4, 120, "doubles", 1, 1000))], path)
    assert main(["gate", "--file", str(path), "--most-seconds", "2"]) == 1
    assert "FAILED 4/120 doubles 1, 1000 rounds: cancelled" in capsys.readouterr().out


def test_what_is_stored_is_what_the_gate_measures() -> None:
    told = json.loads(STORED.read_text())
    assert tuple(figure.instance for figure in read()) == INSTANCES
    assert told["tolerance"] == TOLERANCE
    assert told["measured"]["ortools"]


def test_storing_measures_every_instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "INSTANCES", (SMALL,))
    path = tmp_path / "new" / "gate.json"
    assert main(["gate", "--store", "--file", str(path)]) == 0
    assert [figure.instance for figure in read(path)] == [SMALL]
