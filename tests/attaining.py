"""What a small week truly attains, by enumeration, and what the search of the verdict says of it."""

from __future__ import annotations

from solver.question.clinic import Clinic
from solver.search.reach import Reach, Reached, goal_of, reach, wanted
from solver.search.work import Notes
from tests import brute


def attained_by_brute(clinic: Clinic) -> float | None:
    """Minutes of sum min(expected, target) that some rota reaches and none passes; None: too much work."""
    found = brute.best(goal_of(clinic))
    return None if found is None else wanted(clinic) - float(found[0])


def searched(clinic: Clinic, seconds: float = 20.0) -> Reached:
    """The verdict's search."""
    return reach(Reach(clinic, seconds), Notes())
