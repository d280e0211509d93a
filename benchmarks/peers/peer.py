"""What every peer is: a module with a NAME, a sentence, and a function that books the week of a request."""

from __future__ import annotations

from typing import Protocol

from solver.question.reading import Question
from solver.rota import Rota


class Tell(Protocol):
    """Where a peer says what it has; every better rota at once, so that the time of each is known."""

    def __call__(self, rota: Rota | None = None, bound: float | None = None) -> None:
        """Take a rota, a lower bound on the cost of every rota, or both."""


class Peer(Protocol):
    """A way to make a rota.

    ``PROVES`` is whether the bounds that it tells hold for the whole problem; a peer that solves a narrower
    one (no lone minutes of admin here, no doubles there) has bounds that say nothing about anyone else.
    """

    NAME: str
    SAYS: str
    PROVES: bool
    CLOCKED: bool
    """Whether it keeps to the time limit; one that does not is given `benchmarks.race.UNCLOCKED` seconds."""

    def book(self, question: Question, seconds: float, tell: Tell) -> None:
        """Make rotas of a question for at most so many seconds, and tell of each better one.

        A rota needs bookings, unplaced with reasons, and whole diaries (`solver.rota`). Return when there
        is nothing more to try. Whatever is told is checked and priced by the caller.
        """
