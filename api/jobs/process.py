"""A process that solves: it draws tickets, shows that it is alive, and takes over from those that are not."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from socket import gethostname
from threading import Event, Thread
from time import monotonic, sleep
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError

from api.jobs.hands import Hands
from api.jobs.ledger import Ledger
from api.jobs.patience import Away, patiently
from api.jobs.recommending import Finding
from api.jobs.rounds import Rounds
from api.jobs.run import Runner
from api.jobs.settings import Worker
from api.jobs.slots import Slots
from api.jobs.solving import Solving
from api.jobs.tickets import Tickets
from api.jobs.warm import warm_up
from api.store import Database, bell

LOG = structlog.get_logger("rota.jobs")

_STEP = 0.05


def fresh_name() -> str:
    """A name that no process had or will have."""
    return f"{gethostname()[:20]}-{os.getpid()}-{uuid4().hex[:12]}"


class Process:
    """One worker.

    Parameters
    ----------
    database_url
        Of the store, which has been migrated.
    settings
        How it works.
    solving, finding
        What a job is solved by, and what finds out what would help.
    alone
        Whether no other worker can be alive on this database.
    """

    def __init__(
        self, database_url: str, settings: Worker, solving: Solving, finding: Finding, *, alone: bool
    ) -> None:
        self.name = fresh_name()
        self._settings = settings
        self._draining, self._hand_back, self._over = Event(), Event(), Event()
        self._database = Database(database_url)
        self._ledger = Ledger(self._database, self.name)
        self._hands = Hands(settings.slots, self._serve, self._draining)
        self._runner = Runner(self._ledger, solving, finding, settings, self._hand_back, self._over)
        pace = settings.pace
        poll = pace.poll if self._database.sqlite else pace.poll_beside_bell
        self._slots = Slots(database_url, self.name, settings.slots, poll, self._hands.ticket)
        tickets = Tickets(database_url)
        self._rounds = Rounds(
            self._database, self.name, self._slots, tickets, pace, self._hands.ring, alone=alone
        )

    def drain_on(self, *signals: signal.Signals) -> None:
        """Take no more jobs once the system sends one of these."""
        for each in signals:
            signal.signal(each, lambda *_: self._draining.set())

    def run(self, still_wanted: Callable[[], bool] = lambda: True) -> None:
        """Work until drained: then the jobs that run end, or are handed back with the best that they have.

        Parameters
        ----------
        still_wanted
            Asked again and again; once it says no, this returns at once, as if killed.
        """
        self._begin(still_wanted)
        self._slots.open()
        self._open_ears()
        LOG.info("the worker is ready", worker=self.name)
        warm_up()
        following = 0.0
        while not self._draining.is_set():
            if not still_wanted():
                return
            if monotonic() >= following:
                self._rounds.go()
                following = monotonic() + self._settings.pace.beat
            sleep(_STEP)
        self._leave()

    def _begin(self, still_wanted: Callable[[], bool]) -> None:
        """Show life, as soon as the service has made the tables."""
        while still_wanted() and not self._draining.is_set():
            try:
                patiently(self._rounds.beat, self._draining)
            except DBAPIError:
                sleep(_STEP)
            else:
                return

    def _open_ears(self) -> None:
        """Look for jobs now, and whenever the bell of the store tells that one waits."""
        self._hands.start()
        self._hands.ring()
        ears = (self._database, self._hands.ring, self._draining)
        Thread(target=bell.listen, args=ears, name="bell", daemon=True).start()

    def _leave(self) -> None:
        self._slots.close()
        self._await_idle(self._settings.drain_seconds)
        self._hand_back.set()
        self._await_idle(HAND_BACK_SECONDS)
        self._over.set()
        self._await_tickets()
        self._rounds.leave()
        LOG.info("the worker has left", worker=self.name)

    def _await_idle(self, seconds: float) -> None:
        end = monotonic() + seconds
        while self._hands.busy() and monotonic() < end:
            self._rounds.show_life()
            sleep(_STEP)

    def _await_tickets(self) -> None:
        """Let DBOS write down that tickets are spent: nobody would do it once this worker has left."""
        end = monotonic() + SPENT_SECONDS
        while self._slots.held() and monotonic() < end:
            sleep(_STEP)

    def _serve(self) -> int:
        """Run the next job, and the next, until none waits; how many it were."""
        ran = 0
        try:
            while not self._draining.is_set() and (claimed := patiently(self._ledger.take, self._draining)):
                if self._settings.slots > 1:
                    self._hands.ring()  # where one waited another may, and the bell rings once for a batch
                self._runner.run(claimed)
                ran += 1
        except Away:
            LOG.warning("the database stayed away", worker=self.name)
        return ran


HAND_BACK_SECONDS = 8.0
"""How long solves may take to stop, and their jobs to be written back."""

SPENT_SECONDS = 2.0
"""How long it may take to write down that tickets are spent."""
