"""What a worker asks of a solver, and the one that it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from solver.question.reading import Question
from solver.rota import Rota
from solver.solve import Progress, Solved, solve


class Solving(Protocol):
    """A solve, as `solver.solve.solve` does it.

    Tests and benchmarks give a worker another, in entry points of their own.
    """

    def __call__(
        self,
        question: Question,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], str | None],
        on_rota: Callable[[Rota], None],
        begin_with: Rota | None,
    ) -> Solved:
        """Solve a question within its effort.

        Raises
        ------
        BadRequest
            If no rota can keep the pins.
        BrokenRota
            If what was found breaks a rule.
        """


def in_child_processes(
    question: Question,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], str | None],
    on_rota: Callable[[Rota], None],
    begin_with: Rota | None,
) -> Solved:
    """Solve in processes of their own, which inherit this thread's niceness and die with this process."""
    return solve(question, on_progress, should_stop, on_rota, begin_with)
