"""The command that measures the bundled weeks: its figures, its table, its watch over memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import fixtures
from benchmarks.fixtures import Measured, main, measured, page, table, write
from benchmarks.machine import provenance
from benchmarks.memory import MEGABYTE, MemoryWatch

ROW = Measured(
    name="team",
    clinicians=8,
    appointments=240,
    limit=20.0,
    clerk_cost=4000.0,
    clerk_seconds=0.25,
    outcome="feasible",
    cost=3000.0,
    bound=2400.0,
    gap=0.2,
    ratio=0.75,
    seconds=20.51,
    seconds_to_beat_clerk=1.25,
    tree_mb=400,
    children_mb=[200, 100],
    target_minutes=9600,
    attainable_minutes=9100.4,
    attainable_bound_minutes=9200.0,
)


def test_the_smallest_week_is_measured_at_its_optimum() -> None:
    # fixtures/tiny.md: 144, which the clerk finds too; targets of 60 and 40 minutes.
    row = measured("tiny", seconds=10)
    assert (row.clinicians, row.appointments, row.limit) == (2, 5, 10)
    assert row.cost == row.clerk_cost == 144
    assert row.bound == pytest.approx(144)
    assert row.ratio == 1
    assert row.seconds_to_beat_clerk is None
    assert row.target_minutes == 100
    assert 0 < row.seconds < 20
    assert row.tree_mb > max(row.children_mb) > 10


def test_a_table_has_a_cell_for_every_heading() -> None:
    heading, rule, line = table([ROW]).splitlines()
    assert heading.count("|") == rule.count("|") == line.count("|")
    assert line.startswith(
        "| team | 8 / 240 | 4,000.0 (0.25 s) | 3,000.0 | 2,400.0 | 20.00% | 0.750 | 20 | 20.5 |"
    )


def test_what_is_not_known_is_a_dash() -> None:
    failed = replace(ROW, cost=None, bound=None, gap=None, ratio=None, seconds_to_beat_clerk=None)
    assert "| 4,000.0 (0.25 s) | - | - | - | - | 20 | 20.5 | - |" in table([failed])


def test_a_measurement_that_was_held_up_says_so() -> None:
    assert "| team (held up) |" in table([replace(ROW, held_up=5.0)])


def test_a_page_says_where_and_with_what_it_was_measured() -> None:
    where = provenance()
    text = page([ROW], where)
    assert re.search(r"^`python -m benchmarks.fixtures`, \d{4}-\d\d-\d\d, ", text, re.MULTILINE)
    assert all(str(where[key]) in text for key in ("processor", "cores", "python", "ortools", "scipy"))
    assert table([ROW]) in text


def test_a_full_run_is_kept_as_a_page_and_as_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixtures, "RESULTS", tmp_path / "results")
    write([ROW], provenance())
    kept = json.loads((tmp_path / "results" / "fixtures.json").read_text())
    assert kept["fixtures"][0]["attainable_minutes"] == 9100.4
    assert kept["measured"]["ortools"]
    assert (tmp_path / "results" / "fixtures.md").read_text().startswith("# Bundled weeks\n")


def test_a_run_over_some_is_printed_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fixtures, "RESULTS", tmp_path / "results")
    main(["--seconds", "5", "tiny"])
    assert "| tiny | 2 / 5 | 144.0 (" in capsys.readouterr().out
    assert not (tmp_path / "results").exists()


def test_an_unknown_fixture_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["tiny", "nobody"])
    assert "no such fixture: nobody" in capsys.readouterr().err


def test_memory_of_a_child_is_seen() -> None:
    # The child holds 50 MB and says so; a sample is due every 0.02 s while it waits.
    hold = "held = bytearray(50_000_000); print('held', flush=True); input()"
    with (
        MemoryWatch(every=0.02) as memory,
        subprocess.Popen(
            [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child,
    ):
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        while memory.largest.get(child.pid, 0) < 50 * MEGABYTE:
            assert child.poll() is None
        child.communicate("\n")
    assert memory.children_mb[0] >= 50
    assert memory.tree_mb > memory.children_mb[0]
