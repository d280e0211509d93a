"""The search's two jobs: find rotas, and prove how good they can be.

Each runs in a process of its own (`solver.search.box`) and tells what it finds as it goes; the
parent puts the two together. `search_week` does both in one process, one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from solver.rota import Rota
from solver.rules import cost
from solver.search.attain import attainable, attained
from solver.search.bound import Prover
from solver.search.clerk import clerk
from solver.search.cpsat import Tries
from solver.search.dive import Dive
from solver.search.exact import SMALL, settle
from solver.search.improve import Search, start
from solver.search.judge import Judge
from solver.search.part import Limits
from solver.search.plan import Days
from solver.search.prepare import Prepared, prepared
from solver.search.work import ROUNDING, Attainable, Bound, Clock, Ear, Incumbent, Notes, Work

ROUND_SECONDS = 0.4
"""Longest call of CP-SAT in one round of improvement, where there is time for many of them."""

ROUND_SHARE = 1 / 15
"""Part of the whole time that one such call may take."""

SHORTEST = 0.3
"""Seconds that it may take in any case."""

ROUND_WORK = 0.5
"""The same for reproducible work, in CP-SAT's deterministic time."""

ROUND_GAP = 0.015
"""Gap at which such a call ends, in clinicians' shares of the bound."""

PROVING = 0.4
"""Share of the time at the end in which no block is begun."""

FIRST_SECONDS = 0.5
"""Longest call of CP-SAT on the first pass."""

FIRST_SHORTEST = 0.15
"""Seconds that it may take in any case."""

FIRST_GAP = 0.01
"""Gap at which such a call ends, in clinicians' shares of the bound."""

LATE_GAP = 0.03
"""The same when the pass is late."""

FIRST_PASS = 0.35
"""Part of the whole time that the first pass may take; a week more is tried while it is ahead of that."""

NEIGHBOURS = (2, 3)
"""How many clinicians' weeks the rounds free, in turn."""


VECTORS_A_SECOND = 200
"""Vectors of counts that large tables may have in all, a second of the search's: up to a fifth of it."""


def find_rotas(work: Work, ear: Ear) -> None:
    """Send better and better rotas until told to stop, out of time, or proven best."""
    clock = Clock(work, ear)
    first = clerk(work.clinic)
    _tell(work, ear, first, cost(work.clinic, first))
    ready = _prepared(work, clock)
    if ready.relaxed is not None:
        ear.send(Bound(ready.relaxed.bound))
    judge = Judge(ready.week, Days(ready.week))
    if len(ready.week.columns) <= SMALL and _settled(work, ready, judge, clock):
        return
    _improve(work, ready, judge, clock, first)


def _prepared(work: Work, clock: Clock) -> Prepared:
    return prepared(work.clinic, max(1.0, clock.left()), int(VECTORS_A_SECOND * work.seconds))


def _settled(work: Work, ready: Prepared, judge: Judge, clock: Clock) -> bool:
    """Whether a small week was solved to the end."""

    def tries() -> Tries | None:
        if clock.over() or clock.left() < work.seconds / 2:
            return None
        if work.reproducible:
            return Tries(seconds=1e6, work=work.seconds, seed=work.seed)
        return Tries(seconds=clock.left() - work.seconds / 2, seed=work.seed)

    found = settle(ready.week, judge, tries)
    clock.ear.send(Bound(found.bound))
    if found.rota is not None and found.cost is not None:
        _tell(work, clock.ear, found.rota, found.cost)
    return found.cost is not None and _close(found.cost, found.bound, work.gap)


def _tell(work: Work, ear: Ear, rota: Rota, total: Fraction) -> None:
    ear.send(Attainable(attained(work.clinic, rota), None))
    ear.send(Incumbent(rota, total))


def _close(cost: Fraction, bound: float, gap: float) -> bool:
    return float(cost) - bound <= (gap + ROUNDING) * max(1.0, float(cost))


