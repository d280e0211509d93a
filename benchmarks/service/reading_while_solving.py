"""Diaries are read while two solves run: nobody is refused, or waits much longer than when none runs.

Blocks without solves and blocks with them take turns, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from os import getloadavg
from time import monotonic, sleep

import psutil

from benchmarks.service.databases import sqlite
from benchmarks.service.processors import used
from benchmarks.service.served import Served, served
from benchmarks.service.weeks import a_week

A_SECOND = 40
"""Reads; the service lets one person ask 50 times a second for ever."""

A_BLOCK = 125

SOLVES = 2

NICENESS = 10


@dataclass
class Kind:
    """What blocks of one kind came to: milliseconds of each read, wrong answers, processors of others."""

    took: list[float] = field(default_factory=list)
    wrong: int = 0
    others: float = 0.0
    seconds: float = 0.0

    def figures(self, name: str) -> dict[str, float]:
        """Percentiles, and how many cores others used."""
        return {
            f"{name}_p50_ms": _percentile(self.took, 0.5),
            f"{name}_p99_ms": _percentile(self.took, 0.99),
            f"{name}_others": round(self.others / self.seconds, 2),
        }


def run(n: int) -> dict[str, float | int]:
    """Read diaries ``n`` times on an idle service, and ``n`` times while two solves run, in turns.

    Returns
    -------
    dict
        ``errors``: answers other than 200, and none; ``solves_least``: solves that still ran at the end of a
        block; ``not_nice``: processes of solves that did not yield to reads; the 50th and 99th percentile of
        both times, in milliseconds, and ``p99_ratio``; ``..._others``: cores that other programs used.
    """
    idle, busy = Kind(), Kind()
    least, rude = SOLVES, 0
    with sqlite() as url, served(url, "--slots", str(SOLVES)) as service:
        path = _a_diary(service)
        _read(service, path, 50, Kind())
        for block in range(-(-n // A_BLOCK)):
            count = min(A_BLOCK, n - block * A_BLOCK)
            _read(service, path, count, idle)
            with _solves(service, block):
                _read(service, path, count, busy)
                least = min(least, _count(service, "running"))
                rude += sum(process.nice() < NICENESS for process in service.solvers())
    return {
        "reads": n,
        "errors": idle.wrong + busy.wrong,
        "solves_least": least,
        "not_nice": rude,
        **idle.figures("idle"),
        **busy.figures("busy"),
        "p99_ratio": round(_percentile(busy.took, 0.99) / _percentile(idle.took, 0.99), 2),
        "load": round(getloadavg()[0], 1),
    }


@contextmanager
def _solves(service: Served, block: int) -> Iterator[None]:
    """Two solves at work, and none afterwards."""
    body = json.loads(a_week(60.0 + A_BLOCK / A_SECOND))
    asked = []
    for seed in range(SOLVES):
        told = {**body, "effort": {**body["effort"], "seed": SOLVES * block + seed}}
        asked.append(service.ask("POST", "/v1/rotas", json.dumps(told).encode()).json["id"])
    while len(service.solvers()) < SOLVES:
        sleep(0.1)
    sleep(1.0)
    yield
    for job in asked:
        service.ask("POST", f"/v1/rotas/{job}/cancel")
    while _count(service, "running") + _count(service, "cancelling") or service.solvers():
        sleep(0.1)


def _a_diary(service: Served) -> str:
    """Where a diary of a rota that is done can be read."""
    said = service.ask("POST", "/v1/rotas", a_week(2.0))
    week = said.json["week"]
    while not _count(service, "done"):
        sleep(0.1)
    clinician = service.ask("GET", f"/v1/rotas/{said.json['id']}").json["rota"]["diaries"][0]["clinician"]
    return f"/v1/clinicians/{clinician}/diary?week={week}"


def _read(service: Served, path: str, n: int, kind: Kind) -> None:
    """Read so many times at a steady pace."""
    own = [psutil.Process().pid]
    before, began = used(own), monotonic()
    for index in range(n):
        sleep(max(0.0, began + index / A_SECOND - monotonic()))
        asked = monotonic()
        status = 0
        with suppress(OSError, HTTPException):
            status = service.ask("GET", path).status
        kind.took.append(1000 * (monotonic() - asked))
        kind.wrong += status != 200
    kind.seconds += monotonic() - began
    kind.others += (used(own) - before).others


def _count(service: Served, state: str) -> int:
    return sum(job["state"] == state for job in service.ask("GET", "/v1/rotas").json["rotas"])


def _percentile(values: list[float], part: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(part * len(values)))], 1)
