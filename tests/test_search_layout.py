"""The layout of a day against an exhaustive one: it is found where there is any, and None is a proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import pytest

from solver.check import breaches
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Appointment, Clinic, Clinician, Policy, Slot, Span
from solver.rules import week_model
from solver.search.assemble import assembled
from solver.search.cpsat import Tries
from solver.search.gap import Frame, frames
from solver.search.joint import lay_out_together
from solver.search.layout import Layout, OutOfNodes, Task, lay_out, most_admin
from solver.search.plan import task_of
from solver.search.starts import too_few_starts
from tests import builders as b
from tests.brute_days import DayOf, DayWay, Work
from tests.brute_facts import frames_of

PLENTY = 50_000
"""States; enough for every day here."""


@dataclass(frozen=True)
class SomeDay:
    """One clinician's Monday with its appointments, all of which have a start."""

    clinic: Clinic
    frame: Frame
    tasks: tuple[Task, ...]
    need: int

    @property
    def clinician(self) -> Clinician:
        return self.clinic.clinicians[0]

    @property
    def most_doubles(self) -> int:
        policy = self.clinician.policy
        return policy.max_doubles_per_day if policy.max_per_slot > 1 else 0

    def every_way(self) -> list[DayWay]:
        """Ways to lay it out by enumeration: at least one for each number of admin minutes that matters."""
        return ways_of(self.clinic, self.clinician, 0, self.clinic.appointments)

    def breaks(self, layout: Layout) -> set[str]:
        """The rules that the day breaks when it is written out."""
        rota = assembled(self.clinic, {self.frame.key: layout})
        assert {booking.appointment for booking in rota.bookings} == {t.appointment for t in self.tasks}
        return {breach.rule for breach in breaches(self.clinic, rota)}


def ways_of(
    clinic: Clinic,
    clinician: Clinician,
    day: int,
    booked: Sequence[Appointment],
    limited: frozenset[str] = frozenset(),
) -> list[DayWay]:
    return DayOf(clinic, clinician, day, frames_of(clinician)[day], limited, Work(10**8))._ways_of(
        tuple(booked)
    )


def some_day(seed: int, **changes: object) -> SomeDay | None:
    rng = Random(f"day/{seed}")
    policy = replace(some_policy(rng), **changes)  # type: ignore[arg-type]
    scarce = rng.random() < 0.4
    if scarce:
        # Few starts for short appointments of people who seldom come: doubles pay.
        run = max(60, policy.max_contact_run_minutes)
        policy = replace(
            policy, grid_minutes=rng.choice([45, 60, 90]), max_per_slot=2, max_contact_run_minutes=run
        )
    begins, minutes = rng.choice([9, 10, 11, 12]), rng.choice([60, 75, 90, 105, 120, 150, 180])
    shifts = [f"Mon {begins:02}:00-{clock(60 * begins + minutes)}"]
    if rng.random() < 0.25:
        later = 60 * begins + minutes + 30
        shifts.append(f"Mon {clock(later)}-{clock(later + rng.choice([45, 60, 90]))}")
    taken = []
    if rng.random() < 0.35:
        at = 60 * begins + rng.randrange(0, minutes, 5)
        taken = [b.commitment(f"Mon {clock(at)}-{clock(at + rng.choice([10, 25, 40]))}")]
    clinician = b.a_clinician(shifts=shifts, commitments=tuple(taken), policy=policy)
    if rng.random() < 0.2:
        whole = clinician.shifts[0]
        at_5 = rng.sample(range(whole.start, whole.end, 5), 3)
        clinician = replace(clinician, slots=tuple(Slot(start, 30) for start in sorted(at_5)))
    wanted = [some_appointment(rng, begins, minutes, i) for i in range(rng.choice([1, 2, 2, 3, 3, 4]))]
    if scarce:
        wanted = [
            replace(
                a, double_bookable=True, attendance=rng.choice([200, 300, 500]), minutes=min(a.minutes, 25)
            )
            for a in wanted
        ]
    return told_as_day(b.a_clinic(clinician, wanted))


def told_as_day(clinic: Clinic) -> SomeDay | None:
    week = WeekModel.over(clinic)
    (frame,) = frames(clinic.clinicians[0])
    columns = week.of_frame[frame.key]
    if len(columns) < len(clinic.appointments):
        return None
    tasks = tuple(task_of(week.appointment(c), c.starts) for c in columns)
    base = 0 if frame.policy.admin_scope == "week" else frame.day.admin_base
    notes = 0 if frame.policy.admin_scope == "week" else sum(a.admin for a in clinic.appointments)
    return SomeDay(clinic, frame, tasks, base + notes)


