r"""Whether predicted figures are what came of it, as far as chance lets one tell.

A predicted probability ``p`` and ``k`` hits in ``n`` weeks agree when ``p`` lies in the exact (Clopper and
Pearson) interval of ``k / n``, which is the same as

.. math:: \Pr[Bin(n, p) \le k] > \alpha / 2 \quad and \quad \Pr[Bin(n, p) \ge k] > \alpha / 2

That fails by chance alone with a probability ``q(p, n)`` of at most ``alpha``, known exactly: 0 for a
prediction of 0 or 1. So of many predictions the number that fail by chance is Poisson binomial in the ``q``,
and `allowed` is the most of them that chance explains. (The law is exact for independent predictions;
those of one diary are not quite, so single failures are also judged alone, where dependence does no harm.)

References
----------
C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
binomial", Biometrika 26 (1934), 404-413.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import binom, norm

from solver.simulate.draws import Bools, Ints, Reals

OUTSIDE = 0.01
"""alpha: the intervals are of 99 %."""

NEVER = 0.001
"""What happens less often than this by chance is an objection."""


def surprise(predicted: Reals, hits: Ints, weeks: int) -> Reals:
    """How likely a result at least as far off is, on the likelier side twice: small is bad; at most 1."""
    few, many = binom.cdf(hits, weeks, predicted), binom.sf(hits - 1, weeks, predicted)
    return np.asarray(np.minimum(1.0, 2.0 * np.minimum(few, many)), dtype=np.float64)


def inside(predicted: Reals, hits: Ints, weeks: int) -> Bools:
    """Which predicted probabilities lie in the 99 % interval of what came of them."""
    return surprise(predicted, hits, weeks) > OUTSIDE


def astray(predicted: Reals, weeks: int) -> Reals:
    """``q``: probability that a true prediction lies outside its 99 % interval."""
    half = OUTSIDE / 2.0
    fewest, most = binom.ppf(half, weeks, predicted), binom.isf(half, weeks, predicted)
    # The first count that is inside, and the last: quantiles are outside where they hit the half exactly.
    fewest = np.where(binom.cdf(fewest, weeks, predicted) > half, fewest, fewest + 1)
    most = np.where(binom.sf(most - 1, weeks, predicted) > half, most, most - 1)
    low = np.where(fewest > 0, binom.cdf(fewest - 1, weeks, predicted), 0.0)
    return np.asarray(low + binom.sf(most, weeks, predicted), dtype=np.float64)


def allowed(chances: Reals, level: float = NEVER) -> int:
    """The least number that as many failures exceed with probability ``level`` at most."""
    law = np.ones(1)
    for q in chances[chances > 0.0]:
        law = np.append(law * (1.0 - q), 0.0) + np.append(0.0, law * q)
    return int(np.argmax(np.cumsum(law) >= 1.0 - level))


def mean_surprise(predicted: float, mean: float, deviation: float, weeks: int) -> float:
    """The same for a predicted mean, by the normal law; ``deviation`` is that of one week."""
    if deviation == 0.0:
        return 1.0 if mean == predicted else 0.0
    return float(2.0 * norm.sf(abs(mean - predicted) / (deviation / weeks**0.5)))
