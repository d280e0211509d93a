"""What a database says when it cannot: one refusal, which clients can wait for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.problems import Refused

RETRY_AFTER_SECONDS = 2


def unavailable() -> Refused:
    """The refusal for a database that is down, full or too busy."""
    return Refused(
        "unavailable",
        "The database cannot answer just now.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


@contextmanager
def outages_refused() -> Iterator[None]:
    """Turn outages (away, locked for too long, disk full, a deadlock lost) into `unavailable`; faults pass.

    Raises
    ------
    Refused
        ``unavailable``, with ``Retry-After``.
    """
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as failure:
        raise unavailable() from failure
    except DBAPIError as failure:
        if failure.connection_invalidated:
            raise unavailable() from failure
        raise