def _improve(work: Work, ready: Prepared, judge: Judge, clock: Clock, first: Rota) -> None:
    search = start(ready, judge, Random(work.seed))
    share = _share(ready)

    begun, meant = clock.left(), FIRST_PASS * work.seconds
    longest = min(FIRST_SECONDS, max(FIRST_SHORTEST, meant / max(1, len(work.clinic.clinicians))))

    def early(settled: float) -> bool:
        return work.reproducible or begun - clock.left() <= settled * meant

    def effort(settled: float) -> Limits | None:
        if clock.over():
            return None
        return limits(work, clock, longest, share * (FIRST_GAP if early(settled) else LATE_GAP))

    missed = [clinician for clinician, found in Dive(search).weeks(effort, early) if not found]
    for clinician in missed:
        if not clock.over():
            search.attempt((clinician,), limits(work, clock, gap=0.005 * share))
    search.adopt(first, cost(work.clinic, first))
    _tell(work, clock.ear, search.standing.rota, search.standing.cost)
    _rounds(work, search, clock, ROUND_GAP * share)


def _share(ready: Prepared) -> float:
    """A clinician's share of the bound, or a guess where there is none."""
    return 100.0 if ready.share is None else ready.share


def _rounds(work: Work, search: Search, clock: Clock, gap: float) -> None:
    """Improve round by round, on the best rota that anybody has found."""
    while work.clinic.clinicians and clock.next_round():
        for event in clock.ear.receive():
            if isinstance(event, Incumbent):
                search.adopt(event.rota, event.cost)
        if search.improve(NEIGHBOURS[clock.rounds % len(NEIGHBOURS)], limits(work, clock, gap=gap)):
            _tell(work, clock.ear, search.standing.rota, search.standing.cost)


def limits(work: Work, clock: Clock, seconds: float | None = None, gap: float = 0.5) -> Limits:
    """How long one call of CP-SAT may take now."""
    if work.reproducible:
        return Limits(seconds=None, work=ROUND_WORK, gap=gap)
    usual = min(ROUND_SECONDS, max(SHORTEST, ROUND_SHARE * work.seconds))
    most = usual if seconds is None else seconds
    left = max(0.1, clock.left())
    return Limits(seconds=min(most, left), gap=gap, left=left)


def prove_bounds(work: Work, ear: Ear) -> None:
    """Send better and better bounds; once out of ideas, help to improve what the other job found."""
    clock = Clock(work, ear)
    ready = _prepared(work, clock)
    if ready.relaxed is None:
        return
    ear.send(Attainable(None, attainable(ready.week, max(1.0, clock.left()))))
    ear.send(Bound(ready.relaxed.bound))
    if len(ready.week.columns) <= SMALL:
        return
    judge = Judge(ready.week, Days(ready.week))
    prover = Prover(ready, judge)
    while True:
        for bound in prover.bounds(
            lambda: replace(limits(work, clock, _proving(work, clock), 0.2), proving=True),
            lambda: _proven(work, clock),
        ):
            ear.send(Bound(bound))
        if work.reproducible or _proven(work, clock) or not prover.doubled():
            break
    if not work.reproducible:
        search = start(ready, judge, Random(work.seed + 1))
        _rounds(work, search, clock, 0.001 * _share(ready))


def _proven(work: Work, clock: Clock) -> bool:
    """Whether no further block may be begun."""
    return clock.over() or not _proving(work, clock)


def _proving(work: Work, clock: Clock) -> float:
    """Seconds that may still go into blocks; the rest of the time is for better rotas."""
    return min(20.0, max(0.0, clock.left() - PROVING * work.seconds))


def search_week(work: Work) -> tuple[Rota, Fraction, float]:
    """Both jobs in this process: the best rota, its exact cost, and a proven bound."""
    notes = Notes()
    find_rotas(work, notes)
    best, bound = _best(notes)
    if not _close(best.cost, bound, work.gap):
        prove_bounds(replace(work, gap=0.0), notes)
        best, bound = _best(notes)
    return best.rota, best.cost, min(bound, float(best.cost))


def _best(notes: Notes) -> tuple[Incumbent, float]:
    """The best rota and the best bound that were heard."""
    rotas = [event for event in notes.heard if isinstance(event, Incumbent)]
    bounds = [event.value for event in notes.heard if isinstance(event, Bound)]
    return min(rotas, key=lambda event: event.cost), max(bounds)
