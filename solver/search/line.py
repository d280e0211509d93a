"""A solver process's line to its parent: events out, questions and messages in."""

from __future__ import annotations

import os
import pickle
import socket
from collections.abc import Callable
from multiprocessing.connection import wait
from queue import SimpleQueue
from threading import Event, Lock, Thread

from solver.search.fault import described
from solver.search.wire import Wire

TICK = 0.02
"""Seconds between two calls of what `Line.on_ask` was given."""

ORPHANED = 64
"""The exit code of a child whose parent is gone."""

OUT_OF_MEMORY = 65
"""The exit code of a child that had no memory left to say so."""


class Line:
    """The child's end.

    A thread reads what comes in, and ends the process when the parent's end closes: a child does not
    outlive its parent, however that died.
    """

    def __init__(self, end: socket.socket) -> None:
        self.payload: SimpleQueue[bytes] = SimpleQueue()
        self._wire = Wire(end)
        self._sending = Lock()
        self._asked: str | None = None
        self._on_ask: Callable[[], object] | None = None
        self._messages: SimpleQueue[object] = SimpleQueue()
        self._over = Event()
        Thread(target=self._watch, name="line", daemon=True).start()

    def send(self, event: object) -> None:
        """Tell the parent; from any thread. Events arrive in order, and an end comes after all of them."""
        self._put("event", event)

    def asked(self) -> str | None:
        """``"cancel"`` or ``"finish"`` once the parent asked to stop; cancel outranks finish."""
        return self._asked

    def on_ask(self, callback: Callable[[], object] | None) -> None:
        """Call this when the parent asks to stop, again every `TICK` until the job ends; None: no longer.

        It runs in the thread that watches the line. Again and again, since CP-SAT forgets a
        ``stop_search`` that comes before its search has started. What it raises fails the job.
        """
        self._on_ask = callback

    def receive(self) -> list[object]:
        """What the parent has sent since the last call, in order."""
        messages = []
        while not self._messages.empty():
            messages.append(self._messages.get())
        return messages

    def end(self, value: object) -> None:
        """Say that the job has ended, and with what."""
        self._over.set()
        self._put("ended", value)

    def fail(self, kind: str, detail: str) -> None:
        """Say that the job has failed."""
        self._over.set()
        self._put("failed", (kind, detail))

    def _put(self, what: str, content: object) -> None:
        message = pickle.dumps((what, content), pickle.HIGHEST_PROTOCOL)
        with self._sending:
            try:
                self._wire.put_whole(message)
            except OSError:
                os._exit(ORPHANED)

    def _watch(self) -> None:
        try:
            while True:
                self._listen()
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except BaseException as fault:  # noqa: BLE001 (without this thread nobody could stop the process)
            self.fail("error", described(fault))
            os._exit(1)

    def _listen(self) -> None:
        waiting = self._asked is not None and not self._over.is_set()
        if wait([self._wire.fileno()], TICK if waiting else None):
            for message in self._wire.take():
                self._heard(message)
            if self._wire.closed:
                os._exit(ORPHANED)
        if self._asked is not None and self._on_ask is not None and not self._over.is_set():
            self._on_ask()

    def _heard(self, message: bytes) -> None:
        what, content = pickle.loads(message)
        if what == "payload":
            self.payload.put(content)
        elif what == "message":
            self._messages.put(content)
        elif self._asked != "cancel":
            self._asked = content
