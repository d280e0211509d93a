"""Logs: a JSON object a line on standard error.

A line says which operation, never which address: paths and queries hold ids and tokens. An exception is
told by its type and where it went, without its message and the values around it, since both may hold what
was sent.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

_QUIET = ("uvicorn.access",)


def configure(level: str = "INFO") -> None:
    """Send everything, the libraries' lines too, through one formatter.

    Parameters
    ----------
    level
        Lines below it are dropped: ``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``.

    Raises
    ------
    KeyError
        If there is no such level.
    """
    threshold = logging.getLevelNamesMapping()[level]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(allow=("job", "ticket", "worker", "rules")),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        bare_exceptions,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    logging.raiseExceptions = False  # a line that cannot be written is not written elsewhere, bare
    for name in _QUIET:
        logging.getLogger(name).disabled = True


def bare_exceptions(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and the lines it went through."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, tuple):
        found = found[1]
    return event if not isinstance(found, BaseException) else {**event, **bare(found)}


def bare(error: BaseException) -> dict[str, Any]:
    """What may be told of an exception."""
    return {"exception": type(error).__qualname__, "went_through": frames(error.__traceback__)}


def frames(trace: TracebackType | None) -> list[str]:
    """``module.py:12 function`` for each frame, the outermost first."""
    return [
        f"{frame.f_code.co_filename.rpartition('/')[2]}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]
