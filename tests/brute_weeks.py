"""A clinician's week: for each set of appointments the cheapest ways that differ in what others can see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from solver.question.clinic import Clinic, Clinician
from tests.brute_days import DayOf, DayWay, NoRota, Use, Work, attended
from tests.brute_facts import Bookings, frames_of, over_filled


@dataclass(frozen=True)
class WeekWay:
    """One clinician's bookings of the week.

    ``cost`` is that of all terms that count clinician by clinician; ``visits`` the days of patients with
    several appointments.
    """

    booked: frozenset[int]
    visits: frozenset[tuple[str, int]]
    use: Use
    doubles: int
    admin: int
    cost: Fraction
    days: tuple[DayWay, ...]


def week_ways(clinic: Clinic, clinician: Clinician, limited: frozenset[str], work: Work) -> list[WeekWay]:
    """Every week that the clinician may have, less those that a cheaper one makes needless.

    Raises
    ------
    NoRota
        If the pins alone cannot be kept.
    """
    days = [
        DayOf(clinic, clinician, day, frames, limited, work) for day, frames in frames_of(clinician).items()
    ]
    ways = [WeekWay(frozenset(), frozenset(), (), 0, 0, Fraction(0), ())]
    for day in days:
        options, after = list(day.ways()), dict[object, list[WeekWay]]()
        for way in ways:
            for option in options:
                work.step()
                joined = _joined(clinic, way, option, day.day)
                if joined is not None and _keeps_week(clinic, clinician, joined):
                    _add(after.setdefault((joined.booked, joined.visits, joined.use), []), joined)
        ways = [way for group in after.values() for way in group]
    pinned = {a.index for a in clinic.appointments if a.pin and a.pin.clinician == clinician.index}
    base = sum(day.base for day in days)
    kept = [_priced(clinician, clinic, w) for w in ways if pinned <= w.booked]
    if clinician.policy.admin_scope == "week":
        kept = [w for w in kept if w.admin >= base + sum(a.admin for a in _listed(clinic, w.booked))]
    if not kept:
        raise NoRota
    return _cheapest(kept)


def _listed(clinic: Clinic, booked: Iterable[int]) -> Bookings:
    return tuple(clinic.appointments[i] for i in booked)


def _joined(clinic: Clinic, way: WeekWay, option: DayWay, day: int) -> WeekWay | None:
    names = frozenset(a.index for a in option.booked)
    if way.booked & names:
        return None
    several = {(a.patient, day) for a in option.booked if len(clinic.by_patient[a.patient]) > 1}
    return WeekWay(
        way.booked | names,
        way.visits | several,
        (*way.use, *option.use),
        way.doubles + option.doubles,
        way.admin + option.admin,
        way.cost + option.cost,
        (*way.days, option),
    )


def _keeps_week(clinic: Clinic, clinician: Clinician, way: WeekWay) -> bool:
    few = way.doubles <= clinician.policy.max_doubles_per_week
    return few and not over_filled(_listed(clinic, way.booked), clinician)


def _add(group: list[WeekWay], new: WeekWay) -> None:
    """Keep of ways with the same bookings those that are better in something."""
    for known in group:
        if known.cost <= new.cost and known.doubles <= new.doubles and known.admin >= new.admin:
            return
    group[:] = [
        k for k in group if not (new.cost <= k.cost and new.doubles <= k.doubles and new.admin >= k.admin)
    ]
    group.append(new)


def _priced(clinician: Clinician, clinic: Clinic, way: WeekWay) -> WeekWay:
    off = attended(_listed(clinic, way.booked)) - clinician.target
    slack, weights = clinician.policy.tolerance_minutes, clinic.weights
    cost = way.cost + weights["below_target"] * max(Fraction(0), -off - slack)
    cost += weights["above_target"] * max(Fraction(0), off - slack)
    return WeekWay(way.booked, way.visits, way.use, way.doubles, way.admin, cost, way.days)


def _cheapest(ways: list[WeekWay]) -> list[WeekWay]:
    best: dict[object, WeekWay] = {}
    for way in sorted(ways, key=lambda w: w.cost):
        best.setdefault((way.booked, way.visits, way.use), way)
    return list(best.values())
