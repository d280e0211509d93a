"""One shift laid out around its bookings: the brute force's own way, stretch by stretch.

Bookings are given. What is left between them and the commitments are gaps, and in a gap only this matters
for the rest of the shift: whether a break (or a lunch as long as one) is in it, whether lunch is in it, how
much admin it holds, and at which minute its first protected entry starts. All of that is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from solver.question.clinic import FULL, STEP, Appointment, Policy, Span
from solver.rota import Entry
from tests.brute_facts import Frame

Law = tuple[tuple[int, float], ...]
"""Pairs (minutes owed, probability) of what has touched nothing so far."""

NOTHING_OWED: Law = ((0, 1.0),)


@dataclass(frozen=True)
class Held:
    """A slot with its bookings.

    It ends with its longest booking, ``booked`` are the minutes of all, and other things may start at
    ``until``, when its compulsory reserve ends, if it has one. Worked out once, as they are asked so often.
    """

    start: int
    appointments: tuple[Appointment, ...]
    reserved: bool
    end: int = field(init=False, compare=False)
    booked: int = field(init=False, compare=False)
    until: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Work out what follows from the bookings."""
        minutes = [a.minutes for a in self.appointments]
        end, booked = self.start + max(minutes), sum(minutes)
        object.__setattr__(self, "end", end)
        object.__setattr__(self, "booked", booked)
        object.__setattr__(self, "until", self.start + booked if self.reserved else end)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the diary shows."""
        slot = Entry("appointment", self.start, self.end, tuple(a.index for a in self.appointments))
        return (slot, Entry("reserve", self.end, self.until)) if self.until > self.end else (slot,)


@dataclass(frozen=True)
class Layout:
    """One way to fill a shift: its admin, the probability that it touches protected time, its entries."""

    admin: int
    touched: float
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Filling:
    """What one gap holds."""

    rested: bool
    lunched: bool
    admin: int
    entries: tuple[Entry, ...]

    def first(self) -> int | None:
        """When its first (protected) entry starts."""
        return self.entries[0].start if self.entries else None


@dataclass(frozen=True)
class Gap:
    """A gap with what it holds; ``owed`` is what is still owed after it."""

    rested: bool
    lunched: bool
    owed: Law
    touched: float
    admin: int
    entries: tuple[Entry, ...]

    @property
    def outside(self) -> object:
        """All that the rest of the shift sees of it but its admin."""
        return self.rested, self.lunched, self.owed, self.touched


@dataclass(frozen=True)
class State:
    """Where the walk stands: contact since the last break, lunch, and work owed."""

    run: int
    bookings: int
    lunched: bool
    owed: Law
    touched: float


Ways = dict[State, tuple[int, tuple[Entry, ...]]]
"""For each state the most admin so far, and entries that give it."""


def layouts(frame: Frame, held: tuple[Held, ...], policy: Policy) -> tuple[Layout, ...]:
    """Every way to fill a shift around its slots (in order) that may be worth while; none: it cannot be."""
    ways: Ways = {State(0, 0, lunched=False, owed=NOTHING_OWED, touched=0.0): (0, ())}
    for part in _parts(frame, held):
        after: Ways = {}
        for state, (admin, entries) in ways.items():
            for next_state, more, added in _steps(state, part, frame, policy):
                if next_state.touched <= policy.max_unreserved_risk + 1e-9:
                    known = after.get(next_state)
                    if known is None or admin + more > known[0]:
                        after[next_state] = (admin + more, entries + added)
        ways = after
    found = [
        Layout(admin, state.touched + _owing(state.owed), entries)
        for state, (admin, entries) in ways.items()
        if state.lunched or not frame.lunch_places
    ]
    return _undominated(found)


def _undominated(found: list[Layout]) -> tuple[Layout, ...]:
    kept: list[Layout] = []
    for layout in sorted(found, key=lambda f: (f.touched, -f.admin)):
        if not kept or layout.admin > kept[-1].admin:
            kept.append(layout)
    return tuple(kept)


def _parts(frame: Frame, held: tuple[Held, ...]) -> list[Held | Entry]:
    """The shift in order: slots, commitments, and gaps as entries of kind free."""
    parts: list[Held | Entry] = [*held, *(Entry("commitment", t.start, t.end) for t in frame.taken)]
    parts.sort(key=lambda p: p.start)
    cut, at = list[Held | Entry](), frame.shift.start
    for part in parts:
        assert at <= part.start, "slots overlap"
        if at < part.start:
            cut.append(Entry("free", at, part.start))
        cut.append(part)
        at = part.until if isinstance(part, Held) else part.end
    assert at <= frame.shift.end, "a slot passes the end of the shift"
    return [*cut, Entry("free", at, frame.shift.end)] if at < frame.shift.end else cut


def _steps(
    state: State, part: Held | Entry, frame: Frame, policy: Policy
) -> Iterator[tuple[State, int, tuple[Entry, ...]]]:
    if isinstance(part, Held):
        run, bookings = state.run + part.booked, state.bookings + len(part.appointments)
        if bookings == 1 or run <= policy.max_contact_run_minutes:
            owed = state.owed if part.reserved else _seen(state.owed, part)
            yield State(run, bookings, state.lunched, owed, state.touched), 0, part.entries
    elif part.kind == "commitment":
        owed, touched = _protected(state.owed, 0, part.minutes)
        after = State(state.run, state.bookings, state.lunched, owed, state.touched + touched)
        yield after, 0, (part,)
    else:
        for gap in _gaps(
            state.owed,
            part.start,
            part.end,
            frame.lunch_places,
            (policy.break_minutes, policy.lunch_minutes, policy.admin_block_minutes),
        ):
            if gap.lunched and state.lunched:
                continue
            run, bookings = (0, 0) if gap.rested else (state.run, state.bookings)
            lunched, touched = state.lunched or gap.lunched, state.touched + gap.touched
            yield State(run, bookings, lunched, gap.owed, touched), gap.admin, gap.entries


@lru_cache(maxsize=200_000)
def _gaps(
    owed: Law, start: int, end: int, places: tuple[Span, ...], least: tuple[int, int, int]
) -> tuple[Gap, ...]:
    """A gap filled in every way worth while, by what is owed before it and the ``least`` minutes of entries.

    Of ways that look the same from outside all but one with the most admin are left out.
    """
    best: dict[object, Gap] = {}
    most = max((work for work, _ in owed), default=0)
    for filling in _fillings_from(start, end, most, places, least):
        first = filling.first()
        if first is None:
            left, touched = _passed(owed, end - start), 0.0
        else:
            left, touched = _protected(owed, first - start, end - first)
        gap = Gap(filling.rested, filling.lunched, left, touched, filling.admin, filling.entries)
        known = best.get(gap.outside)
        if known is None or gap.admin > known.admin:
            best[gap.outside] = gap
    return tuple(best.values())


def _fillings_from(
    start: int, end: int, owed: int, places: tuple[Span, ...], least: tuple[int, int, int]
) -> Iterator[Filling]:
    """Everything worth while in a gap: its protected part begins at once, or until nothing is owed."""
    for first in range(start, min(end, start + owed) + 1, STEP):
        yield from _fillings(first, end, places, *least)


@lru_cache(maxsize=200_000)
def _fillings(
    start: int, end: int, places: tuple[Span, ...], rest: int, lunch: int, block: int
) -> tuple[Filling, ...]:
    """For each of (break or not, lunch or not) the most admin that fits beside it."""
    best: dict[tuple[bool, bool], Filling] = {}
    for pauses in _pauses(start, end, places, rest, lunch):
        entries = sorted([*pauses, *_admin(start, end, pauses, block)], key=lambda e: e.start)
        rested = any(p.minutes >= rest for p in pauses)
        lunched = any(p.kind == "lunch" for p in pauses)
        admin = sum(e.minutes for e in entries if e.kind == "admin")
        known = best.get((rested, lunched))
        if known is None or admin > known.admin:
            best[rested, lunched] = Filling(rested, lunched, admin, tuple(entries))
    return tuple(best.values())


def _pauses(
    start: int, end: int, places: tuple[Span, ...], rest: int, lunch: int
) -> Iterator[tuple[Entry, ...]]:
    """No pause; a break at the edge; a lunch anywhere it may lie; both."""
    yield ()
    if start + rest <= end:
        yield (Entry("break", start, start + rest),)
    for place, minutes in product(places, sorted({lunch, max(lunch, rest)})):
        for at in range(max(start, place.start), min(end, place.end) - minutes + 1, STEP):
            eaten = Entry("lunch", at, at + minutes)
            yield (eaten,)
            if minutes < rest and start + rest <= at:
                yield (Entry("break", start, start + rest), eaten)
            if minutes < rest and eaten.end + rest <= end:
                yield (eaten, Entry("break", eaten.end, eaten.end + rest))


def _admin(start: int, end: int, pauses: tuple[Entry, ...], block: int) -> Iterator[Entry]:
    at = start
    for pause in pauses:
        if pause.start - at >= block:
            yield Entry("admin", at, pause.start)
        at = pause.end
    if end - at >= block:
        yield Entry("admin", at, end)


def _seen(owed: Law, held: Held) -> Law:
    law = dict(owed)
    for a in held.appointments:
        p, after = a.attendance / FULL, dict[int, float]()
        for work, mass in law.items():
            after[work] = after.get(work, 0.0) + mass * (1 - p)
            after[work + a.minutes] = after.get(work + a.minutes, 0.0) + mass * p
        law = after
    return _passed(tuple(law.items()), held.end - held.start)


def _passed(owed: Law, minutes: int) -> Law:
    after: dict[int, float] = {}
    for work, mass in owed:
        if mass > 0:
            left = max(0, work - minutes)
            after[left] = after.get(left, 0.0) + mass
    return tuple(sorted(after.items()))


def _protected(owed: Law, wait: int, minutes: int) -> tuple[Law, float]:
    """Time passes, then protected time starts: what still owes work there has touched it."""
    at_start = _passed(owed, wait)
    return _passed(tuple((w, m) for w, m in at_start if w == 0), minutes), _owing(at_start)


def _owing(owed: Law) -> float:
    return sum(mass for work, mass in owed if work > 0)
