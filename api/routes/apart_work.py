"""What every function that runs apart has in common: it is polite, and says no in plain data."""

from __future__ import annotations

import os
from dataclasses import dataclass

from solver.question.faults import Fault

NICENESS = 10


@dataclass(frozen=True, slots=True)
class No:
    """A refusal that crosses from one process to another; becomes `api.problems.Refused`."""

    code: str
    detail: str = ""
    faults: tuple[Fault, ...] = ()


def behind_others() -> None:
    """Let everybody else have the processor first; once is enough."""
    if os.getpriority(os.PRIO_PROCESS, 0) < NICENESS:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
