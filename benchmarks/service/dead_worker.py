"""A worker on PostgreSQL is killed with a job in hand: another must run it again, and it must end once."""

from __future__ import annotations

import random
from time import monotonic, sleep

from api.jobs.settings import Pace
from benchmarks.service.databases import postgres
from benchmarks.service.queue import Queue, Stood
from benchmarks.service.workers import SIMULATED, Worker, workers

SECONDS = 3.0


def run(n: int, seconds: float = SECONDS, dead_after: float = Pace().dead_after) -> dict[str, float | int]:
    """Kill ``n`` workers, one after another, each of them with a job.

    Parameters
    ----------
    seconds
        How long a simulated solve takes.
    dead_after
        Seconds of silence after which a worker is taken for dead.

    Returns
    -------
    dict
        ``rerun_seconds_worst`` from a kill until the job runs again, ``lost``, ``half`` and ``doubled``.
    """
    dice = random.Random(n)
    waits: list[float] = []
    command = (*SIMULATED, "--seconds", str(seconds), "--dead-after", str(dead_after))
    with postgres() as server, workers(server.url, 2, command) as alive:
        queue = Queue(server.url)
        for _ in range(n):
            queue.put(3)
            waits.append(_killed(queue, alive, dice, 0.6 * seconds))
            alive.append(Worker(server.url, command))
        queue.wait(60 + 10 * n)
        sleep(seconds)
        figures = {"lost": queue.lost(), "half": queue.half(), "doubled": queue.doubled()}
        queue.close()
    return {"kills": n, "rerun_seconds_worst": round(max(waits), 2), **figures}


def _killed(queue: Queue, alive: list[Worker], dice: random.Random, longest: float) -> float:
    """Kill a worker that has a job, after a pause; the seconds until the job has been started again."""
    victim = dice.choice(alive)
    while not (held := _of(queue, victim)):
        victim = dice.choice(alive)
        sleep(0.02)
    sleep(dice.random() * longest)
    victim.kill()
    alive.remove(victim)
    began = monotonic()
    while not all(_again(queue, stood) for stood in held):
        sleep(0.02)
    return monotonic() - began


def _of(queue: Queue, worker: Worker) -> list[Stood]:
    own = f"-{worker.process.pid}-"
    return [s for s in queue.stand() if s.state == "running" and own in (s.worker or "")]


def _again(queue: Queue, before: Stood) -> bool:
    now = next(s for s in queue.stand() if s.job == before.job)
    return now.over or (now.state == "running" and now.worker != before.worker)
