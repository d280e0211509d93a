"""A solve behind everybody else in the queue for the processors."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from api.jobs.solving import Solving
from solver.question.reading import Question
from solver.rota import Rota
from solver.solve import Progress, Solved


def nicely(niceness: int, solving: Solving) -> Solving:
    """A solve in a thread that yields to others, and so do the processes that it starts.

    On Linux niceness belongs to a thread and is inherited by what the thread starts. So the worker itself
    stays quick: it shows life and stores rotas while its solvers wait for the processors.
    """

    def nice(
        question: Question,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], str | None],
        on_rota: Callable[[Rota], None],
        begin_with: Rota | None,
    ) -> Solved:
        with ThreadPoolExecutor(1, "solve", os.nice, (niceness,)) as thread:
            return thread.submit(solving, question, on_progress, should_stop, on_rota, begin_with).result()

    return nice
