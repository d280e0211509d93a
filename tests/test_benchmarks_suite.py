"""The suite's grid, its kept races, and the figures that are made of them."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from benchmarks import cells
from benchmarks.__main__ import main
from benchmarks.cells import Cell, append, missing, read
from benchmarks.figures import best_bounds, exponent, first, frame, gap, growth, medians, ratios, reached
from benchmarks.grid import SIZES, Key, keys, parsed_seeds, parsed_sizes
from benchmarks.peers import PEERS, TIMED
from benchmarks.report import provenance_line, tables

KEY = Key(8, 240, "mixed", 1, "ours", 5.0)


def a_cell(points: tuple[cells.Point, ...] = (), key: Key = KEY, **changes: object) -> Cell:
    known = Cell(key, points, 5.0, 500, 0.0, None, (), "tree", {"date": "2026-11-30", "cores": 2})
    return replace(known, **changes)  # type: ignore[arg-type]


def test_a_grid_has_every_race_once_and_starts_with_ours_on_an_ordinary_week() -> None:
    made = keys(list(SIZES), ["doubles", "mixed"], [1, 2], TIMED)
    assert len(made) == len(set(made)) == 4 * 2 * 2 * len(TIMED)
    assert (made[0].flavour, made[0].seed, made[0].peer) == ("mixed", 1, "ours")
    assert made[0].limit == SIZES[made[0].size]
    assert keys([(2, 30)], ["mixed"], [1], ["ours"], limit=3.0) == [Key(2, 30, "mixed", 1, "ours", 3.0)]


def test_sizes_and_seeds_are_read_from_words() -> None:
    assert parsed_sizes("8/240,20/700") == [(8, 240), (20, 700)]
    assert parsed_seeds("1-3,7") == [1, 2, 3, 7]
    with pytest.raises(ValueError, match="invalid literal"):
        parsed_sizes("8x240")


def test_a_race_is_kept_and_read_back_and_the_last_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "new" / "cells.jsonl"
    assert read(path) == []
    append(path, a_cell(((1.0, 20.0, None),), broken=("breaks",)))
    append(path, a_cell(((1.0, 10.0, 5.0),)))
    with path.open("a") as kept:
        kept.write('{"key": {"clin')
    assert read(path) == [a_cell(((1.0, 10.0, 5.0),))]


def test_only_what_is_missing_is_raced_again_and_ours_when_the_solver_changed() -> None:
    others = replace(KEY, peer="clerk"), replace(KEY, peer="slots")
    known = [a_cell(), a_cell(key=others[0], solver="older")]
    assert missing([KEY, *others], known, "tree") == [others[1]]
    assert missing([KEY, *others], known, "newer") == [KEY, others[1]]


def test_a_run_goes_on_where_its_budget_ended(tmp_path: Path) -> None:
    path = tmp_path / "cells.jsonl"
    wanted = keys([(1, 4)], ["mixed"], [1, 2], ["clerk"], limit=10.0)
    assert cells.run(wanted, path, budget=5.0) == 2
    assert read(path) == []
    assert cells.run(wanted[:1], path) == 0
    assert cells.run(wanted, path) == 0
    assert [cell.key for cell in read(path)] == wanted
    assert len(path.read_text().splitlines()) == 2


def test_a_gap_is_a_share_of_the_cost() -> None:
    assert gap(100.0, 95.0) == 0.05
    assert gap(0.5, 0.25) == 0.25
    assert gap(100.0, 101.0) == 0.0
    assert gap(None, 95.0) is None
    assert gap(100.0, None) is None


def test_times_to_a_gap_are_read_off_the_trail() -> None:
    # Against the bound 95: 200 is 52.5 % away, 100 is 5 %, 96 is 1.04 %, 95 is 0. Against the peer's own
    # bound of the time: 100 with 60 is 40 %, 96 with 94 is 2.1 %, 95 with 94 is 1.05 %.
    cell = a_cell(
        ((0.5, None, 50.0), (1.0, 200.0, 60.0), (2.0, 100.0, 60.0), (3.0, 96.0, 94.0), (4.0, 95.0, 94.0))
    )
    assert first(cell) == 1.0
    assert reached(cell, 0.05, 95.0) == 2.0
    assert reached(cell, 0.01, 95.0) == 4.0
    assert reached(cell, 0.05) == 3.0
    assert reached(cell, 0.01) is None


def test_the_best_bound_of_an_instance_is_anyones() -> None:
    weaker = a_cell(((1.0, None, 90.0),), key=replace(KEY, limit=10.0))
    other = a_cell(((1.0, None, 7.0),), key=replace(KEY, seed=2))
    found = best_bounds([weaker, a_cell(((1.0, None, 95.0),)), other])
    assert found == {KEY.instance: 95.0, (8, 240, "mixed", 2): 7.0}


def test_medians_count_what_was_never_reached_as_infinite() -> None:
    # First rotas after 1, 3 and never: the median is 3. To 5 %: 1, never and never: no median.
    points = {1: ((1.0, 100.0, 99.0),), 2: ((3.0, 500.0, 99.0),), 3: ()}
    made = frame([a_cell(p, key=replace(KEY, seed=s)) for s, p in points.items()])
    (row,) = medians(made).to_dict("records")
    assert (row["races"], row["rotas"], row["first"]) == (3, 2, 3.0)
    assert row["to_5"] != row["to_5"]


def test_ratios_are_geometric_means_over_shared_instances() -> None:
    # Ours 50 against 100, and 200 against 100: 1/2 x 2, so 1. A third instance has no rota of the peer.
    costs = {1: (50.0, 100.0), 2: (200.0, 100.0), 3: (70.0, None)}
    found = []
    for seed, (ours, theirs) in costs.items():
        found.append(a_cell(((1.0, ours, None),), key=replace(KEY, seed=seed)))
        points = () if theirs is None else ((1.0, theirs, None),)
        found.append(a_cell(points, key=replace(KEY, seed=seed, peer="mip")))
    (row,) = ratios(frame(found)).to_dict("records")
    assert (row["peer"], row["instances"]) == ("mip", 2)
    assert row["ratio"] == pytest.approx(1.0)


def test_an_exponent_is_the_slope_in_logarithms() -> None:
    sizes = [240.0, 700.0, 2000.0]
    assert exponent(sizes, [3 * n**1.5 for n in sizes]) == pytest.approx(1.5)
    assert exponent([240.0, 240.0], [1.0, 2.0]) is None


def test_growth_is_fitted_over_what_got_there() -> None:
    # Memory 500 MB at 240 and 2,000 MB at 960 appointments: four times for four times, exponent 1.
    large = replace(KEY, clinicians=32, appointments=960)
    made = frame([a_cell(((1.0, 10.0, 1.0),)), a_cell(key=large, memory_mb=2000)])
    found = growth(made)
    slope, known, races = found["memory_mb"]
    assert slope == pytest.approx(1.0)
    assert (known, races) == (2, 2)
    assert found["first"] == (None, 1, 2)


def test_the_page_holds_ours_against_its_goals_and_names_trouble() -> None:
    late = a_cell(((1.0, 10.0, 9.99),), key=replace(KEY, seed=2), error="killed: it did not stop in time")
    found = tables([a_cell(((0.4, 10.0, 9.99),)), late], frame([a_cell(((0.4, 10.0, 9.99),)), late]))
    goals, _, _, _, troubles = found
    assert goals.rows == (("8 / 240", "2", "5.0 (5)", "0.10% (0.2%)", "0.10%", "0.7 (0.5)", "500 (600)"),)
    assert troubles.rows == (("8 / 240", "mixed", "2", "ours", "killed: it did not stop in time"),)
    assert "2026-11-30" in provenance_line([late])


def test_a_bound_that_never_came_is_no_gap_and_not_a_small_one() -> None:
    made = frame([a_cell(((0.4, 10.0, None),))])
    goals = tables([a_cell(((0.4, 10.0, None),))], made)[0]
    assert goals.rows[0][3] == f"{inf:.2%} (0.2%)"


def test_a_run_writes_its_page_its_pictures_and_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "--sizes",
        "1/4,2/6",
        "--seeds",
        "1",
        "--flavours",
        "mixed",
        "--peers",
        "ours,clerk",
        "--limit",
        "4",
    ]
    assert main(["run", *words, "--results", str(tmp_path)]) == 0
    assert "Growth with appointments" in capsys.readouterr().out
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {
        "cells.jsonl",
        "suite.md",
        "suite.html",
        "gap_over_time.png",
        "growth.png",
        "cost_ratio.png",
    }
    told = [json.loads(line) for line in (tmp_path / "cells.jsonl").read_text().splitlines()]
    assert {line["key"]["peer"] for line in told} == {"ours", "clerk"}
    assert all(line["error"] is None and line["broken"] == [] for line in told)
    page = (tmp_path / "suite.html").read_text()
    assert '<html lang="en-GB">' in page
    assert all(f'<img src="{name}"' in page for name in made if name.endswith(".png"))


def test_an_unknown_peer_or_an_empty_report_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--peers", "nobody", "--results", str(tmp_path)]) == 2
    assert "no such peers: nobody; known: " + ", ".join(PEERS) in capsys.readouterr().err
    assert main(["report", "--results", str(tmp_path)]) == 1
