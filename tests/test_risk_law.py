"""The exact law of delivered minutes against every outcome, and its properties."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.risk.law import NOTHING, Law, delivered, exceeds, overload_probability, total, two_valued

BOOKINGS = st.lists(
    st.tuples(st.sampled_from((15, 30, 45, 60, 90, 5, 25)), st.integers(0, 1000)), max_size=40
)


def outcomes(bookings: Sequence[tuple[int, int]]) -> dict[int, Fraction]:
    """The law in fractions: no rounding anywhere."""
    law: dict[int, Fraction] = {}
    for comes in product((False, True), repeat=len(bookings)):
        weight, minutes = Fraction(1), 0
        for (length, attendance), came in zip(bookings, comes, strict=True):
            weight *= Fraction(attendance if came else 1000 - attendance, 1000)
            minutes += length * came
        law[minutes] = law.get(minutes, Fraction(0)) + weight
    return law


def random_bookings(seed: int) -> list[tuple[int, int]]:
    random = Random(seed)
    attendances = (0, 1000, 500, random.randint(1, 999), random.randint(600, 990))
    count = 12 if seed % 8 == 0 else random.randint(0, 8)
    return [(random.choice((30, 45, 60, 5)), random.choice(attendances)) for _ in range(count)]


@pytest.mark.parametrize("seed", range(40))
def test_every_figure_equals_the_sum_over_all_outcomes(seed: int) -> None:
    bookings = random_bookings(seed)
    law, exact = delivered(bookings), outcomes(bookings)
    assert law.most == sum(minutes for minutes, _ in bookings)
    assert law.mean() == pytest.approx(sum(m * a for m, a in bookings) / 1000, abs=1e-11)
    for x in range(-5, law.most + 10, 5):
        above = float(sum(p for minutes, p in exact.items() if minutes > x))
        below = float(sum(p for minutes, p in exact.items() if minutes < x))
        excess = float(sum(p * max(0, minutes - x) for minutes, p in exact.items()))
        assert law.above(x) == pytest.approx(above, abs=1e-12)
        assert law.below(x) == pytest.approx(below, abs=1e-12)
        assert law.excess(x) == pytest.approx(excess, abs=1e-11)
        assert overload_probability(bookings, x) == pytest.approx(above, abs=1e-12)
    for q in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
        reached = (x for x in sorted(exact) if sum(exact[y] for y in exact if y <= x) >= q)
        assert law.quantile(float(q)) == next(reached)


def test_a_quantile_is_reached_at_an_exact_tie() -> None:
    assert delivered([(60, 500)]).quantile(0.5) == 0
    # 0.2 x 0.5 = 0.1, 1 - 0.1 = 0.9, 0.3^3 = 0.027: so in decimals, not always in binary
    assert delivered([(30, 800), (60, 500)]).quantile(0.1) == 0
    assert delivered([(30, 100)]).quantile(0.9) == 0
    assert delivered([(30, 700), (30, 700), (30, 700)]).quantile(0.027) == 0


def test_what_cannot_happen_has_probability_zero() -> None:
    law = delivered([(30, 900), (45, 900)])
    assert (law.above(75), law.above(74) > 0, law.below(0)) == (0.0, True, 0.0)
    assert overload_probability([(30, 900), (45, 900)], 75) == 0.0
    assert overload_probability([], 0) == 0.0
    assert delivered([(30, 0)]).above(0) == 0.0
    assert delivered([(30, 1000)]).below(30) == 0.0


def test_the_grid_is_the_greatest_common_divisor() -> None:
    assert delivered([(30, 500), (45, 500)]).grid == 15
    assert delivered([]).values.tolist() == [0]


def test_a_limit_is_exceeded_only_beyond_rounding() -> None:
    assert not exceeds(0.1 + 0.2, 0.3)
    assert exceeds(0.3 + 2e-12, 0.3)


def test_a_tail_far_below_rounding_is_still_right() -> None:
    # only if all 20 come: 0.001^20
    assert overload_probability([(30, 1)] * 20, 599) == pytest.approx(1e-60, rel=1e-12)
    assert delivered([(30, 1)] * 20).above(599) == pytest.approx(1e-60, rel=1e-12)


def test_values_may_be_negative_and_either_way_round() -> None:
    law = two_valued([(-30, 15, 0.25), (10, 10, 0.5)])
    assert (law.least, law.most, law.grid) == (-20, 25, 45)
    assert law.pmf.tolist() == [0.25, 0.75]


def test_sums_of_laws_on_different_grids() -> None:
    law = delivered([(30, 500)]) + delivered([(45, 500)])
    assert (law.grid, np.flatnonzero(law.pmf).tolist()) == (15, [0, 2, 3, 5])
    assert (law + NOTHING).pmf.tolist() == law.pmf.tolist()


def test_the_sum_over_a_service_is_one_law() -> None:
    random = Random(7)
    diaries = [[(random.choice((30, 45, 60)), random.randint(500, 999)) for _ in range(20)] for _ in range(9)]
    whole = delivered([booking for diary in diaries for booking in diary])
    summed = total([delivered(diary) for diary in diaries])
    for x in range(0, whole.most, 150):
        assert summed.below(x) == pytest.approx(whole.below(x), abs=1e-13)
        assert summed.above(x) == pytest.approx(whole.above(x), abs=1e-13)
    assert total([]).values.tolist() == [0]


@given(BOOKINGS)
def test_the_masses_add_up_to_one(bookings: list[tuple[int, int]]) -> None:
    law = delivered(bookings)
    assert law.pmf.sum() == pytest.approx(1.0, abs=1e-12)
    assert (law.pmf >= 0).all()


@given(BOOKINGS, st.integers(0, 2000))
def test_the_quick_overload_probability_is_the_law_s(bookings: list[tuple[int, int]], ceiling: int) -> None:
    assert overload_probability(bookings, ceiling) == pytest.approx(
        delivered(bookings).above(ceiling), abs=1e-12
    )


@given(BOOKINGS.filter(bool), st.integers(0, 2000), st.data())
def test_nobody_s_attendance_lowers_the_overload(
    bookings: list[tuple[int, int]], ceiling: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(bookings) - 1))
    minutes, attendance = bookings[place]
    more = data.draw(st.integers(attendance, 1000))
    raised = [*bookings[:place], (minutes, more), *bookings[place + 1 :]]
    assert overload_probability(raised, ceiling) >= overload_probability(bookings, ceiling) - 1e-13
    assert delivered(raised).below(ceiling) <= delivered(bookings).below(ceiling) + 1e-13


def test_a_law_may_start_anywhere() -> None:
    law = Law(15, np.array([0.25, 0.25, 0.5]), start=10)
    assert (law.below(10), law.below(11), law.below(25), law.below(26)) == (0.0, 0.25, 0.25, 0.5)
    assert (law.above(9), law.above(10), law.above(39), law.above(40)) == (1.0, 0.75, 0.5, 0.0)
