"""What cuts and tables forbid is forbidden by the rules: every legal set of bookings keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from random import Random

import numpy as np
import pytest

from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import FULL, Appointment, Clinic
from solver.risk.law import exceeds, laws, overload_probability
from solver.rules import week_model
from solver.search.cover import cover_cut, overloaded
from solver.search.envelope import Envelope, envelope, groups_of
from solver.search.mixes import _room, largest_mixes
from solver.search.plan import Days, day_cut
from solver.search.tail import Group, Tail
from tests import builders as b
from tests.brute_days import DayOf, TooLarge, Work
from tests.brute_facts import frames_of
from tests.small import small_clinic

Booked = tuple[Appointment, ...]


def subsets(found: tuple[Appointment, ...]) -> Iterator[Booked]:
    for count in range(len(found) + 1):
        yield from combinations(found, count)


def legal_sets(wanted: Booked, ceiling: int, booked: int, alpha: float) -> Iterator[Booked]:
    """Every set that keeps both week limits, by the exact law."""
    for some in subsets(wanted):
        pairs = [(a.minutes, a.attendance) for a in some]
        if sum(m for m, _ in pairs) <= booked and not exceeds(overload_probability(pairs, ceiling), alpha):
            yield some


def table(
    wanted: Booked, ceiling: int, booked: int, alpha: float
) -> tuple[tuple[Group, ...], Envelope | None]:
    week = WeekModel.over(b.a_clinic(b.a_clinician(), wanted))
    groups = groups_of(week, 0)
    return groups, envelope(groups, ceiling, booked, alpha)


def counts_of(some: Booked, groups: tuple[Group, ...]) -> tuple[int, ...]:
    return tuple(sum(a.minutes == g.minutes for a in some) for g in groups)


def expected(some: Booked) -> float:
    return sum(a.expected for a in some) / FULL


def some_week(rng: Random, spread: int) -> tuple[Booked, int, int, float]:
    """Bookings of one to three durations, a ceiling, the most that may be booked, and a risk."""
    lengths = rng.sample([15, 20, 25, 30, 45, 50, 60], rng.choice([1, 1, 2, 2, 3]))
    middle = {m: rng.randrange(spread, 1001 - spread) for m in lengths}
    wanted = []
    for _ in range(rng.randrange(5, 11)):
        minutes = rng.choice(lengths)
        attendance = middle[minutes] + rng.randint(-spread, spread)
        wanted.append(b.an_appointment(minutes=minutes, attendance=attendance))
    total = sum(a.minutes for a in wanted)
    ceiling = rng.randrange(total // 3, total)
    booked = rng.choice([total, total, rng.randrange(ceiling, total + 5)])
    return tuple(wanted), ceiling, booked, rng.choice([0.02, 0.05, 0.1, 0.1, 0.3])


@pytest.mark.parametrize("spread", [0, 20, 60, 200, 500])
def test_every_legal_week_is_under_the_table(spread: int) -> None:
    tables = sets = refused = 0
    for seed in range(16):
        wanted, ceiling, booked, alpha = some_week(Random(f"table/{spread}/{seed}"), spread)
        groups, found = table(wanted, ceiling, booked, alpha)
        if found is None:
            continue
        counts, most = np.array(found.counts), np.array(found.expected)
        tables += 1
        legal = set(legal_sets(wanted, ceiling, booked, alpha))
        for some in legal:
            holds = (counts >= counts_of(some, groups)).all(axis=1) & (most >= expected(some) - 1e-6)
            assert holds.any(), (seed, some)
        sets += len(legal)
        refused += sum(
            not ((counts >= counts_of(some, groups)).all(axis=1) & (most >= expected(some) - 1e-6)).any()
            for some in subsets(wanted)
        )
    assert tables >= 10
    assert sets > 500
    assert refused > 100, "a table that allows everything"


def test_the_table_is_exact_where_attendances_are_equal() -> None:
    # One attendance a duration: counts say everything, so each row of the table is a legal week itself.
    rows = 0
    for seed in range(30):
        wanted, ceiling, booked, alpha = some_week(Random(f"equal/{seed}"), 0)
        groups, found = table(wanted, ceiling, booked, alpha)
        if found is not None:
            reached = {counts_of(s, groups): expected(s) for s in legal_sets(wanted, ceiling, booked, alpha)}
            for counts, minutes in zip(found.counts, found.expected, strict=True):
                assert reached[counts] == pytest.approx(minutes, abs=1e-6), seed
                rows += 1
    assert rows > 40


def test_the_table_is_near_to_what_legal_weeks_reach() -> None:
    # Attendances within 0.02 of one another: the best legal week reaches most of what the table allows it.
    margins = []
    for seed in range(20):
        wanted, ceiling, booked, alpha = some_week(Random(f"near/{seed}"), 20)
        _, found = table(wanted, ceiling, booked, alpha)
        if found is not None:
            best = max(expected(s) for s in legal_sets(wanted, ceiling, booked, alpha))
            margins.append((max(found.expected) - best) / max(found.expected))
    assert len(margins) >= 10
    assert min(margins) >= -1e-9
    assert sorted(margins)[len(margins) // 2] < 0.04
    assert max(margins) < 0.25


def test_the_chance_of_passing_is_never_below_what_counts_and_means_prove() -> None:
    # Up to four groups with attendances at random, at the ends of their range, or near to one another.
    rng, proven, near = np.random.default_rng(5), 0, 0
    for _ in range(1500):
        lengths = rng.choice([15, 20, 30, 45, 60, 90], int(rng.integers(1, 5)), replace=False)
        groups, booked = [], []
        for minutes in lengths.tolist():
            low, high = sorted(rng.uniform(0.3, 1, 2))
            low = max(low, high - rng.uniform(0, 0.2))
            count = int(rng.integers(0, 9))
            p = np.where(
                rng.random(count) < rng.random(), rng.choice([low, high], count), rng.uniform(low, high)
            )
            groups.append(Group(minutes, 20, float(low), float(high)))
            booked.append(p)
        n = tuple(len(p) for p in booked)
        if not sum(n):
            continue
        total = sum(m * len(p) for m, p in zip(lengths.tolist(), booked, strict=True))
        ceiling = int(rng.integers(total // 2, total + 1))
        means = tuple(float(p.mean()) if len(p) else g.low for p, g in zip(booked, groups, strict=True))
        least = Tail(tuple(groups), ceiling, 0.1).least_chance(n, means)
        each = [m for m, p in zip(lengths.tolist(), booked, strict=True) for _ in p]
        grid, pmf = laws(each, np.concatenate(booked)[None, :])
        chance = float(pmf[0][np.arange(pmf.shape[1]) * grid > ceiling].sum())
        assert least <= chance + 1e-12, (n, means, ceiling)
        proven += least > -1
        near += len(n) < 4 and least > chance - 0.01
    assert proven > 1000
    assert near > 700, "far more is allowed for than can happen"


@lru_cache(maxsize=1)
def enumerated() -> tuple[tuple[int, WeekModel, FrameKey, dict[frozenset[int], frozenset[int]]], ...]:
    """Days of small weeks: which sets of bookings can be laid out, and with how many doubles."""
    found = []
    for seed in range(70):
        clinic = _roomy(small_clinic(seed))
        week = week_model(clinic)
        for key in week.days:
            try:
                found.append((seed, week, key, _fitting(clinic, week, key)))
            except TooLarge:
                continue
    return tuple(found)


def _roomy(clinic: Clinic) -> Clinic:
    """Without the limits of the week and of rooms, which no day can judge, and without pins."""
    plain = tuple(replace(a, pin=None, published=None, patient=a.id) for a in clinic.appointments)
    team = tuple(
        replace(
            c,
            target=1200,
            ceiling=3000,
            policy=replace(
                c.policy, max_booked_ratio=Fraction(10), max_doubles_per_week=9, admin_scope="day"
            ),
        )
        for c in clinic.clinicians
    )
    return replace(clinic, clinicians=team, appointments=plain, rooms={})


def _fitting(clinic: Clinic, week: WeekModel, key: FrameKey) -> dict[frozenset[int], frozenset[int]]:
    clinician = clinic.clinicians[key[0]]
    day = DayOf(clinic, clinician, key[1], frames_of(clinician)[key[1]], frozenset(), Work(6000))
    names = {column.appointment for column in week.of_frame[key]}
    found: dict[frozenset[int], set[int]] = {}
    for way in day.ways():
        booked = frozenset(a.index for a in way.booked)
        if booked <= names:
            found.setdefault(booked, set()).add(way.doubles)
    return {booked: frozenset(doubles) for booked, doubles in found.items()}


def test_every_day_that_can_be_laid_out_is_in_some_largest_mix() -> None:
    days = full = forbidden = 0
    for seed, week, key, fitting in enumerated():
        classes: dict[tuple[int, int], set[int]] = {}
        for column in week.of_frame[key]:
            a = week.appointment(column)
            classes.setdefault((a.minutes, a.admin), set()).add(a.index)
        order = tuple(sorted(classes, key=lambda c: (-c[0] - c[1], c)))
        most = tuple(len(classes[c]) for c in order)
        mixes = largest_mixes(_room(week, key), order, most)
        assert mixes is not None
        seen = {tuple(len(booked & classes[c]) for c in order) for booked in fitting}
        for mix in seen:
            assert any(all(n <= m for n, m in zip(mix, largest, strict=True)) for largest in mixes), (
                seed,
                key,
                mix,
            )
        days += len(seen) > 1
        full += bool(seen & set(mixes))
        every = product(*(range(n + 1) for n in most))
        forbidden += sum(not any(all(map(int.__le__, mix, m)) for m in mixes) for mix in every)
    assert days > 40
    assert full > 30, "no largest mix is a day's"
    assert forbidden > 100, "mixes that allow everything"


def test_a_days_cut_forbids_its_own_set_and_no_day_that_can_be_laid_out() -> None:
    cuts = lifted = 0
    for seed, week, key, fitting in enumerated():
        days, rng = Days(week), Random(f"cut/{seed}/{key}")
        columns = tuple(week.of_frame[key])
        literals = week.doubles.get(key, ())
        for _ in range(6):
            some = tuple(c for c in columns if rng.random() < 0.7)
            doubles = rng.randint(0, len(literals))
            if not some or not days.proven_unfit(key, some, doubles):
                continue
            row = day_cut(days, key, some, doubles)
            assert not row.holds(_point(week, literals, {c.appointment for c in some}, key, doubles)), (
                seed,
                key,
            )
            for booked, ways in fitting.items():
                for used in ways:
                    assert row.holds(_point(week, literals, booked, key, used)), (seed, key, booked, used)
            cuts += 1
            lifted += len(set(row.variables) - {c.variable for c in some} - set(literals)) > 0
    assert cuts > 60
    assert lifted > 10


def _point(
    week: WeekModel, literals: tuple[int, ...], booked: frozenset[int] | set[int], key: FrameKey, doubles: int
) -> list[int]:
    values = [0] * len(week.programme.lower)
    for column in week.of_frame[key]:
        values[column.variable] = int(column.appointment in booked)
    for place, literal in enumerate(literals):
        values[literal] = int(place < doubles)
    return values


def test_a_cover_forbids_its_own_set_and_no_week_that_keeps_the_rule() -> None:
    covers = extended = 0
    for seed in range(40):
        rng = Random(f"cover/{seed}")
        wanted, ceiling, _, alpha = some_week(rng, rng.choice([0, 60, 200]))
        policy = b.doubling(max_overload_risk=alpha)
        shifts = ("Mon 09:00-13:00", "Tue 09:00-13:00")
        week = WeekModel.over(
            b.a_clinic(b.a_clinician(ceiling=ceiling, shifts=shifts, policy=policy), wanted)
        )
        mine = [columns[0] for columns in week.of_appointment.values()]
        for _ in range(4):
            some = [column for column in mine if rng.random() < 0.8]
            if not overloaded(week, 0, some):
                continue
            row = cover_cut(week, 0, some)
            assert not row.holds(_chosen(week, some)), seed
            for legal in legal_sets(week.clinic.appointments, ceiling, 10**6, alpha):
                # On which of the days somebody is seen is drawn: the rule speaks of the week.
                seen = [rng.choice(week.of_appointment[a.index]) for a in legal]
                assert row.holds(_chosen(week, seen)), (seed, legal)
            covers += 1
            extended += len(_people(week, row.variables)) > row.upper + 1
    assert covers > 50
    assert extended > 20


def _people(week: WeekModel, variables: tuple[int, ...]) -> set[int]:
    return {column.appointment for column in week.columns if column.variable in variables}


def _chosen(week: WeekModel, columns: list[Column]) -> list[int]:
    values = [0] * len(week.programme.lower)
    for column in columns:
        values[column.variable] = 1
    return values
