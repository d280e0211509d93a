"""The service put together: its store, its box of tickets, its workers, and HTTP before them."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import uvicorn

from api.app import create_app
from api.jobs.keeper import Keeper
from api.jobs.tickets import Tickets, prepare
from api.jobs.worker import DATABASE
from api.people import People
from api.people import Tokens as Identities
from api.people.tokens import JwksFile, JwksUrl, Keys, SharedKey
from api.problems.wire import ProblemProtocol
from api.routes.service import Service
from api.store import Database, migrate
from api.watching import logs

WORKER = (sys.executable, "-m", "api.jobs.worker")
ANSWERS_SECONDS = 5
"""How long answers that have begun may take after SIGTERM."""


class Misconfigured(Exception):
    """The service cannot be started like this; a sentence for people."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a service is started.

    Parameters
    ----------
    database_url
        ``sqlite:///FILE`` or ``postgresql://...``.
    workers, slots
        Processes that solve, as children of this one, and jobs that each solves at once.
    drain_seconds
        What running jobs have after SIGTERM.
    demo
        Whether demo people may come in; on loopback only.
    environment
        Who else may come in: ``ROTA_JWT_ISSUER`` and ``ROTA_JWT_AUDIENCE``, with one of
        ``ROTA_JWT_JWKS_FILE``, ``ROTA_JWT_JWKS_URL`` and ``ROTA_JWT_SECRET_FILE``.
    worker
        The command of a worker.
    """

    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    slots: int = 1
    drain_seconds: float = 20.0
    demo: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    worker: tuple[str, ...] = WORKER


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then answers end, and running jobs end or are handed back.

    Raises
    ------
    Misconfigured
        If it cannot be started like this.
    Refused
        ``unavailable`` if there is no database.
    """
    if settings.demo and not loopback(settings.host):
        raise Misconfigured("Demo people need no secret, so --demo is for a loopback address only.")
    identities = identities_of(settings.environment)
    logs.configure()
    database = Database(settings.database_url)
    migrate(database)
    prepare(settings.database_url)
    tickets = Tickets(settings.database_url)
    service = Service(
        database,
        People(database, identities, demo=settings.demo),
        announce=tickets.put,
        demo=settings.demo,
    )
    keepers = [_keeper(settings) for _ in range(settings.workers)]
    _Server(_config(settings, service), service, keepers).run()
    for keeper in keepers:
        keeper.stop(settings.drain_seconds + 15.0)
    tickets.close()
    database.close()


def loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def identities_of(environment: Mapping[str, str]) -> Identities | None:
    """Whose tokens are accepted, as the environment says; None if it says nothing.

    Raises
    ------
    Misconfigured
        If it says only half of it, or names keys that cannot be used.
    """
    told = {name: value for name, value in environment.items() if name.startswith("ROTA_JWT_")}
    if not told:
        return None
    issuer, audience = told.get("ROTA_JWT_ISSUER"), told.get("ROTA_JWT_AUDIENCE")
    if not issuer or not audience:
        raise Misconfigured("Tokens need ROTA_JWT_ISSUER and ROTA_JWT_AUDIENCE.")
    try:
        return Identities(_keys(told), issuer, audience)
    except (OSError, ValueError, KeyError) as error:
        raise Misconfigured(f"The keys of ROTA_JWT_... cannot be used ({type(error).__name__}).") from None


def _keys(told: Mapping[str, str]) -> Keys:
    if "ROTA_JWT_JWKS_FILE" in told:
        return JwksFile(Path(told["ROTA_JWT_JWKS_FILE"]))
    if "ROTA_JWT_JWKS_URL" in told:
        return JwksUrl(told["ROTA_JWT_JWKS_URL"])
    return SharedKey(Path(told["ROTA_JWT_SECRET_FILE"]).read_bytes().strip())


def _keeper(settings: Settings) -> Keeper:
    words = ("--slots", str(settings.slots), "--drain-seconds", str(settings.drain_seconds))
    keeper = Keeper((*settings.worker, *words), {DATABASE: settings.database_url})
    keeper.start()
    return keeper


def _config(settings: Settings, service: Service) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(service),
        host=settings.host,
        port=settings.port,
        http=ProblemProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=ANSWERS_SECONDS,
    )


class _Server(uvicorn.Server):
    """A server that tells everybody at once when it has to go."""

    def __init__(self, config: uvicorn.Config, service: Service, keepers: list[Keeper]) -> None:
        super().__init__(config)
        self._service, self._keepers = service, keepers

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain."""
        self._service.draining.set()
        for keeper in self._keepers:
            keeper.drain()
        super().handle_exit(sig, frame)
