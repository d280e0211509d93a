"""The verdict's findings in the rota's document."""

from __future__ import annotations

from dataclasses import asdict, replace

from solver.answer.document import described
from solver.answer.shape import Lever, RotaDocument
from solver.explain.verdict.find import Findings
from solver.question.reading import Question
from solver.solve import Solved


def described_with(question: Question, solved: Solved, found: Findings) -> RotaDocument:
    """The rota of a solve, with what was found out about its week: attainable minutes, rules, levers."""
    return described(question, _with(solved, found), found.binding, shaped(found), found.not_binding)


def shaped(found: Findings) -> tuple[Lever, ...]:
    """The levers as they are given out."""
    return tuple(Lever(**asdict(lever)) for lever in found.levers)


def _with(solved: Solved, found: Findings) -> Solved:
    """The better of the solve's figures and the findings'."""
    best = [m for m in (solved.attainable_minutes, found.attainable_minutes) if m is not None]
    bounds = [m for m in (solved.attainable_bound_minutes, found.attainable_bound_minutes) if m is not None]
    return replace(
        solved,
        attainable_minutes=max(best, default=None),
        attainable_bound_minutes=min(bounds, default=None),
    )
