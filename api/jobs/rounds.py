"""What each worker does besides solving: show life, look for the dead, count tickets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import structlog

from api.jobs import told
from api.jobs.settings import Pace
from api.jobs.slots import Slots
from api.jobs.tickets import Tickets
from api.problems import Refused
from api.store import Database, beats, bell, turns
from api.store.moment import now

LOG = structlog.get_logger("rota.jobs")

MOST_SPARE = 100
"""Tickets made again at once."""


class Rounds:
    """The rounds of one worker.

    While the database is away nobody can show life; so nobody is taken for dead before this worker itself
    has shown it for as long as a silence must last.
    """

    def __init__(
        self,
        database: Database,
        worker: str,
        slots: Slots,
        tickets: Tickets,
        pace: Pace,
        ring: Callable[[], None],
        *,
        alone: bool,
    ) -> None:
        self._database, self._worker, self._slots, self._tickets = database, worker, slots, tickets
        self._pace, self._ring, self._alone = pace, ring, alone
        self._since: float | None = None
        self._seen = 0.0
        self._short = 0
        self._tidied = monotonic()

    def beat(self) -> None:
        """Show life, once."""
        with self._database.write() as s:
            beats.show(s, self._worker)
        self._seen = monotonic()
        self._since = self._since or self._seen

    def go(self) -> None:
        """One round; what fails now is done in the next."""
        try:
            self.beat()
            if self._alone or self._may_judge():
                self._reap()
            self._sweep()
            self._tidy()
        except Refused:
            self._since = None
            LOG.warning("the database is away")
        except Exception:
            LOG.exception("a round failed")

    def show_life(self) -> None:
        """Show it if it is time again."""
        if monotonic() - self._seen >= self._pace.beat:
            try:
                self.beat()
            except Refused:
                self._seen = monotonic()

    def leave(self) -> None:
        """Say that this worker is no more."""
        try:
            with self._database.write() as s:
                beats.forget(s, [self._worker])
        except Refused:
            LOG.warning("the database is away")

    def _may_judge(self) -> bool:
        return self._since is not None and monotonic() - self._since > self._pace.dead_after

    def _reap(self) -> None:
        """Give the tickets and the jobs of the dead to the living; half of it done is done again."""
        with self._database.read() as s:
            dead = beats.silent(s, 0.0 if self._alone else self._pace.dead_after, but=self._worker)
        if dead:
            LOG.warning("workers are dead", workers=len(dead), tickets=self._slots.recover(dead))
        with self._database.write() as s:
            beats.forget(s, dead)
            for job in turns.of_nobody(s):
                turns.put_back(job)
                told.state(s, job)
                bell.ring(s)

    def _sweep(self) -> None:
        """Fail what waits in vain, look for what else waits, and make tickets that are lost again.

        They are where there have been fewer than jobs twice in a row.
        """
        with self._database.write() as s:
            for job in turns.overdue(s, now()):
                told.failed(s, job, "deadline")
            waiting = turns.waiting(s)
        if waiting:
            self._ring()
        short = waiting - self._slots.waiting()
        for _ in range(min(short, self._short, MOST_SPARE)):
            self._tickets.put_spare()
        self._short = max(0, short)

    def _tidy(self) -> None:
        """Let go of spent tickets, some in each round while there are any."""
        if monotonic() - self._tidied < self._pace.ticket:
            return
        if not self._tickets.prune(now() - timedelta(seconds=self._pace.ticket)):
            self._tidied = monotonic()
