"""The exact optimum of a small week, by enumeration, without the search and without its model.

Who is booked with whom, and where, is enumerated clinician by clinician and day by day; a day's bookings
count if `tests.brute_diary` finds a diary around them. Nothing is left out but what is plainly needless:

- a set of bookings one of whose subsets cannot be laid out (a layout stays one with a booking less);
- of layouts of one day that look the same from outside (bookings, cost, doubles, admin, rooms) all but one.

Rules and terms are restated in `tests.brute_facts`, here and in `tests.brute_weeks` from the problem alone;
the answer is then judged by the checker and by the rules' own cost; if they differ, `Disagreement` is raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from solver.check import breaches
from solver.question.clinic import FULL, Clinic, Clinician
from solver.rota import Booking, Diary, Entry, Rota, Unplaced
from solver.rules import cost
from tests.brute_days import NoRota, TooLarge, Work, attended
from tests.brute_facts import frames_of, queue_kept
from tests.brute_weeks import WeekWay, week_ways

__all__ = ["MOST_WORK", "Disagreement", "NoRota", "best"]

MOST_WORK = 250_000
"""Steps of enumeration; a second or two."""


class Disagreement(AssertionError):
    """The brute force and the rules read the problem differently."""


def best(clinic: Clinic, most_work: int = MOST_WORK) -> tuple[Fraction, Rota] | None:
    """The least cost of any legal rota, and one that has it; None if that is too much work.

    Parameters
    ----------
    clinic
        A week of up to about seven appointments and three clinicians.
    most_work
        Steps of enumeration that are allowed.

    Raises
    ------
    NoRota
        If no rota keeps the pins.
    Disagreement
        If the checker or the rules' cost contradicts what was found.
    """
    if clinic.weights["inequity"]:
        groups = [a.group for a in clinic.appointments if a.group is not None]
        if any(groups.count(g) >= 10 for g in groups):
            return None
    try:
        found = _Least(clinic, Work(most_work)).found
    except TooLarge:
        return None
    if found is None:
        raise NoRota
    price, ways = found
    rota = rota_of(clinic, ways)
    judge(clinic, rota, price)
    return price, rota


def judge(clinic: Clinic, rota: Rota, price: Fraction) -> None:
    """The rota is legal and costs that much, as the rules see it too.

    Raises
    ------
    Disagreement
        If not.
    """
    faults = breaches(clinic, rota)
    if faults:
        raise Disagreement("; ".join(f"{b.rule}: {b.text}" for b in faults))
    if cost(clinic, rota) != price:
        raise Disagreement(f"costs {cost(clinic, rota)} by the rules, {price} by the brute force")


Chosen = tuple[WeekWay, ...]


class _Least:
    """The cheapest choice of a week for each clinician; a way is priced against booking nobody."""

    def __init__(self, clinic: Clinic, work: Work) -> None:
        limited = _short_sites(clinic)
        self.clinic, self.work = clinic, work
        self.options = [_ordered(clinic, week_ways(clinic, c, limited, work)) for c in clinic.clinicians]
        self.found: tuple[Fraction, Chosen] | None = None
        self.floors = [Fraction(0)]
        for ways in reversed(self.options):
            self.floors.insert(0, self.floors[0] + ways[0][0])
        self._extend(sum((_left_out(clinic, a.index) for a in clinic.appointments), Fraction(0)), ())

    def _extend(self, price: Fraction, chosen: Chosen) -> None:
        if len(chosen) == len(self.options):
            self._complete(price, chosen)
            return
        for added, way in self.options[len(chosen)]:
            self.work.step()
            total = price + added
            if self.found is not None and total + self.floors[len(chosen) + 1] >= self.found[0]:
                return
            if not any(way.booked & other.booked or way.visits & other.visits for other in chosen):
                self._extend(total, (*chosen, way))

    def _complete(self, price: Fraction, chosen: Chosen) -> None:
        if _keeps_service(self.clinic, chosen):
            whole = price + self.clinic.weights["uneven"] * _spread(self.clinic, chosen)
            if self.found is None or whole < self.found[0]:
                self.found = whole, chosen


def _left_out(clinic: Clinic, index: int) -> Fraction:
    a = clinic.appointments[index]
    waited = 1 + Fraction(min(a.waiting_days, 126), 126)
    return (
        clinic.weights["unplaced"] * a.minutes * {"routine": 1, "soon": 3, "urgent": 10}[a.priority] * waited
    )


def _ordered(clinic: Clinic, ways: Sequence[WeekWay]) -> list[tuple[Fraction, WeekWay]]:
    priced = [(w.cost - sum((_left_out(clinic, i) for i in w.booked), Fraction(0)), w) for w in ways]
    return sorted(priced, key=lambda pair: pair[0])


def _keeps_service(clinic: Clinic, ways: Sequence[WeekWay]) -> bool:
    booked = frozenset(i for way in ways for i in way.booked)
    return queue_kept(clinic, booked) and _rooms_kept(clinic, [u for way in ways for u in way.use])


def _rooms_kept(clinic: Clinic, uses: Sequence[tuple[str, int, int]]) -> bool:
    return all(
        sum(site == s and start <= minute < end for s, start, end in uses) <= clinic.rooms[site]
        for site, minute, _ in uses
    )


def _short_sites(clinic: Clinic) -> frozenset[str]:
    """Sites with fewer rooms than could be needed at once: two a clinician, as a double may be not over."""
    held = {
        site: sum(2 for c in clinic.clinicians if any(s.site == site for s in c.shifts))
        for site in clinic.rooms
    }
    in_person = sum(a.mode == "in_person" for a in clinic.appointments)
    return frozenset(site for site, rooms in clinic.rooms.items() if rooms < min(held[site], in_person))


def _spread(clinic: Clinic, ways: Sequence[WeekWay]) -> Fraction:
    pairs = zip(clinic.clinicians, ways, strict=True)
    shares = [
        FULL * attended(clinic.appointments[i] for i in way.booked) / c.target
        for c, way in pairs
        if c.target and c.shifts
    ]
    return max(shares) - min(shares) if shares else Fraction(0)


def rota_of(clinic: Clinic, ways: Sequence[WeekWay]) -> Rota:
    """The complete rota of one week for each clinician."""
    bookings = [
        Booking(a.index, c.index, held.start)
        for c, way in zip(clinic.clinicians, ways, strict=True)
        for day in way.days
        for held in day.held
        for a in held.appointments
    ]
    booked = {b.appointment for b in bookings}
    unplaced = tuple(
        Unplaced(a.index, "no_capacity", "No room for it this week.")
        for a in clinic.appointments
        if a.index not in booked
    )
    diaries = (
        Diary(c.index, tuple(_whole(c, [e for day in way.days for e in day.entries])))
        for c, way in zip(clinic.clinicians, ways, strict=True)
    )
    return Rota(tuple(sorted(bookings, key=lambda b: b.appointment)), unplaced, tuple(diaries))


def _whole(clinician: Clinician, rows: list[Entry]) -> Iterator[Entry]:
    """Entries of a week, with free time in between, so that each shift is covered."""
    for frame in (f for frames in frames_of(clinician).values() for f in frames):
        at = frame.shift.start
        for entry in sorted(rows, key=lambda e: e.start):
            if frame.shift.start <= entry.start < frame.shift.end:
                if entry.start > at:
                    yield Entry("free", at, entry.start)
                yield entry
                at = entry.end
        if at < frame.shift.end:
            yield Entry("free", at, frame.shift.end)
