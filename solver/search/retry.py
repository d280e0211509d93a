"""A second chance for a job whose process crashed, from the best that it had said by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from solver.search.box import Ended, Failed, Grace, Job, box

_AGAIN = ("died", "memory", "error")


class SolverFailed(Exception):
    """A job failed, every time that it was tried; see `solver.search.piece.Failed`."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail = kind, detail


def run_with_retry(
    job: Job,
    on_event: Callable[[object], bool],
    should_stop: Callable[[], str | None] = lambda: None,
    payload_after: Callable[[object], object] | None = None,
    attempts: int = 2,
    grace: Grace | None = None,
    poll: float = 0.1,
) -> object:
    """Run a job; try again, within its seconds, when it died, raised or ran out of memory.

    Parameters
    ----------
    on_event
        Hears each event; True keeps it, in place of the one kept before.
    should_stop
        Asked every ``poll`` seconds; ``"cancel"`` or ``"finish"`` is passed on, and ends the trying.
    payload_after
        Makes the next payload of the event kept last, None before any; without it the payload stays.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    SolverFailed
        If no attempt ended well.
    """
    started, kept, failed = monotonic(), None, Failed(0, "died", "never tried")

    def hear(event: object) -> None:
        nonlocal kept
        kept = event if on_event(event) else kept

    for attempt in range(attempts):
        left = None if job.seconds is None else job.seconds - (monotonic() - started)
        if attempt:
            if failed.kind not in _AGAIN or should_stop() or (left is not None and left <= 0):
                break
            payload = job.payload if payload_after is None else payload_after(kept)
            job_now = replace(job, seconds=left, payload=payload)
        else:
            job_now = job
        end = _once(job_now, hear, should_stop, grace, poll)
        if isinstance(end, Ended):
            return end.value
        failed = end
    raise SolverFailed(failed.kind, failed.detail)


def _once(
    job: Job,
    hear: Callable[[object], None],
    should_stop: Callable[[], str | None],
    grace: Grace | None,
    poll: float,
) -> Ended | Failed:
    asked = None
    with box([job], grace) as running:
        for said in running.events(poll):
            if said is None:
                how = should_stop()
                if how is not None and how != asked:
                    running.ask(0, asked := how)
            elif isinstance(said[1], Ended | Failed):
                return said[1]
            else:
                hear(said[1])
    raise AssertionError("a box's last word is an end")
