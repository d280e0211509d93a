"""What a search is asked, what it says while it runs, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from time import monotonic
from typing import Protocol

from solver.question.clinic import Clinic
from solver.rota import Rota

ROUNDING = 1e-5
"""Part of a gap that rounded coefficients can make; a gap this near the one asked for has reached it."""


@dataclass(frozen=True, slots=True)
class Work:
    """A question and how hard to try.

    ``reproducible`` work looks at no clock: ``seconds`` only says how many rounds to run. ``until`` is when
    it ends by the machine's monotonic clock, the same in all processes; None: so many seconds from its start.
    ``halved`` work is done by both jobs at once, who share the first pass.
    """

    clinic: Clinic
    seconds: float = 30.0
    seed: int = 0
    gap: float = 0.001
    reproducible: bool = False
    until: float | None = None
    halved: bool = False


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A rota better than any before, and its exact cost."""

    rota: Rota
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Half:
    """A legal rota in which only some clinicians see anybody yet, for whoever settles the others."""

    rota: Rota
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Bound:
    """No rota that keeps the rules costs less."""

    value: float


@dataclass(frozen=True, slots=True)
class Attainable:
    """Minutes of min(expected, target) over all clinicians: the best found, and a proven upper bound."""

    found: float | None
    bound: float | None


class Ear(Protocol):
    """Whom a search tells, and who may ask it to stop; `solver.search.line.Line` is one."""

    def send(self, event: object) -> None:
        """Hear an event."""

    def asked(self) -> str | None:
        """``"cancel"`` or ``"finish"``, once asked to stop."""

    def receive(self) -> list[object]:
        """What others have found since the last call."""


@dataclass
class Notes:
    """An ear in the same process: it keeps what it hears and never asks to stop."""

    heard: list[object] = field(default_factory=list)

    def send(self, event: object) -> None:
        """Keep an event."""
        self.heard.append(event)

    def asked(self) -> str | None:
        """Never."""
        return None

    def receive(self) -> list[object]:
        """Nothing: nobody else is at work."""
        return []


@dataclass
class Clock:
    """Time left to a search, or rounds where it must be the same on any machine."""

    work: Work
    ear: Ear
    began: float = field(default_factory=monotonic)
    rounds: int = 0

    def left(self) -> float:
        """Seconds left; no limit on reproducible work."""
        if self.work.reproducible:
            return float("inf")
        until = self.began + self.work.seconds if self.work.until is None else self.work.until
        return until - monotonic()

    def over(self) -> bool:
        """Whether to stop now."""
        return self.left() <= 0 or self.ear.asked() is not None

    def next_round(self) -> bool:
        """Whether one more round of improvement may start."""
        self.rounds += 1
        return not self.over() and not (self.work.reproducible and self.rounds > 1 + int(self.work.seconds))
