"""The plain constraint model: CP-SAT over every start, with optional intervals in each diary.

Slots, breaks and lunch are optional intervals of fixed length, admin a few optional ones of any length, and
no two of a clinician overlap. Overload: a guiding row, the exact law at every solution, and cover cuts with
another solve where only illegal weeks were found. Two workers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import floor
from time import monotonic

from ortools.sat.python import cp_model

from benchmarks.peers.peer import Tell
from benchmarks.plain.answer import booked, rota
from benchmarks.plain.overload import cuts, guide, unguided
from benchmarks.plain.rows import posted
from benchmarks.plain.start import entries, point
from benchmarks.plain.week import PlainWeek, Stay
from solver.model.programme import FREE, Row
from solver.question.clinic import STEP, Span
from solver.question.reading import Question
from solver.rota import Rota

NAME = "plain CP-SAT"
SAYS = "Every start a literal, optional intervals, no decomposition; two workers."
PROVES = False
CLOCKED = True

MOST_ADMIN = 9
"""Admin entries that a shift may have: one more than its contacts at the default."""

SCALE = 10_000
"""Parts of a unit of cost in the objective."""


def book(question: Question, seconds: float, tell: Tell, begin_with: Rota | None = None) -> None:
    """Every better legal rota that CP-SAT finds."""
    ends = monotonic() + seconds
    week = posted(PlainWeek.over(question.clinic))
    known = None if begin_with is None else point(week, begin_with)
    guide(week, None if known is None else _kept(week, known))
    model = Slots(week)
    if begin_with is not None and known is not None:
        model.suggest(known, begin_with)
    while (left := ends - monotonic()) > 0:
        found = model.solve(left, tell)
        if found.cuts:
            week.programme.rows.extend(found.cuts)
            model.add(found.cuts)
        elif found.settled and unguided(week):
            model = Slots(week)
        else:
            return


def _kept(week: PlainWeek, known: dict[int, int]) -> dict[int, list[int]]:
    mine = booked(week, lambda literal: known[literal] == 1)
    return {clinician: [x for _, x in held] for clinician, held in mine.items()}


@dataclass(frozen=True, slots=True)
class Admin:
    """An admin entry that a shift may have; times and length in steps of 5 minutes."""

    stay: Stay
    there: cp_model.IntVar
    start: cp_model.IntVar
    length: cp_model.IntVar
    end: cp_model.IntVar


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call of CP-SAT ended: the cuts that its last solution needs, whether nothing is left to try."""

    cuts: list[Row]
    settled: bool


