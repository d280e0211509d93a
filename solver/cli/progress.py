"""How a solve is going, on standard error: one line that changes on a terminal, else a line a change."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status

from solver.cli import words
from solver.solve import Progress

_PAUSE = 1.0
"""Least seconds between two lines where each stays."""


class Report:
    """Shows progress while it is entered."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._shown = self._latest = Progress(float("-inf"), None, None)

    def __enter__(self) -> Self:
        """Start the line that changes, on a terminal."""
        if self._console.is_terminal:
            self._status = self._console.status("starting")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away; or say the last that was not said."""
        if self._status is not None:
            self._status.stop()
        elif _differ(self._latest, self._shown):
            self.say(line(self._latest))

    def __call__(self, progress: Progress) -> None:
        """Show where the solve stands."""
        self._latest = progress
        if self._status is not None:
            self._status.update(line(progress))
        elif _differ(progress, self._shown) and progress.seconds >= self._shown.seconds + _PAUSE:
            self._shown = progress
            self.say(line(progress))

    def say(self, text: str) -> None:
        """A line that stays."""
        self._console.print(text, soft_wrap=True)


def _differ(one: Progress, other: Progress) -> bool:
    return (one.cost, one.bound) != (other.cost, other.bound)


def line(progress: Progress) -> str:
    """Incumbent, bound, gap and elapsed seconds: ``best 1234.5, bound 1233.9, gap <0.1 %, 12 s``."""
    best, bound = words.number(progress.cost), words.number(progress.bound)
    return f"best {best}, bound {bound}, {words.gap(progress.gap)}, {progress.seconds:.0f} s"
