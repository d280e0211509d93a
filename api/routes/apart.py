"""Answers that take seconds are worked out apart: few at once, in processes that can be ended, behind others.

A question about a rota is answered by plain Python that may run for seconds, and would keep everybody else
waiting meanwhile. So it runs in a process of its own, with a limit of time and of memory.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from api.problems import Refused
from api.routes.service import Service
from solver.search.box import Ended, Failed, Grace, Job, box

MEMORY_MB = 4000
"""Address space, libraries included."""

GRACE = Grace(ask=0.0, kill=0.5)
RETRY_AFTER = "5"

Answer = TypeVar("Answer")

log = structlog.get_logger("api.apart")


class Late(Exception):
    """The time is over; ``heard`` is what was said until then."""

    def __init__(self, heard: list[object]) -> None:
        super().__init__("late")
        self.heard = heard


@dataclass
class Places:
    """Who may work something out: a few at once, some more wait, and no team has all of the places.

    Parameters
    ----------
    at_once
        How many are at work.
    inside, of_a_team
        How many are at work or wait, in all and of one team; those that wait hold threads which answer
        everybody else.
    patience
        Seconds that one waits for its turn.
    """

    at_once: int
    inside: int
    of_a_team: int
    patience: float
    _held: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._turns = threading.BoundedSemaphore(self.at_once)

    @contextmanager
    def taken(self, team: str) -> Iterator[None]:
        """Wait for a turn, and have it.

        Raises
        ------
        Refused
            `rate_limited` if the team has too many here already, `unavailable` if everybody together has, or
            if no turn came in time; both with ``Retry-After``.
        """
        with self.inside_with(team):
            if not self._turns.acquire(timeout=self.patience):
                raise _full()
            try:
                yield
            finally:
                self._turns.release()

    @contextmanager
    def inside_with(self, team: str) -> Iterator[None]:
        """Be counted among those who are at work or wait."""
        with self._lock:
            if self._held[team] >= self.of_a_team:
                text = "Too many questions of the team are under way."
                raise Refused("rate_limited", text, headers={"Retry-After": RETRY_AFTER})
            if self._held.total() >= self.inside:
                raise _full()
            self._held[team] += 1
        try:
            yield
        finally:
            with self._lock:
                self._held[team] -= 1


APART = Places(at_once=2, inside=8, of_a_team=5, patience=20.0)
"""For what runs in a process of its own."""

NEAR = Places(at_once=1, inside=16, of_a_team=12, patience=20.0)
"""For what takes a fraction of a second in this one."""


def apart(service: Service, target: str, payload: object, seconds: float) -> object:
    """What a function says in a process of its own, which is killed when its time is over.

    Parameters
    ----------
    target
        ``"package.module:function"``, of a module that can be imported there quickly.
    payload
        What it is given; plain data.
    seconds
        What it may take.

    Raises
    ------
    Late
        If it took longer.
    Refused
        `unavailable` if its process died, or took too much memory, or the service is being stopped.
    """
    heard: list[object] = []
    with box([Job(target, payload, seconds, MEMORY_MB)], GRACE) as running:
        for said in running.events():
            if said is None:
                if service.draining.is_set():
                    raise Refused("unavailable", "The service is being stopped.", headers=_again())
            elif isinstance(said[1], Ended):
                return said[1].value
            elif isinstance(said[1], Failed):
                raise _failure(said[1], heard)
            else:
                heard.append(said[1])
    raise AssertionError("a box's last word is an end")


def too_long() -> Refused:
    """What is said where there is nothing to tell when the time is over."""
    return Refused("unavailable", "It takes too long to work out just now.", headers={"Retry-After": "30"})


@dataclass
class Kept:
    """The last few answers about rotas, which do not change; in the memory of one process."""

    most: int
    _answers: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, make: Callable[[], Answer], kind: type[Answer]) -> Answer:
        """The answer of this name, made if it is not there; whatever ``make`` raises is not kept."""
        with self._lock:
            found = self._answers.get(key)
            if isinstance(found, kind):
                self._answers.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._answers[key] = made
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)
        return made


KEPT = Kept(24)


def _failure(failed: Failed, heard: list[object]) -> Exception:
    if failed.kind == "late":
        return Late(heard)
    log.error("a question failed apart", kind=failed.kind, detail=failed.detail)
    if failed.kind == "error":
        return RuntimeError(failed.kind)
    return Refused("unavailable", "It could not be worked out.", headers={"Retry-After": "30"})


def _full() -> Refused:
    return Refused("unavailable", "Too many questions are being worked out.", headers=_again())


def _again() -> dict[str, str]:
    return {"Retry-After": RETRY_AFTER}
