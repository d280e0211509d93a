"""The service, its worker or a solver is killed by ``kill -9`` at any moment: nothing accepted is lost."""

from __future__ import annotations

import random
from contextlib import suppress
from http.client import HTTPException
from itertools import cycle
from os import getloadavg
from pathlib import Path
from statistics import median
from time import monotonic, sleep

import psutil

from benchmarks.service.databases import sqlite
from benchmarks.service.queue import Queue
from benchmarks.service.served import Served, served
from benchmarks.service.weeks import a_week

SECONDS = 2.0
GOAL = 5.0
"""Seconds until all is ready again."""

VICTIMS = ("service", "worker", "solver")
AT_LEAST = 2


def run(n: int, seconds: float = SECONDS) -> dict[str, float | int]:
    """Kill ``n`` times, the three kinds by turns, while jobs are asked for over HTTP.

    Before each kill at least one is asked for, and as many that one runs and one waits. The kill follows
    within the seconds of one solve: some of it has to come to something, or no job would end.

    Parameters
    ----------
    n
        How many kills.
    seconds
        What each solve takes.

    Returns
    -------
    dict
        ``lost``: jobs answered with 202 that did not end as done, of which ``failed`` ended without a rota
        (begun too often, or starved); ``half``: jobs done without a rota, or rotas without their job done;
        ``doubled``: more rotas than jobs; ``ready_seconds``: from a kill until `/readyz` says that a worker
        is there, ``late`` how often that took longer than the goal.
    """
    dice = random.Random(n)
    ready: list[float] = []
    with (
        sqlite() as url,
        served(url, log=Path(url.removeprefix("sqlite:///")).with_suffix(".log")) as service,
    ):
        queue = Queue(url)
        for _, victim in zip(range(n), cycle(VICTIMS), strict=False):
            open_ = sum(not stood.over for stood in queue.stand())
            _ask(service, queue, max(1, AT_LEAST - open_), seconds)
            sleep(dice.random() * seconds)
            ready.append(_killed(service, queue, victim))
        queue.wait(120 + 4 * seconds * n)
        figures = {"lost": queue.lost(), "half": queue.half(), "doubled": queue.doubled()}
        stood = queue.stand()
        attempts, failed = max(s.attempts for s in stood), sum(s.state == "failed" for s in stood)
        queue.close()
    return {
        "kills": n,
        "jobs": len(queue.accepted),
        **figures,
        "failed": failed,
        "most_attempts": attempts,
        "ready_seconds_median": round(median(ready), 2),
        "ready_seconds_worst": round(max(ready), 2),
        "late": sum(seconds > GOAL for seconds in ready),
        "load": round(getloadavg()[0], 1),
    }


def _ask(service: Served, queue: Queue, count: int, seconds: float) -> None:
    """Ask for rotas; only what was answered counts as accepted."""
    for _ in range(count):
        with suppress(OSError, HTTPException):
            said = service.ask("POST", "/v1/rotas", a_week(seconds))
            if said.status == 202:
                queue.accepted.append(said.json["id"])


def _killed(service: Served, queue: Queue, victim: str) -> float:
    """Kill one of the processes; the seconds until the service is ready again, with a worker that lives."""
    process = {"worker": service.worker, "solver": service.solver}.get(victim, lambda: None)()
    began = monotonic()
    if victim == "service":
        service.kill()
        service.start()
    elif process is not None:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    while not (service.works(queue.alive()) and service.is_ready()):
        sleep(0.05)
    return monotonic() - began
