"""A worker whose solves are simulated: the clerk's rota at once, then nothing for so many seconds.

An entry point of its own, so that no setting of the service can make it answer with this:
``python -m benchmarks.service.simulated --seconds 5``, and the store in ``ROTA_DATABASE_URL``.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from time import monotonic, sleep

from api.jobs.settings import Pace, Worker
from api.jobs.solving import Solving
from api.jobs.worker import DATABASE, parent_lives, work
from solver.question.reading import Question
from solver.rota import Rota
from solver.rules import cost
from solver.search.clerk import clerk
from solver.solve import Progress, Solved

_STEP = 0.01


def of_seconds(seconds: float) -> Solving:
    """A solve that takes so many seconds, or until it is told to stop."""

    def simulated(
        question: Question,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], str | None],
        on_rota: Callable[[Rota], None],
        begin_with: Rota | None,
    ) -> Solved:
        began = monotonic()
        rota = begin_with or clerk(question.clinic)
        price = cost(question.clinic, rota)
        on_rota(rota)
        on_progress(Progress(monotonic() - began, float(price), None))
        answer = clerk(question.clinic)
        stop = None
        while stop is None and (left := seconds - (monotonic() - began)) > 0:
            sleep(min(_STEP, left))
            stop = should_stop()
        reasons = {None: "time_limit", "cancel": "cancelled", "finish": "finished_early"}
        return Solved("feasible", reasons[stop], answer, price, None, None)

    return simulated


def main() -> None:
    """Work as a child of a benchmark."""
    parser = argparse.ArgumentParser(prog="simulated")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--beat", type=float, default=Pace().beat)
    parser.add_argument("--dead-after", type=float, default=Pace().dead_after)
    parser.add_argument("--drain-seconds", type=float, default=Worker().drain_seconds)
    parser.add_argument("--ticket", type=float, default=Pace().ticket)
    told = parser.parse_args()
    pace = Pace(beat=told.beat, dead_after=told.dead_after, ticket=told.ticket)
    settings = Worker(slots=told.slots, drain_seconds=told.drain_seconds, pace=pace)
    work(os.environ[DATABASE], settings, of_seconds(told.seconds), parent_lives)


if __name__ == "__main__":
    main()
