"""Uvicorn, as the service wants it."""

from __future__ import annotations

from collections.abc import Sequence
from types import FrameType

import uvicorn

from api.app import create_app
from api.jobs.keeper import Keeper
from api.problems.wire import ProblemProtocol
from api.routes.service import Service

ANSWERS_SECONDS = 5
"""How long answers that have begun may take after SIGTERM."""


def config(service: Service, host: str, port: int) -> uvicorn.Config:
    """How it listens; logs are the service's own (`api.watching.logs`)."""
    return uvicorn.Config(
        create_app(service),
        host=host,
        port=port,
        http=ProblemProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=ANSWERS_SECONDS,
    )


class Server(uvicorn.Server):
    """A server that tells everybody at once when it has to go."""

    def __init__(self, config: uvicorn.Config, service: Service, keepers: Sequence[Keeper]) -> None:
        super().__init__(config)
        self._service, self._keepers = service, keepers

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        """Drain; on a second signal without waiting for answers. What is left is for the caller to end.

        Uvicorn's own would send the signal again afterwards, and so end the caller too.
        """
        self._service.draining.set()
        for keeper in self._keepers:
            keeper.drain()
        self.force_exit = self.should_exit
        self.should_exit = True
