"""A fresh process, forked from a server that has the slow imports behind it.

This speaks to the server of ``multiprocessing`` itself rather than through its ``Process``. That one runs
the caller's main script again in every child (so that a script needs ``if __name__ == "__main__"``, and
every child pays for the script's imports), and keeps one list of children for all threads, where one
thread can read away the exit code that another waits for.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
from multiprocessing import forkserver
from multiprocessing.connection import wait
from pathlib import Path

_LOST = 255
"""The exit code where the server died, and cannot tell; its children die with it."""


class Process:
    """A running child, seen from its parent. The server reaps it: there are no zombies.

    Raises
    ------
    OSError, EOFError
        If no process can be started.
    """

    def __init__(self, start: object, end: socket.socket) -> None:
        forkserver.set_forkserver_preload(["solver.search.preload"])
        path = [entry or str(Path.cwd()) for entry in sys.path]
        self.status, data = forkserver.connect_to_new_process([end.fileno()])
        self._code: int | None = None
        try:
            with os.fdopen(data, "wb") as pipe:
                pickle.dump({"name": "solver", "sys_path": path}, pipe)
                pickle.dump(start, pipe)
            self.pid = int(forkserver.read_signed(self.status))
        except BaseException:
            os.close(self.status)
            raise

    def code(self, seconds: float = 0.0) -> int | None:
        """The exit code, minus the signal where one ended it; None while it runs, after waiting so long."""
        if self._code is None and wait([self.status], seconds):
            try:
                self._code = int(forkserver.read_signed(self.status))
            except (OSError, EOFError):
                self._code = _LOST
        return self._code

    def kill(self) -> None:
        """End it now."""
        if self.code() is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def address_space_mb(self) -> int:
        """The address space it holds now, in MB; 0 where the system does not say."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[0])
        except (OSError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE") >> 20

    def close(self) -> None:
        """Let go of it, once it has ended."""
        os.close(self.status)