def some_policy(rng: Random) -> Policy:
    return Policy(
        grid_minutes=rng.choice([5, 15, 20, 30]),
        max_booked_ratio=Fraction(10),
        max_overload_risk=1.0,
        max_contact_run_minutes=rng.choice([20, 40, 45, 60, 90]),
        break_minutes=rng.choice([5, 10, 20]),
        lunch_if_over_minutes=rng.choice([0, 100, 360]),
        lunch_minutes=rng.choice([15, 20, 30]),
        admin_block_minutes=rng.choice([5, 10, 15, 25]),
        admin_daily_minutes=rng.choice([0, 0, 20]),
        max_per_slot=rng.choice([1, 2, 2, 2]),
        max_collision=Fraction(1, 2),
        max_doubles_per_day=rng.choice([1, 1, 2]),
        max_unreserved_risk=rng.choice([0.0, 0.0, 0.1, 0.25, 0.5]),
    )


def some_appointment(rng: Random, begins: int, minutes: int, number: int) -> Appointment:
    windows: tuple[Span, ...] = ()
    if rng.random() < 0.2:
        at = 60 * begins + rng.randrange(0, minutes, 15)
        windows = (b.span(f"Mon {clock(at)}-{clock(at + rng.choice([45, 60, 80]))}"),)
    return b.an_appointment(
        minutes=rng.choice([15, 20, 20, 25, 30, 50]),
        attendance=rng.choice([300, 500, 500, 700, 1000]),
        admin=rng.choice([0, 0, 5, 10]),
        double_bookable=rng.random() < 0.8,
        windows=windows,
        kind=f"k{number}",
    )


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def days_of(seeds: range, **changes: object) -> Iterator[tuple[int, SomeDay]]:
    for seed in seeds:
        day = some_day(seed, **changes)
        if day is not None:
            yield seed, day


def test_a_layout_is_found_exactly_where_enumeration_finds_one() -> None:
    laid, none, few, doubled, risky = 0, 0, 0, 0, 0
    for seed, day in days_of(range(450)):
        layout = lay_out(day.frame, day.tasks, day.need, day.most_doubles, nodes=PLENTY)
        assert (layout is not None) == bool(day.every_way()), seed
        if layout is None:
            none += 1
            few += day.most_doubles > 0 and too_few_starts(day.tasks, day.most_doubles)
            continue
        assert not too_few_starts(day.tasks, day.most_doubles), seed
        assert day.breaks(layout) == set(), seed
        assert layout.admin >= day.need, seed
        assert layout.admin == sum(e.minutes for e in layout.entries if e.kind == "admin"), seed
        assert layout.doubles == sum(len(e.appointments) == 2 for e in layout.entries) <= day.most_doubles, (
            seed
        )
        laid += 1
        doubled += layout.doubles > 0
        risky += layout.doubles > 0 and not day.frame.policy.whole_reserve
    assert min(laid, none) > 80
    assert few > 10
    assert doubled > 20
    assert risky > 8


def test_little_effort_ends_in_the_right_answer_or_in_none_at_all() -> None:
    cut_short = 0
    for seed, day in days_of(range(150)):
        truth = lay_out(day.frame, day.tasks, day.need, day.most_doubles, nodes=PLENTY) is not None
        for nodes in (0, 2, 5, 12):
            try:
                found = lay_out(day.frame, day.tasks, day.need, day.most_doubles, nodes=nodes) is not None
            except OutOfNodes:
                cut_short += 1
            else:
                assert found == truth, (seed, nodes)
    assert cut_short > 150


def test_no_effort_at_all_proves_nothing() -> None:
    day = told_as_day(b.a_clinic(b.a_clinician(), b.appointments(2)))
    assert day is not None
    with pytest.raises(OutOfNodes):
        lay_out(day.frame, day.tasks, day.need, nodes=0)


def test_most_admin_is_the_maximum() -> None:
    compared, dearer = 0, 0
    for seed, day in days_of(range(1000, 1130), admin_scope="week"):
        found = most_admin(day.frame, day.tasks, day.most_doubles)
        ways = day.every_way()
        if found is None:
            assert not ways, seed
            continue
        assert found.admin == max(way.admin for way in ways), seed
        first = lay_out(day.frame, day.tasks, 0, day.most_doubles, nodes=PLENTY)
        assert first is not None
        assert first.admin <= found.admin, seed
        compared += 1
        dearer += first.admin < found.admin
    assert compared > 50
    assert dearer > 10


def test_the_model_of_whole_days_lays_out_a_day_where_its_own_search_does() -> None:
    both, neither = 0, 0
    for seed, day in days_of(range(2000, 2090)):
        week = week_model(day.clinic)
        together = lay_out_together(
            day.clinic,
            {day.frame.key: tuple(week.of_frame[day.frame.key])},
            {day.frame.key: day.most_doubles},
            Tries(seconds=30.0),
        )
        alone = lay_out(day.frame, day.tasks, day.need, day.most_doubles, nodes=PLENTY)
        assert (together is None) == (alone is None), seed
        if together is not None:
            assert day.breaks(together[day.frame.key]) == set(), seed
        both += together is not None
        neither += together is None
    assert min(both, neither) > 15


