r"""Rotas that reach as much of the targets as any can: the verdict's own search.

The same search as for cheap rotas, on a copy of the week whose only cost is what is missing:

.. math:: \min \sum_c \max(0, T_c - E_c) \iff \max \sum_c \min(E_c, T_c)

``E`` expected delivered and ``T`` target, in minutes. Every hard rule stays as it is, so what is found
is a rota of the week itself. Source: problem, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from solver.check import breaches
from solver.diaries import expected_minutes
from solver.model.programme import FREE
from solver.question.clinic import Clinic, Clinician
from solver.rota import Rota
from solver.rules import cost
from solver.search.clerk import clerk
from solver.search.cpsat import Tries
from solver.search.exact import SMALL, settle
from solver.search.improve import Search, Unlayable, standing_of, start, values_of
from solver.search.judge import Judge
from solver.search.lighten import lightened
from solver.search.mip import Limits
from solver.search.plan import Days
from solver.search.prepare import Prepared, prepared
from solver.search.work import Clock, Ear, Work

NEAR = 1e-6
"""Minutes; expected minutes are whole 1/1000, so what is this near is reached."""

ROUND_SECONDS = 1.5
REPAIR_SECONDS = 6.0
"""Longest calls of HiGHS: for one clinician's week, and to mend a rota that came from another week."""

MOST = 4
"""Most clinicians whose weeks are freed at once."""

ENOUGH = Fraction(97, 100)
"""A round that leaves more than this share of what was missing frees one more clinician at a time."""

TINY = 1e-9
"""Minutes a unit of a row: duals that are nearer 0 are 0."""

FAR = Fraction(10**9)
"""Costs more than any rota of any week, in minutes."""


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
    """Look for the rota that reaches most; a job for a process of its own (`solver.search.box`)."""
    goal = goal_of(asked.clinic, asked.demanded)
    clock = Clock(Work(goal, asked.seconds, asked.seed, 0.0), ear)
    target = wanted(asked.clinic, asked.demanded)
    ready = prepared(goal, max(1.0, clock.left()))
    bound = target if ready.relaxed is None else min(target, target - ready.relaxed.bound)
    if bound <= asked.enough + NEAR:
        return Reached(bound)
    try:
        proven, rota = _found(asked, ready, clock, target - bound)
    except (Unlayable, PinsApart):
        return Reached(bound)
    found = target - float(cost(goal, rota))
    tight = None if len(ready.week.columns) <= SMALL else _tight(ready)
    return Reached(max(min(bound, target - proven), found), found, rota, tight)


def _found(asked: Reach, ready: Prepared, clock: Clock, least: float) -> tuple[float, Rota]:
    """What is proven to be missing from every rota, and the best rota found."""
    judge = Judge(ready.week, Days(ready.week))
    if len(ready.week.columns) <= SMALL:
        return _settled(ready, judge, clock)
    return least, _searched(asked, ready, judge, clock, least)


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


def _searched(asked: Reach, ready: Prepared, judge: Judge, clock: Clock, least: float) -> Rota:
    """From a rota that is known, or the clerk's: whoever is short, alone, then with neighbours."""
    goal = clock.work.clinic
    search = start(ready, judge, Random(asked.seed))
    if asked.begin is None or not _begun(search, asked.begin, clock):
        by_hand = _by_hand(goal)
        search.adopt(by_hand, cost(goal, by_hand))
    size = 1
    while float(search.standing.cost) > least + NEAR and not clock.over():
        before = search.standing.cost
        for clinician in _short(search):
            if not clock.over():
                search.queue = [clinician]
                search.improve(size, _limits(clock, ROUND_SECONDS * min(size, 2)))
        if search.standing.cost > before * ENOUGH:
            size = size % MOST + 1
    return search.standing.rota


def _limits(clock: Clock, seconds: float, gap: float = 0.5) -> Limits:
    return Limits(seconds=min(seconds, max(0.1, clock.left())), gap=gap)


def _begun(search: Search, begin: Rota, clock: Clock) -> bool:
    """Whether the search now stands at a rota from elsewhere, mended where this week forbids it."""
    goal = clock.work.clinic
    rota = lightened(goal, _carried(search.standing.rota, begin))
    wrong = breaches(goal, rota)
    if not wrong:
        search.adopt(rota, cost(goal, rota))
        return True
    names = {breach.clinician for breach in wrong}
    bad = [c.index for c in goal.clinicians if c.id in names]
    return None not in names and _mended(search, rota, bad, clock)


def _carried(empty: Rota, begin: Rota) -> Rota:
    """A rota with what it knows nothing of: empty diaries of clinicians, unplaced appointments."""
    told = {b.appointment for b in begin.bookings} | {u.appointment for u in begin.unplaced}
    new = tuple(u for u in empty.unplaced if u.appointment not in told)
    diaries = (*begin.diaries, *empty.diaries[len(begin.diaries) :])
    return Rota(begin.bookings, (*begin.unplaced, *new), diaries)


def _mended(search: Search, rota: Rota, bad: Sequence[int], clock: Clock) -> bool:
    """Solve some clinicians' weeks afresh around the others'; whether that gave a rota."""
    before, values, week = search.standing, search.values, search.week
    bookings = tuple(b for b in rota.bookings if b.clinician not in bad)
    empty = tuple(
        old if c in bad else new
        for c, (old, new) in enumerate(zip(before.rota.diaries, rota.diaries, strict=True))
    )
    known = replace(standing_of(week, Rota(bookings, (), empty)), cost=FAR)
    search.standing, search.values = known, values_of(week, known)
    if search.attempt(bad, _limits(clock, REPAIR_SECONDS, 2.0)):
        return True
    search.standing, search.values = before, values
    return False


def _short(search: Search) -> list[int]:
    """Clinicians who miss their target in the rota that stands, those that miss most first."""
    clinic = search.week.clinic
    expected = expected_minutes(clinic, search.standing.rota)
    short = [c.index for c in clinic.clinicians if expected[c.index] < _least(c)]
    mixed = search.random.sample(short, len(short))
    return sorted(mixed, key=lambda c: expected[c] - _least(clinic.clinicians[c]))
