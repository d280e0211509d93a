"""The product's own search, as `rota solve` runs it: two processes, the clock kept by the parent."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.peers.peer import Tell
from solver.question.reading import Question
from solver.question.request import Effort
from solver.solve import Progress, solve

NAME = "ours"
SAYS = "solver.solve.solve with two workers, stopping at a proven gap of 0.1 %."
PROVES = True
CLOCKED = True


def book(question: Question, seconds: float, tell: Tell) -> None:
    """Every better rota and bound of one solve."""
    run(replace(question, effort=Effort(seconds=seconds, workers=2, seed=0, gap=0.001)), tell)


def run(question: Question, tell: Tell) -> None:
    """One solve with the question's own effort."""

    def hear(progress: Progress) -> None:
        if progress.bound is not None:
            tell(bound=progress.bound)

    solved = solve(question, hear, on_rota=lambda rota: tell(rota=rota))
    tell(rota=solved.rota, bound=solved.bound)
