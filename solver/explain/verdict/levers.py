r"""Levers: what one change in the request would gain, measured by solving again.

.. math:: gain = \max(0, found_l - found), \qquad bound_l - found \ge gain, \qquad
          found_l - bound \le A_l - A \le bound_l - found

``found`` is the best found and ``bound`` the proven bound of the week as it stands, after as long a search
as each lever gets; ``found_l`` and ``bound_l`` those of the changed week; ``A`` what is truly attainable.
All in minutes of sum min(expected delivered, target). Nobody has to pull a lever, so none gains less than
nothing.
Source: problem, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from solver.explain.verdict.changes import Change
from solver.explain.verdict.team import never, reached
from solver.search.reach import Reach, Reached


@dataclass(frozen=True, slots=True)
class Lever:
    """One change and its gain in minutes: found against found, and the most that it can be."""

    lever: str
    detail: str
    gain_minutes: float
    gain_bound_minutes: float
    weakens_protection: bool


def measured(
    changes: Sequence[Change],
    base: Reached,
    seconds: float,
    workers: int = 2,
    should_stop: Callable[[], bool] = never,
) -> list[Reached | None]:
    """What each changed week reaches, all searches starting from what the week itself reaches.

    Parameters
    ----------
    seconds
        For all of them, about.
    """
    each = seconds * workers / max(1, len(changes))
    return reached([Reach(c.clinic, each, begin=base.rota) for c in changes], workers, should_stop)


def levers(changes: Iterable[Change], found: Iterable[Reached | None], base: Reached) -> tuple[Lever, ...]:
    """Levers by what they gain; those that weaken protection last, and those not measured left out."""
    now = base.found or 0.0
    pulled = [
        Lever(
            change.lever,
            change.detail,
            max(0.0, after.found - now),
            max(0.0, after.bound - now),
            change.weakens_protection,
        )
        for change, after in zip(changes, found, strict=True)
        if after is not None and after.found is not None
    ]
    return tuple(
        sorted(
            pulled,
            key=lambda lever: (lever.weakens_protection, -lever.gain_minutes, -lever.gain_bound_minutes),
        )
    )
