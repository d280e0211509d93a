"""Memory of a process and everything that it started, watched while something runs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Self

import psutil

MEGABYTE = 1_000_000


@dataclass
class MemoryWatch:
    """A context in which resident memory is sampled; pages that processes share count in each of them.

    ``tree`` is the largest sum over all processes at one moment, ``largest`` each child's own largest, both
    in bytes. ``held_up`` is the longest time in seconds by which a sample came too late: much of it means
    that this process was stopped meanwhile, and what was measured is void.
    """

    every: float = 0.1
    """Seconds between samples."""
    pid: int | None = None
    """Whose tree; None for this process."""
    tree: int = 0
    largest: dict[int, int] = field(default_factory=dict)
    held_up: float = 0.0
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def tree_mb(self) -> int:
        """The whole tree's largest, in megabytes."""
        return round(self.tree / MEGABYTE)

    @property
    def children_mb(self) -> list[int]:
        """Each child's largest, in megabytes, largest first."""
        return sorted((round(size / MEGABYTE) for size in self.largest.values()), reverse=True)

    def _watch(self) -> None:
        root = psutil.Process(self.pid)
        due = monotonic()
        while True:
            self.held_up = max(self.held_up, monotonic() - due)
            with suppress(psutil.NoSuchProcess):
                self._sample(root)
            due = monotonic() + self.every
            if self._stop.wait(self.every):
                self.held_up = max(self.held_up, monotonic() - due)
                return

    def _sample(self, root: psutil.Process) -> None:
        total = root.memory_info().rss
        for child in root.children(recursive=True):
            try:
                size = child.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self.largest[child.pid] = max(size, self.largest.get(child.pid, 0))
            total += size
        self.tree = max(self.tree, total)
