"""More workers on one PostgreSQL do more, and the queue costs each job next to nothing."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean
from time import sleep

from benchmarks.service.databases import postgres
from benchmarks.service.queue import Queue, Stood
from benchmarks.service.workers import SIMULATED, workers

FLEETS = (1, 2, 4)


def run(n: int, seconds: float = 5.0, fleets: tuple[int, ...] = FLEETS) -> dict[str, float | int]:
    """Have ``n`` simulated solves of so many seconds done for each worker, by 1, 2 and 4 workers.

    Returns
    -------
    dict
        ``linear_2`` and ``linear_4``: the throughput as a part of 2 and 4 times one worker's;
        ``overhead_ms_1`` and so on: what a worker spends on a job besides solving it, waiting included, as
        a mean.
    """
    told = [_fleet(n, workers_, seconds) for workers_ in fleets]
    rates = [rate for rate, _ in told]
    figures = {f"linear_{w}": round(rate / rates[0] / w, 3) for w, rate in zip(fleets, rates, strict=True)}
    spent = {f"overhead_ms_{w}": round(1000 * told_, 1) for w, (_, told_) in zip(fleets, told, strict=True)}
    return {"jobs_a_worker": n, "solve_seconds": seconds, **figures, **spent}


def _fleet(n: int, size: int, seconds: float) -> tuple[float, float]:
    """Jobs a second, and the mean of the seconds that a worker spends on a job besides solving it."""
    command = (*SIMULATED, "--seconds", str(seconds))
    with postgres() as server, workers(server.url, size, command):
        sleep(4.0)
        queue = Queue(server.url)
        queue.put(n * size)
        queue.wait(60 + 2 * n * seconds)
        stood = queue.stand()
        queue.close()
    begun = min(s.created for s in stood)
    ended = max(s.ended for s in stood if s.ended)
    return len(stood) / (ended - begun).total_seconds(), fmean(_between(stood, seconds))


def _between(stood: list[Stood], seconds: float) -> list[float]:
    """For each job, the seconds that its worker spent on it and before it that were no solving."""
    found = []
    for worker in {s.worker for s in stood}:
        own = sorted((s.started, s.ended) for s in stood if s.worker == worker and s.started and s.ended)
        ends = [min(s.created for s in stood), *(ended for _, ended in own)]
        found += [(b - a).total_seconds() - seconds for a, b in pairwise(ends)]
    return found
