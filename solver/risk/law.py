r"""The exact law of delivered minutes: a weighted sum of independent attendances.

.. math:: D = \sum_a d_a X_a, \qquad X_a \sim \mathrm{Bernoulli}(p_a)

``d[a]`` minutes, ``p[a]`` attendance in 1/1000. Computed by direct convolution on the grid of the
greatest common divisor of the durations; every step adds and multiplies numbers that are not
negative, so the relative error of each probability is a few units of rounding a booking.

References
----------
Y. Hong, "On computing the distribution function for the Poisson binomial distribution",
Computational Statistics & Data Analysis 59 (2013), 41-51 (the recursion called direct convolution).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from solver.question.clinic import FULL

Floats = NDArray[np.float64]

TOLERANCE = 1e-12
"""Absolute: two probabilities nearer than this are equal, to the rota's advantage."""

NEGLIGIBLE = 1e-30
"""Mass that `total` may drop at either end of a sum of many laws."""

_COMES = tuple((attendance / FULL, (FULL - attendance) / FULL) for attendance in range(FULL + 1))


def exceeds(probability: float, limit: float) -> bool:
    """Whether a probability is truly over a limit, not merely by rounding."""
    return probability > limit + TOLERANCE


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """A distribution of minutes: ``pmf[i]`` is the probability of ``start + i * grid`` minutes."""

    grid: int
    pmf: Floats
    start: int = 0

    @property
    def values(self) -> NDArray[np.int64]:
        """The minutes that `pmf` speaks of."""
        return self.start + self.grid * np.arange(len(self.pmf), dtype=np.int64)

    @property
    def least(self) -> int:
        """The smallest value on the grid, in minutes."""
        return self.start

    @property
    def most(self) -> int:
        """The largest value on the grid, in minutes: the worst case."""
        return self.start + self.grid * (len(self.pmf) - 1)

    def mean(self) -> float:
        """Expected minutes (from the law; exact ones are sums of attendance x minutes)."""
        return float(self.pmf @ self.values)

    def quantile(self, q: float) -> int:
        """Least x, in minutes, with ``P(D <= x) >= q``; ties within 1e-12 count as reached."""
        reached = np.cumsum(self.pmf) >= q - TOLERANCE
        return self.start + self.grid * int(np.argmax(reached)) if reached.any() else self.most

    def above(self, minutes: int) -> float:
        """``P(D > minutes)``, summed from the tail: no cancellation, 0.0 where it cannot happen."""
        first = max(0, (minutes - self.start) // self.grid + 1)
        return min(1.0, float(self.pmf[first:].sum()))

    def below(self, minutes: int) -> float:
        """``P(D < minutes)``; 0.0 where it cannot happen."""
        count = max(0, -((self.start - minutes) // self.grid))
        return min(1.0, float(self.pmf[:count].sum()))

    def excess(self, minutes: int) -> float:
        """``E[max(0, D - minutes)]`` in minutes."""
        return float(self.pmf @ np.maximum(self.values - minutes, 0))

    def __add__(self, other: Law) -> Law:
        """The law of the sum of two independent amounts."""
        grid = gcd(*(law.grid for law in (self, other) if len(law.pmf) > 1)) or 1
        pmf = np.convolve(_finer(self, grid), _finer(other, grid))
        return Law(grid, pmf, self.start + other.start)


NOTHING = Law(1, np.ones(1))
"""Surely 0 minutes."""


def delivered(bookings: Iterable[tuple[int, int]]) -> Law:
    """The law of delivered minutes.

    Parameters
    ----------
    bookings
        Pairs (minutes, attendance in 1/1000).
    """
    pairs = [(minutes, attendance) for minutes, attendance in bookings if minutes]
    chances = np.array([[attendance / FULL for _, attendance in pairs]])
    grid, rows = laws([minutes for minutes, _ in pairs], chances)
    return Law(grid, rows[0])


def laws(minutes: Sequence[int], chances: Floats) -> tuple[int, Floats]:
    """Laws of one set of bookings under several attendances at once.

    Parameters
    ----------
    minutes
        Duration of each booking, positive.
    chances
        Shape (rows, bookings): probability that the patient comes.

    Returns
    -------
    grid, pmf
        Minutes a bin, and an array of shape (rows, 1 + sum of minutes / grid).
    """
    grid = gcd(*minutes) or 1
    steps = [m // grid for m in minutes]
    pmf = np.zeros((chances.shape[0], 1 + sum(steps)))
    pmf[:, 0] = 1.0
    top = 1
    for step, chance in zip(steps, chances.T, strict=True):
        came = pmf[:, :top] * chance[:, None]
        pmf[:, :top] *= (1.0 - chance)[:, None]
        pmf[:, step : step + top] += came
        top += step
    return grid, pmf


def two_valued(trials: Iterable[tuple[int, int, float]]) -> Law:
    """The law of a sum of independent two-valued amounts.

    Parameters
    ----------
    trials
        Triples (a, b, p): the amount is ``a`` with probability ``p``, else ``b``; either may be the
        larger, and either may be negative.
    """
    rows = list(trials)
    least = sum(min(a, b) for a, b, _ in rows)
    spread = [(abs(a - b), p if a > b else 1.0 - p) for a, b, p in rows if a != b]
    grid, pmf = laws([d for d, _ in spread], np.array([[p for _, p in spread]]))
    return Law(grid, pmf[0], least)


def total(parts: Sequence[Law]) -> Law:
    """The law of a sum of many independent amounts.

    Convolved in pairs, then pairs of pairs. Ends that hold less than `NEGLIGIBLE` mass are dropped
    as it goes: a service of 2,000 bookings would else carry thousands of bins under 1e-300. What is
    dropped altogether is under 1e-26 for ten thousand laws.
    """
    level = list(parts) or [NOTHING]
    while len(level) > 1:
        paired = [_trimmed(a + b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = paired + (level[-1:] if len(level) % 2 else [])
    return level[0]


def _finer(law: Law, grid: int) -> Floats:
    """The masses of a law on a finer grid that divides its own."""
    times = law.grid // grid
    if times == 1 or len(law.pmf) == 1:
        return law.pmf
    pmf = np.zeros(times * (len(law.pmf) - 1) + 1)
    pmf[::times] = law.pmf
    return pmf


def _trimmed(law: Law) -> Law:
    low = int(np.searchsorted(np.cumsum(law.pmf), NEGLIGIBLE))
    high = int(np.searchsorted(np.cumsum(law.pmf[::-1]), NEGLIGIBLE))
    return Law(law.grid, law.pmf[low : len(law.pmf) - high], law.start + low * law.grid)


def overload_probability(bookings: Sequence[tuple[int, int]], ceiling: int) -> float:
    """``P(D > ceiling)`` for one clinician: the search's fast way to `Law.above`.

    More than the ceiling is delivered exactly when fewer than ``booked - ceiling`` minutes are
    missed, so the law of *missed* minutes is needed only below that: a few bins. Bookings are
    grouped by duration, in each group the number missed is a truncated Poisson binomial, and
    the groups are then convolved. All that lies beyond is left out: it cannot come back.

    Parameters
    ----------
    bookings
        Pairs (minutes, attendance in 1/1000).
    ceiling
        Minutes.
    """
    margin = sum(minutes for minutes, _ in bookings) - ceiling
    if margin <= 0:
        return 0.0
    groups: dict[int, list[int]] = {}
    for minutes, attendance in bookings:
        groups.setdefault(minutes, []).append(attendance)
    missed = {0: 1.0}
    for minutes, attendances in groups.items():
        counts = _few_missed(attendances, -(-margin // minutes)) if minutes else [1.0]
        missed = _merged(missed, counts, minutes, margin)
    return min(1.0, sum(missed.values()))


def _few_missed(attendances: list[int], most: int) -> list[float]:
    """Probabilities that 0, 1, ... and at the most ``most - 1`` of the patients stay away."""
    size = min(most, len(attendances) + 1)
    law = [0.0, 1.0] + [0.0] * (size - 1)
    downwards = range(size, 0, -1)
    for attendance in attendances:
        p, q = _COMES[attendance]
        for count in downwards:
            law[count] = p * law[count] + q * law[count - 1]
    return law[1:]


def _merged(missed: dict[int, float], counts: list[float], minutes: int, margin: int) -> dict[int, float]:
    """Add a group's missed minutes, keeping what stays under the margin."""
    if len(missed) == 1 and 0 in missed:
        return {minutes * count: chance * missed[0] for count, chance in enumerate(counts)}
    sums: dict[int, float] = {}
    for already, mass in missed.items():
        at = already
        for chance in counts:
            if at >= margin:
                break
            sums[at] = sums.get(at, 0.0) + mass * chance
            at += minutes
    return sums
