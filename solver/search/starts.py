r"""Whether a day has starts enough for its bookings: a quick proof that it has not.

.. math:: |A| - \nu(A, T) \le \min(z, \lfloor |B| / 2 \rfloor)

for every layout of bookings ``A``, of which ``B`` may share a slot, with at most ``z`` doubles; ``nu`` is the
size of a largest matching of bookings with starts ``T`` that they may have. For one booking of each slot
makes such a matching. Source: C. Berge, "Two theorems in graph theory", PNAS 43 (1957): a matching is
largest when no path can add to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from solver.search.layout import Task


def too_few_starts(tasks: Sequence[Task], doubles: int) -> bool:
    """Whether it is proven that some booking has no start left, with at most so many doubles."""
    shared = min(doubles, sum(task.bookable for task in tasks) // 2)
    return len(tasks) - _matched(tasks) > shared


def _matched(tasks: Sequence[Task]) -> int:
    """The most bookings that can each have a start of their own."""
    at: dict[int, int] = {}
    return sum(_finds_start(tasks, number, at, set()) for number in range(len(tasks)))


def _finds_start(tasks: Sequence[Task], number: int, at: dict[int, int], asked: set[int]) -> bool:
    """Whether a booking gets a start, perhaps one whose holder finds another; notes who stands where."""
    for start in tasks[number].starts:
        if start not in asked:
            asked.add(start)
            if start not in at or _finds_start(tasks, at[start], at, asked):
                at[start] = number
                return True
    return False
