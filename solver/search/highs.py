"""HiGHS on a part of a week: a second opinion where CP-SAT found nothing better.

Where the linear relaxation is far from whole numbers, HiGHS's heuristics find what CP-SAT does not, and the
other way round. It takes no starting point, and nothing here rests on its bound.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from solver.search.part import Found, Indices, Limits, Part

NODES = 200
"""Nodes for a unit of CP-SAT's deterministic time, where no clock may be looked at."""

SHIFT = 1000.0
"""A constant cost, so that the relative gap of a part that costs little is about absolute."""

_HIGHS: Callable[..., Any] = milp
"""Its published types know no options put together at run time."""


def solve_part(given: Part, limits: Limits, _start: Indices | None = None) -> Found:
    """Minimise a part; the bound is minus infinity, whatever HiGHS proved."""
    count = len(given.variables)
    options: dict[str, float | int] = {"mip_rel_gap": max(1e-9, limits.gap / SHIFT)}
    if limits.seconds is not None:
        options["time_limit"] = limits.seconds
    if limits.work is not None:
        options["node_limit"] = max(1, round(NODES * limits.work))
    parts = (given.matrix.data, given.matrix.indices, given.matrix.indptr)
    result = _HIGHS(
        np.append(given.cost, SHIFT),
        integrality=np.ones(count + 1, int),
        bounds=Bounds(np.append(given.lower, 1.0), np.append(given.upper, 1.0)),
        constraints=LinearConstraint(
            csr_array(parts, shape=(given.matrix.shape[0], count + 1)), given.least, given.most
        ),
        options=options,
    )
    if result.x is None:
        return Found(None, inf, -inf)
    return Found(np.rint(result.x[:count]), float(result.fun) - SHIFT, -inf)
