"""The main job: a question in, a checked rota out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from solver.question.reading import Question
from solver.rota import Rota


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a solve stands: seconds since it began; None where nothing is known yet."""

    seconds: float
    cost: float | None
    bound: float | None

    @property
    def gap(self) -> float | None:
        """``(cost - bound) / max(1, cost)``, or None without both."""
        if self.cost is None or self.bound is None:
            return None
        return max(0.0, self.cost - self.bound) / max(1.0, self.cost)


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solve ends with.

    ``outcome`` is ``optimal``, ``feasible`` or ``none``; ``stop_reason`` is ``gap_reached``,
    ``time_limit``, ``work_limit``, ``cancelled``, ``finished_early`` or ``solver_failed``. Cost and rota are None
    only where the outcome is ``none``. ``attainable_minutes`` is the best found,
    ``attainable_bound_minutes`` proven.
    """

    outcome: str
    stop_reason: str
    rota: Rota | None
    cost: Fraction | None
    bound: float | None
    gap: float | None
    attainable_minutes: float | None = None
    attainable_bound_minutes: float | None = None


def solve(
    question: Question,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    should_stop: Callable[[], str | None] = lambda: None,
) -> Solved:
    """Solve a question within its effort, in child processes; see `Solved`.

    Parameters
    ----------
    should_stop
        Asked a few times a second; ``"cancel"`` or ``"finish"`` stops the solve and keeps the best rota.
    """
    raise NotImplementedError
