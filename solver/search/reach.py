r"""Rotas that reach as much of the targets as any can: the verdict's own search.

The same search as for cheap rotas, on a copy of the week whose only cost is what is missing:

.. math:: \min \sum_c \max(0, T_c - E_c) \iff \max \sum_c \min(E_c, T_c)

``E`` expected delivered and ``T`` target, in minutes. Every hard rule stays as it is, so what is found
is a rota of the week itself. Source: problem, section 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from solver.diaries import expected_minutes
from solver.model.programme import FREE
from solver.question.clinic import Clinic, Clinician
from solver.rota import Rota
from solver.rules import cost
from solver.search.blocks import blocks
from solver.search.carry import begun, limits
from solver.search.clerk import clerk
from solver.search.cpsat import Tries
from solver.search.exact import SMALL, settle
from solver.search.improve import Search, Unlayable, start
from solver.search.judge import Judge
from solver.search.linear import arrays
from solver.search.plan import Days
from solver.search.prepare import Prepared, tight_week
from solver.search.relaxed import relaxed_week
from solver.search.work import Clock, Ear, Work

NEAR = 1e-6
"""Minutes; expected minutes are whole 1/1000, so what is this near is reached."""

ROUND_SECONDS = 1.5
"""Longest call of CP-SAT for one clinician's week."""

MOST = 4
"""Most clinicians whose weeks are freed at once."""

ENOUGH = Fraction(97, 100)
"""A round that leaves more than this share of what was missing frees one more clinician at a time."""

TINY = 1e-9
"""Minutes a unit of a row: duals that are nearer 0 are 0."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A week, and how hard to look.

    Parameters
    ----------
    seconds
        Time limit, the bound's linear programme included.
    begin
        A rota of this week, or of one with fewer clinicians, appointments or rules, to start from.
    enough
        Minutes: no search is worth while where the bound does not pass this.
    demanded
        Clinicians whose target less tolerance counts, and nothing else; None: every whole target counts.
    """

    clinic: Clinic
    seconds: float
    seed: int = 0
    begin: Rota | None = None
    enough: float = -1.0
    demanded: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """Minutes of sum min(expected, target): the best found with its rota, and a proven upper bound.

    Nothing is found where the bound was reason enough not to look, or no rota keeps the pins. ``tight`` are
    the rules whose rows have a dual where the bound is that of a linear relaxation; None where it is more.
    """

    bound: float
    found: float | None = None
    rota: Rota | None = None
    tight: frozenset[str] | None = None
    ready: float = 0.0
    """Seconds that the model and its relaxation took; a changed week is going to need about as many."""


def goal_of(clinic: Clinic, demanded: frozenset[int] | None = None) -> Clinic:
    """The same week, where nothing costs but minutes missing from a target, or from those demanded."""
    weights = {name: Fraction(int(name == "below_target")) for name in clinic.weights}
    return replace(clinic, weights=weights, clinicians=tuple(_aiming(c, demanded) for c in clinic.clinicians))


def _aiming(clinician: Clinician, demanded: frozenset[int] | None) -> Clinician:
    if demanded is not None and clinician.index in demanded:
        return clinician
    spared = 0 if demanded is None else clinician.target
    return replace(clinician, policy=replace(clinician.policy, tolerance_minutes=spared))


def wanted(clinic: Clinic, demanded: frozenset[int] | None = None) -> float:
    """Minutes that there are to reach: the targets, or those demanded less tolerance."""
    return float(sum(_least(c) for c in goal_of(clinic, demanded).clinicians))


def _least(clinician: Clinician) -> int:
    return max(0, clinician.target - clinician.policy.tolerance_minutes)


