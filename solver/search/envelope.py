r"""Rows for the overload rule that no legal week breaks: the most a week can expect, by how many.

Cover cuts are weak: they speak of one set at a time. Here a clinician's bookings are grouped by
duration; let a group hold ``n[g]`` bookings of ``d[g]`` minutes whose attendances add up to
``m[g]``. A row

.. math:: \sum_g ( d_g m_g + v_g n_g ) \le W , \qquad W = \max_n [ h(n) + v n ]

is valid where ``h(n)`` is at least the expected minutes of every week with those counts that
keeps the rule. ``v`` is the slope of the concave envelope of ``h`` at a point to cut off.

**Why h is right.** The chance of passing the ceiling, `T(p)`, is affine in each attendance and
symmetric inside a group. Write a group's attendances as their mean plus deviations ``delta`` that
add up to 0. Then

.. math:: T(p) = \sum_k T_k e_k(\delta), \quad e_1 = 0, \quad |e_2| \le p_2 / 2,
          \quad |e_k| \le [t^k] \exp \sum_{j \ge 2} p_2 D^{j-2} t^j / j

with elementary symmetric polynomials ``e_k`` (Newton's identities, signs dropped),
``p_2 = sum delta^2 <= n (hi - mean)(mean - lo)`` (Bhatia and Davis, 2000) and ``D = hi - lo``;
``T_k`` is a k-th difference of a probability, so ``|T_k| <= 2^(k-1)``, and a second difference is a
difference of two neighbouring probabilities of the group's other bookings, at most the largest
step of their binomial law. So making each group's attendances equal changes the chance by at most
a small ``epsilon``, group after group, and `T(equal) - epsilon > alpha` proves that no week with
those counts and means is legal; nor, as the chance grows with every attendance, is any with larger
means. ``h`` is found by bisection on the first group's mean, a grid on the second's, and the
smallest attendance for any other group. Source: derived here; checked against enumeration in
tests/test_search_envelope.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import comb, inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from solver.model.programme import FREE, Row
from solver.model.week import WeekModel
from solver.question.clinic import FULL

Floats = NDArray[np.float64]

MOST_COUNTS = 60_000
"""Beyond so many count vectors no row is sought."""

STEPS = 6
"""Steps of the second group's mean, and HALVINGS of the first's."""

HALVINGS = 9


@dataclass(frozen=True)
class Group:
    """Bookings of one duration (minutes): how many there may be, and the range of their attendance."""

    minutes: int
    most: int
    low: float
    high: float


@dataclass(frozen=True)
class Envelope:
    """``expected[i]`` bounds the expected minutes of every legal week with counts ``counts[i]``."""

    groups: tuple[Group, ...]
    counts: Floats
    expected: Floats

    def slope(self, point: Sequence[float]) -> tuple[Floats, float]:
        """The ``v`` and ``W`` of the row that is tightest at a point of counts."""
        size = len(self.groups)
        rows = np.column_stack([self.counts, -np.ones(len(self.counts))])
        result = linprog(
            [*(-float(x) for x in point), 1.0], rows, -self.expected, bounds=[(None, None)] * (size + 1)
        )
        if result.status != 0:
            return np.zeros(size), float(self.expected.max())
        v = np.round(result.x[:size] * FULL) / FULL
        return v, float((self.expected + self.counts @ v).max())


def groups_of(week: WeekModel, clinician: int) -> tuple[Group, ...]:
    """The bookings a clinician may have, by duration, the largest group first."""
    seen = {c.appointment: week.appointment(c) for c in week.of_clinician(clinician)}
    by_minutes: dict[int, list[int]] = {}
    for appointment in seen.values():
        by_minutes.setdefault(appointment.minutes, []).append(appointment.attendance)
    found = [Group(d, len(p), min(p) / FULL, max(p) / FULL) for d, p in by_minutes.items()]
    return tuple(sorted(found, key=lambda g: (-g.minutes * g.most, g.minutes)))


def envelope(groups: tuple[Group, ...], ceiling: int, booked: int, alpha: float) -> Envelope | None:
    """The most expected minutes of a legal week, for each vector of counts; None where that is too many.

    Parameters
    ----------
    ceiling, booked
        The ceiling, and the most minutes that may be booked at all.
    alpha
        Largest chance of passing the ceiling.
    """
    size = 1
    for group in groups:
        size *= min(group.most, booked // group.minutes) + 1
    if not groups or size > MOST_COUNTS or sum(g.minutes * g.most for g in groups) <= ceiling:
        return None
    counts = [n for n in _counts(groups, booked)]
    binomials: dict[tuple[int, float], Floats] = {}
    expected = [_expected(groups, n, ceiling, alpha, binomials) for n in counts]
    kept = [(n, e) for n, e in zip(counts, expected, strict=True) if e > -inf]
    return Envelope(groups, np.array([n for n, _ in kept], float), np.array([e for _, e in kept]))


def _counts(groups: tuple[Group, ...], booked: int) -> Iterator[tuple[int, ...]]:
    for n in product(*(range(min(g.most, booked // g.minutes) + 1) for g in groups)):
        if sum(k * g.minutes for k, g in zip(n, groups, strict=True)) <= booked:
            yield n


def _expected(
    groups: tuple[Group, ...],
    n: tuple[int, ...],
    ceiling: int,
    alpha: float,
    known: dict[tuple[int, float], Floats],
) -> float:
    """A bound on the expected minutes of a legal week with counts ``n``; minus infinity if there is none."""
    top = sum(k * g.minutes * g.high for k, g in zip(n, groups, strict=True))
    if sum(k * g.minutes for k, g in zip(n, groups, strict=True)) <= ceiling:
        return top
    first = groups[0]
    floor = [(g, k, g.low) for g, k in zip(groups[2:], n[2:], strict=True)]
    rest = sum(k * g.minutes * g.high for g, k, _ in floor)
    seconds = _grid(groups[1], n[1]) if len(groups) > 1 else [(0.0, 0.0)]
    best = -inf
    for low, high in seconds:
        others = [*floor, (groups[1], n[1], low)] if len(groups) > 1 else floor
        weights, slack = _capacity(others, ceiling, first.minutes, n[0], known)
        mean = _first_mean(first, n[0], weights, slack, alpha, known)
        if mean > -inf:
            second = n[1] * groups[1].minutes * high if len(groups) > 1 else 0.0
            best = max(best, n[0] * first.minutes * mean + second + rest)
    return best


def _grid(group: Group, n: int) -> list[tuple[float, float]]:
    """The group's mean attendance in steps (from, to); one step where nobody is booked."""
    if n == 0 or group.high == group.low:
        return [(group.low, group.high)]
    edges = np.linspace(group.low, group.high, STEPS + 1)
    return [(float(a), float(b)) for a, b in zip(edges, edges[1:], strict=False)]


