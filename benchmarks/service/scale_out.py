"""More workers on one PostgreSQL do more, and the queue costs each job next to nothing.

A simulated solve sleeps, so what counts is what comes on top: the time from a worker's last job to its next
(``turn``), and what a job takes beyond its solve (``rest``). On a busy machine both hold waiting for a
processor too; ``cpu`` is what they cost without it, and ``others`` how many cores other programs took.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from time import monotonic, sleep

from benchmarks.service.databases import postgres
from benchmarks.service.processors import Used, used
from benchmarks.service.queue import Queue, Stood
from benchmarks.service.workers import SIMULATED, Worker, workers

FLEETS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Fleet:
    """What some workers did: jobs a second, the seconds of each before and beyond its solve, processors."""

    rate: float
    turns: list[float]
    rests: list[float]
    cpu: float
    others: float


def run(n: int, seconds: float = 5.0, fleets: tuple[int, ...] = FLEETS) -> dict[str, float | int]:
    """Have ``n`` simulated solves of so many seconds done for each worker, by 1, 2 and 4 workers.

    Returns
    -------
    dict
        ``linear_2`` and ``linear_4``: the throughput as a part of 2 and 4 times one worker's. For each fleet,
        as means: ``overhead_ms``, what a worker spends on a job besides solving it, of which ``turn_ms`` are
        before the job (the first is waited for from when it was put); ``cpu_ms`` of the worker a job; and
        ``others``, cores that other programs used.
    """
    told = {size: _fleet(n, size, seconds) for size in fleets}
    one = told[fleets[0]].rate
    figures: dict[str, float | int] = {"jobs_a_worker": n, "solve_seconds": seconds}
    for size, fleet in told.items():
        figures[f"linear_{size}"] = round(fleet.rate / one / size, 3)
    for size, fleet in told.items():
        turn, rest = fmean(fleet.turns), fmean(fleet.rests)
        figures[f"overhead_ms_{size}"] = round(1000 * (turn + rest), 1)
        figures[f"turn_ms_{size}"] = round(1000 * turn, 1)
        figures[f"cpu_ms_{size}"] = round(1000 * fleet.cpu / len(fleet.turns), 1)
        figures[f"others_{size}"] = round(fleet.others, 2)
    return figures


def _fleet(n: int, size: int, seconds: float) -> Fleet:
    command = (*SIMULATED, "--seconds", str(seconds))
    with postgres() as server, workers(server.url, size, command) as alive:
        queue = Queue(server.url)
        _until_alive(queue, size)
        before, began = used(_pids(alive)), monotonic()
        queue.put(n * size)
        queue.wait(60 + 2 * n * seconds, pause=0.5)
        took, spent = monotonic() - began, used(_pids(alive)) - before
        stood = queue.stand()
        queue.close()
    return _told(stood, seconds, spent, took)


def _told(stood: list[Stood], seconds: float, spent: Used, took: float) -> Fleet:
    first = min(s.created for s in stood)
    last = max(s.ended for s in stood if s.ended)
    turns, rests = [], []
    for worker in {s.worker for s in stood}:
        own = sorted(
            (s.started, s.ended, s.created) for s in stood if s.worker == worker and s.started and s.ended
        )
        turns.append((own[0][0] - own[0][2]).total_seconds())
        turns += [(after[0] - before[1]).total_seconds() for before, after in pairwise(own)]
        rests += [(ended - started).total_seconds() - seconds for started, ended, _ in own]
    rate = len(stood) / (last - first).total_seconds()
    return Fleet(rate, turns, rests, spent.own, spent.others / took)


def _until_alive(queue: Queue, size: int) -> None:
    """Wait until so many workers have shown life, and look for tickets."""
    while len(queue.alive()) < size:
        sleep(0.1)
    sleep(2.0)


def _pids(alive: list[Worker]) -> list[int]:
    return [worker.process.pid for worker in alive]
