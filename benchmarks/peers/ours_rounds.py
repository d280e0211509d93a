"""The same search by rounds instead of the clock: the same figures on any machine, but for the times."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.peers import ours
from benchmarks.peers.peer import Tell
from solver.question.reading import Question
from solver.question.request import Effort

ROUNDS = 10

NAME = f"ours, {ROUNDS} rounds"
SAYS = f"`rota solve --reproducible --seconds {ROUNDS}`: a fixed number of rounds, no clock."
PROVES = True
CLOCKED = False


def book(question: Question, seconds: float, tell: Tell) -> None:  # noqa: ARG001 (it looks at no clock)
    """Every better rota and bound of one reproducible solve."""
    ours.run(replace(question, effort=Effort(seconds=ROUNDS, seed=0, gap=0.001, reproducible=True)), tell)
