r"""The probability integral transform of delivered minutes: flat where the predicted law is true.

Delivered minutes ``D`` are discrete, so the transform is randomised: with ``V`` uniform on (0, 1),

.. math:: u = F(D-) + V (F(D) - F(D-))

is uniform exactly when ``F`` is the law of ``D``. Too many values at both ends: the law is too narrow; in
the middle: too wide; at one end: shifted.

References
----------
C. Czado, T. Gneiting and L. Held, "Predictive model assessment for count data", Biometrics 65 (2009),
1254-1261.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from solver.simulate.draws import Ints, Reals

BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """A predicted law: ``masses[i]`` is the probability of ``start + i * step`` minutes."""

    start: int
    step: int
    masses: Reals


@dataclass(frozen=True, slots=True)
class Histogram:
    """Weeks in each tenth of the transform, and how likely a histogram at least as uneven is."""

    weeks: tuple[int, ...]
    surprise: float


def histogram(forecast: Forecast, delivered: Ints, dice: np.random.Generator) -> Histogram:
    """The histogram of one clinician (or of the service) over all weeks.

    A result that the law holds for impossible makes the surprise 0.
    """
    steps, rest = np.divmod(delivered - forecast.start, forecast.step)
    possible = (rest == 0) & (steps >= 0) & (steps < len(forecast.masses))
    steps = np.clip(steps, 0, len(forecast.masses) - 1)
    upto = np.cumsum(forecast.masses)
    mass = forecast.masses[steps]
    values = np.clip(upto[steps] - mass + dice.random(len(delivered)) * mass, 0.0, 1.0)
    counts = np.histogram(values, bins=BINS, range=(0.0, 1.0))[0]
    if not (possible & (mass > 0.0)).all():
        return Histogram(tuple(map(int, counts)), 0.0)
    even = len(delivered) / BINS
    statistic = float(((counts - even) ** 2 / even).sum())
    return Histogram(tuple(map(int, counts)), float(chi2.sf(statistic, BINS - 1)))
