"""Several processes' worth of the service in one process: each with its own connections, on one database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Barrier
from typing import TypeVar

import structlog
from starlette.testclient import TestClient

from api.app import create_app
from api.jobs.settings import Intake
from api.people import People
from api.routes.pace import Pace
from api.routes.service import Service
from api.store import Database
from benchmarks.service.databases import postgres, sqlite
from benchmarks.service.served import BOOKING

KINDS = ("sqlite", "postgresql")
MANY = 10**9

T = TypeVar("T")


@contextmanager
def store(kind: str) -> Iterator[str]:
    """The URL of a new store of one kind of database."""
    if kind == "sqlite":
        with sqlite() as url:
            yield url
    else:
        with postgres() as server:
            yield server.url


@contextmanager
def houses(url: str, count: int) -> Iterator[list[TestClient]]:
    """Clients of as many services, with demo people and nobody slowed down."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with ExitStack() as stack:
        yield [stack.enter_context(_house(url)) for _ in range(count)]


@contextmanager
def _house(url: str) -> Iterator[TestClient]:
    database = Database(url, patience=30.0)
    service = Service(
        database,
        People(database, demo=True),
        announce=lambda _: None,
        intake=Intake(MANY, MANY),
        pace=Pace(float(MANY), MANY),
        demo=True,
    )
    headers = {"Authorization": f"Bearer {BOOKING}", "Content-Type": "application/json"}
    with TestClient(create_app(service), raise_server_exceptions=False, headers=headers) as client:
        yield client
    database.close()


class AtOnce:
    """Callers that begin at the same moment, again and again."""

    def __init__(self, count: int) -> None:
        self._count, self._ready = count, Barrier(count)
        self._pool = ThreadPoolExecutor(count)

    def __call__(self, acts: Sequence[Callable[[], T]]) -> list[T]:
        """What each of ``count`` acts gives."""
        assert len(acts) == self._count

        def one(act: Callable[[], T]) -> T:
            self._ready.wait()
            return act()

        return list(self._pool.map(one, acts))
