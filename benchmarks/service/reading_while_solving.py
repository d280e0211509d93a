"""Diaries are read while two solves run: nobody is refused, or waits much longer than on an idle machine."""

from __future__ import annotations

import json
from contextlib import suppress
from http.client import HTTPException
from time import monotonic, sleep

from benchmarks.service.databases import sqlite
from benchmarks.service.served import Served, served
from benchmarks.service.weeks import a_week

A_SECOND = 40
"""Reads; the service lets one person ask 50 times a second for ever."""

AFTER_START = 3.0
"""Seconds until solvers are at work."""


def run(n: int) -> dict[str, float | int]:
    """Read diaries ``n`` times on an idle service, and ``n`` times while two solves run.

    Returns
    -------
    dict
        ``errors``: answers other than 200, and none; the 50th and 99th percentile of both times, in
        milliseconds, and ``p99_ratio``.
    """
    body = json.loads(a_week(n / A_SECOND + 30.0))
    with sqlite() as url, served(url, "--slots", "2") as service:
        path = _a_diary(service)
        _read(service, path, 50)
        idle, wrong = _read(service, path, n)
        for seed in (1, 2):
            told = json.dumps({**body, "effort": {**body["effort"], "seed": seed}}).encode()
            assert service.ask("POST", "/v1/rotas", told).status == 202
        _wait(service, "running", 2)
        sleep(AFTER_START)
        busy, worse = _read(service, path, n)
        still = _count(service, "running")
    return {
        "reads": n,
        "errors": wrong + worse,
        "solves_at_the_end": still,
        "idle_p50_ms": _percentile(idle, 0.5),
        "idle_p99_ms": _percentile(idle, 0.99),
        "busy_p50_ms": _percentile(busy, 0.5),
        "busy_p99_ms": _percentile(busy, 0.99),
        "p99_ratio": round(_percentile(busy, 0.99) / _percentile(idle, 0.99), 2),
    }


def _a_diary(service: Served) -> str:
    """Where a diary of a rota that is done can be read."""
    said = service.ask("POST", "/v1/rotas", a_week(2.0))
    week = said.json["week"]
    _wait(service, "done", 1)
    clinician = service.ask("GET", f"/v1/rotas/{said.json['id']}").json["rota"]["diaries"][0]["clinician"]
    return f"/v1/clinicians/{clinician}/diary?week={week}"


def _read(service: Served, path: str, n: int) -> tuple[list[float], int]:
    """The milliseconds of so many reads at a steady pace, and how many of them went wrong."""
    took, wrong = [], 0
    began = monotonic()
    for index in range(n):
        sleep(max(0.0, began + index / A_SECOND - monotonic()))
        asked = monotonic()
        status = 0
        with suppress(OSError, HTTPException):
            status = service.ask("GET", path).status
        took.append(1000 * (monotonic() - asked))
        wrong += status != 200
    return took, wrong


def _wait(service: Served, state: str, count: int) -> None:
    while _count(service, state) < count:
        sleep(0.1)


def _count(service: Served, state: str) -> int:
    return sum(job["state"] == state for job in service.ask("GET", "/v1/rotas").json["rotas"])


def _percentile(values: list[float], part: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(part * len(values)))], 1)
