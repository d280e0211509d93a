"""Chance that repeats: every draw comes from one documented, version-stable stream.

Only ``random.Random.random`` is promised to give the same numbers in every Python for the same
seed, so the other draws are built from it with exact arithmetic (no logarithms, no sines).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A named stream of draws; streams with different names do not disturb one another."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)

    def below(self, n: int) -> int:
        """A whole number from 0 to ``n - 1``, each as likely."""
        return int(self._random.random() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both possible, each as likely."""
        return low + self.below(high - low + 1)

    def happens(self, percent: int) -> bool:
        """Whether something with a chance of ``percent`` in 100 happens."""
        return self.below(100) < percent

    def one(self, items: Sequence[T]) -> T:
        """One of several, each as likely."""
        return items[self.below(len(items))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Several different ones, in the order in which they were given."""
        chosen = set(self.shuffled(range(len(items)))[:count])
        return [item for place, item in enumerate(items) if place in chosen]

    def weighted(self, weights: Sequence[tuple[T, int]]) -> T:
        """One of several, as likely as its whole-number weight."""
        left = self.below(sum(weight for _, weight in weights))
        for item, weight in weights:
            left -= weight
            if left < 0:
                return item
        return weights[-1][0]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All of them, in any order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


def apportioned(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in whole parts proportional to weights, by largest remainder.

    Parameters
    ----------
    total
        What is shared out; the parts add up to it.
    weights
        Not negative, and not all zero.
    """
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts
