"""One shift laid out five minutes at a time: slow, plain enough to trust, and the test of `brute_diary`.

Each step of time that no slot and no commitment takes is given a kind, and goes on with the entry before
it or starts a new one. All that matters of the past is carried along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from solver.question.clinic import FULL, STEP, Policy
from solver.rota import PROTECTED
from tests.brute_diary import Held
from tests.brute_facts import Frame


@dataclass(frozen=True)
class Past:
    """What matters of the time before: the entry in progress, contact since the last break, work owed."""

    kind: str = "none"
    length: int = 0
    run: int = 0
    bookings: int = 0
    lunched: bool = False
    owed: tuple[tuple[int, float], ...] = ((0, 1.0),)
    touched: float = 0.0


def outcomes(frame: Frame, held: tuple[Held, ...], policy: Policy) -> dict[Past, int]:
    """For every past that the whole shift may end with, the most admin."""
    ways = {Past(): 0}
    for minute in range(frame.shift.start, frame.shift.end, STEP):
        after: dict[Past, int] = {}
        for past, admin in ways.items():
            for now in _next(past, minute, frame, held, policy):
                more = admin + STEP * (now.kind == "admin")
                after[now] = max(after.get(now, 0), more)
        ways = after
    ended: dict[Past, int] = {}
    for past, admin in ways.items():
        if _whole(past, policy) and (past.lunched or not frame.lunch_places):
            last = _protected(past)
            ended[last] = max(ended.get(last, 0), admin)
    return ended


def _next(past: Past, minute: int, frame: Frame, held: tuple[Held, ...], policy: Policy) -> Iterator[Past]:
    slot = next((h for h in held if h.start <= minute < h.until), None)
    if slot is not None:
        if minute > slot.start:
            yield _passing(past, "none", policy)
        elif _whole(past, policy):
            yield from _seen(past, slot, policy)
    elif any(t.start <= minute < t.end for t in frame.taken):
        first = any(t.start == minute for t in frame.taken)
        if not first:
            yield _passing(past, "commitment", policy)
        elif _whole(past, policy):
            yield _passing(_protected(past), "commitment", policy)
    else:
        yield from _chosen(past, minute, frame, policy)


def _chosen(past: Past, minute: int, frame: Frame, policy: Policy) -> Iterator[Past]:
    for kind in ("free", "break", "lunch", "admin"):
        if kind == "lunch" and not any(p.start <= minute < p.end for p in frame.lunch_places):
            continue
        if kind == past.kind:
            yield _passing(past, kind, policy)
        elif _whole(past, policy) and not (kind == "lunch" and past.lunched):
            started = _protected(past) if kind in PROTECTED else past
            lunched = past.lunched or kind == "lunch"
            yield _passing(replace(started, kind=kind, length=0, lunched=lunched), kind, policy)


def _whole(past: Past, policy: Policy) -> bool:
    """Whether the entry in progress may end."""
    least = {"lunch": policy.lunch_minutes, "admin": policy.admin_block_minutes}.get(past.kind, 0)
    return past.length >= least


def _passing(past: Past, kind: str, policy: Policy) -> Past:
    """Five minutes of a kind."""
    longest = {
        "break": policy.break_minutes,
        "lunch": max(policy.lunch_minutes, policy.break_minutes),
        "admin": policy.admin_block_minutes,
    }.get(kind, 0)
    length = min(past.length + STEP, longest)
    rested = kind in {"break", "lunch"} and length >= policy.break_minutes
    owed: dict[int, float] = {}
    for work, mass in past.owed:
        owed[max(0, work - STEP)] = owed.get(max(0, work - STEP), 0.0) + mass
    return replace(
        past,
        kind=kind,
        length=length,
        run=0 if rested else past.run,
        bookings=0 if rested else past.bookings,
        owed=tuple(sorted(owed.items())),
    )


def _seen(past: Past, slot: Held, policy: Policy) -> Iterator[Past]:
    run, bookings = past.run + slot.booked, past.bookings + len(slot.appointments)
    if bookings > 1 and run > policy.max_contact_run_minutes:
        return
    law = dict(past.owed)
    for a in slot.appointments:
        p, after = (1.0 if policy.whole_reserve else a.attendance / FULL), dict[int, float]()
        for work, mass in law.items():
            for owed, share in ((work, 1 - p), (work + a.minutes, p)):
                if share:
                    after[owed] = after.get(owed, 0.0) + mass * share
        law = after
    started = replace(
        past, kind="none", length=0, run=run, bookings=bookings, owed=tuple(sorted(law.items()))
    )
    yield _passing(started, "none", policy)


def _protected(past: Past) -> Past:
    """Protected time starts: whatever is still owed has touched it."""
    touched = sum(mass for work, mass in past.owed if work)
    return replace(past, owed=tuple(o for o in past.owed if not o[0]), touched=past.touched + touched)
