"""A search that begins with a rota of another week: of fewer clinicians, appointments or rules."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from solver.check import breaches
from solver.rota import Rota
from solver.rules import cost
from solver.search.improve import Search
from solver.search.lighten import lightened
from solver.search.part import Limits
from solver.search.standing import standing_of, values_of
from solver.search.work import Clock

REPAIR_SECONDS = 6.0
"""Longest call of CP-SAT to mend a rota that came from another week."""

FAR = Fraction(10**9)
"""Costs more than any rota of any week, in minutes."""


def limits(clock: Clock, seconds: float, gap: float = 0.5) -> Limits:
    """Limits of one call of CP-SAT: so many seconds, or what is left of the search's."""
    return Limits(seconds=min(seconds, max(0.1, clock.left())), gap=gap)


def begun(search: Search, begin: Rota, clock: Clock) -> bool:
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
    known = standing_of(week, Rota(bookings, (), empty), FAR)
    search.standing, search.values = known, values_of(week, known)
    if search.attempt(bad, limits(clock, REPAIR_SECONDS, 2.0)):
        return True
    search.standing, search.values = before, values
    return False
