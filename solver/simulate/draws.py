r"""Who comes, and for how long, in each simulated week.

Independent: patient ``a`` comes with probability ``p[a]``, whoever else does. With a shared shock, one
uniform ``U`` a week for the whole service, and patient ``a`` comes with probability

.. math:: Q_a(U), \qquad Q_a \text{ the quantile function of } \mathrm{Beta}(49 p_a, 49 (1 - p_a))

so that each still comes with probability ``p[a]`` over the weeks, and equal patients have correlation
0.02. One shock for the service is also one for each clinician, so a clinician's figures are as if the
shock were their own. Source: problem, section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from solver.question.clinic import FULL

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Reals = NDArray[np.float64]

SPREAD = 49
"""alpha + beta of each attendance under the shared shock."""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The dice of a simulation; each clinician has dice of their own, so that order does not matter.

    ``shock`` has shape (weeks,), or is None where attendances are independent.
    """

    weeks: int
    seed: int
    shock: Reals | None

    def dice(self, clinician: int) -> np.random.Generator:
        """The generator of one clinician (a place in the request's list)."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(1, clinician)))


def draws(weeks: int, seed: int, *, shock: bool) -> Draws:
    """Dice for a number of weeks."""
    own = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
    return Draws(weeks, seed, own.random(weeks) if shock else None)


def attended(dice: np.random.Generator, given: Draws, attendances: Sequence[int]) -> Bools:
    """Who comes: shape (weeks, bookings), from attendances in 1/1000."""
    chances = np.asarray(attendances, dtype=np.int32)
    if given.shock is None:
        thrown = dice.integers(0, FULL, size=(given.weeks, len(chances)), dtype=np.int32)
        return thrown < chances
    return dice.random((given.weeks, len(chances))) < _shocked(given.shock, chances)


def _shocked(shock: Reals, attendances: Ints) -> Reals:
    chances = np.empty((len(shock), len(attendances)))
    for attendance in np.unique(attendances):
        mean = float(attendance) / FULL
        certain = attendance in {0, FULL}
        own = mean if certain else beta.ppf(shock, SPREAD * mean, SPREAD * (1.0 - mean))
        chances[:, attendances == attendance] = np.broadcast_to(own, shock.shape)[:, None]
    return chances


def extra_minutes(
    dice: np.random.Generator, shape: tuple[int, int], overrun: Sequence[tuple[int, float]]
) -> Ints:
    """How much longer than booked each session lasts, from pairs (extra minutes, probability)."""
    minutes = np.array([extra for extra, _ in overrun], dtype=np.int32)
    if len(minutes) == 1:
        return np.full(shape, minutes[0], dtype=np.int32)
    chances = np.array([chance for _, chance in overrun])
    return dice.choice(minutes, size=shape, p=chances / chances.sum()).astype(np.int32)
