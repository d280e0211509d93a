"""A service with nothing to solve is killed by ``kill -9`` and started again: how long until it is ready."""

from __future__ import annotations

from statistics import median
from time import monotonic, sleep

import psutil

from benchmarks.service.houses import KINDS, store
from benchmarks.service.processors import used
from benchmarks.service.queue import Queue
from benchmarks.service.served import Served, served


def run(n: int) -> dict[str, float | int | str]:
    """Kill and start ``n`` times on each kind of database.

    Returns
    -------
    dict
        For each database, in seconds since the start: ``answers``, until `/readyz` says 200; ``works``, until
        its worker has shown life, and ``cpu``, what both used of processors until then, which others' load
        changes little; each as the least, the median and the most of ``n``. ``load`` is the machine's load
        average before.
    """
    figures: dict[str, float | int | str] = {"starts": n, "load": round(psutil.getloadavg()[0], 1)}
    for kind in KINDS:
        with store(kind) as url, served(url) as service:
            queue = Queue(url)
            times = [_started(service, queue) for _ in range(n)]
            queue.close()
        for name, each in zip(("answers", "works", "cpu"), zip(*times, strict=True), strict=True):
            figures[f"{kind}_{name}_s"] = f"{min(each):.2f} {median(each):.2f} {max(each):.2f}"
    return figures


def _started(service: Served, queue: Queue) -> tuple[float, float, float]:
    """Seconds from a start after a kill until it answers, until it works, and of processors."""
    service.kill()
    service.start()
    assert service.process is not None
    began = monotonic()
    answers = works = 0.0
    while not (answers and works):
        sleep(0.02)
        answers = answers or (monotonic() - began if service.is_ready() else 0.0)
        works = works or (monotonic() - began if service.works(queue.alive()) else 0.0)
    return answers, works, used([service.process.pid]).own
