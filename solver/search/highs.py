"""HiGHS on a part of a week: a second opinion for the search, and bounds of several clinicians at once.

Where the linear relaxation is far from whole numbers, HiGHS's heuristics find what CP-SAT does not, and the
other way round; its cuts prove more of several clinicians. A good point to start from lets it leave out what
costs too much to be in any better one, and so prove sooner. Its bound is loosened by its own tolerances.
"""

from __future__ import annotations

from math import inf, isfinite

import highspy
import numpy as np
from scipy.sparse import csc_array

from solver.search.linear import Indices, Quiet, loaded
from solver.search.part import Found, Limits, Part

NODES = 200
"""Nodes for a unit of CP-SAT's deterministic time, where no clock may be looked at."""

TOLERANCE = 1e-6
"""What HiGHS takes for equal, as a part of the cost."""

HEURISTICS = ("feasibility_jump", "rens", "rins", "root_reduced_cost")
"""What only takes time where a bound is wanted and a good point is known."""

SMALLEST = 1000.0
"""The cost that this is a part of at least."""


def solve_part(given: Part, limits: Limits, start: Indices | None = None) -> Found:
    """Minimise a part; the bound is minus infinity where HiGHS proved nothing.

    Parameters
    ----------
    start
        A point to start from; it is passed over where it breaks a row.
    """
    search = Quiet()
    search.choose("mip_rel_gap", 0.0)
    search.choose("mip_abs_gap", max(TOLERANCE, limits.gap))
    if limits.proving and start is not None:
        for heuristic in HEURISTICS:
            search.choose(f"mip_heuristic_run_{heuristic}", False)
    if limits.seconds is not None:
        search.choose("time_limit", limits.seconds)
    if limits.work is not None:
        search.choose("mip_max_nodes", max(1, round(NODES * limits.work)))
    search.passModel(_whole(given))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.astype(float)
        search.setSolution(known)
    search.run()
    return _found(search)


def _whole(given: Part) -> highspy.HighsLp:
    """A part as HiGHS takes it, every variable whole."""
    matrix = csc_array(given.matrix)
    model = loaded(given.cost, (given.lower, given.upper), matrix, (given.least, given.most))
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(given.variables)
    return model


def _found(search: Quiet) -> Found:
    info = search.getInfo()
    proved = float(info.mip_dual_bound)
    bound = proved - TOLERANCE * (SMALLEST + abs(proved)) if isfinite(proved) else -inf
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Found(None, inf, bound)
    values = np.rint(np.array(search.getSolution().col_value))
    return Found(values, float(info.objective_function_value), bound)
