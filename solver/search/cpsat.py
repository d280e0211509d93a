"""CP-SAT, behind the one place that reads its values.

After INFEASIBLE or UNKNOWN, CP-SAT hands out raw memory without a word, so nothing else in the
project asks it for a value. Variables that are held at a value never reach it: a neighbourhood of
a large week is a small model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor, inf

import numpy as np
from ortools.sat.python import cp_model

from solver.model.programme import FREE, Programme, Row
from solver.search.linear import Indices, Vector
from solver.search.part import Found, Limits, Part

COST_RANGE = 1 << 48
"""Scaled costs add up to less than this, far under the 2**53 where floats lose whole numbers."""

EXACT = 630_000_000
"""At this scale every cost is whole but `uneven`: urgency is in 1/126, a late day in 1/5, both weights
and expected minutes in 1/1000."""


NEAR = 1e-6
"""Floats this near a whole number stand for it."""

HALVINGS = 50
"""Conflicts that may be spent on the lower half of what a cost can still be.

Without it a wide variable that only the cost decides (`uneven`) is lowered by one a solution, for ever.
"""

FOR_EVER = 1e9
"""Seconds, where work alone ends a search."""


@dataclass(frozen=True)
class Tries:
    """How hard one call may try; ``work`` is CP-SAT's deterministic time, the same on any machine."""

    seconds: float = 10.0
    work: float | None = None
    workers: int = 1
    seed: int = 0
    gap: float = 0.0
    linearization: int = 1
    presolve: bool = True


@dataclass(frozen=True)
class Answer:
    """What CP-SAT found: values None without a point; ``bound`` None where it proved nothing."""

    values: tuple[int, ...] | None
    bound: float | None
    infeasible: bool
    work: float


class Wrong(Exception):
    """CP-SAT refused the model: a defect of ours, never an answer."""


def solve(
    programme: Programme,
    cuts: Sequence[Row] = (),
    tries: Tries | None = None,
    held: Mapping[int, int] | None = None,
    hint: Sequence[int] | None = None,
) -> Answer:
    """Minimise a programme.

    Parameters
    ----------
    held
        Variables held at a value, left out of the model.
    hint
        A point to start from, a value for each variable.

    Returns
    -------
    Answer
        Its bound holds for the exact cost: each cost is rounded down where it multiplies a
        variable that is never negative.

    Raises
    ------
    Wrong
        If CP-SAT calls the model invalid.
    """
    tries, held = tries or Tries(), held or {}
    model = cp_model.CpModel()
    variables = _variables(programme, held, model)
    for row in (*programme.rows, *cuts):
        if not _add(row, variables, held, model):
            return Answer(None, None, True, 0.0)
    scale, offset = _objective(programme, variables, held, model)
    if hint is not None:
        _suggest(hint, variables, model)
    search = cp_model.CpSolver()
    _set(search.parameters, tries)
    status = search.solve(model)
    work = search.deterministic_time
    if status == cp_model.MODEL_INVALID:
        raise Wrong(model.validate())
    if status == cp_model.INFEASIBLE:
        return Answer(None, None, True, work)
    bound = search.best_objective_bound / scale + float(offset)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, bound, False, work)
    values = [held.get(number, 0) for number in range(len(programme.lower))]
    for number, variable in variables.items():
        values[number] = search.value(variable)
    return Answer(tuple(values), bound, False, work)


def solve_part(given: Part, limits: Limits, start: Indices | None = None) -> Found:
    """Minimise a part, with its linear relaxation at every node.

    Parameters
    ----------
    start
        A point to start from; it need keep no row.

    Returns
    -------
    Found
        ``bound`` holds for the exact cost. It is minus infinity where no point was found: CP-SAT says 0
        where it was stopped before it knew any bound.

    Raises
    ------
    Wrong
        If CP-SAT calls the model invalid.
    """
    model = cp_model.CpModel()
    bounds = zip(given.lower.astype(int).tolist(), given.upper.astype(int).tolist(), strict=True)
    variables = [model.new_int_var(lower, upper, "") for lower, upper in bounds]
    _add_rows(given, variables, model)
    scale, astray = _minimise(given, variables, model)
    for variable, value in zip(variables, [] if start is None else start.tolist(), strict=False):
        model.add_hint(variable, value)
    search = cp_model.CpSolver()
    seconds = FOR_EVER if limits.seconds is None else limits.seconds
    _set(search.parameters, Tries(seconds, limits.work, seed=limits.seed, linearization=2))
    search.parameters.absolute_gap_limit = limits.gap * scale
    search.parameters.binary_search_num_conflicts = HALVINGS
    if not limits.proving:
        search.parameters.cp_model_presolve = False
        search.parameters.cut_level = 0
    status = search.solve(model)
    if status == cp_model.MODEL_INVALID:
        raise Wrong(model.validate())
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, inf, -inf)
    bound = search.best_objective_bound / scale - astray
    values = np.array([search.value(variable) for variable in variables], float)
    return Found(values, float(given.cost @ values), bound)