def reach(asked: Reach, ear: Ear) -> Reached:
    """Look for the rota that reaches most; a job for a process of its own (`solver.search.box`).

    ``ear`` hears what is known as soon as it is: the bound, then each better rota with it.
    """
    goal = goal_of(asked.clinic, asked.demanded)
    clock = Clock(Work(goal, asked.seconds, asked.seed, 0.0), ear)
    target = wanted(asked.clinic, asked.demanded)
    ready = _prepared(goal, max(1.0, clock.left()))
    bound = target if ready.relaxed is None else min(target, target - ready.relaxed.bound)
    large = len(ready.week.columns) > SMALL
    known = Reached(bound, tight=_tight(ready) if large else None, ready=asked.seconds - clock.left())
    ear.send(known)
    if bound <= asked.enough + NEAR:
        return known

    def reaching(rota: Rota) -> Reached:
        found = target - float(cost(goal, rota))
        return replace(known, bound=max(bound, found), found=found, rota=rota)

    try:
        judge = Judge(ready.week, Days(ready.week))
        if large:
            tell = _Teller(ear, reaching)
            return reaching(_searched(asked, ready, judge, clock, target - bound, tell))
        proven, rota = _settled(ready, judge, clock)
    except (Unlayable, PinsApart):
        return replace(known, tight=None)
    done = reaching(rota)
    return replace(done, bound=max(min(bound, target - proven), done.found or 0.0))


def _prepared(goal: Clinic, seconds: float) -> Prepared:
    """The tight model and its relaxation, without the large tables.

    Those take longer than all the rest, and hardly move a bound on minutes.
    """
    week, tables = tight_week(goal)
    given = arrays(week.programme)
    columns = {column.variable: column for column in week.columns}
    relaxed = relaxed_week(given, columns, seconds)
    return Prepared(week, given, blocks(week, given), relaxed, tables, columns)


@dataclass
class _Teller:
    """Passes on a rota if it is a new one."""

    ear: Ear
    reaching: Callable[[Rota], Reached]
    last: Fraction | None = None

    def __call__(self, rota: Rota, costs: Fraction) -> None:
        if self.last is None or costs < self.last:
            self.last = costs
            self.ear.send(self.reaching(rota))


class PinsApart(Exception):
    """The clerk could not lay out the pins of some day."""


def _by_hand(goal: Clinic) -> Rota:
    try:
        return clerk(goal)
    except ValueError:
        raise PinsApart from None


def _tight(ready: Prepared) -> frozenset[str] | None:
    """Rules without whose rows the relaxation might reach more: those with a dual that is not 0."""
    if ready.relaxed is None:
        return None
    sides = (
        row.rule
        for row in ready.week.programme.rows
        for _ in range(1 if row.lower == row.upper else (row.upper < FREE) + (row.lower > -FREE))
    )
    return frozenset(rule for rule, dual in zip(sides, ready.relaxed.duals, strict=True) if abs(dual) > TINY)


def _settled(ready: Prepared, judge: Judge, clock: Clock) -> tuple[float, Rota]:
    """A small week, to the end: what is proven to be missing, and a rota; the clerk's where time runs out."""

    def tries() -> Tries | None:
        return None if clock.over() else Tries(seconds=max(0.2, clock.left()), seed=clock.work.seed)

    done = settle(ready.week, judge, tries)
    return done.bound, done.rota if done.rota is not None else _by_hand(clock.work.clinic)


def _searched(asked: Reach, ready: Prepared, judge: Judge, clock: Clock, least: float, tell: _Teller) -> Rota:
    """From a rota that is known, or the clerk's: whoever is short, alone, then with neighbours."""
    goal = clock.work.clinic
    search = start(ready, judge, Random(asked.seed))
    if asked.begin is None or not begun(search, asked.begin, clock):
        by_hand = _by_hand(goal)
        search.adopt(by_hand, cost(goal, by_hand))
    tell(search.standing.rota, search.standing.cost)
    size = 1
    while float(search.standing.cost) > least + NEAR and not clock.over():
        before = search.standing.cost
        for clinician in _short(search):
            if not clock.over():
                search.queue = [clinician]
                search.improve(size, limits(clock, ROUND_SECONDS * min(size, 2)))
                tell(search.standing.rota, search.standing.cost)
        if search.standing.cost > before * ENOUGH:
            size = size % MOST + 1
    return search.standing.rota


def _short(search: Search) -> list[int]:
    """Clinicians who miss their target in the rota that stands, those that miss most first."""
    clinic = search.week.clinic
    expected = expected_minutes(clinic, search.standing.rota)
    short = [c.index for c in clinic.clinicians if expected[c.index] < _least(c)]
    mixed = search.random.sample(short, len(short))
    return sorted(mixed, key=lambda c: expected[c] - _least(clinic.clinicians[c]))
