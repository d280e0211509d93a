r"""The day dropped from bookings that care for none: a smaller part with the same weeks in it.

Bookings of one clinician that every day treats alike (the same coefficients in each row of that day, and
costs that differ from day to day by the same amounts) need no column a day each. With ``Y_a`` whether ``a``
is booked and ``N_d`` how many of them stand on day ``d``,

.. math:: y_{a,d} \in \{0, 1\} \;\to\; \sum_a Y_a = \sum_d N_d, \quad Y_a \in \{0, 1\}, \; 0 \le N_d \in Z ,

where a row that has one coefficient on all days of ``a`` takes it on ``Y_a``, and any other on ``N_d``. Every
point of the one is a point of the other at the same cost (give the booked ones to the days in any order; in
fractions, ``y_{a,d} = Y_a N_d / \sum N``), so a bound of the merged part is a bound of the part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_array, csr_array

from solver.model.week import Column
from solver.search.linear import Vector
from solver.search.part import Part

Cells = tuple[tuple[int, float], ...]
"""Rows and coefficients of a column, and minus one with a cost."""

Pattern = tuple[tuple[int, Cells], ...]
"""By day, what the day alone sees of a booking."""


@dataclass(frozen=True)
class Group:
    """Bookings alike on every day: ``columns[i][k]`` is the i-th one's place in the part on the k-th day."""

    columns: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Merged:
    """A part with groups merged; its variables are the kept ones, then each group's ``Y`` and ``N``."""

    part: Part
    kept: tuple[int, ...]
    groups: tuple[Group, ...]

    def expanded(self, values: Vector, standing: Vector) -> Vector:
        """A point of the merged part as one of the part; days as in ``standing``, as far as they go."""
        found = self._unmerged(values)
        for group, booked, held in self._walk(values):
            chosen = [group.columns[i] for i in np.flatnonzero(booked > 0.5)]
            for places, day in _given_days(chosen, np.rint(held).astype(int).tolist(), standing):
                found[places[day]] = 1.0
        return found

    def spread(self, values: Vector) -> Vector:
        """A fractional point of the merged part as one of the part, bookings over days in proportion."""
        found = self._unmerged(values)
        for group, booked, held in self._walk(values):
            found[np.array(group.columns)] = np.outer(booked, held / max(1e-12, held.sum()))
        return found

    def contracted(self, values: Vector) -> Vector:
        """A point of the part as one of the merged part."""
        groups = [values[np.array(group.columns)] for group in self.groups]
        sums = [side for held in groups for side in (held.sum(axis=1), held.sum(axis=0))]
        return np.concatenate([values[list(self.kept)], *sums])

    def _unmerged(self, values: Vector) -> Vector:
        """A point of the part with its kept variables set, and nobody of a group booked."""
        found = np.zeros(len(self.kept) + sum(len(g.columns) * len(g.columns[0]) for g in self.groups))
        found[list(self.kept)] = values[: len(self.kept)]
        return found

    def _walk(self, values: Vector) -> Iterator[tuple[Group, Vector, Vector]]:
        """Each group with the values of its bookings and of its days."""
        at = len(self.kept)
        for group in self.groups:
            size, days = len(group.columns), len(group.columns[0])
            yield group, values[at : at + size], values[at + size : at + size + days]
            at += size + days


def _given_days(
    booked: Sequence[tuple[int, ...]], room: list[int], standing: Vector
) -> list[tuple[tuple[int, ...], int]]:
    """A day for each booking: the one where it stands, if there is room, else the first with any."""
    given, left = [], []
    for places in booked:
        day = next((k for k, place in enumerate(places) if standing[place] > 0.5 and room[k]), None)
        if day is None:
            left.append(places)
        else:
            room[day] -= 1
            given.append((places, day))
    for places in left:
        day = next(k for k, free in enumerate(room) if free)
        room[day] -= 1
        given.append((places, day))
    return given