@dataclass
class Slots:
    """The week in CP-SAT."""

    week: PlainWeek
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    variables: list[cp_model.IntVar] = field(default_factory=list)
    admin: list[Admin] = field(default_factory=list)

    def __post_init__(self) -> None:
        programme = self.week.programme
        self.variables.extend(
            self.model.new_int_var(low, high, "")
            for low, high in zip(programme.lower, programme.upper, strict=True)
        )
        self.add(programme.rows)
        for stay in self.week.stays:
            self._admin(stay)
        self._due()
        for stay, intervals in self._intervals():
            self.model.add_no_overlap(intervals + self._taken(stay))
        costs = [(v, c) for v, c in zip(self.variables, programme.cost, strict=True) if c]
        weights = [floor(c * SCALE) for _, c in costs]
        self.model.minimize(cp_model.LinearExpr.weighted_sum([v for v, _ in costs], weights))

    def add(self, rows: Iterable[Row]) -> None:
        """Post rows."""
        for row in rows:
            expression = cp_model.LinearExpr.weighted_sum(
                [self.variables[v] for v in row.variables], list(row.coefficients)
            )
            lower = row.lower if row.lower > -FREE else cp_model.INT_MIN
            upper = row.upper if row.upper < FREE else cp_model.INT_MAX
            self.model.add_linear_constraint(expression, lower, upper)

    def _admin(self, stay: Stay) -> None:
        least, whole = self.week.clinician(stay).policy.admin_block_minutes // STEP, stay.span
        for _ in range(min(MOST_ADMIN, whole.minutes // (least * STEP))):
            first, last = whole.start // STEP, whole.end // STEP
            there = self.model.new_bool_var("")
            start, end = self.model.new_int_var(first, last, ""), self.model.new_int_var(first, last, "")
            length = self.model.new_int_var(0, last - first, "")
            self.model.add(length >= least).only_enforce_if(there)
            self.model.add(length == 0).only_enforce_if(~there)
            self.admin.append(Admin(stay, there, start, length, end))

    def _due(self) -> None:
        """Minutes of admin of a day, or of a week where that is the scope."""
        notes: dict[tuple[int, int | None], list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
        given: dict[tuple[int, int | None], list[cp_model.IntVar]] = defaultdict(list)
        for (appointment, number, _), literal in self.week.x.items():
            minutes = self.week.clinic.appointments[appointment].admin
            scope = self.week.scope(self.week.stays[number])
            notes[scope].append((minutes, self.variables[literal]))
        for one in self.admin:
            given[self.week.scope(one.stay)].append(one.length)
        for scope, base in self.week.due().items():
            owed = cp_model.LinearExpr.weighted_sum(
                [x for _, x in notes[scope]], [m for m, _ in notes[scope]]
            )
            self.model.add(STEP * cp_model.LinearExpr.sum(given[scope]) - owed >= base)

    def _intervals(self) -> Iterable[tuple[Stay, list[cp_model.IntervalVar]]]:
        found: dict[int, list[cp_model.IntervalVar]] = {stay.number: [] for stay in self.week.stays}
        for number, start, minutes, literal in self.week.taking():
            there = self.variables[literal]
            interval = self.model.new_optional_fixed_size_interval_var(
                start // STEP, minutes // STEP, there, ""
            )
            found[number].append(interval)
        for one in self.admin:
            interval = self.model.new_optional_interval_var(one.start, one.length, one.end, one.there, "")
            found[one.stay.number].append(interval)
        return [(stay, found[stay.number]) for stay in self.week.stays]

    def _taken(self, stay: Stay) -> list[cp_model.IntervalVar]:
        return [
            self.model.new_fixed_size_interval_var(span.start // STEP, span.minutes // STEP, "")
            for span in self.week.taken(stay)
        ]

    def suggest(self, known: dict[int, int], begin_with: Rota) -> None:
        """Start from a rota."""
        for number, value in known.items():
            self.model.add_hint(self.variables[number], value)
        held: dict[int, list[Span]] = {}
        for stay, entry in entries(self.week, begin_with):
            if entry.kind == "admin":
                held.setdefault(stay.number, []).append(Span(entry.start, entry.end))
        for one in self.admin:
            mine = held.get(one.stay.number, [])
            span = mine.pop() if mine else Span(one.stay.span.start, one.stay.span.start)
            self.model.add_hint(one.there, int(span.minutes > 0))
            for variable, minutes in (
                (one.start, span.start),
                (one.length, span.minutes),
                (one.end, span.end),
            ):
                self.model.add_hint(variable, minutes // STEP)

    def solve(self, seconds: float, tell: Tell) -> Ended:
        """Tell every legal rota."""
        search = cp_model.CpSolver()
        search.parameters.max_time_in_seconds = seconds
        search.parameters.num_workers = 2
        search.parameters.catch_sigint_signal = False
        ear = Ear(self, tell)
        status = search.solve(self.model, ear)
        return Ended(ear.cuts, status in (cp_model.OPTIMAL, cp_model.INFEASIBLE))


class Ear(cp_model.CpSolverSolutionCallback):
    """Hears each solution: a legal one is told, of another the cuts are kept."""

    def __init__(self, slots: Slots, tell: Tell) -> None:
        super().__init__()
        self.slots, self.tell = slots, tell
        self.cuts: list[Row] = []

    def on_solution_callback(self) -> None:
        """Take in one solution; the last one decides whether another solve is needed."""
        variables = self.slots.variables

        def chosen(literal: int) -> bool:
            return bool(self.value(variables[literal]))

        self.cuts = cuts(self.slots.week, booked(self.slots.week, chosen))
        if not self.cuts:
            there = (one for one in self.slots.admin if self.value(one.there))
            admin = [(one.stay.number, self._span(one)) for one in there]
            self.tell(rota=rota(self.slots.week, chosen, admin))

    def _span(self, one: Admin) -> Span:
        return Span(STEP * self.value(one.start), STEP * self.value(one.end))
