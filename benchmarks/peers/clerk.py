"""The booking clerk: by urgency, then waiting time, each at the first slot that keeps every hard rule."""

from __future__ import annotations

from benchmarks.peers.peer import Tell
from solver.question.reading import Question
from solver.search.clerk import clerk

NAME = "booking clerk"
SAYS = "Urgency, then waiting time, first slot that keeps the rules; no second thoughts."
PROVES = False
CLOCKED = True


def book(question: Question, seconds: float, tell: Tell) -> None:  # noqa: ARG001 (it never needs that long)
    """One rota."""
    tell(rota=clerk(question.clinic))
