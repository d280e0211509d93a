"""HiGHS on a part of a week: a second opinion for the search, and bounds of several clinicians at once.

Where the linear relaxation is far from whole numbers, HiGHS's heuristics find what CP-SAT does not, and the
other way round; its cuts prove more of several clinicians. It takes no starting point, and its bound is
loosened by its own tolerances.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from solver.search.linear import Indices
from solver.search.part import Found, Limits, Part

NODES = 200
"""Nodes for a unit of CP-SAT's deterministic time, where no clock may be looked at."""

SHIFT = 1000.0
"""A constant cost, so that the relative gap of a part that costs little is about absolute."""

TOLERANCE = 1e-6
"""What HiGHS takes for equal, as a part of the cost."""

_HIGHS: Callable[..., Any] = milp
"""Its published types know no options put together at run time."""


def solve_part(given: Part, limits: Limits, _start: Indices | None = None) -> Found:
    """Minimise a part; the bound is minus infinity where HiGHS proved nothing."""
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
    proved = -inf if result.mip_dual_bound is None else float(result.mip_dual_bound)
    bound = proved - SHIFT - TOLERANCE * (SHIFT + abs(proved)) if isfinite(proved) else -inf
    if result.x is None:
        return Found(None, inf, bound)
    return Found(np.rint(result.x[:count]), float(result.fun) - SHIFT, bound)
