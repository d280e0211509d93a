"""The pieces that are timed alone do their work on a small week, and a missed goal is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import micro
from benchmarks.micro import Case, Row, laid, table
from solver.search.plan import Days

ROW = Row("layout", calls=100, median=0.001, p99=0.010, max=0.500, extra="laid out 100")


@pytest.fixture(scope="module")
def case() -> Case:
    return Case.made(2, 30)


def test_every_day_of_the_clerks_rota_is_laid_out(case: Case) -> None:
    booked = case.booked()
    assert sum(len(columns) for columns in booked.values()) == len(case.rota.bookings)
    assert all(laid(Days(case.week), key, columns) for key, columns in booked.items())


def test_one_more_is_one_that_was_left(case: Case) -> None:
    left = {unplaced.appointment for unplaced in case.rota.unplaced}
    for key, columns in case.one_more():
        assert columns[:-1] == case.booked()[key]
        assert columns[-1].appointment in left


def test_a_layout_is_held_to_its_p99_and_the_checker_to_its_slowest_call() -> None:
    assert ROW.holds
    assert not replace(ROW, p99=0.021).holds
    assert not replace(ROW, name="checker", max=1.1).holds
    assert "| layout | " in table([ROW], "2/30")
    assert "| p99 20 ms | yes | laid out 100 |" in table([ROW], "2/30")


def test_the_command_times_every_case(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    micro.run(tmp_path, "1/10")
    page = (tmp_path / "micro.md").read_text()
    assert all(f"| {name} |" in page for name in micro.GOALS)
    assert "Pieces of a week of 1/10" in capfd.readouterr().out
