"""The week's linear relaxation, solved with the day dropped where nobody cares for it.

A merged programme has the rows of the whole one and a row more a group. Its duals, less those, are
duals of the whole: the reduced cost of a booking on a day is the sum of the merged ones of booking and day.
That sum is at least 0 where neither has an upper bound of its own; that a booking is one at most says a row
of the week already. The bound is computed from them on the whole programme (`solver.search.linear`), so
nothing rests on this.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from solver.model.week import Column
from solver.search.linear import Arrays, Relaxation, safe_bound, solved
from solver.search.merge import merged
from solver.search.part import part


def relaxed_week(given: Arrays, columns: Mapping[int, Column], seconds: float) -> Relaxation | None:
    """Solve the relaxation of a week within so many seconds; None where HiGHS did not finish.

    Parameters
    ----------
    columns
        The week's columns by their variable.
    """
    count = len(given.cost)
    whole = part(given, np.arange(count), np.zeros(count), given.cost)
    small = merged(whole, columns)
    rows = np.flatnonzero(np.diff(given.matrix.indptr))
    equal = np.concatenate([given.equal[rows], np.ones(len(small.groups), bool)])
    upper = small.part.upper.copy()
    upper[len(small.kept) :] = np.inf
    inner = Arrays(small.part.cost, 0.0, small.part.lower, upper, small.part.matrix, small.part.most, equal)
    found = solved(inner, seconds)
    if found is None:
        return None
    values, merged_duals = found
    duals = np.zeros(len(given.bounds))
    duals[rows] = merged_duals[: len(rows)]
    bound, reduced = safe_bound(given, duals)
    return Relaxation(bound, small.spread(values), reduced, duals)
