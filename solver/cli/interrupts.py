"""Ctrl-C while a solve runs: the first asks it to finish with the best rota, the second aborts."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self


class Interrupts:
    """Takes Ctrl-C while it is entered.

    Parameters
    ----------
    announce
        Called once, after the first, when the solve asks.
    """

    def __init__(self, announce: Callable[[], None]) -> None:
        self._announce = announce
        self._asked = self._announced = False
        self._before: Any = None

    def __enter__(self) -> Self:
        """Take it."""
        self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give it back."""
        signal.signal(signal.SIGINT, self._before)

    def should_stop(self) -> str | None:
        """``finish`` after the first Ctrl-C, for `solver.solve.solve`."""
        if not self._asked:
            return None
        if not self._announced:
            self._announced = True
            self._announce()
        return "finish"

    def _interrupted(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 (a signal handler)
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
