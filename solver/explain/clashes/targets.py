r"""Targets that cannot all be reached under the rules and pins: the fewest of them that clash.

.. math:: E_c \ge T_c - \tau_c \quad \text{for the demanded } c

``E`` expected delivered, ``T`` target and ``tau`` tolerance, in minutes. *No* is the week's proven bound;
*yes* a rota that was found. Targets are blamed first: rules are left out, protective ones first of all,
wherever the targets clash without them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from time import monotonic

from solver.explain.clashes.find import Clash
from solver.explain.clashes.pinned import RULES
from solver.explain.clashes.shrink import shrunk
from solver.explain.verdict.team import reached
from solver.explain.verdict.without import without
from solver.question.clinic import Clinic
from solver.search.reach import NEAR, Reach, wanted

TESTS = 30
"""Searches that the time is shared among, about."""

LEAST_SECONDS = 2.0


@dataclass
class Asked:
    """Questions whether some targets hold under some rules, each asked once, until time runs out."""

    clinic: Clinic
    seconds: float
    workers: int
    known: dict[tuple[frozenset[int], frozenset[str]], bool | None] = field(default_factory=dict)
    began: float = field(default_factory=monotonic)

    def hold(self, targets: Collection[int], rules: Collection[str]) -> bool | None:
        """Whether they can hold; None where the search does not tell, or time has run out."""
        if not targets:
            return True
        key = frozenset(targets), frozenset(rules)
        if key not in self.known and monotonic() - self.began < self.seconds:
            self.known[key] = self._searched(*key)
        return self.known.get(key)

    def _searched(self, targets: frozenset[int], rules: frozenset[str]) -> bool | None:
        week = self.clinic
        for rule in RULES:
            if rule not in rules:
                week = without(week, rule)
        most = wanted(week, targets)
        effort = max(LEAST_SECONDS, self.seconds / TESTS)
        (found,) = reached([Reach(week, effort, enough=most - 2 * NEAR, demanded=targets)], self.workers)
        if found is None:
            return None
        if found.bound < most - NEAR:
            return False
        return True if found.found is not None and found.found >= most - NEAR else None


def target_clash(clinic: Clinic, seconds: float = 60.0, workers: int = 2) -> Clash | None:
    """A smallest set of targets and rules that clash; None where none is proven to.

    Parameters
    ----------
    clinic
        Its pins can stand.
    seconds
        For all of it, about; what is not settled by then stays in the set, which is then not called minimal.
    """
    asked = Asked(clinic, seconds, workers)
    everyone = [c.index for c in clinic.clinicians if c.target > c.policy.tolerance_minutes]
    near = _narrowed(asked, everyone)
    if near is None:
        return None
    rules = shrunk(RULES, lambda some: asked.hold(near, some) is False)
    few = shrunk(near, lambda some: asked.hold(some, rules) is False)
    return Clash((), tuple(reversed(rules)), _minimal(asked, few, rules), few)


def _narrowed(asked: Asked, everyone: Sequence[int]) -> Sequence[int] | None:
    """Targets that clash: everyone's where they do, fewer where half of them already do."""
    if asked.hold(everyone, RULES) is not False:
        return None
    few = list(everyone)
    while len(few) > 1:
        half = few[: len(few) // 2]
        rest = few[len(few) // 2 :]
        if asked.hold(rest, RULES) is False:
            few = rest
        elif asked.hold(half, RULES) is False:
            few = half
        else:
            break
    return few


def _minimal(asked: Asked, targets: Sequence[int], rules: Sequence[str]) -> bool:
    return all(
        [
            *(asked.hold([t for t in targets if t != gone], rules) is True for gone in targets),
            *(asked.hold(targets, [r for r in rules if r != gone]) is True for gone in rules),
        ]
    )
