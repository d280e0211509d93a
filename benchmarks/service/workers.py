"""Processes of a benchmark, each alive for as long as whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from api.jobs.worker import DATABASE

SIMULATED = (sys.executable, "-m", "benchmarks.service.simulated")
REAL = (sys.executable, "-m", "api.jobs.worker")


class Worker:
    """A worker on a database; what it says on standard error goes to a file."""

    def __init__(self, url: str, command: Sequence[str], log: Path | None = None) -> None:
        self._said = log.open("ab") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stderr=self._said, env={**os.environ, DATABASE: url}
        )

    def kill(self) -> None:
        """Kill it, and wait until it is gone."""
        self.process.kill()
        self.close()

    def drain(self) -> int:
        """Ask it to leave; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def close(self) -> None:
        """Let go of it."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        if not isinstance(self._said, int):
            self._said.close()


@contextmanager
def workers(url: str, count: int, command: Sequence[str], log: Path | None = None) -> Iterator[list[Worker]]:
    """So many workers; the list may be changed, and all in it are gone at the end."""
    started = [Worker(url, command, log) for _ in range(count)]
    try:
        yield started
    finally:
        for worker in started:
            worker.close()
