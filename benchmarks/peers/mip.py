"""The monolithic MIP: every start a binary, time in cells of 5 minutes, HiGHS through scipy; one thread.

In each cell a clinician does one thing. Admin has a binary a cell that it is on and one that it begins, since
its entries may last any time. scipy hands out no rota before the end, so the time to its first is the time
that it took; of its time limit a little is kept back for reading the answer. Overload as in the
plain constraint model: a guiding row, the exact law, and another solve with a cover cut while time is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from benchmarks.peers.peer import Tell
from benchmarks.plain.answer import Chosen, booked, rota
from benchmarks.plain.overload import cuts, guide, unguided
from benchmarks.plain.rows import posted
from benchmarks.plain.week import PlainWeek
from solver.model.programme import FREE, Programme, Row
from solver.question.clinic import STEP, Span
from solver.question.reading import Question

NAME = "monolithic MIP"
SAYS = "Every start a binary, time in cells, one model for HiGHS; one thread."
PROVES = False
CLOCKED = True

KEPT_BACK = 0.03
"""Part of the time limit that HiGHS is not given: it overruns by about so much."""


def book(question: Question, seconds: float, tell: Tell) -> None:
    """The rota that HiGHS has when its time is over."""
    ends = monotonic() + seconds * (1 - KEPT_BACK)
    week = posted(PlainWeek.over(question.clinic))
    guide(week)
    cells = Cells(week)
    while (left := ends - monotonic()) > 0:
        values = solved(week.programme, left)
        settled, found = monotonic() < ends, []
        if values is not None:
            found = cuts(week, booked(week, _chosen(values)))
        if values is not None and not found:
            tell(rota=rota(week, _chosen(values), cells.entries(values)))
        if found:
            week.programme.rows.extend(found)
        elif not (settled and unguided(week)):
            return


def _chosen(values: NDArray[np.float64]) -> Chosen:
    return lambda literal: bool(values[literal] > 0.5)


@dataclass
class Cells:
    """Time in cells of 5 minutes; by shift's number and cell: admin is on, an admin entry begins."""

    week: PlainWeek
    on: dict[tuple[int, int], int] = field(default_factory=dict)
    begins: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for stay in self.week.stays:
            for _, cell in stay.cells():
                self.on[stay.number, cell] = self.week.programme.variable()
                self.begins[stay.number, cell] = self.week.programme.variable()
        self._blocks()
        self._one_thing()
        self._due()

    def _blocks(self) -> None:
        """Admin is on only after it began, and stays on for a block at least."""
        programme = self.week.programme
        for (number, cell), on in self.on.items():
            begins, before = self.begins[number, cell], self.on.get((number, cell - STEP))
            earlier = [] if before is None else [(-1, before)]
            programme.row("admin", [(1, on), (-1, begins), *earlier], upper=0)
            least = self.week.clinician(self.week.stays[number]).policy.admin_block_minutes
            for later in range(cell, cell + least, STEP):
                lasts = self.on.get((number, later))
                if lasts is None:
                    programme.fix(begins, 0)
                else:
                    programme.row("admin", [(1, begins), (-1, lasts)], upper=0)

    def _one_thing(self) -> None:
        doing: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for number, start, minutes, literal in self.week.taking():
            for cell in range(start, start + minutes, STEP):
                doing[number, cell].append((1, literal))
        for key, terms in doing.items():
            admin = self.on.get(key)
            own = [] if admin is None else [(1, admin)]
            self.week.programme.row("one thing", [*terms, *own], upper=1)

    def _due(self) -> None:
        terms: dict[tuple[int, int | None], list[tuple[int, int]]] = defaultdict(list)
        for (number, _), literal in self.on.items():
            terms[self.week.scope(self.week.stays[number])].append((STEP, literal))
        for (appointment, number, _), literal in self.week.x.items():
            minutes = self.week.clinic.appointments[appointment].admin
            terms[self.week.scope(self.week.stays[number])].append((-minutes, literal))
        for scope, base in self.week.due().items():
            self.week.programme.row("admin", terms[scope], lower=base)

    def entries(self, values: NDArray[np.float64]) -> Iterator[tuple[int, Span]]:
        """The admin entries of a solution, by shift's number."""
        for stay in self.week.stays:
            start = last = None
            for _, cell in stay.cells():
                on = values[self.on[stay.number, cell]] > 0.5
                if start is not None and (not on or cell != last):
                    yield stay.number, Span(start, last or start)
                    start = None
                if on:
                    start, last = (cell if start is None else start), cell + STEP
            if start is not None:
                yield stay.number, Span(start, last or start)


def solved(programme: Programme, seconds: float) -> NDArray[np.float64] | None:
    """The best point that HiGHS finds; None if it finds none."""
    found = milp(
        np.array([float(c) for c in programme.cost]),
        integrality=np.ones(len(programme.cost), np.int8),
        bounds=Bounds(np.array(programme.lower, float), np.array(programme.upper, float)),
        constraints=_constraints(programme.rows, len(programme.cost)),
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    return None if found.x is None else np.asarray(found.x, dtype=np.float64)


def _constraints(rows: list[Row], width: int) -> LinearConstraint:
    starts = np.cumsum([0, *(len(row.variables) for row in rows)])
    variables = np.fromiter((v for row in rows for v in row.variables), np.int32)
    coefficients = np.fromiter((c for row in rows for c in row.coefficients), np.float64)
    matrix = csr_array((coefficients, variables, starts), shape=(len(rows), width))
    lower = np.array([float(row.lower) if row.lower > -FREE else -np.inf for row in rows])
    upper = np.array([float(row.upper) if row.upper < FREE else np.inf for row in rows])
    return LinearConstraint(matrix, lower, upper)
