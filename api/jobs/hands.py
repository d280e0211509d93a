"""A worker's hands: as many jobs at once as it has slots, whoever tells that one waits."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock, Semaphore, Thread

import structlog

LOG = structlog.get_logger("rota.jobs")

_STEP = 0.25
"""Seconds after which who waits looks whether there is any more to wait for."""


class Hands:
    """Calls a function that looks for jobs, at most so many times at once.

    A ticket holds on to a hand, or waits for one. A ring is heard by a free hand, or by the first that is
    free again; however many there were meanwhile, they count as one.

    Parameters
    ----------
    count
        How many.
    serve
        Takes and runs jobs until none waits; how many it were.
    draining
        Once it is set no hand begins to look.
    """

    def __init__(self, count: int, serve: Callable[[], int], draining: Event) -> None:
        self._free, self._serve, self._draining = Semaphore(count), serve, draining
        self._rung, self._busy, self._lock = Event(), 0, Lock()

    def start(self) -> None:
        """Begin to hear rings."""
        Thread(target=self._hear, name="hands", daemon=True).start()

    def busy(self) -> bool:
        """Whether any hand looks for jobs or runs one."""
        return self._busy > 0

    def ring(self) -> None:
        """Tell that a job may wait."""
        self._rung.set()

    def ticket(self) -> int:
        """Look for jobs, once a hand is free, until none waits; how many were run."""
        while not self._draining.is_set():
            if self._free.acquire(timeout=_STEP):
                return self._look()
        return 0

    def _hear(self) -> None:
        while not self._draining.is_set():
            if self._rung.wait(_STEP) and self._free.acquire(timeout=_STEP):
                self._rung.clear()
                Thread(target=self._look_alone, name="hand", daemon=True).start()

    def _look_alone(self) -> None:
        try:
            self._look()
        except Exception:
            LOG.exception("a look for jobs failed")

    def _look(self) -> int:
        with self._lock:
            self._busy += 1
        try:
            return self._serve()
        finally:
            with self._lock:
                self._busy -= 1
            self._free.release()
