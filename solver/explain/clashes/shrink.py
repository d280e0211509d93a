"""From things that cannot all hold to a few of them that cannot, and of which none can be spared.

The deletion filter (Chinneck and Dravnieks, ORSA Journal on Computing 3, 1991): leave things out, and leave
them out for good where the rest still cannot hold. What is tried first is the least to be blamed.
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
        Those least to be blamed first. Together they clash.
    clash
        Whether some of them, in the same order, are known to clash.
    """
    left, size = list(things), max(1, len(things) // 2)
    while True:
        at = 0
        while at < len(left):
            rest = [*left[:at], *left[at + size :]]
            if clash(rest):
                left = rest
            else:
                at += size
        if size == 1:
            return tuple(left)
        size = max(1, size // 2)
