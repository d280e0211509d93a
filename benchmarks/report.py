"""The page of measured races: ``suite.md``, ``suite.html`` and its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import pandas as pd

from benchmarks.cells import Cell
from benchmarks.figures import GROWING, frame, growth, medians, ratios
from benchmarks.peers import PEERS, peer
from benchmarks.plots import PICTURES, draw
from benchmarks.tables import Table, said

GOALS = {
    (8, 240): (5.0, 0.002, 600),
    (20, 700): (15.0, 0.003, 1000),
    (60, 2000): (45.0, 0.005, 1500),
    (200, 7000): (240.0, 0.01, 3000),
}
"""By size: wall time in seconds, proven gap, memory in MB."""

HELD_UP = 1.0
"""Seconds without the processor from which a race's times are in doubt."""


def write(cells: Sequence[Cell], into: Path) -> list[Table]:
    """Write the page, in both forms, and its pictures; its tables."""
    into.mkdir(parents=True, exist_ok=True)
    made = frame(cells)
    found = tables(cells, made)
    draw(cells, made, into)
    opening = provenance_line(cells)
    (into / "suite.md").write_text(_markdown(found, opening), encoding="utf-8")
    (into / "suite.html").write_text(_html(found, opening), encoding="utf-8")
    return found


def tables(cells: Sequence[Cell], made: pd.DataFrame) -> list[Table]:
    """Goals, peers, ratios, growth, troubles."""
    return [_goals(made), _peers(made), _ratios(made), _growth(made), _troubles(cells)]


def provenance_line(cells: Sequence[Cell]) -> str:
    """Where and with what: each distinct answer once."""

    def each(name: str) -> str:
        return ", ".join(sorted({str(cell.measured.get(name)) for cell in cells}))

    ours = sorted({str(cell.solver) for cell in cells if cell.key.peer.startswith("ours")})
    versions = ", ".join(f"{tool} {each(tool)}" for tool in ("python", "ortools", "scipy"))
    loads = sorted(float(cell.measured.get("load") or 0) for cell in cells)
    load = f"load average {loads[0]:.1f} to {loads[-1]:.1f}"
    where = f"{each('processor')}, {each('cores')} cores, {each('system')}, {load}"
    return f"Measured {each('date')} on {where}; {versions}. Trees of solver/: {', '.join(ours) or '-'}."


def _goals(made: pd.DataFrame) -> Table:
    ours = made[made["peer"] == "ours"]
    rows = []
    for (n, m), (seconds, most, memory) in GOALS.items():
        mine = ours[(ours["clinicians"] == n) & (ours["appointments"] == m) & (ours["limit"] == seconds)]
        if len(mine):
            held = mine["own_gap"].fillna(float("inf"))
            cells = (
                f"{n} / {m}",
                str(len(mine)),
                f"{said(mine['seconds'].median(), '.1f')} ({seconds:g})",
                f"{said(held.median(), '.2%')} ({most:.1%})",
                said(held.max(), ".2%"),
                f"{said(mine['first'].median(), '.1f')} ({seconds / 10:g})",
                f"{said(mine['memory_mb'].median(), '.0f')} ({memory})",
            )
            rows.append(cells)
    headings = ("size", "races", "wall, s", "proven gap", "worst gap", "first rota, s", "memory, MB")
    return Table("Ours against its goals", headings, tuple(rows), "Medians; the goal in brackets.")


def _peers(made: pd.DataFrame) -> Table:
    found = medians(made).to_dict("records")
    found.sort(key=lambda row: (row["appointments"], PEERS.index(row["peer"])))
    rows = tuple(
        (
            f"{row['clinicians']} / {row['appointments']}",
            peer(row["peer"]).NAME,
            f"{row['rotas']} of {row['races']}",
            *(said(row[name], ".1f") for name in ("first", "to_5", "to_1", "to_0_1")),
            *(said(row[name], ".2%") for name in ("gap", "own_gap")),
            said(row["seconds"], ".1f"),
            said(row["memory_mb"], ".0f"),
        )
        for row in found
    )
    headings = ("size", "peer", "with a rota", "first, s", "to 5 %, s", "to 1 %, s", "to 0.1 %, s")
    more = ("gap", "own proven gap", "wall, s", "memory, MB")
    note = (
        "Medians over all races of the size; a race that never got there counts as infinite, so a dash means "
        "that most did not. Times and gap are against the best bound that anyone has proven for the instance."
    )
    return Table("Everyone", headings + more, rows, note, left=2)


def _ratios(made: pd.DataFrame) -> Table:
    rows = tuple(
        (
            f"{r['clinicians']} / {r['appointments']}",
            peer(r["peer"]).NAME,
            str(r["instances"]),
            f"{r['ratio']:.3f}",
        )
        for r in ratios(made).to_dict("records")
    )
    note = "Geometric mean, over the instances where both have a rota at the same time limit; less is better."
    return Table("Our cost / the peer's", ("size", "peer", "instances", "ratio"), rows, note, left=2)


def _growth(made: pd.DataFrame) -> Table:
    names = dict(
        zip(GROWING, ("first rota", "gap of 5 %", "gap of 1 %", "wall time", "peak memory"), strict=True)
    )
    rows = tuple(
        (names[name], said(slope, ".2f"), f"{known} of {races}")
        for name, (slope, known, races) in growth(made).items()
    )
    note = (
        "Ours: the slope of a least-squares line through log figure against log appointments; 1 is linear. "
        "Wall time is cut off at each size's limit; memory starts from what Python and solvers take empty."
    )
    return Table("Growth with appointments", ("figure", "exponent", "races"), rows, note)


def _troubles(cells: Sequence[Cell]) -> Table:
    rows = tuple(
        (
            f"{cell.key.clinicians} / {cell.key.appointments}",
            cell.key.flavour,
            str(cell.key.seed),
            cell.key.peer,
            what,
        )
        for cell in cells
        if (what := _trouble(cell))
    )
    headings = ("size", "flavour", "seed", "peer", "what")
    return Table("What went wrong", headings, rows, "" if rows else "Nothing.", left=5)


def _trouble(cell: Cell) -> str:
    found = [cell.error] if cell.error else []
    if cell.broken:
        found.append(f"rotas broke {', '.join(cell.broken)}")
    if cell.held_up > HELD_UP:
        found.append(f"held up for {cell.held_up:.1f} s")
    return "; ".join(found)


def _markdown(found: Sequence[Table], opening: str) -> str:
    pictures = "\n".join(f"![{name}]({name})" for name in PICTURES)
    body = "\n".join(table.markdown() for table in found)
    return f"# The benchmark suite\n\n`python -m benchmarks run`. {opening}\n\n{body}\n{pictures}\n"


def _html(found: Sequence[Table], opening: str) -> str:
    pictures = "".join(f'<img src="{name}" alt="{name[:-4].replace("_", " ")}">\n' for name in PICTURES)
    body = "".join(table.html() for table in found)
    return f"""<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><title>The benchmark suite</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em }}
table {{ border-collapse: collapse; font-size: 14px }}
td, th {{ border-bottom: 1px solid #ccc; padding: .2em .6em }}
.r {{ text-align: right }} img {{ max-width: 100% }}
</style>
<h1>The benchmark suite</h1>
<p><code>python -m benchmarks run</code>. {escape(opening)}</p>
{body}{pictures}</html>
"""
