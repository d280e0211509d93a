"""Figures from measured races: times to a gap, final gaps, ratios, growth.

The gap of a rota here is ``(cost - best bound) / max(1, cost)`` with the best bound that any peer has proven
for that instance, so that peers without a bound of their own are measured by the same stick. A *proven*
gap takes the peer's own bound at the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log

import numpy as np
import pandas as pd

from benchmarks.cells import Cell

GAPS = (0.05, 0.01, 0.001)

GROWING = ("first", "to_5", "to_1", "seconds", "memory_mb")
"""Figures of which the growth with appointments is fitted."""


def gap(cost: float | None, bound: float | None) -> float | None:
    """``(cost - bound) / max(1, cost)``, None without both."""
    if cost is None or bound is None:
        return None
    return max(0.0, cost - bound) / max(1.0, cost)


def best_bounds(cells: Iterable[Cell]) -> dict[tuple[int, int, str, int], float]:
    """The best bound proven for each instance."""
    found: dict[tuple[int, int, str, int], float] = {}
    for cell in cells:
        if cell.bound is not None:
            known = found.get(cell.key.instance, cell.bound)
            found[cell.key.instance] = max(known, cell.bound)
    return found


def reached(cell: Cell, within: float, bound: float | None = None) -> float | None:
    """Seconds until the gap was at most ``within``; against ``bound``, or the peer's own if None."""
    for seconds, cost, own in cell.points:
        held = gap(cost, own if bound is None else bound)
        if held is not None and held <= within:
            return seconds
    return None


def first(cell: Cell) -> float | None:
    """Seconds until the first rota that keeps every rule."""
    return next((seconds for seconds, cost, _ in cell.points if cost is not None), None)


def frame(cells: Sequence[Cell]) -> pd.DataFrame:
    """A row a race; a missing figure is NaN."""
    bounds = best_bounds(cells)
    rows = [_row(cell, bounds.get(cell.key.instance)) for cell in cells]
    numbers = [
        "first",
        "to_5",
        "to_1",
        "to_0_1",
        "proven_1",
        "gap",
        "own_gap",
        "cost",
        "seconds",
        "memory_mb",
    ]
    made = pd.DataFrame(rows)
    made[numbers] = made[numbers].astype(float)
    return made


def _row(cell: Cell, bound: float | None) -> dict[str, object]:
    key = cell.key
    to_5, to_1, to_0_1 = (reached(cell, within, bound) if bound is not None else None for within in GAPS)
    return {
        "clinicians": key.clinicians,
        "appointments": key.appointments,
        "flavour": key.flavour,
        "seed": key.seed,
        "peer": key.peer,
        "limit": key.limit,
        "first": first(cell),
        "to_5": to_5,
        "to_1": to_1,
        "to_0_1": to_0_1,
        "proven_1": reached(cell, 0.01),
        "gap": gap(cell.cost, bound),
        "own_gap": gap(cell.cost, cell.bound),
        "cost": cell.cost,
        "seconds": cell.seconds,
        "memory_mb": cell.memory_mb,
    }


def medians(made: pd.DataFrame) -> pd.DataFrame:
    """By size and peer: how many races, in how many there was a rota, and medians.

    A figure that was not reached counts as infinite, so a median is only there where most races reached it.
    """
    numbers = ["first", "to_5", "to_1", "to_0_1", "gap", "own_gap", "seconds", "memory_mb"]
    by = ["clinicians", "appointments", "peer"]
    grouped = made.assign(**{n: made[n].fillna(np.inf) for n in numbers}).groupby(by, sort=False)
    table = grouped[numbers].median().replace(np.inf, np.nan)
    table.insert(0, "races", grouped.size())
    table.insert(1, "rotas", made.groupby(by, sort=False)["cost"].count())
    return table.reset_index()


def ratios(made: pd.DataFrame, of: str = "ours") -> pd.DataFrame:
    """By size and peer: the geometric mean of our cost / the peer's, over instances where both have one."""
    instance = ["clinicians", "appointments", "flavour", "seed", "limit"]
    ours = made[made["peer"] == of][[*instance, "cost"]].rename(columns={"cost": "ours"})
    both = made[made["peer"] != of].merge(ours, on=instance).dropna(subset=["cost", "ours"])
    both = both[(both["cost"] > 0) & (both["ours"] > 0)]
    found = [
        {
            "clinicians": n,
            "appointments": m,
            "peer": name,
            "instances": len(rows),
            "ratio": exp(
                sum(log(a / b) for a, b in zip(rows["ours"], rows["cost"], strict=True)) / len(rows)
            ),
        }
        for (n, m, name), rows in both.groupby(["clinicians", "appointments", "peer"], sort=False)
    ]
    return pd.DataFrame(found, columns=["clinicians", "appointments", "peer", "instances", "ratio"])


def exponent(sizes: Sequence[float], amounts: Sequence[float]) -> float | None:
    """The least-squares slope of log amount on log size; None with fewer than two sizes."""
    if len(set(sizes)) < 2:
        return None
    return float(np.polyfit(np.log(sizes), np.log(amounts), 1)[0])


def growth(made: pd.DataFrame, of: str = "ours") -> dict[str, tuple[float | None, int, int]]:
    """By figure: its exponent in appointments, races that have the figure, and races."""
    mine = made[made["peer"] == of]
    found = {}
    for name in GROWING:
        known = mine[mine[name] > 0]
        slope = exponent(known["appointments"].to_list(), known[name].to_list())
        found[name] = (slope, len(known), len(mine))
    return found
