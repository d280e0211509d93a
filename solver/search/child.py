"""What runs in a solver process: limits first, then the job."""

from __future__ import annotations

import ctypes
import os
import pickle
import resource
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import forkserver

from solver.search.fault import described
from solver.search.line import OUT_OF_MEMORY, Line

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Start:
    """What a new process is handed. Its payload comes over the line, once the memory limit stands."""

    target: str
    memory_mb: int

    def _bootstrap(self, parent_sentinel: int) -> int:
        """Run the job in this fresh process; the exit code. ``multiprocessing`` calls it by this name."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        threading.excepthook = _say
        os.close(parent_sentinel)
        _die_with_the_server()
        (end,) = forkserver.get_inherited_fds() or [-1]
        line = Line(socket.socket(fileno=end))
        try:
            line.end(self._run(line))
            code = 0
        except BaseException as fault:  # noqa: BLE001 (whatever it is, the parent must hear of it)
            code = _report(fault, line)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        return code

    def _run(self, line: Line) -> object:
        import_module("solver.search.preload")
        module, _, name = self.target.partition(":")
        function = getattr(import_module(module), name)
        _limit_memory(self.memory_mb)
        return function(pickle.loads(line.payload.get()), line)


def _die_with_the_server() -> None:
    """Have the kernel end this process when the one it was forked from ends.

    That one ends when nobody holds its "alive" pipe any more, so this copy is closed: then a
    parent's death ends even a child whose threads cannot run, without a hand of its own.
    """
    os.close(vars(forkserver._forkserver)["_forkserver_alive_fd"])  # noqa: SLF001
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(megabytes: int | None) -> None:
    """Limit the address space, or lift the limit as far as the system lets us."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = most if megabytes is None else megabytes << 20
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def _say(thrown: threading.ExceptHookArgs) -> None:
    """What a thread died of, for the standard error: a traceback might quote the payload."""
    if thrown.exc_value is not None:
        print(described(thrown.exc_value), file=sys.stderr)


def _report(fault: BaseException, line: Line) -> int:
    try:
        _limit_memory(None)
        line.fail("memory" if isinstance(fault, MemoryError) else "error", described(fault))
    except MemoryError:
        return OUT_OF_MEMORY
    return 1
