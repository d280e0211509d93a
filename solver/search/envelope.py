r"""The overload rule as a table: the most minutes a legal week can expect, for each vector of counts.

Cover cuts are weak: they speak of one set at a time. Here a clinician's bookings are grouped by
duration; let group ``g`` hold ``n[g]`` bookings of ``d[g]`` minutes whose attendances add up to
``m[g]``. A week is legal only if

.. math:: \sum_g d_g m_g \le h(n), \qquad n \in N ,

where ``N`` are the counts of which some week is not proven illegal. With one literal a vector of
``N`` (those that no other reaches in every count and in ``h`` are enough, with counts at most the
vector's) this is exact in the counts, and its linear relaxation is the concave envelope of ``h``.

**Why h is right.** The chance of passing the ceiling, `T(p)`, is affine in each attendance and
symmetric inside a group. Write a group's attendances as their mean plus deviations ``delta`` that
add up to 0. Then

.. math:: T(p) = \sum_k T_k e_k(\delta), \quad e_1 = 0, \quad |e_2| = p_2 / 2,
          \quad |e_k| \le [t^k] \exp \sum_{j \ge 2} p_2 D^{j-2} t^j / j

with elementary symmetric polynomials ``e_k`` (Newton's identities, signs dropped),
``p_2 = sum delta^2 <= n (hi - mean)(mean - lo)`` (Bhatia and Davis, American Mathematical Monthly
107, 2000) and ``D = hi - lo``. ``T_k`` is a k-th difference of a probability, so
``|T_k| <= 2^(k-1)``; a second difference is the difference of two neighbouring probabilities of the
group's other bookings, whatever the other groups deliver, so at most the largest step of their binomial law.
Making each group's attendances equal, group after group, therefore changes the chance by at most a
small ``epsilon``, and `T(equal) - epsilon > alpha` proves that no week with those counts and means is
legal; nor, as the chance grows with every attendance, is any with larger means. ``h`` is found by
bisection on the first group's mean, a grid on the second's, and the least attendance for any other
group. Source: derived here; tests/test_search_envelope.py checks it against enumeration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import ceil, comb, inf, prod

import numpy as np
from numpy.typing import NDArray

from solver.model.week import WeekModel
from solver.question.clinic import FULL

Floats = NDArray[np.float64]

MOST_COUNTS = 2000
"""Beyond so many vectors of counts there is no table."""

STEPS = 6
"""Steps of the second group's mean."""

HALVINGS = 9
"""Halvings of the range of the first group's mean."""

ORDERS = 12
"""Orders of the series; those left out are covered by 1 % of the ones kept."""


@dataclass(frozen=True)
class Group:
    """Bookings of one duration (minutes): how many there may be, and the range of their attendance."""

    minutes: int
    most: int
    low: float
    high: float


@dataclass(frozen=True)
class Envelope:
    """For each vector of counts: a bound on the expected minutes of a legal week, and an estimate.

    The estimate is what equal attendances allow, with no allowance for their spread; it proves nothing.
    """

    groups: tuple[Group, ...]
    counts: tuple[tuple[int, ...], ...]
    expected: tuple[float, ...]
    usual: tuple[float, ...]


def groups_of(week: WeekModel, clinician: int) -> tuple[Group, ...]:
    """The bookings a clinician may have, by duration, the largest group first."""
    seen = {c.appointment: week.appointment(c) for c in week.of_clinician(clinician)}
    by_minutes: dict[int, list[int]] = {}
    for appointment in seen.values():
        by_minutes.setdefault(appointment.minutes, []).append(appointment.attendance)
    found = [Group(d, len(p), min(p) / FULL, max(p) / FULL) for d, p in by_minutes.items()]
    return tuple(sorted(found, key=lambda g: (-g.minutes * g.most, g.minutes)))


