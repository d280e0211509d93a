"""Solves that end as a test says: the solver's answer by hand, for all that comes after it."""

# ruff: noqa: ANN401 (a builder takes whatever the thing it builds takes)
from __future__ import annotations

from pathlib import Path
from typing import Any

from solver import rules
from solver.question.clinic import Clinic
from solver.question.reading import Question, read_request
from solver.question.request import Effort, Request, Week
from solver.rota import Rota
from solver.solve import Solved
from tests.test_tiny import laid_out

TINY = Path(__file__).parents[1] / "fixtures" / "tiny.json"


def tiny() -> Question:
    """The smallest week (fixtures/tiny.md)."""
    return read_request(TINY.read_bytes())


def best_of_tiny(clinic: Clinic) -> Rota:
    """Its best rota, at a cost of 144: a2 and a5 with c1, a4 with c2."""
    return laid_out(clinic, (None, 0, None, 1, 0))


def a_question(clinic: Clinic, **effort: Any) -> Question:
    """A question whose plain form is the clinic."""
    asked = Request(week=Week(start="2026-11-30", timezone=clinic.timezone))
    return Question(asked, clinic, Effort(**effort), "0" * 64)


def solved(clinic: Clinic, rota: Rota, **changes: Any) -> Solved:
    """A solve that ended with the rota, at its cost, proven best."""
    cost = rules.cost(clinic, rota)
    plain: dict[str, Any] = {
        "outcome": "optimal",
        "stop_reason": "gap_reached",
        "rota": rota,
        "cost": cost,
        "bound": float(cost),
        "gap": 0.0,
    }
    return Solved(**(plain | changes))


def no_rota() -> Solved:
    """A solve that failed."""
    return Solved("none", "solver_failed", None, None, None, None)
