"""The whole verdict of a week: what is attainable, what binds, what would help; within a time limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from solver.explain.verdict.binding import Bounds, binding, most_wanted
from solver.explain.verdict.changes import Change, changes
from solver.explain.verdict.levers import Lever, levers, measured, without_lever
from solver.explain.verdict.team import Hurry, never, reached
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.search.attain import attained
from solver.search.clerk import clerk
from solver.search.reach import NEAR, Reach, Reached

BASE_SHARE, BINDING_SHARE = 0.25, 0.2
BINDING_MOST = 0.3
"""Shares of the time, and of what is then left of it; what is left after that goes to the levers."""

LAST_SHARE = 0.01
"""What is kept for putting it all together."""

READY, START_SECONDS = 1.0, 0.3
"""A changed week's search is begun where there is time to start it and this often the base's preparation."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Findings:
    """Minutes of sum min(expected delivered, target): best found, with its rota, and proven bound.

    ``binding`` are rules that are proven to bind, ``not_binding`` those proven not to; they and ``levers``
    are empty where nothing is short. A lever for which there was no time says so.
    """

    target_minutes: int
    attainable_minutes: float | None
    attainable_bound_minutes: float | None
    rota: Rota | None
    binding: tuple[str, ...] = ()
    levers: tuple[Lever, ...] = ()
    not_binding: tuple[str, ...] = ()


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
    began = monotonic()
    say("what is attainable")
    base = _base(clinic, began + seconds * BASE_SHARE, workers, begin, should_stop)
    target = sum(c.target for c in clinic.clinicians)
    if base is None or base.found is None or base.rota is None:
        return Findings(target, None, None if base is None else base.bound, None)
    ends, least = began + seconds * (1 - LAST_SHARE), START_SECONDS + READY * base.ready
    rules = Bounds()
    pulled: tuple[Lever, ...] = ()
    if base.found < target - NEAR and not should_stop():
        say("which rules bind")
        share = min(seconds * BINDING_SHARE, BINDING_MOST * max(0.0, ends - monotonic()))
        rules = binding(clinic, base, Hurry(monotonic() + share, least), workers, should_stop)
    if base.found < target - NEAR:
        say("what would help")
        base, pulled = _levers(clinic, base, rules.binding, Hurry(ends, least), workers, should_stop)
    idle = rules.not_binding(base.found or 0.0)
    return Findings(target, base.found, base.bound, base.rota, rules.binding, pulled, idle)


def _base(
    clinic: Clinic, ends: float, workers: int, begin: Rota | None, should_stop: Callable[[], bool]
) -> Reached | None:
    """The best that as many searches as there are workers find, each with another seed."""
    asked = [Reach(clinic, 0.0, seed, begin) for seed in range(max(1, min(2, workers)))]
    told = reached(asked, workers, should_stop, Hurry(ends))
    found = [one for one in told if one is not None]
    best = max(found, key=lambda one: one.found or -1.0, default=None)
    if best is not None and best.found is not None:
        bound, ready = min(one.bound for one in found), min(one.ready for one in found)
        return replace(best, bound=max(best.found, bound), ready=ready)
    by_hand = _by_hand(clinic, begin)
    if best is None or by_hand is None:
        return by_hand or best
    return replace(by_hand, bound=min(by_hand.bound, best.bound), ready=best.ready)


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
    hurry: Hurry,
    workers: int,
    should_stop: Callable[[], bool],
) -> tuple[Reached, tuple[Lever, ...]]:
    """The levers, against a week that was searched as long as each of them; and that week's figures.

    What a lever's search finds without pulling the lever counts for the week as it stands.
    """
    assert base.rota is not None
    tried = changes(clinic, base.rota, rules)
    same = Change("nothing", "Nothing changed.", clinic)
    again, *found = measured([same, *tried], base, hurry, workers, should_stop)
    rotas = [again.rota if again else None, *(without_lever(clinic, one.rota) for one in found if one)]
    for rota in rotas:
        reaches = 0.0 if rota is None else attained(clinic, rota)
        if reaches > (base.found or 0.0):
            base = replace(base, found=reaches, bound=max(base.bound, reaches), rota=rota)
    return base, levers(tried, found, base)
