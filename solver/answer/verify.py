"""The last look at a rota before it is given out: the checker's, and the cost counted again."""

from __future__ import annotations

from solver import rules
from solver.check import breaches
from solver.question.reading import Question
from solver.solve import Solved

COST = "cost"
BOUND = "bound"

_ROUNDING = 1e-9


def objections(question: Question, solved: Solved) -> tuple[str, ...]:
    """Names of what forbids giving out a rota, each once; empty for one that may be.

    They are the rules that it breaks, `cost` where the finished rota costs something else than the solver
    said, and `bound` where it costs less than is proven possible. A solve without a rota has none.
    """
    if solved.rota is None:
        return ()
    found = [breach.rule for breach in breaches(question.clinic, solved.rota)]
    cost = rules.cost(question.clinic, solved.rota)
    if cost != solved.cost:
        found.append(COST)
    if solved.bound is not None and solved.bound > float(cost) + _ROUNDING * max(1.0, float(cost)):
        found.append(BOUND)
    return tuple(dict.fromkeys(found))
