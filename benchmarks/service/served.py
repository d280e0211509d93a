"""A whole service as its users start it, in processes that may be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil

from benchmarks.machine import ROOT

COMMAND = (sys.executable, "-c", "from solver.cli import main; main()", "serve", "--demo")
BOOKING = "demo-booking"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was answered
        """Its JSON."""
        return json.loads(self.body)


class Served:
    """One `rota serve`, with its worker; it can be killed, and started again at the same address."""

    def __init__(self, url: str, *words: str, log: Path | None = None) -> None:
        self._words = [*COMMAND, "--database-url", url, *words]
        self._log = log
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, without waiting until it is ready."""
        said = self._log.open("ab") if self._log else subprocess.DEVNULL
        try:
            self.process = subprocess.Popen(
                [*self._words, "--port", str(self.port)],
                stderr=said,
                stdout=said,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
        finally:
            if not isinstance(said, int):
                said.close()

    def wait_ready(self, workers: int = 1, seconds: float = 60.0) -> float:
        """Wait until it says that it is ready, and that workers are; how many seconds it took.

        Raises
        ------
        TimeoutError
            If it is not by then.
        """
        began = monotonic()
        while monotonic() - began < seconds:
            with suppress(OSError, HTTPException):
                said = self.ask("GET", "/readyz")
                if said.status == 200 and said.json["workers"] >= workers:
                    return monotonic() - began
            sleep(0.05)
        raise TimeoutError(f"not ready in {seconds} s")

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Said:
        """Ask it for something, as a demo person.

        Raises
        ------
        OSError, http.client.HTTPException
            If it does not answer.
        """
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        told = {"Authorization": f"Bearer {BOOKING}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None:
            told["Content-Type"] = "application/json"
        try:
            connection.request(method, path, body, told)
            answer = connection.getresponse()
            return Said(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def below(self) -> list[psutil.Process]:
        """All processes below it, those of its solvers too."""
        if self.process is None:
            return []
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def worker(self) -> psutil.Process | None:
        """The process of its worker."""
        return next((p for p in self.below() if "api.jobs.worker" in _command(p)), None)

    def works(self, alive: Sequence[str]) -> bool:
        """Whether its worker is among those that have shown life.

        Parameters
        ----------
        alive
            The names of workers in the store.
        """
        worker = self.worker()
        return worker is not None and any(f"-{worker.pid}-" in name for name in alive)

    def is_ready(self) -> bool:
        """Whether it says that it is."""
        with suppress(OSError, HTTPException):
            return self.ask("GET", "/readyz").status == 200
        return False

    def solver(self) -> psutil.Process | None:
        """A process that solves just now: a child of the fork server of the worker."""
        found = self.solvers()
        return found[-1] if found else None

    def solvers(self) -> list[psutil.Process]:
        """All processes that solve just now."""
        below = self.below()
        servers = {p.pid for p in below if "forkserver" in _command(p)}
        return [p for p in below if _parent(p) in servers]

    def kill(self) -> None:
        """Kill it; its worker finds out by itself."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def drain(self) -> int:
        """Ask it to end; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def served(url: str, *words: str, log: Path | None = None, ready_workers: int = 1) -> Iterator[Served]:
    """A service that is ready, and gone at the end with all that it started."""
    service = Served(url, *words, log=log)
    service.start()
    try:
        service.wait_ready(ready_workers)
        yield service
    finally:
        left = service.below()
        service.kill()
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _command(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _parent(process: psutil.Process) -> int | None:
    with suppress(psutil.Error):
        return process.ppid()
    return None
