"""A disk full at any point of a job's life: old or new state only, and all goes on once there is room."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, text

from api.app import create_app
from api.jobs.ledger import Claimed, Ledger
from api.people import People
from api.problems import Refused
from api.routes.service import Service
from api.store import Database
from api.store.tables import Job, Request, Rota
from api.watching import logs
from benchmarks.service.asking import asked
from benchmarks.service.databases import migrated
from benchmarks.service.served import Said
from benchmarks.service.weeks import a_week
from solver.answer import document
from solver.question.reading import read_request
from solver.rules import cost
from solver.search.clerk import clerk
from solver.solve import Solved

BODY = a_week(5.0, 4, 120)
WORKER = "worker"
SPAN = 60
"""Pages of 4 kB that the life of one job takes, about."""


@dataclass
class Seen:
    """What was seen over all points."""

    refused: int = 0
    rude: int = 0
    torn: int = 0
    unhealed: int = 0


def run(n: int) -> dict[str, int]:
    """Let the disk be full at ``n`` points of the pages that a job's life takes, on a new store each time.

    A request is taken in over HTTP, its job taken by a worker, told of, and ended with its rota.

    Returns
    -------
    dict
        ``refused`` steps; ``rude``: answers that were neither 202 nor 503 with ``Retry-After``; ``torn``:
        points after which something stood half-written; ``unhealed``: those where it did not go on later.
    """
    logs.configure("ERROR")
    seen, told = Seen(), _document()
    with tempfile.TemporaryDirectory(prefix="rota-") as place:
        template = Path(place) / "template.db"
        migrated(f"sqlite:///{template}")
        for point in range(n):
            file = Path(place) / "point.db"
            _copy(template, file)
            _life(f"sqlite:///{file}", point * SPAN // n, told, seen)
    return {"points": n, **vars(seen)}


def _life(url: str, pages: int, told: dict[str, Any], seen: Seen) -> None:
    """One job's life on a disk with so many pages left, then with room."""
    full = Database(url)
    limit = _limit(full, pages)
    _step(seen, lambda: _ask(full, seen))
    claimed = _step(seen, Ledger(full, WORKER).take)
    seen.torn += not _sound(full)
    if claimed is not None:
        _work(Ledger(full, WORKER), claimed, told, seen)
    seen.torn += not _sound(full)
    limit["pages"] = None
    full.engine.dispose()
    seen.unhealed += not _healed(full, told, claimed)
    full.close()


def _work(ledger: Ledger, claimed: Claimed, told: dict[str, Any], seen: Seen) -> None:
    _step(seen, lambda: ledger.tell(claimed, {"seconds": 1.0, "cost": 2.0, "bound": None}, told))
    _step(seen, lambda: ledger.finish(claimed, told, cancelled=False))


def _step(seen: Seen, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the call gives
    try:
        return call()
    except Refused as refused:
        seen.refused += 1
        seen.rude += refused.code != "unavailable"


def _ask(database: Database, seen: Seen) -> Said:
    service = Service(database, People(database, demo=True), announce=lambda _: None, demo=True)
    said = asked(create_app(service), "POST", "/v1/rotas", BODY)
    seen.refused += said.status == 503
    seen.rude += said.status not in (202, 503) or (said.status == 503 and "retry-after" not in said.headers)
    return said


def _sound(database: Database) -> bool:
    """Whether every job has its request, and a rota exactly if it is done."""
    with database.read() as s:
        jobs = {job.id: job.state for job in s.scalars(select(Job))}
        rotas = set(s.scalars(select(Rota.id)))
        requests = len(list(s.scalars(select(Request.sha256))))
        check = s.scalar(text("pragma integrity_check"))
    done = {name for name, state in jobs.items() if state == "done"}
    return check == "ok" and done == rotas and requests == bool(jobs)


def _healed(database: Database, told: dict[str, Any], claimed: Claimed | None) -> bool:
    """Whether the job under way ends now, and another can be asked for and run."""
    ledger, seen = Ledger(database, WORKER), Seen()
    with suppress(Refused):
        if claimed is not None:
            ledger.finish(claimed, told, cancelled=False)
        accepted = _ask(database, seen).status == 202
        while following := ledger.take():
            ledger.finish(following, told, cancelled=False)
        with database.read() as s:
            over = {job.state for job in s.scalars(select(Job))} == {"done"}
        return accepted and over and _sound(database)
    return False


def _limit(database: Database, pages: int) -> dict[str, int | None]:
    """Limit what the file may grow to from now on; the limit is read when a connection is made."""
    with database.engine.connect() as connection:
        used = connection.exec_driver_sql("pragma page_count").scalar_one()
    limit: dict[str, int | None] = {"pages": used + pages}

    @event.listens_for(database.engine, "connect")
    def limited(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
        if limit["pages"] is not None:
            connection.execute(f"pragma max_page_count={limit['pages']}")

    database.engine.dispose()
    return limit


def _copy(template: Path, file: Path) -> None:
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    shutil.copy(template, file)


def _document() -> dict[str, Any]:
    question = read_request(BODY)
    rota = clerk(question.clinic)
    solved = Solved("feasible", "time_limit", rota, cost(question.clinic, rota), None, None)
    return document(question, solved)
