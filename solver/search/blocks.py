"""The week in blocks: a clinician's own variables and rows, and what ties clinicians together.

Most appointments belong to one clinician, so most rows do too. Pricing the linking rows with
their duals (Lagrangian relaxation; Geoffrion, "Lagrangean relaxation for integer programming",
1974) leaves one whole-number programme a clinician, and for any duals of the right sign

.. math:: z \\ge y b_L + \\sum_{j \\in L} \\min_{lo \\le x_j \\le hi} \\bar c_j x_j
          + \\sum_c \\min_{x_c \\in X_c} \\bar c_c x_c , \\quad \\bar c = c - y A_L .

A block's own proven bound may stand for its minimum. Started from the duals of the linear
relaxation, the sum is at least the bound of the relaxation, and every block that is solved adds
what whole numbers cost its clinician.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from solver.model.week import WeekModel
from solver.search.linear import Arrays, Indices, Vector

LINK = -1

NOBODYS = -2
"""Not known yet."""

FAR = 1 << 40
"""After every clinician."""


@dataclass(frozen=True)
class Blocks:
    """``block[j]`` is the clinician of variable ``j``, or `LINK`; ``row_block[i]`` likewise of a row."""

    block: Indices
    row_block: Indices

    def variables(self, clinician: int) -> Indices:
        """The variables of a clinician's block."""
        return np.flatnonzero(self.block == clinician)

    @property
    def linking(self) -> Indices:
        """The rows that tie blocks together."""
        return np.flatnonzero(self.row_block == LINK)


@dataclass(frozen=True)
class Prices:
    """Reduced costs under given duals of the linking rows, and the part of the bound that is settled."""

    cost: Vector
    settled: float


def blocks(week: WeekModel, given: Arrays, groups: Sequence[Sequence[int]] = ()) -> Blocks:
    """Whose each variable and row is.

    Parameters
    ----------
    groups
        Clinicians who make one block, named after the first of each; the others stand alone.
    """
    owner = np.arange(len(week.clinic.clinicians))
    for group in groups:
        owner[list(group)] = group[0]
    block = np.full(len(given.cost), NOBODYS, np.int64)
    variables = np.array([column.variable for column in week.columns], np.int64)
    seen_by = owner[np.array([column.clinician for column in week.columns], np.int64)]
    block[variables] = seen_by
    appointment = np.array([column.appointment for column in week.columns], np.int64)
    block[week.unplaced] = _the_one(appointment, seen_by, len(week.unplaced))
    for key, literals in week.doubles.items():
        block[list(literals)] = owner[key[0]]
    _place_the_rest(block, given)
    least, most = _span_of_rows(given, block[given.matrix.indices])
    return Blocks(block, np.where(least == most, least, LINK))


def _the_one(of: Indices, owners: Indices, count: int) -> Indices:
    """By thing: the owner that all of its entries have; `LINK` where there is not just one."""
    least, most = np.full(count, FAR, np.int64), np.full(count, NOBODYS, np.int64)
    np.minimum.at(least, of, owners)
    np.maximum.at(most, of, owners)
    return np.where(least == most, least, LINK)


def _span_of_rows(given: Arrays, owners: Indices) -> tuple[Indices, Indices]:
    """By row: the least and the greatest owner of its entries that is known; wrong way round without."""
    starts = given.matrix.indptr
    least, most = np.full(len(given.bounds), FAR, np.int64), np.full(len(given.bounds), NOBODYS, np.int64)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        least[filled] = np.minimum.reduceat(np.where(owners == NOBODYS, FAR, owners), starts[filled])
        most[filled] = np.maximum.reduceat(owners, starts[filled])
    return least, most


def _place_the_rest(block: Indices, given: Arrays) -> None:
    """Give each variable that no booking names to the one clinician whose rows it is in, if there is one."""
    inside = block[given.matrix.indices]
    least, most = _span_of_rows(given, inside)
    entries = np.flatnonzero(inside == NOBODYS)
    rows = np.searchsorted(given.matrix.indptr, entries, side="right") - 1
    entries, rows = entries[most[rows] != NOBODYS], rows[most[rows] != NOBODYS]
    unknown = np.tile(given.matrix.indices[entries], 2)
    owners = _the_one(unknown, np.concatenate([least[rows], most[rows]]), len(block))
    block[:] = np.where(block == NOBODYS, owners, block)


def priced(given: Arrays, split: Blocks, duals: Vector) -> Prices:
    """Reduced costs when the linking rows cost what their duals say."""
    linking = np.zeros(len(duals))
    linking[split.linking] = given.signed(duals)[split.linking]
    cost = given.cost - given.matrix.T @ linking
    loose = split.block == LINK
    settled = float(linking @ given.bounds) + given.constant
    settled += float(np.minimum(cost[loose] * given.lower[loose], cost[loose] * given.upper[loose]).sum())
    return Prices(cost, settled - 1e-9 * abs(settled))


def worlds(shared: NDArray[np.int64]) -> list[tuple[int, ...]]:
    """Clinicians who share patients, directly or through others, and with nobody else.

    Parameters
    ----------
    shared
        As `affinity` counts them, (clinicians, clinicians).
    """
    _, world = connected_components(csr_array(shared))
    return [tuple(np.flatnonzero(world == k).tolist()) for k in range(int(world.max(initial=-1)) + 1)]


def affinity(week: WeekModel) -> NDArray[np.int64]:
    """How many appointments each two clinicians could both see."""
    count = len(week.clinic.clinicians)
    shared = np.zeros((count, count), np.int64)
    for columns in week.of_appointment.values():
        able = sorted({column.clinician for column in columns})
        if len(able) > 1:
            shared[np.ix_(able, able)] += 1
    return shared