def merged(part: Part, columns: Mapping[int, Column]) -> Merged:
    """Merge what can be merged of a part.

    Parameters
    ----------
    columns
        The week's columns by their variable.
    """
    matrix = csc_array(part.matrix)
    groups = _groups(part, matrix, columns)
    inside = {place for group in groups for places in group.columns for place in places}
    kept = tuple(place for place in range(len(part.variables)) if place not in inside)
    return Merged(_rebuilt(part, matrix, kept, groups), kept, groups)


def _groups(part: Part, matrix: csc_array, columns: Mapping[int, Column]) -> tuple[Group, ...]:
    own: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    spoilt = set()
    for place, variable in enumerate(part.variables.tolist()):
        column = columns.get(variable)
        if column is None:
            continue
        owner = column.clinician, column.appointment
        own[owner].append((column.day, place))
        if column.given or part.lower[place] != 0 or part.upper[place] != 1:
            spoilt.add(owner)
    alike: dict[tuple[int, Pattern], list[tuple[int, ...]]] = defaultdict(list)
    for owner, places in own.items():
        if len(places) > 1 and owner not in spoilt and len({d for d, _ in places}) == len(places):
            alike[owner[0], _pattern(part, matrix, places)].append(tuple(p for _, p in sorted(places)))
    return tuple(Group(tuple(members)) for members in alike.values() if len(members) > 1)


def _pattern(part: Part, matrix: csc_array, places: list[tuple[int, int]]) -> Pattern:
    """What each day alone sees of a booking: cells that its other days do not share, and its extra cost."""
    cells = {day: _cells(matrix, place) for day, place in sorted(places)}
    shared = _shared(matrix, [place for _, place in places])
    first = min(places)[1]
    return tuple(
        (
            day,
            (
                *(cell for cell in cells[day] if cell not in shared),
                (-1, round(float(part.cost[place] - part.cost[first]), 9)),
            ),
        )
        for day, place in sorted(places)
    )


def _cells(matrix: csc_array, place: int) -> Cells:
    held = slice(matrix.indptr[place], matrix.indptr[place + 1])
    return tuple(zip(matrix.indices[held].tolist(), matrix.data[held].tolist(), strict=True))


def _rebuilt(part: Part, matrix: csc_array, kept: tuple[int, ...], groups: tuple[Group, ...]) -> Part:
    """The merged part: kept columns, then each group's bookings and days; a row ties those together."""
    made = _Columns()
    for place in kept:
        made.add(_cells(matrix, place), float(part.cost[place]), part.lower[place], part.upper[place])
    for number, group in enumerate(groups):
        tie = matrix.shape[0] + number
        for places in group.columns:
            shared = _shared(matrix, places)
            made.add((*sorted(shared), (tie, 1.0)), float(part.cost[places[0]]), 0.0, 1.0)
        first, shared = group.columns[0], _shared(matrix, group.columns[0])
        for place in first:
            mine = tuple(cell for cell in _cells(matrix, place) if cell not in shared)
            extra = round(float(part.cost[place] - part.cost[first[0]]), 9)
            made.add((*mine, (tie, -1.0)), extra, 0.0, float(len(group.columns)))
    shape = (matrix.shape[0] + len(groups), len(made.cost))
    ties = np.zeros(len(groups))
    return Part(
        np.arange(len(made.cost)),
        np.array(made.cost),
        np.array(made.lower),
        np.array(made.upper),
        csr_array(csc_array((made.data, made.rows, made.at), shape=shape)),
        np.concatenate([part.least, ties]),
        np.concatenate([part.most, ties]),
    )


@dataclass
class _Columns:
    """Columns of a matrix as they are put together."""

    data: list[float] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=lambda: [0])
    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, cells: Cells, cost: float, lower: float, upper: float) -> None:
        self.rows.extend(row for row, _ in cells)
        self.data.extend(value for _, value in cells)
        self.at.append(len(self.rows))
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)


def _shared(matrix: csc_array, places: Sequence[int]) -> set[tuple[int, float]]:
    """What a booking puts into a row whatever its day."""
    return set.intersection(*(set(_cells(matrix, place)) for place in places))
