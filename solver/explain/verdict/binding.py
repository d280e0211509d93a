r"""Binding rules: those whose removal alone raises what is attainable, as far as that is proven.

.. math:: r \text{ binds} \iff A_{-r} > A, \qquad \text{reported only if } found_{-r} > bound \ge A

``A`` attainable minutes. A rule is named only on the strength of a witness: a rota that breaks no other
rule and reaches more than the proven bound of every rota that keeps them all. So what is named does bind;
what is not named may bind too, by less than the gap between bound and best found, or together with
another rule.
`booked_once` and `no_overlap` are never named: they say what a booking is. Source: problem, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from solver.check import breaches
from solver.explain.verdict.team import Hurry, reached
from solver.explain.verdict.without import REMOVALS, opened, without
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules import HARD
from solver.search.reach import NEAR, Reach, Reached

TIME = ("admin", "breaks", "lunch", "reserve")
SEEN_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "no_overlap": TIME,
        "breaks": (*TIME, "contacts"),
        "admin": TIME,
        "slot_limit": ("slot_limit", "double_limit", "reserve"),
        "lunch": TIME,
        "double_limit": ("slot_limit", "double_limit", "reserve"),
        "booked_once": (),
    }
)
"""Which rules may stand behind a tight row of each rule, where it is not that one alone."""


def binding(
    clinic: Clinic,
    base: Reached,
    hurry: Hurry,
    workers: int = 2,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[str, ...]:
    """The rules that are proven to bind, in the rules' own order.

    Parameters
    ----------
    base
        What is known of the week as it stands, with a rota.
    hurry
        Until when; rules that are not tried by then are not named.
    """
    if base.rota is None or base.bound >= most_wanted(clinic) - NEAR:
        return ()
    rules = candidates(clinic, base)
    asked = [Reach(_loosened(clinic, rule, base), 0.0, begin=base.rota, enough=base.bound) for rule in rules]
    found = dict(zip(rules, reached(asked, workers, should_stop, hurry), strict=True))
    proven = {rule for rule, got in found.items() if got and is_witness(clinic, rule, got, base.bound)}
    return tuple(rule.NAME for rule in HARD if rule.NAME in proven)


def candidates(clinic: Clinic, base: Reached) -> list[str]:
    """Rules worth trying without: where the bound is that of rows, the rules that may stand behind a dual."""
    pinned = any(a.pin is not None for a in clinic.appointments)
    idle = {"pinned"} if not pinned else set()
    idle |= {"rooms"} if not clinic.rooms else set()
    if base.tight is None:
        return [rule for rule in REMOVALS if rule not in idle]
    behind = {rule for row in base.tight for rule in SEEN_IN.get(row, (row,))} | {"eligible", "pinned"}
    return [rule for rule in REMOVALS if rule in behind - idle]


def is_witness(clinic: Clinic, rule: str, got: Reached, bound: float) -> bool:
    """Whether a rota reaches more than the bound, and breaks no rule but the one taken out."""
    if got.rota is None or got.found is None or got.found <= bound + NEAR:
        return False
    return {breach.rule for breach in breaches(clinic, got.rota)} <= {rule}


def most_wanted(clinic: Clinic) -> float:
    """Minutes that no change of rules passes: the targets, or what the whole list would deliver."""
    listed = sum(a.expected for a in clinic.appointments) / 1000
    return min(listed, float(sum(c.target for c in clinic.clinicians)))


def _loosened(clinic: Clinic, rule: str, base: Reached) -> Clinic:
    """The week without a rule; patients who have a place keep to it, where it is their eligibility."""
    if rule == "eligible" and base.tight is not None:
        return opened(clinic, _unplaced(base.rota))
    return without(clinic, rule)


def _unplaced(rota: Rota | None) -> frozenset[int]:
    return frozenset() if rota is None else frozenset(u.appointment for u in rota.unplaced)
