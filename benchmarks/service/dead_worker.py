"""A worker on PostgreSQL is killed with a job in hand: another must run it again, and it must end once."""

from __future__ import annotations

import random
from time import monotonic, sleep

from benchmarks.service.databases import postgres
from benchmarks.service.queue import Queue, Stood
from benchmarks.service.workers import SIMULATED, Worker, workers

SECONDS = 3.0
COMMAND = (*SIMULATED, "--seconds", str(SECONDS))


def run(n: int) -> dict[str, float | int]:
    """Kill ``n`` workers, one after another, each of them with a job.

    Returns
    -------
    dict
        ``rerun_seconds_worst`` from a kill until the job runs again, ``lost``, ``half`` and ``doubled``.
    """
    dice = random.Random(n)
    waits: list[float] = []
    with postgres() as server, workers(server.url, 2, COMMAND) as alive:
        queue = Queue(server.url)
        for _ in range(n):
            queue.put(3)
            waits.append(_killed(queue, alive, dice))
            alive.append(Worker(server.url, COMMAND))
        queue.wait(60 + 10 * n)
        sleep(SECONDS)
        figures = {"lost": queue.lost(), "half": queue.half(), "doubled": queue.doubled()}
        queue.close()
    return {"kills": n, "rerun_seconds_worst": round(max(waits), 2), **figures}


def _killed(queue: Queue, alive: list[Worker], dice: random.Random) -> float:
    """Kill a worker that has a job; the seconds until the job has been started again."""
    victim = dice.choice(alive)
    while not (held := _of(queue, victim)):
        victim = dice.choice(alive)
        sleep(0.02)
    sleep(dice.random() * SECONDS * 0.6)
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
