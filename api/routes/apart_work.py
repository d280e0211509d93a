"""What passes between the service and the functions that it has run apart.

The service imports this, and never the modules of those functions: it would load what only they need.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.explain.page_shape import Standing
from solver.question.faults import Fault

NICENESS = 10


@dataclass(frozen=True, slots=True)
class No:
    """A refusal that crosses from one process to another; becomes `api.problems.Refused`."""

    code: str
    detail: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedWhy:
    """A stored request and rota, and what is asked about them; a place needs a clinician and a start.

    ``seconds`` is how long changes are looked for; none is begun after that.
    """

    request: bytes
    rota: bytes
    appointment: str
    clinician: str | None
    start: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class AskedReport:
    """A stored request and rota, its state, and the name of a plot; without one it is the whole page."""

    request: bytes
    rota: bytes
    standing: Standing
    plot: str | None = None


@dataclass(frozen=True, slots=True)
class AskedPins:
    """Requests that read well, each with its place among those that were sent."""

    requests: tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Unkept:
    """A request whose pins no rota can keep: its place, and a fault of each such pin."""

    place: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class AskedClashes:
    """A request as it was sent, and for how many seconds targets are looked into; 0 is not at all."""

    request: bytes
    seconds: int


def with_changes(told: Mapping[str, Any], found: Sequence[object], *, complete: bool) -> dict[str, Any]:
    """What is told of an unplaced appointment, with the changes that were found."""
    return {**told, "unplaced": {**told["unplaced"], "proposals": list(found), "complete": complete}}


def behind_others() -> None:
    """Let everybody else have the processor first; once is enough."""
    if os.getpriority(os.PRIO_PROCESS, 0) < NICENESS:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
