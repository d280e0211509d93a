r"""The overload rule in the plain models: a row that guides, an exact check, and cuts for what slips by.

The row, with which a search begins, is the tangent of the normal approximation at a guessed variance ``V``,

.. math:: \sum_i x_i \left[ p_i d_i + \frac{z d_i^2 p_i (1 - p_i)}{2 \sqrt V} \right]
          \le C - \frac{z \sqrt V}{2},

``d`` minutes, ``p`` attendance, ``C`` ceiling in minutes, ``z`` the normal quantile of the limit. It is
neither the rule nor a bound: it may forbid a legal week, so it is taken out once its model is solved to the
end, and let an illegal one pass, which the exact law then finds and a cut removes: not all of a set that
passes the ceiling too probably.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from statistics import NormalDist

from benchmarks.plain.week import PlainWeek
from solver.model.programme import Row, made_row
from solver.question.clinic import FULL, Appointment, Clinician
from solver.risk.law import exceeds, overload_probability

GUIDE = "guide"
"""The name of the guiding rows."""

FINE = 1000
"""Parts of a minute in the guiding row."""

Mine = list[tuple[Appointment, int]]
"""Appointments with their literals."""


def guide(week: PlainWeek, keep: Mapping[int, Iterable[int]] | None = None) -> None:
    """Post the row of every clinician; ``keep`` are literals that the row may not forbid together."""
    for index, mine in week.of_clinician.items():
        clinician = week.clinic.clinicians[index]
        if sum(a.minutes for a, _ in mine) > clinician.ceiling:
            terms, upper = _row(clinician, mine)
            kept = set(keep.get(index, ())) if keep else set()
            upper = max(upper, sum(k for k, x in terms if x in kept))
            week.programme.row(GUIDE, terms, upper=upper)


def unguided(week: PlainWeek) -> bool:
    """Take the guiding rows out; whether there were any."""
    kept = [row for row in week.programme.rows if row.rule != GUIDE]
    changed = len(kept) < len(week.programme.rows)
    week.programme.rows = kept
    return changed


def _row(clinician: Clinician, mine: Mine) -> tuple[list[tuple[int, int]], int]:
    limit = min(max(clinician.policy.max_overload_risk, 1e-6), 1 - 1e-6)
    z = NormalDist().inv_cdf(1 - limit)
    minutes = sum(a.minutes for a, _ in mine)
    spread = sum(a.minutes * _spread(a) for a, _ in mine) / minutes * clinician.ceiling
    root = sqrt(max(spread, 1.0))
    terms = [
        (round(FINE * (a.expected / FULL + z * a.minutes * _spread(a) / (2 * root))), x) for a, x in mine
    ]
    return terms, round(FINE * (clinician.ceiling - z * root / 2))


def _spread(a: Appointment) -> float:
    """Variance of delivered minutes a minute booked, in minutes."""
    p = a.attendance / FULL
    return a.minutes * p * (1 - p)


def cuts(week: PlainWeek, booked: Mapping[int, Mine]) -> list[Row]:
    """A cover cut for every clinician whose week passes the ceiling too probably; none for a legal one."""
    found = []
    for index, mine in booked.items():
        clinician = week.clinic.clinicians[index]
        if _overloads(clinician, mine):
            cover = sorted(mine, key=lambda pair: pair[0].expected)
            for one in tuple(cover):
                rest = [pair for pair in cover if pair is not one]
                cover = rest if _overloads(clinician, rest) else cover
            literals = _everywhere(week, index, {a.index for a, _ in cover})
            found.append(made_row("overload", [(1, x) for x in literals], upper=len(cover) - 1))
    return found


def _overloads(clinician: Clinician, mine: Mine) -> bool:
    chance = overload_probability([(a.minutes, a.attendance) for a, _ in mine], clinician.ceiling)
    return exceeds(chance, clinician.policy.max_overload_risk)


def _everywhere(week: PlainWeek, clinician: int, members: set[int]) -> Iterable[int]:
    """The literals of some appointments at every start of a clinician's week."""
    return [
        literal
        for (appointment, number, _), literal in week.x.items()
        if appointment in members and week.stays[number].clinician == clinician
    ]
