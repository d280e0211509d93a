"""The walk through the day against every outcome, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random

import pytest

from solver.question.clinic import Appointment, Span
from solver.risk.backlog import Backlog, backlog, sessions, touch_probability
from solver.risk.owed import Overrun
from solver.rota import PROTECTED, Entry

PUNCTUAL = ((0, 1.0),)
LATE = ((0, 0.7), (10, 0.2), (15, 0.1))


def an_appointment(index: int, minutes: int, attendance: int) -> Appointment:
    return Appointment(f"a{index}", index, f"p{index}", minutes, attendance)


@dataclass
class Outcome:
    """What one outcome, every duration known, does to a diary."""

    waits: dict[int, int] = field(default_factory=dict)
    breaks: int = 0
    break_minutes: int = 0
    admin: int = 0
    late: int = 0
    overtime: int = 0
    touched: int = 0


def play(parts: Sequence[tuple[list[Entry], int]], lasts: dict[int, int]) -> Outcome:
    seen = Outcome()
    for entries, end in parts:
        owed = 0
        for entry in entries:
            if owed and entry.kind in PROTECTED:
                seen.touched += 1
                seen.admin += entry.kind == "admin"
            if entry.kind in ("break", "lunch"):
                seen.breaks += owed > 0
                seen.break_minutes += min(owed, entry.minutes)
            for index in entry.appointments:
                seen.waits[index] = owed
                owed += lasts[index]
            owed = max(0, owed - entry.minutes)
        assert not entries or entries[-1].end == end
        seen.late += owed > 0
        seen.overtime += owed
        seen.touched += owed > 0
    return seen


def enumerated(
    entries: Sequence[Entry], shifts: Sequence[Span], book: Sequence[Appointment], overrun: Overrun
) -> Backlog:
    parts = sessions(entries, shifts)
    order = [index for part, _ in parts for entry in part for index in entry.appointments]
    lengths = [
        [(0, 1 - book[i].attendance / 1000)]
        + [(book[i].minutes + extra, book[i].attendance / 1000 * share) for extra, share in overrun]
        for i in order
    ]
    waits = dict.fromkeys(order, 0.0)
    sums = [0.0] * 6
    for drawn in product(*lengths):
        weight = 1.0
        for _, share in drawn:
            weight *= share
        seen = play(parts, dict(zip(order, (length for length, _ in drawn), strict=True)))
        for index, wait in seen.waits.items():
            waits[index] += weight * wait
        figures = (
            seen.breaks > 0,
            seen.break_minutes,
            seen.admin > 0,
            seen.late > 0,
            seen.overtime,
            seen.touched > 0,
        )
        sums = [total + weight * figure for total, figure in zip(sums, figures, strict=True)]
    return Backlog(tuple(waits.items()), *sums)


def figures(found: Backlog) -> list[float]:
    return [
        *(wait for _, wait in found.waits),
        found.p_break_lost,
        found.expected_break_minutes_lost,
        found.p_admin_lost,
        found.p_late_finish,
        found.expected_overtime_minutes,
        found.p_protected_touched,
    ]


def a_random_diary(
    random: Random, bookings: int, shifts: int
) -> tuple[list[Entry], list[Span], list[Appointment]]:
    """Shifts of one week full of random entries, some slots with two bookings."""
    book: list[Appointment] = []
    entries: list[Entry] = []
    spans: list[Span] = []
    at = 540
    for shift in range(shifts):
        start = at
        while len(book) < bookings * (shift + 1) // shifts:
            size = min(random.choice((1, 1, 2)), bookings - len(book))
            pair = [
                an_appointment(
                    len(book) + k,
                    random.choice((30, 45, 60, 25)),
                    random.choice((0, 1000, random.randint(0, 1000), random.randint(600, 990))),
                )
                for k in range(size)
            ]
            book += pair
            lasts = max(one.minutes for one in pair)
            entries.append(Entry("appointment", at, at + lasts, tuple(one.index for one in pair)))
            at += lasts
            for _ in range(random.randint(0, 2)):
                kind = random.choice(("break", "lunch", "admin", "commitment", "reserve", "free"))
                length = random.choice((5, 10, 15, 30))
                entries.append(Entry(kind, at, at + length))
                at += length
        spans.append(Span(start, at))
        at += random.choice((30, 900))
    return entries, spans, book


@pytest.mark.parametrize("seed", range(60))
def test_every_figure_equals_the_sum_over_all_outcomes(seed: int) -> None:
    random = Random(seed)
    overrun = LATE if seed % 2 else PUNCTUAL
    # with overrun each booking has four outcomes, so 4**6 of them; else up to 2**12
    bookings = random.randint(1, 6) if seed % 2 else random.randint(1, 10 if seed % 10 else 12)
    entries, shifts, book = a_random_diary(random, bookings, random.randint(1, 3))
    found = backlog(entries, shifts, book, overrun)
    expected = enumerated(entries, shifts, book, overrun)
    assert [index for index, _ in found.waits] == [index for index, _ in expected.waits]
    assert figures(found) == pytest.approx(figures(expected), abs=1e-12, rel=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_the_quick_touch_probability_is_the_same_figure(seed: int) -> None:
    entries, shifts, book = a_random_diary(Random(seed), 8, 2)
    walked = backlog(entries, shifts, book).p_protected_touched
    assert touch_probability(entries, shifts, book) == pytest.approx(walked, abs=1e-13)


TWO = [an_appointment(0, 60, 500), an_appointment(1, 60, 500)]
"""Together they collide with probability 1/4, and then 60 minutes are owed when the slot ends."""

DOUBLE = Entry("appointment", 540, 600, (0, 1))


def test_a_reserve_after_a_double_keeps_all_that_follows() -> None:
    entries = [DOUBLE, Entry("reserve", 600, 660), Entry("lunch", 660, 690), Entry("admin", 690, 705)]
    found = backlog(entries, [Span(540, 705)], TWO)
    assert figures(found) == [0.0, 30.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert touch_probability(entries, [Span(540, 705)], TWO, everyone=True) == 0.0


def test_a_touched_break_drains_what_is_owed_and_passes_the_rest_on() -> None:
    # if both come: 60 owed, the 10-minute break is lost whole, 50 pass on to admin (touched),
    # which drains 15; 35 are left for the evening
    entries = [DOUBLE, Entry("break", 600, 610), Entry("admin", 610, 625)]
    found = backlog(entries, [Span(540, 625)], TWO)
    assert found.p_break_lost == found.p_admin_lost == found.p_late_finish == 0.25
    assert found.expected_break_minutes_lost == 2.5
    assert found.expected_overtime_minutes == 0.25 * 35
    assert found.p_protected_touched == 0.25


def test_work_owed_at_the_end_of_a_shift_is_done_before_the_next() -> None:
    entries = [DOUBLE, Entry("break", 700, 710)]
    found = backlog(entries, [Span(540, 600), Span(700, 710)], TWO)
    assert (found.p_late_finish, found.p_break_lost) == (0.25, 0.0)


def test_shifts_are_independent() -> None:
    # two shifts, each with a double at its end: 1 - (3/4)^2
    book = [*TWO, an_appointment(2, 60, 500), an_appointment(3, 60, 500)]
    entries = [DOUBLE, Entry("appointment", 700, 760, (2, 3))]
    shifts = [Span(540, 600), Span(700, 760)]
    assert backlog(entries, shifts, book).p_late_finish == 0.4375
    assert touch_probability(entries, shifts, book) == 0.4375


def test_everyone_attending_is_certain_either_way() -> None:
    entries = [DOUBLE, Entry("reserve", 600, 655), Entry("free", 655, 665)]
    never = [an_appointment(0, 60, 0), an_appointment(1, 60, 0)]
    assert touch_probability(entries[:2], [Span(540, 655)], never, everyone=True) == 1.0
    assert touch_probability(entries, [Span(540, 665)], never, everyone=True) == 0.0
    assert touch_probability(entries[:2], [Span(540, 655)], never) == 0.0


def test_overrun_is_owed_only_by_those_who_come() -> None:
    # 0.8 x 0.3 of running over by 20 into a break of 15; 5 are still owed at the end
    entries = [Entry("appointment", 540, 570, (0,)), Entry("break", 570, 585)]
    found = backlog(entries, [Span(540, 585)], [an_appointment(0, 30, 800)], ((0, 0.7), (20, 0.3)))
    assert found.p_break_lost == found.p_late_finish == pytest.approx(0.24, abs=1e-15)
    assert found.expected_break_minutes_lost == pytest.approx(3.6, abs=1e-14)
    assert found.expected_overtime_minutes == pytest.approx(1.2, abs=1e-14)


def test_a_session_shorter_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="would last -5 minutes"):
        backlog([DOUBLE], [Span(540, 600)], TWO, ((-65, 1.0),))
