r"""Levers: what one change in the request would gain, measured by solving again.

.. math:: gain = \max(0, found_l - found), \qquad bound_l - found \ge gain, \qquad
          found_l - bound \le A_l - A \le bound_l - found

``found`` is the best found and ``bound`` the proven bound of the week as it stands, after as long a search
as each lever gets; ``found_l`` and ``bound_l`` those of the changed week; ``A`` what is truly attainable.
All in minutes of sum min(expected delivered, target). Nobody has to pull a lever, so none gains less than
nothing.
A lever whose search told no rota stands with a gain of 0 that is not measured, and a bound: that of its
relaxation, or of what its list and its targets hold.
Source: problem, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from solver.check import breaches
from solver.explain.verdict.binding import most_wanted
from solver.explain.verdict.changes import Change
from solver.explain.verdict.team import Hurry, never, reached
from solver.question.clinic import Clinic
from solver.rota import Rota
from solver.search.reach import Reach, Reached


@dataclass(frozen=True, slots=True)
class Lever:
    """One change and its gain in minutes: found against found, and the most that it can be.

    Where it is not ``measured`` no search found out what it gains: the gain is 0, and the bound holds.
    """

    lever: str
    detail: str
    gain_minutes: float
    gain_bound_minutes: float
    weakens_protection: bool
    measured: bool = True


def measured(
    changes: Sequence[Change],
    base: Reached,
    hurry: Hurry,
    workers: int = 2,
    should_stop: Callable[[], bool] = never,
) -> list[Reached | None]:
    """What each changed week reaches, all searches starting from what the week itself reaches.

    Where time is short, one lever of every name comes before a second of any.

    Parameters
    ----------
    hurry
        Until when, and the least that is worth a start.
    """
    order = _by_turns(changes)
    asked = [Reach(changes[i].clinic, 0.0, begin=base.rota) for i in order]
    found = dict(zip(order, reached(asked, workers, should_stop, hurry), strict=True))
    return [found[i] for i in range(len(changes))]


def _by_turns(changes: Sequence[Change]) -> list[int]:
    """Places in the list: the first of each name, the second of each, and so on."""
    names = [change.lever for change in changes]
    return sorted(range(len(names)), key=lambda i: names[:i].count(names[i]))


def levers(changes: Iterable[Change], found: Iterable[Reached | None], base: Reached) -> tuple[Lever, ...]:
    """Levers by what they gain, those not measured behind the others; those that weaken protection last."""
    now = base.found or 0.0
    pulled = [_lever(change, after, now) for change, after in zip(changes, found, strict=True)]
    return tuple(
        sorted(
            pulled,
            key=lambda lever: (
                lever.weakens_protection,
                not lever.measured,
                -lever.gain_minutes,
                -lever.gain_bound_minutes,
            ),
        )
    )


def _lever(change: Change, after: Reached | None, now: float) -> Lever:
    found = None if after is None else after.found
    most = most_wanted(change.clinic)
    bound = most if after is None else min(most, after.bound)
    gain = 0.0 if found is None else max(0.0, found - now)
    return Lever(
        change.lever,
        change.detail,
        gain,
        max(gain, bound - now),
        change.weakens_protection,
        found is not None,
    )


def without_lever(clinic: Clinic, rota: Rota | None) -> Rota | None:
    """A changed week's rota as one of the week as it stands; None where it rests on the change."""
    if rota is None:
        return None
    old, clinicians = len(clinic.appointments), len(clinic.clinicians)
    if any(b.appointment >= old or b.clinician >= clinicians for b in rota.bookings):
        return None
    left = tuple(u for u in rota.unplaced if u.appointment < old)
    same = replace(rota, unplaced=left, diaries=rota.diaries[:clinicians])
    return None if breaches(clinic, same) else same
