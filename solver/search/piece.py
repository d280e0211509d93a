"""One job in its process: what it says, how long it may take, and how it ended."""

from __future__ import annotations

import pickle
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from time import monotonic

from solver.search.child import Start
from solver.search.line import OUT_OF_MEMORY
from solver.search.process import Process
from solver.search.wire import Wire

_NEAR = 0.85
"""A crash with this share of the allowed memory taken counts as running out of it."""

_CRASHES = (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS)


@dataclass(frozen=True, slots=True)
class Job:
    """What to run: ``function(payload, line)`` in a fresh process, with a `solver.search.line.Line`.

    Parameters
    ----------
    target
        ``"package.module:function"``, importable there; so are the classes in the payload.
    payload
        Anything that can be pickled.
    seconds
        What it may take; None: as long as it likes. It should keep to that itself; see `Grace`.
    memory_mb
        Its address space in MB, libraries included: 1500 or more.
    """

    target: str
    payload: object = field(repr=False)
    seconds: float | None
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Grace:
    """Seconds past its limit after which a job is asked to finish, and is killed.

    A job that was asked earlier is killed ``kill`` seconds after that.
    """

    ask: float = 2.0
    kill: float = 5.0


@dataclass(frozen=True, slots=True)
class Ended:
    """The job has ended, and its process is gone; ``value`` is what the function returned."""

    index: int
    value: object = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The job has failed, and its process is gone.

    ``kind`` is ``error`` (it raised), ``memory``, ``died`` (a crash, or killed by someone else), ``late``
    (killed past its limit) or ``killed`` (by the caller). ``detail`` quotes nothing of the payload.
    """

    index: int
    kind: str
    detail: str


class Piece:
    """A job that runs.

    Raises
    ------
    OSError, EOFError
        If no process can be started.
    """

    def __init__(self, index: int, job: Job, grace: Grace) -> None:
        payload = pickle.dumps(job.payload, pickle.HIGHEST_PROTOCOL)
        self._index, self._job, self._grace = index, job, grace
        near, far = socket.socketpair()
        with far:
            try:
                self.process = Process(Start(job.target, job.memory_mb), far)
            except BaseException:
                near.close()
                raise
        self.wire = Wire(near)
        limit = inf if job.seconds is None else monotonic() + job.seconds
        self._ask_at, self._kill_at = limit + grace.ask, limit + grace.kill
        self._end: Ended | Failed | None = None
        self._largest = 0
        self._put("payload", payload)

    def ask(self, how: str) -> None:
        """Ask it to stop: ``"cancel"`` or ``"finish"``."""
        self._ask_at = inf
        self._kill_at = min(self._kill_at, monotonic() + self._grace.kill)
        self._put("ask", how)

    def send(self, message: object) -> None:
        """Send it a message."""
        self._put("message", message)

    def kill(self, kind: str = "killed", detail: str = "by the caller") -> None:
        """End it now; what it said before still counts."""
        self._end = self._end or Failed(self._index, kind, detail)
        self._ask_at = self._kill_at = inf
        self.process.kill()

    def step(self) -> Iterator[object]:
        """Do what is due: pass messages on, keep the clock. Its events; the last is `Ended` or `Failed`."""
        code = self.process.code()
        self._largest = max(self._largest, self.process.address_space_mb())
        self.wire.flush()
        for message in self.wire.take():
            yield from self._heard(*pickle.loads(message))
        if code is None:
            self._keep_time()
        else:
            yield self._end or self._verdict(code)

    def close(self) -> None:
        """Kill it if it still runs, wait for that, and let go of everything."""
        self.process.kill()
        self.process.code(seconds=self._grace.kill)
        self.process.close()
        self.wire.close()

    def _put(self, what: str, content: object) -> None:
        self.wire.put(pickle.dumps((what, content), pickle.HIGHEST_PROTOCOL))
        self.wire.flush()

    def _heard(self, what: str, content: object) -> Iterator[object]:
        if what == "event":
            yield content
            return
        self._ask_at, self._kill_at = inf, monotonic() + self._grace.kill
        if what == "ended":
            self._end = Ended(self._index, content)
        elif isinstance(content, tuple):
            self._end = Failed(self._index, *content)

    def _keep_time(self) -> None:
        now = monotonic()
        if now >= self._kill_at:
            self.kill("late", "killed: it did not stop in time")
        elif now >= self._ask_at:
            self.ask("finish")

    def _verdict(self, code: int) -> Failed:
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        crowded = code in _CRASHES and self._largest >= _NEAR * self._job.memory_mb
        if crowded or code == OUT_OF_MEMORY:
            return Failed(self._index, "memory", f"{how} at {self._largest} MB of {self._job.memory_mb}")
        return Failed(self._index, "died", how)
