"""Two publishers of one week race over HTTP: one wins, the other is told 412, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date
from time import monotonic

from httpx2 import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.people import demo
from api.store import Database, jobs, rotas
from api.store.tables import Audit, Rota, Slot
from benchmarks.service.houses import KINDS, AtOnce, houses, store
from benchmarks.service.weeks import a_week
from solver.answer import document
from solver.question.reading import read_request
from solver.rules import cost
from solver.search.clerk import clerk
from solver.solve import Solved


def run(n: int) -> dict[str, object]:
    """Race ``n`` times on each database; half of the races are for one rota, half for two of the same week.

    Returns
    -------
    dict
        For each database: ``one_won``, races with one 200 and one 412; ``other``, all other endings;
        ``twice_published``, clinicians with overlapping published slots; ``races_a_second``.
    """
    figures: dict[str, object] = {"races": n}
    for kind in KINDS:
        figures |= {f"{kind}_{name}": value for name, value in _raced(kind, n).items()}
    return figures


def _raced(kind: str, n: int) -> dict[str, object]:
    ended: Counter[tuple[int, ...]] = Counter()
    with store(kind) as url, closing(Database(url)) as database, houses(url, 2) as clients:
        week = Weeks(database)
        at_once = AtOnce(2)
        began = monotonic()
        for race in range(n):
            first = week.rota()
            pair = (first, first if race % 2 else week.rota())
            tags = [clients[0].get(f"/v1/rotas/{rota}").headers["ETag"] for rota in pair]
            acts = [_publishes(*told) for told in zip(clients, pair, tags, strict=True)]
            ended[tuple(sorted(answer.status_code for answer in at_once(acts)))] += 1
        took = monotonic() - began
        found = {"one_won": ended.pop((200, 412), 0), "other": dict(ended) or 0}
        return found | week.figures() | {"races_a_second": round(n / took, 1)}


def _publishes(client: TestClient, rota: str, tag: str) -> Callable[[], Response]:
    return lambda: client.post(f"/v1/rotas/{rota}/publish", headers={"If-Match": tag})


class Weeks:
    """Rotas of one small week, made by the booking clerk."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._body = a_week(1.0, 2, 12)
        question = read_request(self._body)
        rota = clerk(question.clinic)
        solved = Solved("feasible", "time_limit", rota, cost(question.clinic, rota), 0.0, 1.0)
        self._document = document(question, solved)
        self._start = date.fromisoformat(str(question.request.week.start))

    def rota(self) -> str:
        """A new draft."""
        with self._database.write() as s:
            job = jobs.add(
                s, team=demo.TEAM, body=self._body, week=self._start, seconds=1.0, created_by="race"
            )
            job.state, job.outcome = "done", "feasible"
            return rotas.add_version(s, job, self._document).id

    def figures(self) -> dict[str, object]:
        """What is published in the end."""
        other = select(Slot).where(Slot.state == "published").subquery()
        overlaps = (
            select(func.count())
            .select_from(Slot)
            .join(other, (other.c.seat == Slot.seat) & (other.c.id != Slot.id))
            .where(Slot.state == "published", Slot.starts < other.c.ends, other.c.starts < Slot.ends)
        )
        with self._database.read() as s:
            published = s.scalar(select(func.count()).where(Rota.state == "published"))
            audited = s.scalar(select(func.count()).where(Audit.action == "rotas.publish"))
            return {"published": published, "twice_published": s.scalar(overlaps), "audited": audited}
