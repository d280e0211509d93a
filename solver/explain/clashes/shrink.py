"""From things that cannot all hold to a few of them that cannot, and of which none can be spared.

The deletion filter (Chinneck and Dravnieks, ORSA Journal on Computing 3, 1991): leave things out in turn, for
good where the rest still cannot hold. How many can go before the next that has to stay is found by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def shrunk(things: Sequence[Thing], clash: Callable[[Sequence[Thing]], bool]) -> tuple[Thing, ...]:
    """Some of the things that clash, such that without any one of them no clash is known.

    Parameters
    ----------
    things
        Those least to be blamed first: they are left out first. Together they clash.
    clash
        Whether some of them, in the same order, are known to clash; more of them clash all the more.
    """
    kept: list[Thing] = []
    left = list(things)
    while left and not clash(kept):
        gone, most = 0, len(left)
        while most - gone > 1:
            middle = (gone + most) // 2
            if clash([*kept, *left[middle:]]):
                gone = middle
            else:
                most = middle
        kept.append(left[gone])
        left = left[gone + 1 :]
    return tuple(kept)