def _capacity(
    others: Sequence[tuple[Group, int, float]],
    ceiling: int,
    minutes: int,
    n: int,
    known: dict[tuple[int, float], Floats],
) -> tuple[Floats, float]:
    """How likely it is that the other groups leave the first one room for just ``j`` attended bookings.

    Returns the probabilities for ``j`` = -1 (already over), 0 ... n, and what the others' spread may change.
    """
    law: dict[int, float] = {0: 1.0}
    slack = 0.0
    for group, k, mean in others:
        if k == 0:
            continue
        slack += epsilon(group, k, mean)
        pmf = _binomial(k, mean, known)
        mixed: dict[int, float] = {}
        for value, p in law.items():
            for j, q in enumerate(pmf):
                at = value + j * group.minutes
                mixed[at] = mixed.get(at, 0.0) + p * float(q)
        law = mixed
    weights = np.zeros(n + 2)
    for value, p in law.items():
        room = (ceiling - value) // minutes
        weights[min(max(room, -1), n) + 1] += p
    return weights, slack


def _first_mean(
    group: Group, n: int, weights: Floats, slack: float, alpha: float, known: dict[tuple[int, float], Floats]
) -> float:
    """The largest mean attendance of the first group that is not proven illegal."""

    def illegal(mean: float) -> bool:
        after = np.concatenate([[1.0], 1.0 - np.cumsum(_binomial(n, mean, known))])
        chance = float(weights @ np.clip(after, 0.0, 1.0))
        return chance - slack - epsilon(group, n, mean) > alpha + 1e-9

    if n == 0:
        return group.high if not float(weights[0]) - slack > alpha + 1e-9 else -inf
    if illegal(group.low):
        return -inf
    if not illegal(group.high):
        return group.high
    low, high = group.low, group.high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if illegal(middle):
            high = middle
        else:
            low = middle
    return high


def epsilon(group: Group, n: int, mean: float) -> float:
    """What making ``n`` attendances with a given mean equal can change a chance by, at most."""
    if n < 2 or group.high == group.low:
        return 0.0
    spread = n * max(0.0, group.high - mean) * max(0.0, mean - group.low)
    width = group.high - group.low
    powers = [0.0, 0.0] + [spread * width ** (j - 2) / j for j in range(2, 13)]
    series = [1.0] + [0.0] * 12
    for k in range(1, 13):
        series[k] = sum(j * powers[j] * series[k - j] for j in range(2, k + 1)) / k
    step = float(np.abs(np.diff(_binomial(n - 2, mean, {}), prepend=0.0, append=0.0)).max())
    tail = sum(2.0 ** (k - 1) * series[k] for k in range(3, 13))
    return step * spread / 2 + tail * 1.01


def _binomial(n: int, p: float, known: dict[tuple[int, float], Floats]) -> Floats:
    found = known.get((n, p))
    if found is None:
        j = np.arange(n + 1)
        choose = np.array([float(comb(n, int(k))) for k in j])
        found = known[n, p] = choose * p**j * (1 - p) ** (n - j)
    return found


def envelope_row(week: WeekModel, clinician: int, found: Envelope, values: Sequence[float]) -> Row | None:
    """The envelope's row at a point of the week's model, or None where the point keeps it."""
    place = {group.minutes: i for i, group in enumerate(found.groups)}
    columns = list(week.of_clinician(clinician))
    point = np.zeros(len(found.groups))
    minutes = 0.0
    for column in columns:
        appointment = week.appointment(column)
        point[place[appointment.minutes]] += values[column.variable]
        minutes += values[column.variable] * appointment.expected / FULL
    v, most = found.slope(point)
    if minutes + float(v @ point) <= most + 0.01:
        return None
    weights = tuple(
        week.appointment(c).expected + round(float(v[place[week.appointment(c).minutes]]) * FULL)
        for c in columns
    )
    return Row("overload", tuple(c.variable for c in columns), weights, -FREE, int(most * FULL) + 1)
