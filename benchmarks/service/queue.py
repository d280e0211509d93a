"""Jobs put into a store, and waited for, without HTTP between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep

from sqlalchemy import func, select

from api.jobs.intake import Asked, accept
from api.jobs.settings import Intake
from api.jobs.tickets import Tickets
from api.problems import Refused
from api.store import Database
from api.store.tables import ENDED, Job, Rota, WorkerBeat
from benchmarks.machine import ROOT

TINY = (ROOT / "fixtures" / "tiny.json").read_bytes()
TEAMS = ("north", "south")


@dataclass(frozen=True, slots=True)
class Stood:
    """A job as it stands in the store."""

    job: str
    state: str
    attempts: int
    worker: str | None
    created: datetime
    started: datetime | None
    ended: datetime | None

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state in ENDED


class Queue:
    """The jobs of one benchmark."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self._tickets = Tickets(url)
        self.accepted: list[str] = []

    def put(self, count: int, seconds: float = 120.0, *, tickets: bool = True) -> None:
        """Have so many jobs accepted, for two teams by turns; without tickets, as if all had been lost."""
        for index in range(count):
            with self.database.write() as s:
                job = accept(s, Intake(), Asked(TEAMS[index % 2], "bench", seconds=seconds), TINY).id
            self.accepted.append(job)
            if tickets:
                self._tickets.put(job)

    def stand(self) -> list[Stood]:
        """All accepted jobs that are there."""
        with self.database.read() as s:
            columns = (Job.id, Job.state, Job.attempts, Job.worker, Job.created, Job.started, Job.ended)
            query = select(*columns).where(Job.id.in_(self.accepted)).order_by(Job.created, Job.id)
            return [Stood(*row) for row in s.execute(query)]

    def wait(
        self,
        seconds: float,
        until: Sequence[str] = tuple(ENDED),
        count: int | None = None,
        pause: float = 0.05,
    ) -> float:
        """Wait until so many jobs, or all, are in one of these states; how many seconds it took.

        Raises
        ------
        TimeoutError
            If they are not by then.
        """
        began = monotonic()
        while monotonic() - began < seconds:
            try:
                found = sum(stood.state in until for stood in self.stand())
            except Refused:
                found = -1
            if found >= (len(self.accepted) if count is None else count):
                return monotonic() - began
            sleep(pause)
        raise TimeoutError(f"{seconds} s: {self.stand()}")

    def alive(self) -> list[str]:
        """The workers that have a beat."""
        with self.database.read() as s:
            return list(s.scalars(select(WorkerBeat.worker)))

    def lost(self) -> int:
        """Accepted jobs that are not done."""
        return len(self.accepted) - sum(stood.state == "done" for stood in self.stand())

    def half(self) -> int:
        """Jobs that are done without a rota, and rotas without a job that is done."""
        with self.database.read() as s:
            done = set(s.scalars(select(Job.id).where(Job.state == "done")))
            rotas = set(s.scalars(select(Rota.id)))
        return len(done ^ rotas)

    def doubled(self) -> int:
        """Rotas beyond one a job."""
        with self.database.read() as s:
            return (s.scalar(select(func.count()).select_from(Rota)) or 0) - len(self.accepted)

    def count(self) -> int:
        """All jobs that there are."""
        with self.database.read() as s:
            return s.scalar(select(func.count()).select_from(Job)) or 0

    def close(self) -> None:
        """Let go of the connections."""
        self._tickets.close()
        self.database.close()
