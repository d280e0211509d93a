"""What the child of a race says to its parent."""

from __future__ import annotations

from dataclasses import dataclass

from solver.rota import Rota


@dataclass(frozen=True, slots=True)
class Said:
    """What a peer told, and when (seconds since it was given the request); ``rota`` or ``bound`` is None."""

    seconds: float
    rota: Rota | None = None
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Began:
    """The imports are done and the request is about to be read."""


@dataclass(frozen=True, slots=True)
class Done:
    """The peer has nothing more to try."""

    seconds: float
