r"""The chance of passing a ceiling, known from each group's count and mean attendance alone, and how exactly.

Bookings come in groups ``g`` of one duration; group ``g`` has ``n_g`` bookings with attendances
``mean_g + delta``, the deltas adding up to 0. The chance is affine in each attendance and symmetric
inside a group, so

.. math:: T(p) = \sum_k T_k \prod_g e_{k_g}(\delta_g), \quad e_0 = 1, \; e_1 = 0, \; e_2 = -p_2 / 2,
          \quad |e_k| \le E_k = [t^k] \exp \sum_{j \ge 2} p_2 D^{j-2} t^j / j

with elementary symmetric polynomials ``e_k`` (Newton's identities, signs dropped),
``p_2 = sum delta^2 <= n (hi - mean)(mean - lo)`` (Bhatia and Davis, American Mathematical Monthly
107, 2000) and ``D = hi - lo``. ``T_k`` is the ``k``-th difference of the chance with the group's other
bookings at the mean: how it changes as ``k_g`` of its bookings go from missed to attended. Those of one group
and order 2 to 4 are computed; the others are at most ``2^(K-1)`` for ``K`` the sum of ``k``, as differences
of a probability are. So

.. math:: T(p) \ge T_0 - \sum_g [ \max(0, T_{2g}) p_2 / 2 + |T_{3g}| E_3 + |T_{4g}| E_4 + \ldots ] .

Making attendances equal lowers the tail by a second difference alone, which is small where the tail is.
Source: derived here; tests/test_search_envelope.py checks it against enumeration.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from math import comb, inf

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EXACT = (2, 3, 4)
"""Orders of differences that are computed."""

ORDERS = 12
"""Orders of the series; those left out are covered by 1 % of the ones kept."""


@dataclass(frozen=True)
class Group:
    """Bookings of one duration (minutes): how many there may be, and their attendance.

    ``attendances`` are sorted, where they are known one by one.
    """

    minutes: int
    most: int
    low: float
    high: float
    attendances: tuple[float, ...] = ()

    def means(self, count: int) -> tuple[float, float]:
        """The least and the greatest mean attendance of so many bookings."""
        if not self.attendances or not count:
            return self.low, self.high
        return sum(self.attendances[:count]) / count, sum(self.attendances[-count:]) / count

    def spread(self, count: int, means: Floats) -> Floats:
        """The most that squared deviations from the mean can add up to."""
        return count * np.maximum(0.0, self.high - means) * np.maximum(0.0, means - self.low)

    def usual_spread(self, count: int) -> float:
        """What they add up to in a group drawn at random."""
        return count * float(np.var(self.attendances)) if self.attendances else 0.0


@dataclass(frozen=True)
class Steps:
    """Into how many steps the means of the first, the second and the third group are cut."""

    first: int
    second: int
    third: int


COARSE = Steps(64, 6, 1)
FINE = {1: Steps(512, 1, 1), 2: Steps(256, 48, 1), 3: Steps(160, 20, 8)}


@dataclass
class Tail:
    """Which counts and means are legal for a clinician's week; ``alpha`` is the largest chance allowed."""

    groups: tuple[Group, ...]
    ceiling: int
    alpha: float
    known: dict[tuple[object, ...], Floats] = field(default_factory=dict)
    series: dict[tuple[object, ...], dict[int, Floats]] = field(default_factory=dict)

    def most_expected(self, n: tuple[int, ...], steps: Steps, *, proof: bool) -> float:
        """The expected minutes that no legal week with counts ``n`` passes; minus infinity without one.

        Parameters
        ----------
        proof
            Whether all that unequal attendances may change is allowed for; else what they usually do.
        """
        spans = [g.means(k) for g, k in zip(self.groups, n, strict=True)]
        pairs = list(zip(self.groups, n, spans, strict=True))
        if sum(k * g.minutes for g, k, _ in pairs) <= self.ceiling:
            return sum(k * g.minutes * high for g, k, (_, high) in pairs)
        grids = [
            np.linspace(*span, (count if k and span[1] > span[0] else 1) + 1)
            for (_, k, span), count in zip(pairs, (steps.first, steps.second, steps.third), strict=False)
        ]
        chance = self._least(n, grids, proof=proof, exact=steps is not COARSE)
        illegal = chance > self.alpha + 1e-9
        minutes = self._minutes(n, grids, illegal, proof=proof)
        rest = sum(k * g.minutes * high for g, k, (_, high) in pairs[3:])
        return float(minutes.max()) + rest

    def least_chance(self, n: tuple[int, ...], means: tuple[float, ...]) -> float:
        """What the chance of passing the ceiling is at least; minus infinity where nothing is proven.

        Parameters
        ----------
        n, means
            Each group's count and mean attendance.
        """
        grids = [np.array([means[0]]), *(np.array([mean, mean]) for mean in means[1:3])]
        return float(self._least(n, grids, proof=True, exact=True).max())

    def _minutes(
        self, n: tuple[int, ...], grids: list[Floats], illegal: NDArray[np.bool_], *, proof: bool
    ) -> Floats:
        """The most minutes of each cell of the second and third groups' means."""
        first = illegal.argmax(axis=-1)
        some = illegal.any(axis=-1)
        grid = grids[0]
        mean = np.where(some, grid[first], grid[-1])
        if not proof:
            mean = np.where(some & (first > 0), (grid[first] + grid[np.maximum(0, first - 1)]) / 2, mean)
        found = np.where(some & (first == 0), -inf, n[0] * self.groups[0].minutes * mean)
        for axis, grid in enumerate(grids[1:]):
            upper = grid[1:] if proof else (grid[1:] + grid[:-1]) / 2
            held = n[axis + 1] * self.groups[axis + 1].minutes * upper
            found = found + (held[:, None] if axis == 0 and len(grids) > 2 else held)
        return np.asarray(found, np.float64)

    def _least(self, n: tuple[int, ...], grids: list[Floats], *, proof: bool, exact: bool) -> Floats:
        """What the chance is at least, by step of the later groups' means and by mean of the first."""
        rooms = self._rooms(n)
        lows = [grids[0], *(grid[:-1] if proof else (grid[1:] + grid[:-1]) / 2 for grid in grids[1:])]
        places = range(len(grids))
        chance = self._chance(n, lows, rooms, [0] * len(n))
        spreads = [
            self.groups[g].spread(n[g], lows[g]) if proof else np.array([self.groups[g].usual_spread(n[g])])
            for g in places
        ]
        orders = EXACT if exact else ()
        for g in places:
            series = self._series(g, spreads[g])
            for order in (o for o in orders if o <= n[g]) if proof else (2,) if n[g] > 1 else ():
                change = self._chance(n, lows, rooms, [order * (k == g) for k in range(len(n))])
                size = np.maximum(0.0, change) if order == 2 and proof else change
                sized = size if order == 2 else np.abs(size)
                chance = chance - sized * _along(series[order], g, chance.ndim)
        if proof:
            chance = chance - self._left_over(n, lows, spreads, orders)
        return chance

    def _left_over(
        self, n: tuple[int, ...], lows: list[Floats], spreads: list[Floats], orders: tuple[int, ...]
    ) -> Floats:
        """What the differences that are not computed can make: later orders, and those of several groups.

        Infinite where the series is too long. Groups beyond the third count at their least attendance,
        which only lowers the chance: no allowance.
        """
        axes = len(lows)
        alone, together, apart = np.zeros(1), np.ones(1), np.zeros(1)
        too_wide = np.zeros(1)
        for g in range(axes):
            series = self._series(g, np.minimum(spreads[g], 0.25))
            sizes = {k: 2.0**k * series[k] for k in range(2, min(n[g], ORDERS) + 1)}
            late = 1.01 * sum((size for k, size in sizes.items() if k not in orders), np.zeros(1))
            whole = 1.01 * sum(sizes.values(), np.zeros(1))
            alone = alone + _along(late, g, axes)
            together, apart = together * (1 + _along(whole, g, axes)), apart + _along(whole, g, axes)
            if n[g] > 1:
                too_wide = np.maximum(too_wide, _along(4.0 * spreads[g], g, axes))
        return np.where(too_wide > 1, inf, (alone + together - 1 - apart) / 2)

    def _chance(self, n: tuple[int, ...], lows: list[Floats], rooms: Floats, orders: list[int]) -> Floats:
        """The chance, or its difference of some order in one group, by means (later groups first)."""
        over = self._over(n[0], lows[0], orders[0])
        if len(lows) == 1:
            return np.asarray(over @ rooms[0, 0], np.float64)
        second = self._law(n[1], lows[1], orders[1])
        if len(lows) == 2:
            return np.asarray((second @ rooms[:, 0]) @ over.T, np.float64)
        third = self._law(n[2], lows[2], orders[2])
        held = third @ np.tensordot(second, rooms, 1)
        return np.asarray(held @ over.T, np.float64)

    def _rooms(self, n: tuple[int, ...]) -> Floats:
        """How likely ``a`` of the second group and ``b`` of the third leave room for ``r - 1`` of the first.

        Shape (a, b, r).
        """
        key = ("rooms", n[1:], n[0])
        if key not in self.known:
            counts = [*n[1:3], 0, 0][:2]
            minutes = [*(g.minutes for g in self.groups[1:3]), 0, 0][:2]
            rest = {0: 1.0}
            for group, k in zip(self.groups[3:], n[3:], strict=True):
                pmf = binomials(k, np.array([group.low]))[0]
                mixed: dict[int, float] = {}
                for (value, p), j in product(rest.items(), range(k + 1)):
                    at = value + j * group.minutes
                    mixed[at] = mixed.get(at, 0.0) + p * float(pmf[j])
                rest = mixed
            rooms = np.zeros((counts[0] + 1, counts[1] + 1, n[0] + 2))
            for a, b in product(range(counts[0] + 1), range(counts[1] + 1)):
                for value, p in rest.items():
                    left = self.ceiling - value - a * minutes[0] - b * minutes[1]
                    rooms[a, b, min(max(left // self.groups[0].minutes, -1), n[0]) + 1] += p
            self.known[key] = rooms
        return self.known[key]

    def _series(self, group: int, spread: Floats) -> dict[int, Floats]:
        key = ("series", group, spread.tobytes())
        if key not in self.series:
            self.series[key] = _series(self.groups[group], spread)
        return self.series[key]

    def _law(self, count: int, means: Floats, order: int) -> Floats:
        key = ("law", count, order, float(means[0]), float(means[-1]), len(means))
        if key not in self.known:
            self.known[key] = differences(count, means, order)
        return self.known[key]

    def _over(self, count: int, means: Floats, order: int) -> Floats:
        """By mean: how likely more than ``r - 1`` attend, ``r`` from 0 to ``count + 1``."""
        key = ("over", count, order, float(means[0]), float(means[-1]), len(means))
        if key not in self.known:
            law = self._law(count, means, order)
            more = law[:, ::-1].cumsum(axis=1)[:, ::-1]
            self.known[key] = np.concatenate([more, np.zeros((len(means), 1))], axis=1)
        return self.known[key]


def _along(values: Floats, group: int, axes: int) -> Floats:
    """Values by one group's means, for arrays whose last axis is the first group and whose others follow."""
    if group == 0 or len(values) == 1:
        return values
    shape = [1] * axes
    shape[group - 1] = len(values)
    return values.reshape(shape)


def _series(group: Group, spread: Floats) -> dict[int, Floats]:
    """``E_k`` of a group, by order from 2; ``E_2`` is half the spread."""
    width = group.high - group.low
    powers = {j: spread * width ** (j - 2) for j in range(2, ORDERS + 1)}
    series: dict[int, Floats] = {0: np.ones_like(spread), 1: np.zeros_like(spread)}
    for k in range(2, ORDERS + 1):
        series[k] = sum((powers[j] * series[k - j] for j in range(2, k + 1)), np.zeros_like(spread)) / k
    return series


def differences(count: int, means: Floats, order: int) -> Floats:
    """By mean: the law of ``count`` attendances, ``order`` of them replaced by attended less missed."""
    law = binomials(count - order, means)
    for _ in range(order):
        law = np.pad(law, ((0, 0), (1, 0))) - np.pad(law, ((0, 0), (0, 1)))
    return law


def binomials(count: int, means: Floats) -> Floats:
    """Probabilities of 0 ... count attended of ``count`` bookings, a row a mean attendance."""
    j = np.arange(count + 1)
    choose = np.array([float(comb(count, k)) for k in range(count + 1)])
    p = np.asarray(means)[:, None]
    return np.asarray(choose * p**j * (1 - p) ** (count - j), np.float64)
