"""CP-SAT, behind the one place that reads its values.

After INFEASIBLE or UNKNOWN, CP-SAT hands out raw memory without a word, so nothing else in the
project asks it for a value. Variables that are held at a value never reach it: a neighbourhood of
a large week is a small model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from ortools.sat.python import cp_model

from solver.model.programme import FREE, Programme, Row

COST_RANGE = 1 << 48
"""Scaled costs add up to less than this, far under the 2**53 where floats lose whole numbers."""

EXACT = 630_000_000
"""At this scale every cost is whole but `uneven`: urgency is in 1/126, a late day in 1/5, both weights
and expected minutes in 1/1000."""


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
