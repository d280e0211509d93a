"""A clinician's day: every set of appointments that it can hold, and for each what the week needs to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise, product

from solver.question.clinic import FULL, Appointment, Clinic, Clinician, Span
from solver.risk.backlog import touch_probability
from solver.rota import Entry
from tests.brute_diary import Held, Layout, layouts
from tests.brute_facts import Bookings, Frame, able, crowded_day, in_window, may_share, over_filled, starts

ALMOST = 1e-12

Slots = tuple[Bookings, ...]
"""Who shares a slot with whom."""
Use = tuple[tuple[str, int, int], ...]
"""Rooms held: (site, from, until)."""


class TooLarge(Exception):
    """More work than was allowed."""


class NoRota(Exception):
    """Pins that no rota keeps."""


@dataclass
class Work:
    """Counts steps of the enumeration, up to a bound."""

    left: int

    def step(self, steps: int = 1) -> None:
        """Some more steps.

        Raises
        ------
        TooLarge
            If they were not allowed any more.
        """
        self.left -= steps
        if self.left < 0:
            raise TooLarge


@dataclass(frozen=True)
class DayWay:
    """One day's bookings at their starts, with a layout.

    ``cost`` is that of `late`, `not_preferred` and `moved`; ``admin`` the most minutes that the day can show.
    """

    booked: Bookings
    cost: Fraction
    doubles: int
    admin: int
    use: Use
    held: tuple[Held, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Open:
    """Where a slot may stand, in order; slots that are ``alike`` may as well change places."""

    alike: object
    places: list[Held]


@dataclass
class DayOf:
    """A clinician's day, enumerated."""

    clinic: Clinic
    clinician: Clinician
    day: int
    frames: tuple[Frame, ...]
    limited: frozenset[str]
    """Sites whose rooms may run short."""
    work: Work
    known: dict[tuple[Frame, tuple[Held, ...]], tuple[Layout, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """What the empty day can hold bounds what is due in it."""
        empty = sum(max((x.admin for x in self._layouts(f, ())), default=0) for f in self.frames)
        self.base = min(self.clinician.policy.admin_daily_minutes, empty)
        self.starts = {a.index: starts(a, self.clinician, self.frames) for a in self.clinic.appointments}
        self.weekly = self.clinician.policy.admin_scope == "week"

    def ways(self) -> Iterator[DayWay]:
        """Every set of bookings, with its ways that no other way of the same set makes needless.

        Raises
        ------
        NoRota
            If even the day's pins alone cannot be laid out.
        """
        pinned = [a for a in self.clinic.appointments if self._pinned_here(a)]
        others = [a for a in self.clinic.appointments if a.pin is None and self.starts[a.index]]
        fitting: set[frozenset[int]] = set()
        for count in range(len(others) + 1):
            for chosen in combinations(others, count):
                names = frozenset(a.index for a in chosen)
                # Fewer bookings are never harder to lay out: a set is tried only if all smaller ones fit.
                if all(names - {i} in fitting for i in names):
                    found = self._ways_of((*pinned, *chosen))
                    if found:
                        fitting.add(names)
                        yield from found
            if not fitting:
                raise NoRota

    def _pinned_here(self, a: Appointment) -> bool:
        if a.pin is None or a.pin.clinician != self.clinician.index:
            return False
        return able(a, self.clinician) and self.has(a.pin.start)

    def _ways_of(self, booked: Bookings) -> list[DayWay]:
        self.work.step()
        if crowded_day(booked, self.clinician) or over_filled(booked, self.clinician):
            return []
        found: list[DayWay] = []
        for cost, stay in sorted(self._stays(booked), key=lambda x: x[0]):
            for slots in sorted(_pairings(list(booked), self.clinician), key=lambda s: -len(s)):
                doubles = len(booked) - len(slots)
                if doubles <= self.clinician.policy.max_doubles_per_day:
                    found += self._placed(slots, stay, cost, doubles, found)
        return found

    def _stays(self, booked: Bookings) -> Iterator[tuple[Fraction, frozenset[int]]]:
        """Which published appointments stand where they were, and what the bookings cost then."""
        weights, told = self.clinic.weights, [a for a in booked if a.published is not None]
        plain = Fraction(0)
        for a in booked:
            if a.priority != "routine":
                plain += weights["late"] * self.day * a.minutes * a.urgency / 5
            if a.preferred and self.clinician.index not in a.preferred:
                plain += weights["not_preferred"] * a.minutes
        for choice in product((True, False), repeat=len(told)):
            stay = frozenset(a.index for a, here in zip(told, choice, strict=True) if here)
            moved = sum(a.minutes for a in told if a.index not in stay)
            yield plain + weights["moved"] * moved, stay

    def _placed(
        self, slots: Slots, stay: frozenset[int], cost: Fraction, doubles: int, known: list[DayWay]
    ) -> list[DayWay]:
        """Ways to place the slots that no known way makes needless."""
        booked = tuple(a for slot in slots for a in slot)
        may = [self._open(s, stay) for s in slots]
        due = self.base + sum(a.admin for a in booked)
        most = self._most_admin(slots, due)
        if most is None or not all(slot.places for slot in may):
            return []
        best: dict[Use, DayWay] = {}
        for held in self._orders(may, 0):
            use = self._use(held)
            if use in best and (not self.weekly or best[use].admin >= most):
                continue
            if any(w.use == use and w.doubles <= doubles and w.admin >= most for w in known):
                continue
            self.work.step()
            found = self._laid_out(held)
            if found is None or (not self.weekly and found[0] < due):
                continue
            admin = found[0] if self.weekly else most
            if use not in best or admin > best[use].admin:
                best[use] = DayWay(booked, cost, doubles, admin, use, held, found[1])
            if admin >= most and not (self.limited and any(a.in_person for a in booked)):
                break
        return list(best.values())

    def _most_admin(self, slots: Slots, due: int) -> int | None:
        """At most so much admin is of use (0 where each day counts by itself); None: there is no room."""
        whole = self.clinician.policy.whole_reserve
        held = sum(sum(a.minutes for a in s) if whole else max(a.minutes for a in s) for s in slots)
        lunch = sum(self.clinician.policy.lunch_minutes for f in self.frames if f.lunch_places)
        left = sum(s.minutes for f in self.frames for s in f.free) - held - lunch
        if self.weekly:
            return None if left < 0 else left
        return None if left < due else 0

    def _slot_starts(self, slot: Bookings, stay: frozenset[int]) -> list[int]:
        common = set(self.starts[slot[0].index]).intersection(*(self.starts[a.index] for a in slot))
        for a in slot:
            if a.index in stay:
                assert a.published is not None
                here = a.published.clinician == self.clinician.index
                common &= {a.published.start} if here else set()
        return [t for t in sorted(common) if self._stands(slot, t)]

    def _stands(self, slot: Bookings, start: int) -> bool:
        held = self._held(slot, start)
        free = any(f.start <= start and held.until <= f.end for frame in self.frames for f in frame.free)
        return free and all(in_window(a, start, held.until) for a in slot)

    def _held(self, slot: Bookings, start: int) -> Held:
        return Held(start, slot, self.clinician.policy.whole_reserve)

    def _open(self, slot: Bookings, stay: frozenset[int]) -> Open:
        starts = tuple(self._slot_starts(slot, stay))
        alike = (starts, tuple((a.minutes, a.attendance, a.in_person) for a in slot))
        return Open(alike, [self._held(slot, t) for t in starts])

    def _orders(self, left: list[Open], at: int) -> Iterator[tuple[Held, ...]]:
        """Every way to place slots one after another from ``at`` on; slots that are alike in one order."""
        self.work.step()
        if not left:
            yield ()
            return
        seen: set[object] = set()
        for place, slot in enumerate(left):
            if slot.alike in seen:
                continue
            seen.add(slot.alike)
            rest = left[:place] + left[place + 1 :]
            latest = min((other.places[-1].start for other in rest), default=slot.places[-1].until)
            for held in slot.places:
                if held.start >= at:
                    if latest < held.until:
                        break
                    for later in self._orders(rest, held.until):
                        yield (held, *later)

    def has(self, minute: int) -> bool:
        """Whether a shift of this day is in progress."""
        return any(f.shift.start <= minute < f.shift.end for f in self.frames)

    def laid_out_at(self, slots: Mapping[int, Bookings]) -> DayWay | None:
        """The day with given slots, by their starts, and the most admin around them; None if it cannot be."""
        held = tuple(self._held(slots[start], start) for start in sorted(slots))
        apart = all(first.until <= second.start for first, second in pairwise(held))
        free = [span for frame in self.frames for span in frame.free]
        if not apart or not all(any(f.start <= h.start and h.until <= f.end for f in free) for h in held):
            return None
        found = self._laid_out(held)
        booked = tuple(a for h in held for a in h.appointments)
        return None if found is None else DayWay(booked, Fraction(0), 0, found[0], (), held, found[1])

    def _laid_out(self, held: tuple[Held, ...]) -> tuple[int, tuple[Entry, ...]] | None:
        """The most admin of the day, and its entries, that keeps the limit on touching protected time."""
        per_shift = []
        for frame in self.frames:
            own = tuple(h for h in held if frame.shift.start <= h.start < frame.shift.end)
            per_shift.append(self._layouts(frame, own))
        best: tuple[int, tuple[Entry, ...]] | None = None
        for choice in product(*per_shift):
            admin = sum(layout.admin for layout in choice)
            if best is None or admin > best[0]:
                entries = tuple(e for layout in choice for e in layout.entries)
                if not self._touches(entries):
                    best = admin, entries
        return best

    def _touches(self, entries: tuple[Entry, ...]) -> bool:
        policy = self.clinician.policy
        shifts: list[Span] = [f.shift for f in self.frames]
        chance = touch_probability(entries, shifts, self.clinic.appointments, everyone=policy.whole_reserve)
        return chance > policy.max_unreserved_risk + ALMOST

    def _layouts(self, frame: Frame, held: tuple[Held, ...]) -> tuple[Layout, ...]:
        found = self.known.get((frame, held))
        if found is None:
            self.work.step(20)
            found = self.known[frame, held] = layouts(frame, held, self.clinician.policy)
        return found

    def _use(self, held: Iterable[Held]) -> Use:
        found: list[tuple[str, int, int]] = []
        for slot in held if self.limited else ():
            site = next(f.shift.site for f in self.frames if f.shift.start <= slot.start < f.shift.end)
            if site in self.limited and any(a.mode == "in_person" for a in slot.appointments):
                found.append((site, slot.start, slot.start + slot.booked))
        return tuple(found)


def _pairings(left: list[Appointment], c: Clinician) -> Iterator[Slots]:
    """Every way to put appointments into slots of one or two."""
    if not left:
        yield ()
        return
    first, *others = left
    for slots in _pairings(others, c):
        yield ((first,), *slots)
    for partner in others:
        if may_share(first, partner, c):
            for slots in _pairings([a for a in others if a is not partner], c):
                yield ((first, partner), *slots)


def attended(booked: Iterable[Appointment]) -> Fraction:
    """Expected delivered minutes."""
    return sum((Fraction(a.attendance * a.minutes, FULL) for a in booked), Fraction(0))
