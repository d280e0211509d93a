"""Lay out one clinician's day: starts, doubles, breaks, lunch and admin for given bookings.

An exact depth-first search in time order. Between two slots only the undominated fillings of the
gap matter (`gap`); a state that failed once fails again with the same or more admin still due, so
failures are remembered; and a state is left as soon as what must still fit is longer than the
free time that is left (bookings + breaks that their run forces + lunches + admin due). Bookings
alike in every respect that the day can see are one type with a count.

The reserve rule is exact too. With a limit of 0 each double takes its reserve with it. Otherwise
the state carries the law of the work still owed where no protected time was touched yet (Lindley's
recursion), and the day is given up when the touched mass passes the limit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from solver.question.clinic import FULL, STEP, Span
from solver.question.day import ShiftDay
from solver.risk.law import exceeds
from solver.rota import Entry
from solver.search.gap import Filling, Frame

Owed = tuple[tuple[int, float], ...]
"""Pairs (minutes of work owed, probability), for the mass that has touched nothing protected."""

CLEAN: Owed = ((0, 1.0),)


@dataclass(frozen=True, slots=True)
class Task:
    """An appointment as the day sees it; ``starts`` are sorted, ``windows`` None for any time."""

    appointment: int
    minutes: int
    admin: int
    attendance: int
    starts: tuple[int, ...]
    bookable: bool = False
    windows: tuple[Span, ...] = ()
    in_person: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A day that keeps its rules: entries of every shift but for free time and commitments."""

    entries: tuple[Entry, ...]
    admin: int
    doubles: int


class _Filled(NamedTuple):
    """A slot with the gap before it; ``who`` are types of task."""

    filling: Filling
    start: int
    who: tuple[int, ...]


_Part = Filling | _Filled
"""A step of a layout: a gap that closes a shift, or a slot."""


class OutOfNodes(Exception):
    """The search was cut short: neither a layout nor a proof that there is none."""


class _State(NamedTuple):
    at: int
    place: int
    counts: tuple[int, ...]
    run: int
    lunched: bool
    doubles: int
    owed: Owed


def lay_out(
    frame: Frame,
    tasks: Sequence[Task],
    need: int,
    doubles: int = 0,
    full_rooms: tuple[Span, ...] = (),
    nodes: int = 4000,
) -> Layout | None:
    """A layout with at least ``need`` minutes of admin and at most ``doubles`` doubles.

    Parameters
    ----------
    need
        Minutes of admin due in the day.
    full_rooms
        Stretches in which no room is left at the day's site.
    nodes
        Search effort, in states visited.

    Returns
    -------
    Layout or None
        None is a proof: no layout keeps the day's rules.

    Raises
    ------
    OutOfNodes
        If the effort ran out first.
    """
    if any(not task.starts for task in tasks):
        return None
    return _Walk(frame, tasks, doubles, full_rooms, nodes).run(need)


def most_admin(
    frame: Frame, tasks: Sequence[Task], doubles: int = 0, full_rooms: tuple[Span, ...] = ()
) -> Layout | None:
    """The layout with the most admin minutes, or None where there is no layout at all.

    Raises
    ------
    OutOfNodes
        If the effort ran out first.
    """
    best: Layout | None = None
    need = 0
    while (better := lay_out(frame, tasks, need, doubles, full_rooms)) is not None:
        best, need = better, better.admin + STEP
    return best


