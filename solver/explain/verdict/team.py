"""Several weeks searched at once, each in a process of its own, as many as there are workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from solver.search.box import Ended, Failed, Grace, Job, Running, box
from solver.search.reach import Reach, Reached

MEMORY_MB = 6000
TARGET = "solver.search.reach:reach"
GRACE = Grace(ask=5.0, kill=30.0)
"""Generous: a linear programme ends when it ends, and what it proves is worth a wait."""


def never() -> bool:
    """Nobody asks to stop."""
    return False


def reached(
    asked: Sequence[Reach], workers: int = 2, should_stop: Callable[[], bool] = never
) -> list[Reached | None]:
    """What each search ends with, in order; None where its process failed or was not started.

    Parameters
    ----------
    should_stop
        Asked a few times a second; once true, no search is started and those that run are asked to finish.
    """
    found: list[Reached | None] = [None] * len(asked)
    waiting, at_work = deque(range(len(asked))), set[int]()
    with box([]) as running:
        for _ in range(max(1, workers)):
            _start_next(running, waiting, at_work, asked)
        for said in running.events():
            if said is None:
                if should_stop():
                    waiting.clear()
                    _finish(running, at_work)
                continue
            index, event = said
            if isinstance(event, Ended) and isinstance(event.value, Reached):
                found[index] = event.value
            if isinstance(event, Ended | Failed):
                at_work.discard(index)
                _start_next(running, waiting, at_work, asked)
    return found


def _start_next(running: Running, waiting: deque[int], at_work: set[int], asked: Sequence[Reach]) -> None:
    if waiting:
        index = waiting.popleft()
        running.start(index, Job(TARGET, asked[index], asked[index].seconds, MEMORY_MB), GRACE)
        at_work.add(index)


def _finish(running: Running, at_work: set[int]) -> None:
    for index in at_work:
        running.ask(index, "finish")
