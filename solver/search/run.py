"""The search's two jobs: find rotas, and prove how good they can be.

Each runs in a process of its own (`solver.search.box`) and tells what it finds as it goes; the
parent puts the two together. In very large weeks both settle half of the clinicians first, where there are
two halves that share no patients. `search_week` does both jobs in one process, one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from solver.rota import Rota
from solver.rules import cost
from solver.search.attain import attainable
from solver.search.bound import Prover
from solver.search.clerk import clerk
from solver.search.cpsat import Tries
from solver.search.exact import SMALL, settle
from solver.search.judge import Judge
from solver.search.part import Limits
from solver.search.plan import Days
from solver.search.prepare import Prepared, prepared
from solver.search.seek import Seeker, tell
from solver.search.work import ROUNDING, Attainable, Bound, Clock, Ear, Half, Incumbent, Notes, Work

ROUND_GAP = 0.015
"""Gap at which a round of whoever finds rotas ends, in clinicians' shares of the bound."""

FINE_GAP = 0.001
"""The same for whoever proved bounds before."""

PROVING = 0.4
"""Share of the time at the end in which no block is begun."""

PROVING_SMALL = 0.08
"""The same where every world of clinicians is small enough to make one block, and the rota is not `FAR`."""

FAR = 0.03
"""Part of its cost that a rota is above the bound where better rotas are worth more than better bounds."""

QUICK = 20_000
"""Columns up to which the bound on attainable minutes comes before the blocks: it is found at once."""

LONGEST_BLOCK = 20.0
"""Seconds that one block may take."""

BLOCK_GAP = 0.2
"""Gap at which it ends, in units of cost."""

VECTORS_A_SECOND = 200
"""Vectors of counts that large tables may have in all, a second of the search's: up to a fifth of it."""


def find_rotas(work: Work, ear: Ear) -> None:
    """Send better and better rotas until told to stop, out of time, or proven best."""
    clock = Clock(work, ear)
    first = clerk(work.clinic)
    tell(work, ear, first, cost(work.clinic, first))
    ready = _prepared(work, clock)
    if ready.relaxed is not None:
        ear.send(Bound(ready.relaxed.bound))
    judge = Judge(ready.week, Days(ready.week))
    if len(ready.week.columns) <= SMALL and _settled(work, ready, judge, clock):
        return
    seeker = Seeker(ready, judge, clock, 0)
    _settle_all(seeker)
    seeker.search.adopt(first, cost(work.clinic, first))
    seeker.settled()
    seeker.tell()
    seeker.rounds(ROUND_GAP)


def _settle_all(seeker: Seeker) -> None:
    """The first pass: half of it, and the other half only if the other job has not done it by then."""
    mine, theirs = seeker.halves
    seeker.settle(mine)
    if theirs and not seeker.helped:
        seeker.settle(theirs, unhelped=True)


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
        tell(work, clock.ear, found.rota, found.cost)
    return found.cost is not None and _close(found.cost, found.bound, work.gap)


def _close(cost: Fraction, bound: float, gap: float) -> bool:
    return float(cost) - bound <= (gap + ROUNDING) * max(1.0, float(cost))


def prove_bounds(work: Work, ear: Ear) -> None:
    """Send better and better bounds; once out of ideas, help to improve what the other job found."""
    clock = Clock(work, ear)
    ready = _prepared(work, clock)
    if ready.relaxed is None:
        return
    ear.send(Bound(ready.relaxed.bound))
    if len(ready.week.columns) <= SMALL:
        ear.send(_attainable(ready, clock))
        return
    judge = Judge(ready.week, Days(ready.week))
    prover, seeker = Prover(ready, judge), Seeker(ready, judge, clock, 1)
    if mine := seeker.halves[1]:
        seeker.settle(mine)
        ear.send(Half(seeker.search.standing.rota, seeker.search.standing.cost))
        _heard(seeker, prover, seeker.waiting)
    quick = len(ready.week.columns) <= QUICK
    if quick:
        ear.send(_attainable(ready, clock))
    _prove(prover, seeker)
    if not quick:
        ear.send(_attainable(ready, clock))
    _prove_worlds(prover, seeker)
    if not work.reproducible:
        seeker.rounds(FINE_GAP)


def _attainable(ready: Prepared, clock: Clock) -> Attainable:
    return Attainable(None, attainable(ready.week, max(1.0, clock.left())))


def _prove_worlds(prover: Prover, seeker: Seeker) -> None:
    """Join blocks and prove more of fewer, while there is time for that."""
    if seeker.work.reproducible:
        return
    while _proving(prover, seeker) and prover.joined():
        if seeker.small:
            seeker.whole_worlds()
            _heard(seeker, prover, [])
        _prove(prover, seeker)


def _prove(prover: Prover, seeker: Seeker) -> None:
    """Solve the blocks, and hear and tell of rotas between them."""

    def limits() -> Limits:
        return replace(seeker.limits(_proving(prover, seeker), BLOCK_GAP), proving=True)

    for bound in prover.bounds(limits, lambda: not _proving(prover, seeker)):
        seeker.ear.send(Bound(bound))
        _heard(seeker, prover, seeker.ear.receive())
        if prover.found is not None and prover.known is not None and seeker.search.take(*prover.found):
            prover.known = seeker.search.values
            seeker.tell()


def _heard(seeker: Seeker, prover: Prover, events: list[object]) -> None:
    """Take in what was heard; blocks are solved from whole rotas only."""
    if seeker.take_in(events) or prover.known is not None:
        prover.known = seeker.search.values


def _proving(prover: Prover, seeker: Seeker) -> float:
    """Seconds that may still go into blocks; the rest of the time is for better rotas."""
    if seeker.clock.over():
        return 0.0
    cost = float(seeker.search.standing.cost)
    near = seeker.small and cost - prover.total() <= FAR * cost
    kept = (PROVING_SMALL if near else PROVING) * seeker.work.seconds
    return min(LONGEST_BLOCK, max(0.0, seeker.clock.left() - kept))


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
