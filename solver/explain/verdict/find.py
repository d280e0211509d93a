"""The whole verdict of a week: what is attainable, what binds, what would help; within a time limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from solver.explain.verdict.binding import binding, most_wanted
from solver.explain.verdict.changes import Change, changes
from solver.explain.verdict.levers import Lever, levers, measured
from solver.explain.verdict.team import never, reached
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.search.attain import attained
from solver.search.clerk import clerk
from solver.search.reach import NEAR, Reach, Reached

BASE_SHARE, BINDING_SHARE = 0.25, 0.2
BINDING_MOST = 0.3
"""Shares of the time, and of what is then left of it; what is left after that goes to the levers."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Findings:
    """Minutes of sum min(expected delivered, target): best found, with its rota, and proven bound.

    ``binding`` and ``levers`` are empty where nothing is short, and where there was no time.
    """

    target_minutes: int
    attainable_minutes: float | None
    attainable_bound_minutes: float | None
    rota: Rota | None
    binding: tuple[str, ...] = ()
    levers: tuple[Lever, ...] = ()


def findings(
    clinic: Clinic,
    seconds: float = 60.0,
    workers: int = 2,
    begin: Rota | None = None,
    say: Say = lambda _: None,
    should_stop: Callable[[], bool] = never,
) -> Findings:
    """Find out what is attainable, and what stands in the way.

    Parameters
    ----------
    begin
        A rota of the week that keeps every rule, to start from.
    say
        Told what is done next.
    should_stop
        Asked a few times a second; once true, what was found so far is returned.
    """
    ends = monotonic() + seconds
    say("what is attainable")
    base = _base(clinic, seconds * BASE_SHARE, workers, begin, should_stop)
    target = sum(c.target for c in clinic.clinicians)
    if base is None or base.found is None or base.rota is None:
        return Findings(target, None, None if base is None else base.bound, None)
    rules: tuple[str, ...] = ()
    pulled: tuple[Lever, ...] = ()
    if base.found < target - NEAR:
        say("which rules bind")
        share = min(seconds * BINDING_SHARE, BINDING_MOST * max(0.0, ends - monotonic()))
        rules = binding(clinic, base, share, workers, should_stop)
        say("what would help")
        base, pulled = _levers(clinic, base, rules, max(1.0, ends - monotonic()), workers, should_stop)
    return Findings(target, base.found, base.bound, base.rota, rules, pulled)


def _base(
    clinic: Clinic, seconds: float, workers: int, begin: Rota | None, should_stop: Callable[[], bool]
) -> Reached | None:
    """The best that as many searches as there are workers find, each with another seed."""
    asked = [Reach(clinic, seconds, seed, begin) for seed in range(max(1, min(2, workers)))]
    found = [one for one in reached(asked, workers, should_stop) if one is not None]
    best = max(found, key=lambda one: one.found or -1.0, default=None)
    return best or _by_hand(clinic, begin)


def _by_hand(clinic: Clinic, begin: Rota | None) -> Reached | None:
    """What is known without a search: a rota, and that nobody delivers more than the list holds."""
    try:
        rota = begin or clerk(clinic)
    except ValueError:
        return None
    return Reached(most_wanted(clinic), attained(clinic, rota), rota)


def _levers(
    clinic: Clinic,
    base: Reached,
    rules: tuple[str, ...],
    seconds: float,
    workers: int,
    should_stop: Callable[[], bool],
) -> tuple[Reached, tuple[Lever, ...]]:
    """The levers, against a week that was searched as long as each of them; and that week's figures."""
    assert base.rota is not None
    tried = changes(clinic, base.rota, rules)
    same = Change("nothing", "Nothing changed.", clinic)
    again, *found = measured([same, *tried], base, seconds, workers, should_stop)
    if again is not None and again.found is not None and again.found > (base.found or 0.0):
        base = again
    return base, levers(tried, found, base)
