"""The same Idempotency-Key sent twenty times at once, to two processes: one job, twenty equal answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from time import monotonic

from httpx2 import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.store import Database
from api.store.tables import Job
from benchmarks.service.houses import KINDS, AtOnce, houses, store
from benchmarks.service.weeks import a_week

SENT = 20


def run(n: int) -> dict[str, object]:
    """Send ``n`` keys, each twenty times at once, on each database.

    Returns
    -------
    dict
        For each database: ``jobs``, as many as keys if each made one; ``agreed``, keys whose twenty answers
        are 202 and name one job; ``statuses``; ``asked_a_second``.
    """
    figures: dict[str, object] = {"keys": n, "sent": SENT * n}
    for kind in KINDS:
        figures |= {f"{kind}_{name}": value for name, value in _sent(kind, n).items()}
    return figures


def _sent(kind: str, n: int) -> dict[str, object]:
    statuses: Counter[int] = Counter()
    agreed = 0
    with store(kind) as url, houses(url, 2) as clients:
        at_once = AtOnce(SENT)
        began = monotonic()
        for key in range(n):
            answers = at_once([_submits(clients[i % 2], f"key-{key}") for i in range(SENT)])
            statuses.update(answer.status_code for answer in answers)
            agreed += (
                len({(one.status_code, one.headers.get("Location"), one.content) for one in answers}) == 1
            )
        took = monotonic() - began
        with closing(Database(url)) as database, database.read() as s:
            jobs = s.scalar(select(func.count()).select_from(Job))
    told = {"jobs": jobs, "agreed": agreed, "statuses": dict(statuses)}
    return told | {"asked_a_second": round(SENT * n / took, 1)}


def _submits(client: TestClient, key: str) -> Callable[[], Response]:
    body = a_week(1.0, 2, 12)
    return lambda: client.post("/v1/rotas", content=body, headers={"Idempotency-Key": key})
