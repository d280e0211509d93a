"""A box for solver work: jobs in fresh processes, and a parent that keeps control of them.

CP-SAT may crash, overrun its limit or take all memory; see it as a guest. It runs in a process of its
own, and the parent keeps the clock. From a plain script this needs no ``if __name__ == "__main__"``: a child
never runs the caller's script. It imports the job's target, and the classes in its payload, by name, so
those live in modules. Different threads may have a box each; one box belongs to one thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from selectors import EVENT_READ, EVENT_WRITE, PollSelector
from time import monotonic

from solver.search.piece import Ended, Failed, Grace, Job, Piece

__all__ = ["Ended", "Failed", "Grace", "Job", "Running", "box"]


@contextmanager
def box(jobs: Sequence[Job], grace: Grace | None = None) -> Iterator[Running]:
    """Run jobs at once, each in its own process; on leaving, whatever still runs is killed and reaped.

    A job whose process cannot be started counts as ``died``.

    Raises
    ------
    pickle.PicklingError, TypeError, AttributeError
        If a payload cannot be pickled.
    """
    running = Running()
    try:
        for index, job in enumerate(jobs):
            running.start(index, job, grace or Grace())
        yield running
    finally:
        running.close()


class Running:
    """The jobs of a box, by their index."""

    def __init__(self) -> None:
        self._pieces: dict[int, Piece] = {}
        self._unread: deque[tuple[int, object]] = deque()

    def start(self, index: int, job: Job, grace: Grace) -> None:
        """Start one more job, under an index that none has."""
        try:
            self._pieces[index] = Piece(index, job, grace)
        except (OSError, EOFError) as fault:
            self._unread.append((index, Failed(index, "died", f"not started: {type(fault).__name__}")))

    def events(self, poll: float = 0.1) -> Iterator[tuple[int, object] | None]:
        """What the jobs say, until all have ended; the last word of each is `Ended` or `Failed`.

        None every ``poll`` seconds: a chance to look at a clock. Leave and come back at will. The jobs'
        own clocks are kept in here too.
        """
        tick = monotonic() + poll
        while self._unread or self._pieces:
            while self._unread:
                yield self._unread.popleft()
            if self._pieces:
                self._wait(max(0.0, tick - monotonic()))
                self._step()
            if monotonic() >= tick:
                yield None
                tick = monotonic() + poll

    def ask(self, index: int, how: str) -> None:
        """Ask a job to stop: ``"finish"``, ``"cancel"``; one that has ended is left in peace."""
        if index in self._pieces:
            self._pieces[index].ask(how)

    def send(self, index: int, message: object) -> None:
        """Send a message to a job; see `Line.receive`."""
        if index in self._pieces:
            self._pieces[index].send(message)

    def kill(self, index: int) -> None:
        """End a job now."""
        if index in self._pieces:
            self._pieces[index].kill()

    def close(self) -> None:
        """Kill and reap whatever still runs."""
        for piece in self._pieces.values():
            piece.process.kill()
        while self._pieces:
            self._pieces.popitem()[1].close()

    def _wait(self, seconds: float) -> None:
        with PollSelector() as selector:
            for piece in self._pieces.values():
                selector.register(piece.process.status, EVENT_READ)
                if not piece.wire.closed:
                    writes = EVENT_WRITE if piece.wire.pending else 0
                    selector.register(piece.wire, EVENT_READ | writes)
            selector.select(seconds)

    def _step(self) -> None:
        for index, piece in list(self._pieces.items()):
            for event in piece.step():
                self._unread.append((index, event))
                if isinstance(event, Ended | Failed):
                    self._pieces.pop(index).close()
