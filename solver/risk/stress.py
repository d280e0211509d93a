r"""The stress band: attendance a little lower, a little higher, and moved together.

The independence of attendances, and each probability itself, are assumptions; one number alone
misleads. So every figure is also given with all attendances 0.02 lower, 0.02 higher (clamped to
[0, 1]), and with a shared shock: one ``U`` uniform on (0, 1), and given ``U = u`` attendances are
independent with probabilities

.. math:: p_a(u) = F^{-1}_{\mathrm{Beta}(\nu p_a,\ \nu (1 - p_a))}(u), \qquad \nu = 49

so the mean stays ``p[a]`` and equal patients have correlation ``1 / (1 + nu) = 0.02`` (the
beta-binomial with a common factor). Attendances of exactly 0 and 1 stay. Figures are integrals over
``u``, by Gauss-Legendre in ``v`` with ``u = v^2 (3 - 2 v)``, which flattens the quantile's steep ends.

With `NODES` = 64 nodes, the largest difference of a distribution function from its value with 1,500
nodes (itself within 6e-9 of plain Gauss-Legendre with 3,000) was 2e-8 over 40 random diaries with
attendances from 0.001 to 0.999, and for whole services of 300, 2,000, 8,000 and 20,000 equal
appointments 8e-8, 2e-6, 2e-5 and 2e-4.

References
----------
J. G. Skellam, "A probability distribution derived from the binomial distribution by regarding the
probability of success as variable between the sets of trials", Journal of the Royal Statistical
Society B 10 (1948), 257-261 (the beta-binomial).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import gcd

import numpy as np
import scipy

from solver.question.clinic import FULL
from solver.risk.law import Floats, Law, laws

SHIFT = 20
"""How much lower and higher attendance is taken, in 1/1000."""

CONCENTRATION = 49
"""alpha + beta of each attendance's law: correlation 1 / 50."""

NODES = 64
"""Values of the shared shock at which it is integrated."""


def _nodes() -> tuple[Floats, Floats]:
    at, weight = np.polynomial.legendre.leggauss(NODES)
    v = (at + 1.0) / 2.0
    return v * v * (3.0 - 2.0 * v), weight * 3.0 * v * (1.0 - v)


SHOCKS, WEIGHTS = _nodes()
"""The shock's values ``u``, and their weights (they add up to 1), each of shape (NODES,)."""


@dataclass(frozen=True, eq=False)
class Stressed:
    """One clinician's delivered minutes, as given and under stress.

    ``shocked`` has shape (NODES, bins): row ``k`` is the law on the grid of ``given`` where the shared
    shock is ``SHOCKS[k]``. ``longest`` is the longest booking in minutes.
    """

    given: Law
    low: Law
    high: Law
    shocked: Floats
    longest: int

    @cached_property
    def shared(self) -> Law:
        """The law with the shared shock averaged out."""
        return Law(self.given.grid, WEIGHTS @ self.shocked)

    def shocked_above(self, minutes: int) -> Floats:
        """``P(D > minutes)`` at each value of the shock."""
        tails: Floats = self.shocked[:, max(0, minutes // self.given.grid + 1) :].sum(axis=1)
        return np.minimum(tails, 1.0)


def stressed(bookings: Sequence[tuple[int, int]]) -> Stressed:
    """The laws of delivered minutes of pairs (minutes, attendance in 1/1000)."""
    minutes = [length for length, _ in bookings]
    chances = np.array([scenarios(attendance) for _, attendance in bookings]).T
    grid, pmf = laws(minutes, chances.reshape(3 + NODES, len(bookings)))
    given, low, high = (Law(grid, row) for row in pmf[:3])
    return Stressed(given, low, high, shocked=pmf[3:], longest=max(minutes, default=0))


@lru_cache(maxsize=FULL + 1)
def scenarios(attendance: int) -> Floats:
    """Probabilities of one attendance (in 1/1000): as given, low, high, then at each shock."""
    fixed = [attendance, max(0, attendance - SHIFT), min(FULL, attendance + SHIFT)]
    p = attendance / FULL
    if attendance in {0, FULL}:
        shocked = np.full(NODES, p)
    else:
        shocked = scipy.special.betaincinv(CONCENTRATION * p, CONCENTRATION * (1.0 - p), SHOCKS)
    row = np.concatenate((np.array(fixed) / FULL, shocked))
    row.setflags(write=False)
    return row


def shared_below(parts: Sequence[Stressed], minutes: int) -> float:
    """``P(sum < minutes)`` for a service whose clinicians all feel one shock.

    At each value of the shock the clinicians are independent, and their laws are convolved by a
    circular Fourier transform just long enough for nearly all mass: Bernstein's inequality puts less
    than 1e-15 outside, and the transform's own rounding is of that size too.
    """
    grid = gcd(*(part.given.grid for part in parts if part.given.most)) or 1
    full = 1 + sum(part.given.most for part in parts) // grid
    middle, deviation = _moments(parts)
    reach = 9.0 * deviation.max(initial=0.0) + 24.0 * max((part.longest for part in parts), default=0)
    widest = max((1 + part.given.most // grid for part in parts), default=1)
    size = scipy.fft.next_fast_len(max(widest, min(full, 2 + int(2.0 * reach / grid))), real=True)
    product = np.ones((NODES, size // 2 + 1), dtype=np.complex128)
    for part in parts:
        product *= scipy.fft.rfft(_spread(part, grid), n=size, axis=1)
    pmf = scipy.fft.irfft(product, n=size, axis=1)
    first = np.clip((middle / grid).astype(np.int64) - size // 2, 0, max(0, full - size))
    steps = np.arange(size)
    inside = first[:, None] + steps < -(-minutes // grid)
    mass = np.take_along_axis(pmf, (first[:, None] + steps) % size, axis=1)
    return float(np.clip(WEIGHTS @ np.clip((mass * inside).sum(axis=1), 0.0, 1.0), 0.0, 1.0))


def shared_any_above(parts: Sequence[Stressed], ceilings: Sequence[int]) -> float:
    """Probability that anyone of a service under one shock passes their ceiling, in minutes."""
    union = np.zeros(NODES)
    for part, ceiling in zip(parts, ceilings, strict=True):
        union += part.shocked_above(ceiling) * (1.0 - union)
    return min(1.0, float(WEIGHTS @ union))


def _moments(parts: Sequence[Stressed]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the sum, in minutes, at each shock."""
    mean, variance = np.zeros(NODES), np.zeros(NODES)
    for part in parts:
        values = part.given.values
        own = part.shocked @ values
        mean += own
        variance += np.maximum(0.0, part.shocked @ values**2 - own**2)
    return mean, np.sqrt(variance)


def _spread(part: Stressed, grid: int) -> Floats:
    """A clinician's laws at each shock on a finer grid."""
    times = part.given.grid // grid
    if times <= 1 or part.shocked.shape[1] == 1:
        return part.shocked
    pmf = np.zeros((NODES, times * (part.shocked.shape[1] - 1) + 1))
    pmf[:, ::times] = part.shocked
    return pmf