def _add_rows(given: Part, variables: Sequence[cp_model.IntVar], model: cp_model.CpModel) -> None:
    """Post a part's rows; all their coefficients are whole."""
    matrix, ends = given.matrix, given.matrix.indptr.tolist()
    places, coefficients = matrix.indices.tolist(), np.rint(matrix.data).astype(int).tolist()
    least, most = _whole(np.ceil(given.least - NEAR)), _whole(np.floor(given.most + NEAR))
    for row, (first, last) in enumerate(pairwise(ends)):
        held = [variables[place] for place in places[first:last]]
        terms = cp_model.LinearExpr.weighted_sum(held, coefficients[first:last])
        model.add_linear_constraint(terms, least[row], most[row])


def _whole(limits: Vector) -> list[int]:
    """Whole limits of rows, with no limit as CP-SAT says it."""
    inside = np.clip(limits, -float(FREE), float(FREE)).astype(int).tolist()
    return [
        cp_model.INT_MIN if value <= -FREE else cp_model.INT_MAX if value >= FREE else value
        for value in inside
    ]


def _minimise(
    given: Part, variables: Sequence[cp_model.IntVar], model: cp_model.CpModel
) -> tuple[float, float]:
    """Post a part's cost, rounded down; its scale, and what rounding can put on top of the true cost."""
    worst = float(np.abs(given.cost) @ np.maximum(1.0, np.maximum(np.abs(given.lower), np.abs(given.upper))))
    scale = min(float(EXACT), COST_RANGE / max(1.0, worst))
    weights = np.floor(given.cost * scale + NEAR)
    model.minimize(cp_model.LinearExpr.weighted_sum(variables, weights.astype(int).tolist()))
    over = np.maximum(0.0, weights - given.cost * scale) @ np.maximum(0.0, given.upper)
    under = np.maximum(0.0, given.cost * scale - weights) @ np.maximum(0.0, -given.lower)
    return scale, float(over + under) / scale + 1e-12 * worst


def _suggest(hint: Sequence[int], variables: Mapping[int, cp_model.IntVar], model: cp_model.CpModel) -> None:
    for number, variable in variables.items():
        model.add_hint(variable, hint[number])


def _variables(
    programme: Programme, held: Mapping[int, int], model: cp_model.CpModel
) -> dict[int, cp_model.IntVar]:
    bounds = zip(programme.lower, programme.upper, strict=True)
    return {
        number: model.new_int_var(lower, upper, "")
        for number, (lower, upper) in enumerate(bounds)
        if number not in held
    }


def _add(
    row: Row, variables: Mapping[int, cp_model.IntVar], held: Mapping[int, int], model: cp_model.CpModel
) -> bool:
    """Post a row over the variables that are not held; False where it cannot be kept."""
    left, coefficients, known = [], [], 0
    for coefficient, number in zip(row.coefficients, row.variables, strict=True):
        variable = variables.get(number)
        if variable is None:
            known += coefficient * held[number]
        else:
            left.append(variable)
            coefficients.append(coefficient)
    lower = row.lower - known if row.lower > -FREE else cp_model.INT_MIN
    upper = row.upper - known if row.upper < FREE else cp_model.INT_MAX
    if not left:
        return lower <= 0 <= upper
    expression = cp_model.LinearExpr.weighted_sum(left, coefficients)
    model.add_linear_constraint(expression, lower, upper)
    return True


def _objective(
    programme: Programme,
    variables: Mapping[int, cp_model.IntVar],
    held: Mapping[int, int],
    model: cp_model.CpModel,
) -> tuple[int, Fraction]:
    """Post the scaled cost; the scale, and the cost of what is held."""
    costs = [
        (variables[n], c, programme.upper[n]) for n, c in enumerate(programme.cost) if c and n in variables
    ]
    worst = sum(abs(c) * max(1, upper) for _, c, upper in costs)
    scale = EXACT
    while scale > 1 and worst * scale >= COST_RANGE:
        scale //= 10
    weights = [floor(c * scale) for _, c, _ in costs]
    model.minimize(cp_model.LinearExpr.weighted_sum([v for v, _, _ in costs], weights))
    held_cost = sum(
        (programme.cost[n] * value for n, value in held.items() if programme.cost[n]), Fraction(0)
    )
    return scale, programme.constant + held_cost


def _set(parameters: object, tries: Tries) -> None:
    settings: dict[str, object] = {
        "max_time_in_seconds": tries.seconds,
        "num_workers": tries.workers,
        "random_seed": tries.seed,
        "relative_gap_limit": tries.gap,
        "linearization_level": tries.linearization,
        "cp_model_presolve": tries.presolve,
        "catch_sigint_signal": False,
    }
    if tries.work is not None:
        settings["max_deterministic_time"] = tries.work
    for name, value in settings.items():
        setattr(parameters, name, value)