class _Walk:
    """One search: its types, its remembered failures, its remaining effort."""

    def __init__(
        self, frame: Frame, tasks: Sequence[Task], doubles: int, full_rooms: tuple[Span, ...], nodes: int
    ) -> None:
        self.frame, self.full_rooms, self.nodes = frame, full_rooms, nodes
        self.policy = frame.policy
        self.shifts = frame.day.shifts
        grouped: dict[tuple[object, ...], list[Task]] = {}
        for task in tasks:
            seen = (task.bookable, task.attendance, task.windows, task.in_person) if doubles else ()
            grouped.setdefault((task.minutes, task.starts, *seen), []).append(task)
        self.types = sorted(
            (group for group in grouped.values()), key=lambda g: (g[0].starts[-1], -g[0].minutes)
        )
        self.heads = tuple(group[0] for group in self.types)
        self.doubles = doubles
        limit = self.policy.max_contact_run_minutes
        self.capped = tuple(min(head.minutes, limit) for head in self.heads)
        self.halves = tuple(
            2 if 2 * h.minutes > limit else 1 if 2 * h.minutes == limit else 0 for h in self.heads
        )
        self.saved = 0 if self.policy.whole_reserve else max((h.minutes for h in self.heads), default=0)
        self.failed: dict[_State, int] = {}
        self.free: dict[int, int] = {}

    def run(self, need: int) -> Layout | None:
        counts = tuple(len(group) for group in self.types)
        first = self.shifts[0].shift.start
        path = self._visit(_State(first, 0, counts, 0, False, self.doubles, CLEAN), need)
        return None if path is None else self._layout(path)

    def _visit(self, state: _State, need: int) -> list[_Part] | None:
        if self.failed.get(state, need + 1) <= need:
            return None
        self.nodes -= 1
        if self.nodes < 0:
            raise OutOfNodes
        if self._fits(state, need):
            for part, after, due in self._steps(state, need):
                if after is None:
                    if due <= 0:
                        return [part]
                    continue
                rest = self._visit(after, max(0, due))
                if rest is not None:
                    rest.append(part)
                    return rest
        self.failed[state] = min(need, self.failed.get(state, need))
        return None

    def _fits(self, state: _State, need: int) -> bool:
        """Whether what must still fit is no longer than the free time left, and nothing is too late."""
        at, place, counts = state.at, state.place, state.counts
        minutes = load = halves = 0
        for head, count, capped, half in zip(self.heads, counts, self.capped, self.halves, strict=True):
            if count:
                if head.starts[-1] < at:
                    return False
                minutes += count * head.minutes
                load += count * capped
                halves += count * half
        lunches = [s for s in self.shifts[place:] if s.lunch_places]
        if lunches and state.lunched and lunches[0] is self.shifts[place]:
            lunches.pop(0)
        elif lunches and lunches[0] is self.shifts[place] and self._too_late_for(lunches[0], at):
            return False
        limit = self.policy.max_contact_run_minutes
        runs = max(-(-(min(state.run, limit) + load) // limit), -(-halves // 2)) - 1
        breaks = max(0, runs - len(lunches) - (len(self.shifts) - place - 1))
        due = minutes - self.saved * state.doubles + breaks * self.policy.break_minutes
        return due + len(lunches) * self.policy.lunch_minutes + need <= self._free_after(at)

    def _too_late_for(self, shift: ShiftDay, at: int) -> bool:
        return max(place.end for place in shift.lunch_places) - self.policy.lunch_minutes < at

    def _free_after(self, at: int) -> int:
        if at not in self.free:
            self.free[at] = self.frame.free_after(at)
        return self.free[at]

    def _steps(self, state: _State, need: int) -> Iterator[tuple[_Part, _State | None, int]]:
        """What can come next: a slot in this shift, the next shift, or the end of the day."""
        end = self.shifts[state.place].shift.end
        if any(state.counts):
            yield from self._slots(state, need, end)
        for filling, owed in self._ways(state, end, closing=True):
            if self.shifts[state.place].lunch_places and not (state.lunched or filling.lunches):
                continue
            place = state.place + 1
            if place < len(self.shifts):
                start = self.shifts[place].shift.start
                after = _State(start, place, state.counts, 0, False, state.doubles, owed)
                yield filling, after, need - filling.admin
            elif not any(state.counts):
                yield filling, None, need - filling.admin

    def _slots(self, state: _State, need: int, end: int) -> Iterator[tuple[_Part, _State | None, int]]:
        for start, who in self._choices(state, end):
            if not self._may_stand(start, who):
                continue
            heads = [self.heads[t] for t in who]
            booked = sum(head.minutes for head in heads)
            longest = max(head.minutes for head in heads)
            until = start + (booked if self.policy.whole_reserve else longest)
            counts = list(state.counts)
            for t in who:
                counts[t] -= 1
            for filling, owed in self._ways(state, start, closing=False):
                run = 0 if filling.breaks else state.run
                if run + booked > self.policy.max_contact_run_minutes and (run or len(who) > 1):
                    continue
                if not self.policy.whole_reserve:
                    owed = _seen(owed, heads, longest)
                after = _State(
                    until,
                    state.place,
                    tuple(counts),
                    run + booked,
                    state.lunched or filling.lunches,
                    state.doubles - (len(who) - 1),
                    owed,
                )
                yield _Filled(filling, start, who), after, need - filling.admin

    def _choices(self, state: _State, end: int) -> list[tuple[int, tuple[int, ...]]]:
        """Starts in this shift with who would be seen there, earliest first, longer first."""
        open_types = [t for t, count in enumerate(state.counts) if count]
        found: list[tuple[int, int, tuple[int, ...]]] = []
        for t in open_types:
            starts = self.heads[t].starts
            for start in starts[bisect_left(starts, state.at) :]:
                if start >= end:
                    break
                found.append((start, -self.heads[t].minutes, (t,)))
                if state.doubles:
                    found.extend((start, 0, pair) for pair in self._pairs(t, open_types, start, state.counts))
        found.sort()
        return [(start, who) for start, _, who in found]

    def _pairs(
        self, t: int, open_types: list[int], start: int, counts: tuple[int, ...]
    ) -> Iterator[tuple[int, int]]:
        for u in open_types:
            if u < t or (u == t and counts[t] < 2):
                continue
            a, b = self.heads[t], self.heads[u]
            open_to_both = a.bookable and b.bookable and start in b.starts
            if open_to_both and a.attendance * b.attendance <= self.policy.max_collision * FULL * FULL:
                yield t, u

    def _may_stand(self, start: int, who: tuple[int, ...]) -> bool:
        """Whether a double's slot (and reserve) lies in free time, windows and rooms."""
        if len(who) == 1:
            return True
        pair = [self.heads[t] for t in who]
        booked = sum(head.minutes for head in pair)
        held = booked if self.policy.whole_reserve else max(head.minutes for head in pair)
        if not any(piece.holds(start, start + held) for _, piece in self.frame.pieces):
            return False
        if any(head.windows and not any(w.holds(start, start + held) for w in head.windows) for head in pair):
            return False
        needs_room = any(head.in_person for head in pair)
        return not (needs_room and any(full.touches(start, start + booked) for full in self.full_rooms))

    def _ways(self, state: _State, end: int, *, closing: bool) -> Iterator[tuple[Filling, Owed]]:
        """Fillings of the gap from here to ``end``, each with the work owed after it."""
        fill = self.frame.fill
        if len(state.owed) == 1 and state.owed[0][0] == 0:
            for filling in fill(state.at, end, state.place):
                if not (filling.lunches and state.lunched):
                    yield filling, state.owed
            return
        for filling, owed in self._draining(state, end, closing=closing):
            if not exceeds(1.0 - sum(p for _, p in owed), self.policy.max_unreserved_risk):
                yield filling, owed

    def _draining(self, state: _State, end: int, *, closing: bool) -> Iterator[tuple[Filling, Owed]]:
        shift = self.shifts[state.place]
        piece_end = next((f.end for f in shift.free if f.start <= state.at < f.end), state.at)
        stop = min(piece_end, end)
        protected_stop = stop < end or closing
        for minutes in range(0, min(stop - state.at, state.owed[-1][0]) + 1, STEP):
            for filling in self.frame.fill(state.at + minutes, end, state.place):
                if filling.lunches and state.lunched:
                    continue
                first = min(filling.entries[0].start, stop) if filling.entries else stop
                owed = _drained(state.owed, first - state.at)
                if filling.entries or protected_stop:
                    owed = tuple((w, p) for w, p in owed if w == 0)
                if owed:
                    yield filling, owed

    def _layout(self, path: list[_Part]) -> Layout:
        waiting = [list(group) for group in self.types]
        entries: list[Entry] = []
        admin = doubles = 0
        for part in reversed(path):
            filling = part if isinstance(part, Filling) else part.filling
            entries.extend(filling.entries)
            admin += filling.admin
            if not isinstance(part, Filling):
                seen = [waiting[t].pop() for t in part.who]
                entries.extend(_slot(seen, part.start, reserve=self.policy.whole_reserve))
                doubles += len(seen) - 1
        return Layout(tuple(entries), admin, doubles)


def _slot(seen: list[Task], start: int, *, reserve: bool) -> Iterator[Entry]:
    seen = sorted(seen, key=lambda task: task.appointment)
    longest = max(task.minutes for task in seen)
    yield Entry("appointment", start, start + longest, tuple(task.appointment for task in seen))
    if len(seen) > 1 and reserve:
        shorter = min(task.minutes for task in seen)
        yield Entry("reserve", start + longest, start + longest + shorter)


def _seen(owed: Owed, heads: Sequence[Task], length: int) -> Owed:
    """The work owed once a slot's patients were seen or did not come."""
    for head in heads:
        p = head.attendance / FULL
        law: dict[int, float] = {}
        for minutes, mass in owed:
            if p < 1:
                law[minutes] = law.get(minutes, 0.0) + mass * (1 - p)
            if p > 0:
                law[minutes + head.minutes] = law.get(minutes + head.minutes, 0.0) + mass * p
        owed = tuple(sorted(law.items()))
    return _drained(owed, length)


def _drained(owed: Owed, minutes: int) -> Owed:
    law: dict[int, float] = {}
    for work, mass in owed:
        left = max(0, work - minutes)
        law[left] = law.get(left, 0.0) + mass
    return tuple(sorted(law.items()))


def renamed(layout: Layout, names: dict[int, int]) -> Layout:
    """The same layout for other appointments alike in every respect."""
    entries = tuple(
        replace(e, appointments=tuple(sorted(names[a] for a in e.appointments))) for e in layout.entries
    )
    return replace(layout, entries=entries)