def test_a_reserve_ends_at_a_commitment_though_the_window_goes_on() -> None:
    # A double of 20s at 9:00, 20 minutes of reserve, supervision from 9:40; one patient can stay until 10:30.
    clinician = b.a_clinician(
        shifts=("Mon 09:00-11:00",),
        commitments=(b.commitment("Mon 09:40-10:20"),),
        policy=b.doubling(grid_minutes=120, max_booked_ratio=Fraction(10)),
    )
    wanted = b.appointments(2, minutes=20, attendance=500, double_bookable=True)
    wanted[0] = replace(wanted[0], windows=(b.span("Mon 09:00-10:30"),))
    clinic = b.a_clinic(clinician, wanted)
    layouts = _together(clinic, {(0, 0): list(clinic.appointments)})
    assert layouts is not None
    assert layouts[0, 0].doubles == 1
    assert breaches(clinic, assembled(clinic, layouts)) == ()


def test_two_clinicians_share_rooms_as_enumeration_says() -> None:
    laid, crowded = 0, 0
    for seed in range(130):
        clinic, booked = _at_one_site(Random(f"rooms/{seed}"))
        ways = [ways_of(clinic, c, 0, booked[c.index], frozenset({"north"})) for c in clinic.clinicians]
        possible = any(_fit(clinic, one, two) for one in ways[0] for two in ways[1])
        layouts = _together(clinic, {(c.index, 0): booked[c.index] for c in clinic.clinicians})
        assert (layouts is not None) == possible, seed
        if layouts is not None:
            assert breaches(clinic, assembled(clinic, layouts)) == (), seed
        laid += possible
        crowded += bool(ways[0]) and bool(ways[1]) and not possible
    assert laid > 25
    assert crowded > 15


def _at_one_site(rng: Random) -> tuple[Clinic, list[list[Appointment]]]:
    policy = replace(some_policy(rng), grid_minutes=rng.choice([15, 20, 30]), admin_scope="day")
    hours = rng.choice(["09:00-10:00", "09:00-10:30", "09:00-11:00"])
    team = [b.a_clinician(shifts=(b.shift(f"Mon {hours}", "north"),), policy=policy) for _ in range(2)]
    wanted = []
    for number in range(rng.choice([2, 3, 4])):
        a = some_appointment(rng, 9, 60, number)
        wanted.append(replace(a, mode=rng.choice(["in_person", "in_person", "video"]), clinician=number % 2))
    clinic = b.a_clinic(team, wanted, rooms={"north": rng.choice([0, 1, 1, 1])})
    return clinic, [[a for a in clinic.appointments if a.clinician == c.index] for c in clinic.clinicians]


def _fit(clinic: Clinic, *ways: DayWay) -> bool:
    uses = [use for way in ways for use in way.use]
    return all(sum(start <= m < end for _, start, end in uses) <= clinic.rooms["north"] for _, m, _ in uses)


def _together(clinic: Clinic, booked: dict[FrameKey, list[Appointment]]) -> dict[FrameKey, Layout] | None:
    """Layouts of the days together; None also where somebody has no start in his day at all."""
    week = week_model(clinic)
    chosen: dict[FrameKey, tuple[Column, ...]] = {}
    for key, wanted in booked.items():
        names = {a.index for a in wanted}
        chosen[key] = tuple(c for c in week.of_frame[key] if c.appointment in names)
        if len(chosen[key]) < len(names):
            return None
    most = {key: week.clinician(key).policy.max_doubles_per_day for key in chosen}
    doubles = {
        key: count if week.clinician(key).policy.max_per_slot > 1 else 0 for key, count in most.items()
    }
    return lay_out_together(clinic, chosen, doubles, Tries(seconds=30.0))


def test_two_days_share_a_weeks_admin_as_enumeration_says() -> None:
    laid, short = 0, 0
    for seed in range(130):
        rng = Random(f"week/{seed}")
        policy = replace(some_policy(rng), admin_scope="week", admin_daily_minutes=rng.choice([0, 20]))
        hours = [clock(540 + rng.choice([45, 60, 75, 90])) for _ in range(2)]
        shifts = (f"Mon 09:00-{hours[0]}", f"Tue 09:00-{hours[1]}")
        wanted = [replace(some_appointment(rng, 9, 60, i), windows=()) for i in range(rng.choice([2, 3]))]
        wanted = [replace(a, admin=rng.choice([0, 10, 20, 40])) for a in wanted]
        clinic = b.a_clinic(b.a_clinician(shifts=shifts, policy=policy), wanted)
        (clinician,) = clinic.clinicians
        booked = [[a for a in clinic.appointments if a.index % 2 == day] for day in range(2)]
        ways = [ways_of(clinic, clinician, day, booked[day]) for day in range(2)]
        most = [max((way.admin for way in found), default=-1) for found in ways]
        due = sum(f.day.admin_base for f in frames(clinician)) + sum(a.admin for a in wanted)
        possible = min(most) >= 0 and sum(most) >= due
        layouts = _together(clinic, {(0, day): booked[day] for day in range(2)})
        assert (layouts is not None) == possible, seed
        if layouts is not None:
            assert sum(layout.admin for layout in layouts.values()) >= due, seed
            found = {breach.rule for breach in breaches(clinic, assembled(clinic, layouts))}
            assert found <= {"double_limit"}, seed
        laid += possible
        short += min(most) >= 0 and not possible
    assert laid > 25
    assert short > 10