def envelope(groups: tuple[Group, ...], ceiling: int, booked: int, alpha: float) -> Envelope | None:
    """The most expected minutes of a legal week, for each vector of counts.

    Parameters
    ----------
    ceiling, booked
        The ceiling, and the most minutes that may be booked at all.
    alpha
        Largest chance of passing the ceiling.

    Returns
    -------
    Envelope or None
        None where there are more than `MOST_COUNTS` vectors, or nothing can pass the ceiling.
    """
    size = prod(min(g.most, booked // g.minutes) + 1 for g in groups)
    if size > MOST_COUNTS or sum(g.minutes * g.most for g in groups) <= ceiling:
        return None
    proof, guess = _Law(ceiling, alpha, spread=True), _Law(ceiling, alpha, spread=False)
    proven = {n: proof.most_expected(groups, n) for n in _counts(groups, booked)}
    kept = tuple(n for n, minutes in proven.items() if minutes > -inf)
    usual = {n: max(0.0, guess.most_expected(groups, n)) for n in kept}
    largest = tuple(_undominated([(*n, proven[n], usual[n]) for n in kept]))
    size = len(groups)
    return Envelope(
        groups,
        tuple(tuple(int(k) for k in row[:size]) for row in largest),
        tuple(row[size] for row in largest),
        tuple(row[size + 1] for row in largest),
    )


def _undominated(rows: list[tuple[float, ...]]) -> Iterator[tuple[float, ...]]:
    """The rows that no other reaches in every respect."""
    table = np.array(rows)
    for place, row in enumerate(table):
        above = (table >= row).all(axis=1)
        above[place] = False
        if not above.any():
            yield rows[place]


def _counts(groups: tuple[Group, ...], booked: int) -> Iterator[tuple[int, ...]]:
    for n in product(*(range(min(g.most, booked // g.minutes) + 1) for g in groups)):
        if sum(k * g.minutes for k, g in zip(n, groups, strict=True)) <= booked:
            yield n


@dataclass
class _Law:
    """The chance of passing a ceiling, with equal attendances in each group."""

    ceiling: int
    alpha: float
    spread: bool
    """Whether what unequal attendances may change is allowed for: a proof then, else an estimate."""
    known: dict[tuple[int, float], Floats] = field(default_factory=dict)

    def most_expected(self, groups: tuple[Group, ...], n: tuple[int, ...]) -> float:
        """The expected minutes that no legal week with counts ``n`` passes; minus infinity without one."""
        if sum(k * g.minutes for k, g in zip(n, groups, strict=True)) <= self.ceiling:
            return sum(k * g.minutes * g.high for k, g in zip(n, groups, strict=True))
        first, count = groups[0], n[0]
        floor = [(g, k, g.low) for g, k in zip(groups[2:], n[2:], strict=True)]
        rest = sum(k * g.minutes * g.high for g, k, _ in floor)
        best = -inf
        for low, high in _grid(groups[1], n[1]) if len(groups) > 1 else [(0.0, 0.0)]:
            second = [(groups[1], n[1], low)] if len(groups) > 1 else []
            weights, slack = self._room([*floor, *second], first.minutes, count)
            mean = self._first_mean(first, count, weights, slack)
            if mean > -inf:
                minutes = n[1] * groups[1].minutes * high if second else 0.0
                best = max(best, count * first.minutes * mean + minutes + rest)
        return best

    def _room(
        self, others: Sequence[tuple[Group, int, float]], minutes: int, count: int
    ) -> tuple[Floats, float]:
        """How likely the other groups leave room for just ``j`` attended bookings of the first.

        Returns the probabilities for ``j`` = -1 (already over), 0 ... count, and what the others' spread may
        change.
        """
        law: dict[int, float] = {0: 1.0}
        slack = 0.0
        for group, k, mean in others:
            slack += self._epsilon(group, k, mean)
            mixed: dict[int, float] = {}
            for value, p in law.items():
                for j, q in enumerate(self._binomial(k, mean)):
                    at = value + j * group.minutes
                    mixed[at] = mixed.get(at, 0.0) + p * float(q)
            law = mixed
        weights = np.zeros(count + 2)
        for value, p in law.items():
            weights[min(max((self.ceiling - value) // minutes, -1), count) + 1] += p
        return weights, slack

    def _first_mean(self, group: Group, count: int, weights: Floats, slack: float) -> float:
        """The largest mean attendance of the first group that is not proven illegal."""

        def illegal(mean: float) -> bool:
            over = np.concatenate([[1.0], 1.0 - np.cumsum(self._binomial(count, mean))])
            chance = float(weights @ np.clip(over, 0.0, 1.0))
            return chance - slack - self._epsilon(group, count, mean) > self.alpha + 1e-9

        low, high = group.low, group.high
        if illegal(low):
            return -inf
        if not illegal(high):
            return high
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if illegal(middle) else (middle, high)
        return high

    def _epsilon(self, group: Group, count: int, mean: float) -> float:
        return epsilon(group, count, mean) if self.spread else 0.0

    def _binomial(self, count: int, mean: float) -> Floats:
        found = self.known.get((count, mean))
        if found is None:
            found = self.known[count, mean] = binomial(count, mean)
        return found


def _grid(group: Group, count: int) -> list[tuple[float, float]]:
    """The group's mean attendance in steps (from, to); one step where nobody is booked."""
    if count == 0 or group.high == group.low:
        return [(group.low, group.high)]
    return list(pairwise(np.linspace(group.low, group.high, STEPS + 1).tolist()))


def epsilon(group: Group, count: int, mean: float) -> float:
    """What making ``count`` attendances with a given mean equal can change a chance by, at most."""
    if count < 2 or group.high == group.low:
        return 0.0
    spread = count * max(0.0, group.high - mean) * max(0.0, mean - group.low)
    if 4 * spread > 1:
        return 1.0
    width = group.high - group.low
    powers = [spread * width ** (j - 2) for j in range(2, ORDERS + 1)]
    series = [1.0, *([0.0] * ORDERS)]
    for k in range(2, ORDERS + 1):
        series[k] = sum(powers[j - 2] * series[k - j] for j in range(2, k + 1)) / k
    step = float(np.abs(np.diff(binomial(count - 2, mean), prepend=0.0, append=0.0)).max())
    return step * spread / 2 + 1.01 * sum(2.0 ** (k - 1) * series[k] for k in range(3, ORDERS + 1))


def binomial(count: int, p: float) -> Floats:
    """Probabilities of 0 ... count attended of ``count`` bookings, each attended with probability ``p``."""
    j = np.arange(count + 1)
    choose = np.array([float(comb(count, k)) for k in range(count + 1)])
    return np.asarray(choose * p**j * (1 - p) ** (count - j), np.float64)


@dataclass(frozen=True)
class Table:
    """A posted envelope: a literal a vector of counts, with its bound and its estimate in minutes."""

    groups: int
    literals: tuple[int, ...]
    expected: tuple[float, ...]
    usual: tuple[float, ...]


def post_table(week: WeekModel, clinician: int, found: Envelope) -> Table:
    """Post the table of counts to the week's model."""
    programme = week.programme
    literals = tuple(programme.variable() for _ in found.counts)
    programme.row("overload", [(1, v) for v in literals], lower=1, upper=1)
    columns = list(week.of_clinician(clinician))
    for place, group in enumerate(found.groups):
        booked = [(1, c.variable) for c in columns if week.appointment(c).minutes == group.minutes]
        counted = [(-n[place], v) for n, v in zip(found.counts, literals, strict=True)]
        programme.row("overload", [*booked, *counted], upper=0)
    proven = [(-ceil(FULL * e), v) for e, v in zip(found.expected, literals, strict=True)]
    programme.row("overload", [*week.expected(clinician), *proven], upper=0)
    return Table(len(found.groups), literals, found.expected, found.usual)
