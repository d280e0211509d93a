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

from solver.model.week import WeekModel
from solver.search.linear import Arrays, Vector
from solver.search.part import Indices

LINK = -1


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
    owner = {clinician: group[0] for group in groups for clinician in group}
    block = np.full(len(given.cost), -2, np.int64)
    for column in week.columns:
        block[column.variable] = owner.get(column.clinician, column.clinician)
    for appointment in week.clinic.appointments:
        seen_by = {int(block[column.variable]) for column in week.of_appointment[appointment.index]}
        block[week.unplaced[appointment.index]] = seen_by.pop() if len(seen_by) == 1 else LINK
    for key, literals in week.doubles.items():
        block[list(literals)] = owner.get(key[0], key[0])
    _place_the_rest(block, given)
    row_block = np.full(given.matrix.shape[0], LINK, np.int64)
    for row in range(given.matrix.shape[0]):
        owners = set(block[_of_row(given, row)].tolist())
        if len(owners) == 1:
            row_block[row] = owners.pop()
    return Blocks(block, row_block)


def _of_row(given: Arrays, row: int) -> Indices:
    matrix = given.matrix
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], np.int64)


def _place_the_rest(block: Indices, given: Arrays) -> None:
    """Give each variable that no booking names to the one clinician whose rows it is in, if there is one."""
    owners: dict[int, set[int]] = {int(j): set() for j in np.flatnonzero(block == -2)}
    for row in range(given.matrix.shape[0]):
        inside = _of_row(given, row)
        unknown = [int(j) for j in inside if block[j] == -2]
        for j in unknown:
            owners[j].update(int(b) for b in block[inside] if b != -2)
    for j, seen in owners.items():
        block[j] = seen.pop() if len(seen) == 1 else LINK


def priced(given: Arrays, split: Blocks, duals: Vector) -> Prices:
    """Reduced costs when the linking rows cost what their duals say."""
    linking = np.zeros(len(duals))
    linking[split.linking] = duals[split.linking]
    linking = np.where(given.equal, linking, np.minimum(linking, 0.0))
    cost = given.cost - given.matrix.T @ linking
    loose = split.block == LINK
    settled = float(linking @ given.bounds) + given.constant
    settled += float(np.minimum(cost[loose] * given.lower[loose], cost[loose] * given.upper[loose]).sum())
    return Prices(cost, settled - 1e-9 * abs(settled))


def affinity(week: WeekModel) -> NDArray[np.int64]:
    """How many appointments each two clinicians could both see."""
    count = len(week.clinic.clinicians)
    shared = np.zeros((count, count), np.int64)
    for columns in week.of_appointment.values():
        able = sorted({column.clinician for column in columns})
        if len(able) > 1:
            shared[np.ix_(able, able)] += 1
    return shared


def paired(shared: NDArray[np.int64]) -> list[tuple[int, ...]]:
    """Clinicians two by two, each with the one left who shares most patients; alone where nobody does."""
    left = list(range(len(shared)))
    found: list[tuple[int, ...]] = []
    while left:
        first = left.pop(0)
        second = max(left, key=lambda c: (shared[first, c], -c), default=first)
        if second == first or not shared[first, second]:
            found.append((first,))
        else:
            left.remove(second)
            found.append((first, second))
    return found
