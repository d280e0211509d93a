"""The service put together: its store, its box of tickets, its workers, and HTTP before them.

What HTTP needs is imported once the workers are on their way: both take a second, at the same time. Until it
answers nothing is garbage, so none is looked for; and what is there by then is never looked through again.
"""

# ruff: noqa: PLC0415 (see above)
from __future__ import annotations

import gc
import ipaddress
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from api.jobs.keeper import Keeper
from api.watching import cores

if TYPE_CHECKING:
    from api.people import Tokens as Identities
    from api.people.tokens import Keys

DATABASE = "ROTA_DATABASE_URL"

WORKER = (sys.executable, "-m", "api.jobs.worker")


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
    cores.none_from_here()
    gc.disable()
    keepers = [_keeper(settings) for _ in range(settings.workers)]
    try:
        _answer(settings, keepers)
    finally:
        gc.enable()
        for keeper in keepers:
            keeper.drain()
        for keeper in keepers:
            keeper.stop(settings.drain_seconds + 15.0)


def _answer(settings: Settings, keepers: list[Keeper]) -> None:
    from api.answering import Server, config
    from api.jobs.tickets import Tickets, prepare
    from api.people import People
    from api.routes.service import Service
    from api.store import Database, migrate
    from api.watching import logs

    identities = identities_of(settings.environment)
    logs.configure()
    database = Database(settings.database_url)
    migrate(database)
    prepare(settings.database_url)
    tickets = Tickets(settings.database_url)
    people = People(database, identities, demo=settings.demo)
    service = Service(database, people, announce=tickets.put, demo=settings.demo)
    server = Server(config(service, settings.host, settings.port), service, keepers)
    gc.freeze()
    gc.enable()
    server.run()
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
    from api.people import Tokens as Identities

    told = {name: value for name, value in environment.items() if name.startswith("ROTA_JWT_") and value}
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
    from api.people.tokens import JwksFile, JwksUrl, SharedKey

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
