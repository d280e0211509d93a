"""Waiting for a database that is away: a worker has the time, and what it holds must not be lost."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TypeVar

import structlog

from api.problems import Refused

LOG = structlog.get_logger("rota.jobs")
LONGEST = 2.0
"""Seconds between two attempts, at most."""

T = TypeVar("T")


class Away(Exception):
    """The database did not come back before there was no more time to wait."""


def patiently(call: Callable[[], T], over: Event) -> T:
    """What a call gives once the database is there.

    Parameters
    ----------
    call
        One transaction: done, or refused as ``unavailable`` with nothing changed.
    over
        Ends the waiting.

    Raises
    ------
    Away
        If it is over.
    Refused
        As the call does, for anything else.
    """
    pause = 0.05
    while True:
        try:
            return call()
        except Refused as refused:
            if refused.code != "unavailable":
                raise
            LOG.warning("the database is away")
        if over.wait(pause):
            raise Away
        pause = min(2 * pause, LONGEST)
