r"""Binding rules: those whose removal alone raises what is attainable, as far as that is proven.

.. math:: r \text{ binds} \iff A_{-r} > A, \qquad \text{reported only if } found_{-r} > bound \ge A

``A`` attainable minutes. A rule is named only on the strength of a witness: a rota that breaks no other
rule and reaches more than the proven bound of every rota that keeps them all. So what is named does bind;
what is not named may bind too, by less than the gap between bound and best found, or together with
another rule. The other way about, a rule is proven not to bind where the bound of the week without it is no
more than what is found with it; in between nothing is proven.
`booked_once` and `no_overlap` are never named: they say what a booking is. Source: problem, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

from solver.explain.verdict.team import Hurry, reached
from solver.explain.verdict.without import REMOVALS, opened, without
from solver.explain.verdict.witness import filled, shows
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.rules import HARD
from solver.search.reach import NEAR, Reach, Reached

HOPELESS = 0.1
"""Part of the gap between found and bound; no search comes that near to its bound where that one did not."""

PATIENCE = 2.0
"""No search is begun with less than this often the time that it takes to prepare: it would tell nothing."""

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


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is proven of the rules.

    Parameters
    ----------
    binding
        The rules that are proven to bind, in the rules' own order.
    idle
        Rules that bite nowhere: the week without one is the same week.
    at_most
        Minutes that no rota passes without a rule, as far as the request's figures can say that it is gone.
    """

    binding: tuple[str, ...] = ()
    idle: frozenset[str] = frozenset()
    at_most: Mapping[str, float] = field(default_factory=dict)

    def not_binding(self, found: float) -> tuple[str, ...]:
        """The rules that are proven not to bind where so many minutes are found with them all."""
        proven = self.idle | {rule for rule, most in self.at_most.items() if most <= found + NEAR}
        return tuple(rule.NAME for rule in HARD if rule.NAME in proven)


def binding(
    clinic: Clinic,
    base: Reached,
    hurry: Hurry,
    workers: int = 2,
    should_stop: Callable[[], bool] = lambda: False,
) -> Bounds:
    """The rules that are proven to bind, and what no rota passes without each of the others.

    Parameters
    ----------
    base
        What is known of the week as it stands, with a rota.
    hurry
        Until when; of rules that are not tried by then nothing is proven.
    """
    idle = frozenset(rule for rule in REMOVALS if without(clinic, rule) == clinic)
    at_most = dict.fromkeys(REMOVALS, most_wanted(clinic))
    if base.rota is None or base.bound >= most_wanted(clinic) - NEAR:
        return Bounds((), idle, at_most)
    begun = {rule: _begun(clinic, rule, base, base.rota) for rule in _tried(clinic, base, idle)}
    trials = _Trials(clinic, base.bound, begun, at_most)
    trials.run(workers, should_stop, replace(hurry, least=PATIENCE * hurry.least))
    return Bounds(tuple(rule.NAME for rule in HARD if rule.NAME in trials.proven), idle, at_most)


@dataclass
class _Trials:
    """Searches without a rule each: which are proven to bind, and what no rota passes without the others."""

    clinic: Clinic
    bound: float
    begun: dict[str, Reach]
    at_most: dict[str, float]
    proven: set[str] = field(default_factory=set)

    def run(self, workers: int, should_stop: Callable[[], bool], hurry: Hurry) -> None:
        """Search, and search on with the time that is left over, where it may still come to something."""
        rules = [rule for rule, week in self.begun.items() if not self._shown(rule, week.begin)]
        while rules:
            asked = [self.begun[rule] for rule in rules]
            told = reached(asked, workers, should_stop, hurry, partial(self._heard, rules))
            rules = [rule for rule, got in zip(rules, told, strict=True) if got and self._open(rule, got)]

    def _heard(self, rules: list[str], place: int, got: Reached) -> bool:
        return self._shown(rules[place], got.rota)

    def _shown(self, rule: str, rota: Rota | None) -> bool:
        if rule not in self.proven and rota is not None and shows(self.clinic, rule, rota, self.bound):
            self.proven.add(rule)
        return rule in self.proven

    def _open(self, rule: str, got: Reached) -> bool:
        """Whether a rule may still be shown to bind by going on from what was told."""
        if self._shown(rule, got.rota):
            return False
        if self.begun[rule].clinic == without(self.clinic, rule):
            self.at_most[rule] = min(got.bound, self.at_most[rule])
        self.begun[rule] = replace(self.begun[rule], begin=got.rota, seed=self.begun[rule].seed + 1)
        return got.rota is not None and got.bound > self.begun[rule].enough + NEAR


def _tried(clinic: Clinic, base: Reached, idle: frozenset[str]) -> list[str]:
    """The rules that may bind; and, where nothing is left between found and bound, those that may not."""
    likely = candidates(clinic, base)
    if base.found is None or base.bound > base.found + NEAR:
        return likely
    return [*likely, *(rule for rule in REMOVALS if rule not in {*likely, *idle})]


def _begun(clinic: Clinic, rule: str, base: Reached, rota: Rota) -> Reach:
    """A search of the week without a rule, from the rota that is known and what the clerk adds to it."""
    loose = _loosened(clinic, rule, base)
    return Reach(loose, 0.0, begin=filled(loose, rota), enough=base.bound + _slack(base))


def candidates(clinic: Clinic, base: Reached) -> list[str]:
    """Rules worth trying without: where the bound is that of rows, the rules that may stand behind a dual."""
    pinned = any(a.pin is not None for a in clinic.appointments)
    idle = {"pinned"} if not pinned else set()
    idle |= {"rooms"} if not clinic.rooms else set()
    if base.tight is None:
        return [rule for rule in REMOVALS if rule not in idle]
    behind = {rule for row in base.tight for rule in SEEN_IN.get(row, (row,))} | {"eligible", "pinned"}
    return [rule for rule in REMOVALS if rule in behind - idle]


def most_wanted(clinic: Clinic) -> float:
    """Minutes that no change of rules passes: the targets, or what the whole list would deliver."""
    listed = sum(a.expected for a in clinic.appointments) / 1000
    return min(listed, float(sum(c.target for c in clinic.clinicians)))


def _slack(base: Reached) -> float:
    """Minutes by which a bound without a rule has to pass the bound with it to be worth a search."""
    return HOPELESS * max(0.0, base.bound - (base.found or 0.0))


def _loosened(clinic: Clinic, rule: str, base: Reached) -> Clinic:
    """The week without a rule; patients who have a place keep to it, where it is their eligibility."""
    if rule == "eligible" and base.tight is not None:
        return opened(clinic, _unplaced(base.rota))
    return without(clinic, rule)


def _unplaced(rota: Rota | None) -> frozenset[int]:
    return frozenset() if rota is None else frozenset(u.appointment for u in rota.unplaced)
