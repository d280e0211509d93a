"""Pictures of measured races: gap over time, growth with size, cost against each peer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmarks.cells import Cell
from benchmarks.figures import best_bounds, gap, ratios
from benchmarks.peers import PEERS, peer

PICTURES = ("gap_over_time.png", "growth.png", "cost_ratio.png")

LEAST_GAP = 1e-4
"""The lower end of the gap's axis: smaller ones are drawn there."""

COLOURS = dict(zip(PEERS, ("#005eb8", "#768692", "#ed8b00", "#ae2573", "#007f3b", "#41b6e6"), strict=True))


def draw(cells: Sequence[Cell], made: pd.DataFrame, into: Path) -> None:
    """Write every picture."""
    mpl.use("Agg")
    for name, figure in zip(PICTURES, (_gaps(cells), _growth(made), _ratios(made)), strict=True):
        figure.savefig(into / name, dpi=110, bbox_inches="tight")
        plt.close(figure)


def _gaps(cells: Sequence[Cell]) -> Figure:
    sizes = sorted({cell.key.size for cell in cells})
    figure, axes = plt.subplots(1, len(sizes), figsize=(5 * len(sizes), 4), squeeze=False, sharey=True)
    bounds = best_bounds(cells)
    for axis, size in zip(axes[0], sizes, strict=True):
        for cell in cells:
            if cell.key.size == size and cell.key.instance in bounds:
                _trail(axis, cell, bounds[cell.key.instance])
        axis.set(title=f"{size[0]} / {size[1]}", xscale="log", yscale="log", xlabel="seconds")
    axes[0][0].set_ylabel("gap to the best bound")
    _legend(figure, {cell.key.peer for cell in cells})
    return figure


def _trail(axis: Axes, cell: Cell, bound: float) -> None:
    steps = [(t, held) for t, cost, _ in cell.points if (held := gap(cost, bound)) is not None]
    if steps:
        steps.append((max(cell.key.limit, steps[-1][0]), steps[-1][1]))
        times, gaps = zip(*steps, strict=True)
        shown = [max(LEAST_GAP, g) for g in gaps]
        axis.step(times, shown, where="post", color=COLOURS[cell.key.peer], alpha=0.6, linewidth=1.2)


def _legend(figure: Figure, names: set[str]) -> None:
    lines = [Line2D([], [], color=COLOURS[name], label=peer(name).NAME) for name in PEERS if name in names]
    if lines:
        figure.legend(
            handles=lines, loc="upper center", ncols=len(lines), bbox_to_anchor=(0.5, 0.0), frameon=False
        )


def _growth(made: pd.DataFrame) -> Figure:
    figure, axes = plt.subplots(1, 3, figsize=(15, 4))
    shown = (("first", "first rota, s"), ("to_5", "to a gap of 5 %, s"), ("memory_mb", "memory, MB"))
    for axis, (name, label) in zip(axes, shown, strict=True):
        for who, rows in made.dropna(subset=[name]).groupby("peer"):
            middle = rows.groupby("appointments")[name].median()
            axis.plot(rows["appointments"], rows[name], ".", color=COLOURS[str(who)], alpha=0.4)
            axis.plot(middle.index, middle.to_numpy(), "-", color=COLOURS[str(who)])
        axis.set(xlabel="appointments", title=label, xscale="log", yscale="log")
    _legend(figure, set(made["peer"]))
    return figure


def _ratios(made: pd.DataFrame) -> Figure:
    found = ratios(made)
    sizes = sorted({(n, m) for n, m in zip(found["clinicians"], found["appointments"], strict=True)})
    figure, axis = plt.subplots(figsize=(7, 4))
    names = [name for name in PEERS if name in set(found["peer"])]
    for turn, name in enumerate(names):
        rows = found[found["peer"] == name]
        at = [sizes.index((n, m)) for n, m in zip(rows["clinicians"], rows["appointments"], strict=True)]
        axis.bar(np.array(at) + 0.18 * turn, rows["ratio"], 0.16, color=COLOURS[name], label=name)
    axis.axhline(1, color="black", linewidth=0.8)
    axis.set_xticks(range(len(sizes)), [f"{n} / {m}" for n, m in sizes])
    axis.set(ylabel="our cost / the peer's", title="Cost against each peer (under 1: ours is better)")
    _legend(figure, set(names))
    return figure
