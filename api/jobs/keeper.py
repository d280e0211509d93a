"""Keeps the workers of a service alive: children of it that are started again whenever they end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from time import monotonic

import structlog

LOG = structlog.get_logger("rota.jobs")

PAUSES = (0.1, 0.1, 0.5, 2.0, 5.0)
"""Seconds before a worker is started again; the longer ones for one that keeps dying young."""

YOUNG = 10.0


class Keeper:
    """One child process, for as long as this process lives.

    The child holds the end of a pipe as its standard input: when this process dies, even by ``kill -9``, the
    pipe closes and the child ends too (see `api.jobs.worker`).
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command, self._environment = list(command), {**os.environ, **environment}
        self._ending = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def start(self) -> None:
        """Start the child, and keep it."""
        self._thread.start()

    def drain(self) -> None:
        """Ask the child to drain, and start no other."""
        self._ending.set()
        child = self._child
        if child is not None and child.poll() is None:
            child.send_signal(signal.SIGTERM)

    def stop(self, seconds: float) -> None:
        """Drain the child, and kill it after so many seconds."""
        self.drain()
        self._thread.join(seconds)
        child = self._child
        if child is not None and child.poll() is None:
            child.kill()
            child.wait()

    @property
    def pid(self) -> int | None:
        """The child's process, if there is one just now."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def _keep(self) -> None:
        young = 0
        while not self._ending.is_set():
            began = monotonic()
            self._child = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=self._environment)
            if self._ending.is_set():
                self._child.send_signal(signal.SIGTERM)
            self._child.wait()
            if self._child.stdin is not None:
                self._child.stdin.close()
            young = young + 1 if monotonic() - began < YOUNG else 0
            if not self._ending.is_set():
                LOG.warning("a worker ended and is started again")
                self._ending.wait(PAUSES[min(young, len(PAUSES) - 1)])
