"""The places of a worker in which jobs run, each filled by DBOS with a ticket at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from dbos import DBOS, DBOSConfig

from api.jobs.settings import QUEUE, TICKET, VERSION
from api.jobs.tickets import NAME, tickets_url

_WAITING = "ENQUEUED"


class Slots:
    """Draws tickets and calls a function for each; one in a process, since DBOS is.

    Parameters
    ----------
    database_url
        Of the store.
    worker
        The name of this process; no two may ever have the same, or tickets are drawn twice.
    slots
        How many tickets are held at once.
    poll
        Seconds between two looks for tickets.
    serve
        Called for each ticket, in a thread of its own, and again elsewhere if this process dies meanwhile.
        It must not raise for what will be well again later: a ticket whose call raised is spent.
    """

    def __init__(
        self, database_url: str, worker: str, slots: int, poll: float, serve: Callable[[], int]
    ) -> None:
        self._slots, self._poll = slots, poll
        config = DBOSConfig(
            name=NAME,
            system_database_url=tickets_url(database_url),
            executor_id=worker,
            application_version=VERSION,
            log_level=logging.getLevelName(logging.ERROR),
            enable_otlp=False,
        )
        self._dbos = DBOS(config=config)

        @DBOS.step(name="serve")
        def served() -> int:
            return serve()

        @DBOS.workflow(name=TICKET, max_recovery_attempts=None)
        def ticket() -> int:
            return served()

    def open(self) -> None:
        """Begin to draw tickets."""
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=self._slots,
            polling_interval_sec=self._poll,
            on_conflict="always_update",
        )

    def close(self) -> None:
        """Draw no more; tickets that are held now go on in their threads."""
        for event in self._dbos.background_thread_stop_events:
            event.set()

    def held(self) -> int:
        """How many tickets this process holds: a call that has returned may not have been written down yet.

        DBOS has no public call for it (see the contract test).
        """
        return self._dbos._active_workflows_set.count_for_queue(QUEUE)  # noqa: SLF001

    def recover(self, dead: Iterable[str]) -> int:
        """Put the tickets that dead processes held back into the box; how many there were.

        DBOS has no public call for it (see the contract test).
        """
        return len(DBOS._recover_pending_workflows(list(dead)))  # noqa: SLF001

    def waiting(self) -> int:
        """How many tickets nobody holds."""
        return len(
            DBOS.list_workflows(queue_name=QUEUE, status=_WAITING, load_input=False, load_output=False)
        )
