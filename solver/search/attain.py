"""How much of the target any rota could reach: the verdict's two figures.

The sum over clinicians of min(expected delivered, target), in minutes: what a rota reaches, and a
bound on what any rota can, from the linear relaxation of the week's model with the shortfall as
its only cost.
"""

from __future__ import annotations

from fractions import Fraction

from solver.diaries import expected_minutes
from solver.model.programme import Programme
from solver.model.week import WeekModel
from solver.question.clinic import FULL, Clinic
from solver.rota import Rota
from solver.search.linear import arrays
from solver.search.relaxed import CLOSE, relaxed_week

MEASURES = frozenset({"below_target", "above_target", "uneven"})
"""Terms whose rows only measure a rota: their variables follow, whatever it is."""


def attained(clinic: Clinic, rota: Rota) -> float:
    """Minutes of target that a rota is expected to reach."""
    expected = expected_minutes(clinic, rota)
    reached = (min(expected[c.index], Fraction(c.target)) for c in clinic.clinicians)
    return float(sum(reached, Fraction(0)))


def attainable(week: WeekModel, seconds: float) -> float:
    """A proven upper bound on the minutes of target that any rota can reach, from a week's rows."""
    clinic, of_week = week.clinic, week.programme
    rows = [
        row
        for place, row in enumerate(of_week.rows)
        if row.rule not in MEASURES and place not in of_week.implied
    ]
    programme = Programme(list(of_week.lower), list(of_week.upper), [Fraction(0)] * len(of_week.cost), rows)
    target = sum(c.target for c in clinic.clinicians)
    for clinician in clinic.clinicians:
        goal = FULL * clinician.target
        short = programme.variable(upper=goal, cost=Fraction(1, FULL))
        programme.row("below_target", [*week.expected(clinician.index), (1, short)], lower=goal)
    columns = {column.variable: column for column in week.columns}
    relaxed = relaxed_week(arrays(programme), columns, seconds, near=CLOSE * target)
    return float(target) if relaxed is None else min(float(target), target - relaxed.bound)
