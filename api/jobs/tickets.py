"""Tickets: one for each job that waits, kept by DBOS; a worker that draws one looks for the next job."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import structlog
from dbos import DBOS, DBOSClient, EnqueueOptions
from sqlalchemy import make_url

from api.jobs.settings import QUEUE, TICKET, VERSION

LOG = structlog.get_logger("rota.jobs")

NAME = "rota"

AT_ONCE = 500
"""Spent tickets let go of in one transaction."""

_SPENT = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


def tickets_url(database_url: str) -> str:
    """Where the tickets of a database are kept: on PostgreSQL beside it, on SQLite in a file of their own.

    So a worker that looks for tickets never waits for a writer of the store.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return database_url
    return url.set(database=f"{url.database}-tickets").render_as_string(hide_password=False)


def prepare(database_url: str) -> None:
    """Have a box for tickets, of this version's form. Workers do it too; who only puts tickets does not."""
    DBOS.migrate(tickets_url(database_url))


class Tickets:
    """The box that tickets are put in. Putting never fails the caller: the sweep finds what is missing."""

    def __init__(self, database_url: str) -> None:
        self._client = DBOSClient(
            system_database_url=tickets_url(database_url),
            application_name=NAME,
            lazy=True,
            retry_connection_errors=False,
        )

    def put(self, job: str) -> bool:
        """Promise that a job will be looked for; call it when the job's row is committed.

        Parameters
        ----------
        job
            The id of the job. A second ticket of the same job is the same ticket.

        Returns
        -------
        bool
            Whether it was put.
        """
        return self._put(f"job-{job}")

    def put_spare(self) -> bool:
        """A ticket in the place of one that was lost."""
        return self._put(f"spare-{uuid4().hex}")

    def prune(self, before: datetime) -> int:
        """Let go of some tickets that were spent before a time; how many. None that waits or is held goes.

        Raises
        ------
        Exception
            Whatever DBOS raises where its box is away.
        """
        spent = self._client.list_workflows(
            queue_name=QUEUE,
            status=list(_SPENT),
            completed_before=before.isoformat(),
            limit=AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if spent:
            self._client.delete_workflows([ticket.workflow_id for ticket in spent])
        return len(spent)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.destroy()

    def _put(self, ticket: str) -> bool:
        options = EnqueueOptions(
            queue_name=QUEUE, workflow_name=TICKET, workflow_id=ticket, app_version=VERSION
        )
        try:
            self._client.enqueue(options)
        except Exception:  # noqa: BLE001 - whatever is wrong with the box, the job's row is committed
            LOG.warning("no ticket could be put; the sweep will", ticket=ticket)
            return False
        return True
