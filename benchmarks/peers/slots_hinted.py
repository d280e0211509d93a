"""The plain constraint model again, with the booking clerk's rota to start from."""

from __future__ import annotations

from time import monotonic

from benchmarks.peers import slots
from benchmarks.peers.peer import Tell
from solver.question.reading import Question
from solver.search.clerk import clerk

NAME = "plain CP-SAT, clerk's start"
SAYS = "The plain model with the booking clerk's rota as a complete hint; two workers."
PROVES = False
CLOCKED = True


def book(question: Question, seconds: float, tell: Tell) -> None:
    """The clerk's rota, then every better one."""
    began = monotonic()
    first = clerk(question.clinic)
    tell(rota=first)
    without_doubles = len({(b.clinician, b.start) for b in first.bookings}) == len(first.bookings)
    left = seconds - (monotonic() - began)
    slots.book(question, left, tell, begin_with=first if without_doubles else None)
