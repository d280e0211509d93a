"""Several weeks searched at once, each in a process of its own, as many as there are workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from time import monotonic

from solver.search.box import Ended, Failed, Grace, Job, Running, box
from solver.search.reach import Reach, Reached

MEMORY_MB = 6000
TARGET = "solver.search.reach:reach"
GRACE = Grace(ask=5.0, kill=30.0)
"""Generous, where there is no hurry: what a linear programme proves is worth a wait."""

STOP_SECONDS = 3.0
"""How long searches that were asked to finish may take; then they are ended, with what they have told."""

LAST_PART, LAST_MOST = 0.1, 1.0
"""Part of a search's time, at most so many seconds, in which it ends what it has begun; then it is ended."""


Heard = Callable[[int, Reached], bool]
"""Whether a search, by its place, need not go on after what it has told."""


def never() -> bool:
    """Nobody asks to stop."""
    return False


@dataclass(frozen=True, slots=True)
class Hurry:
    """Until when all searches have to be over, on the clock of ``time.monotonic``.

    Each gets its part of the time that is left when it starts, and none starts with less than ``least`` s.
    """

    ends: float
    least: float = 0.0

    def share(self, waiting: int, workers: int) -> float | None:
        """Seconds for the next of those that wait; None where too few are left."""
        left = self.ends - monotonic()
        if left <= 0 or left < self.least:
            return None
        return max(left / ceil(waiting / workers), self.least)


def reached(
    asked: Sequence[Reach],
    workers: int = 2,
    should_stop: Callable[[], bool] = never,
    hurry: Hurry | None = None,
    enough: Heard = lambda _, __: False,
) -> list[Reached | None]:
    """What each search ends with, or told before it was ended, in order; None where it told nothing.

    Parameters
    ----------
    should_stop
        Asked a few times a second; once true, no search is started and those that run are asked to finish.
    hurry
        Instead of the seconds of each search; None: each has its own, and may take a while to end.
    enough
        Asked of whatever a search tells; one of which it is true is ended, with that.
    """
    team = _Team(asked, max(1, workers), hurry, enough)
    if should_stop():
        return team.found
    stopping = Stopping()
    with box([]) as running:
        for _ in range(team.workers):
            team.start_next(running)
        for said in running.events():
            if said is None:
                if should_stop():
                    team.waiting.clear()
                    stopping.go_on(running, team.at_work)
                continue
            team.hear(running, *said)
    return team.found


@dataclass
class _Team:
    """Searches that wait, those at work, and what each has told last."""

    asked: Sequence[Reach]
    workers: int
    hurry: Hurry | None
    enough: Heard
    found: list[Reached | None] = field(init=False)
    waiting: deque[int] = field(init=False)
    at_work: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.found = [None] * len(self.asked)
        self.waiting = deque(range(len(self.asked)))

    def start_next(self, running: Running) -> None:
        if not self.waiting:
            return
        work, grace = self.asked[self.waiting[0]], GRACE
        if self.hurry is not None:
            share = self.hurry.share(len(self.waiting), self.workers)
            if share is None:
                self.waiting.clear()
                return
            last = min(LAST_MOST, LAST_PART * share)
            work, grace = replace(work, seconds=share - last), Grace(ask=0.0, kill=last)
        index = self.waiting.popleft()
        running.start(index, Job(TARGET, work, work.seconds, MEMORY_MB), grace)
        self.at_work.add(index)

    def hear(self, running: Running, index: int, event: object) -> None:
        told = event.value if isinstance(event, Ended) else event
        if isinstance(told, Reached):
            self.found[index] = told
        if isinstance(event, Ended | Failed):
            self.at_work.discard(index)
            self.start_next(running)
        elif isinstance(told, Reached) and self.enough(index, told):
            running.kill(index)


class Stopping:
    """Searches that run are asked to finish, once, and ended when they do not."""

    def __init__(self) -> None:
        self._since: float | None = None

    def go_on(self, running: Running, at_work: set[int]) -> None:
        """Ask, or end those that have had their time."""
        if self._since is None:
            self._since = monotonic()
            for index in at_work:
                running.ask(index, "finish")
        elif monotonic() - self._since > STOP_SECONDS:
            for index in at_work:
                running.kill(index)
