"""The figures of one diary and of a whole rota."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv

from solver.question.clinic import Appointment, Clinic, Clinician, Policy, Shift, Span
from solver.risk.backlog import ADMIN, BREAKS
from solver.risk.diary import band, collision, diary_risk, score
from solver.risk.law import Floats, delivered, laws
from solver.risk.service import service_risk
from solver.risk.stress import NODES, SHOCKS, WEIGHTS, stressed
from solver.rota import PROTECTED, Diary, Entry, Rota

Pairs = list[tuple[int, int]]


def a_clinic(
    weeks: list[Pairs], target: int = 60, ceiling: int = 90, **policy: object
) -> tuple[Clinic, Rota]:
    """Each clinician one shift, the bookings (minutes, attendance) back to back."""
    book: list[Appointment] = []
    people, diaries = [], []
    for index, pairs in enumerate(weeks):
        at, entries = 540, []
        for minutes, attendance in pairs:
            entries.append(Entry("appointment", at, at + minutes, (len(book),)))
            book.append(Appointment(f"a{len(book)}", len(book), f"p{len(book)}", minutes, attendance))
            at += minutes
        shift = Shift(540, max(at, 600), 0, None, Span(690, 870))
        held = Policy(tolerance_minutes=0, **policy)  # type: ignore[arg-type]
        people.append(Clinician(f"c{index}", index, target, ceiling, (shift,), policy=held))
        diaries.append(Diary(index, tuple(entries)))
    start = datetime(2026, 11, 30, tzinfo=UTC)
    clinic = Clinic(start, "Europe/London", tuple(people), tuple(book))
    return clinic, Rota((), (), tuple(diaries))


def test_the_figures_of_three_half_hours() -> None:
    # D = 30 x Binomial(3, 1/2): 0, 30, 60, 90 with 1, 3, 3, 1 in 8; target 60, ceiling 60
    clinic, rota = a_clinic([[(30, 500)] * 3], ceiling=60)
    risk = diary_risk(clinic, rota.diaries[0])
    assert risk.expected_delivered_minutes == 45.0
    assert (risk.delivered_p10, risk.delivered_p50, risk.delivered_p90) == (0, 30, 90)
    assert (risk.worst_case_minutes, risk.p_below_target, risk.p_above_ceiling) == (90, 0.5, 0.125)
    assert risk.expected_overload_minutes == 30 / 8
    assert (risk.score, risk.band) == (13, "moderate")  # 12.5, half up
    assert risk.stress.low.p_above_ceiling == pytest.approx(0.48**3, abs=1e-15)
    assert risk.stress.high.p_above_ceiling == pytest.approx(0.52**3, abs=1e-15)
    # three draws from one Beta(24.5, 24.5): (24.5 25.5 26.5) / (49 50 51)
    assert risk.stress.shared_shock.p_above_ceiling == pytest.approx(0.1325, abs=1e-8)
    assert [one.expected_wait_minutes for one in risk.bookings] == [0.0, 0.0, 0.0]


def test_overrun_counts_in_the_day_and_not_in_delivered_minutes() -> None:
    clinic, rota = a_clinic([[(30, 500)] * 2], overrun=((0, 0.5), (10, 0.5)))
    risk = diary_risk(clinic, rota.diaries[0])
    assert risk.worst_case_minutes == 60
    # each runs over by 10 with chance 1/4, and nobody waits for the slack to pass: both back to back
    assert risk.bookings[1].expected_wait_minutes == 2.5
    # late if the second runs over, or stays on time though present after a first that ran over
    assert risk.p_late_finish == 1 / 4 + 1 / 4 * 1 / 4


def test_a_double_shows_its_collision_and_the_second_patient_s_wait() -> None:
    clinic, rota = a_clinic([[(30, 800), (45, 500)]])
    double = Diary(0, (Entry("appointment", 540, 585, (0, 1)), Entry("reserve", 585, 615)))
    first, second = diary_risk(clinic, double).bookings
    assert (first.p_collision, second.p_collision) == (0.4, 0.4)
    assert (first.expected_wait_minutes, second.expected_wait_minutes) == (0.0, 24.0)
    assert (first.attendance, rota.diaries[0].clinician) == (0.8, 0)


def test_a_third_patient_collides_with_either_of_the_others() -> None:
    assert collision([500, 500, 500], 0) == 0.375  # 1/2 x (1 - 1/4)
    assert collision([500], 0) == 0.0


@pytest.mark.parametrize(
    ("probability", "points", "name"),
    [
        (0.0, 0, "low"),
        (0.0449, 4, "low"),
        (0.045, 5, "moderate"),
        (0.1449, 14, "moderate"),
        (0.145, 15, "high"),  # 100 x 0.145 is 14.499999999999998 in floats
        (1.0, 100, "high"),
    ],
)
def test_the_score_rounds_half_up_and_names_its_band(probability: float, points: int, name: str) -> None:
    assert score(probability) == points
    assert band(points) == name


def test_what_is_protected_is_what_the_rota_says() -> None:
    assert BREAKS | ADMIN | {"commitment"} == PROTECTED


DOUBLES = st.lists(
    st.tuples(
        st.sampled_from((30, 45, 60)),
        st.sampled_from((30, 45, 60)),
        st.integers(0, 1000),
        st.integers(0, 1000),
        st.sampled_from(("break", "lunch", "admin", "commitment", "free")),
    ),
    min_size=1,
    max_size=8,
)


@given(DOUBLES)
def test_doubles_followed_by_full_reserve_touch_nothing_at_all(
    doubles: list[tuple[int, int, int, int, str]],
) -> None:
    clinic, _ = a_clinic([[pair for a, b, p, q, _ in doubles for pair in ((a, p), (b, q))]])
    entries, at = [], 540
    for place, (a, b, _, _, kind) in enumerate(doubles):
        for length, what, who in (
            (max(a, b), "appointment", (2 * place, 2 * place + 1)),
            (min(a, b), "reserve", ()),
            (15, kind, ()),
        ):
            entries.append(Entry(what, at, at + length, who))
            at += length
    risk = diary_risk(clinic, Diary(0, tuple(entries)))
    zeros = (risk.p_break_lost, risk.p_admin_lost, risk.p_late_finish)
    assert zeros == (0.0, 0.0, 0.0)
    assert (risk.expected_break_minutes_lost, risk.expected_overtime_minutes) == (0.0, 0.0)


def test_the_shock_s_nodes_average_out() -> None:
    assert pytest.approx(1.0, abs=1e-14) == WEIGHTS.sum()
    assert (len(SHOCKS), SHOCKS.min() > 0, SHOCKS.max() < 1) == (NODES, True, True)


@pytest.mark.parametrize("attendance", [1, 20, 300, 850, 990, 999])
def test_the_shock_keeps_the_mean_and_gives_the_correlation(attendance: int) -> None:
    p = attendance / 1000
    alone = stressed([(30, attendance)])
    pair = stressed([(30, attendance)] * 2)
    assert alone.shared.above(0) == pytest.approx(p, abs=1e-5)
    # both come: p^2 + 0.02 p (1 - p)
    assert pair.shared.above(30) == pytest.approx(p * p + 0.02 * p * (1 - p), abs=1e-5)


def test_certain_attendance_is_certain_under_every_shock() -> None:
    laws_of = stressed([(30, 1000), (45, 0)])
    assert (laws_of.shared.below(30), laws_of.shared.above(30)) == (0.0, 0.0)
    assert laws_of.high.above(30) == pytest.approx(0.02)
    assert laws_of.low.below(30) == pytest.approx(0.02)


def many_shocks(pairs: Pairs, nodes: int = 4000) -> Floats:
    """The law at each of many shocks, evenly spread: slow, plain, and no part of the engine."""
    u = (np.arange(nodes) + 0.5) / nodes
    chances = np.array([betaincinv(49 * a / 1000, 49 - 49 * a / 1000, u) for _, a in pairs]).T
    return laws([minutes for minutes, _ in pairs], chances)[1]


def test_the_shared_shock_of_a_service_against_thousands_of_shocks() -> None:
    random = Random(11)
    weeks = [[(30, random.randint(600, 970)) for _ in range(25)] for _ in range(8)]
    clinic, rota = a_clinic(weeks, target=630, ceiling=690)
    found = service_risk(clinic, rota).stress.shared_shock
    alone = np.array([many_shocks(pairs)[:, 24:].sum(axis=1) for pairs in weeks])
    assert found.p_any_above_ceiling == pytest.approx((1 - (1 - alone).prod(axis=0)).mean(), abs=1e-4)
    whole = many_shocks([pair for pairs in weeks for pair in pairs])
    assert found.p_below_target == pytest.approx(whole[:, : 8 * 21].sum(axis=1).mean(), abs=1e-4)


def test_a_service_of_few_bookings_equals_the_sum_over_all_outcomes() -> None:
    weeks = [[(30, 700), (45, 850), (60, 400)], [(60, 900), (60, 650)], [], [(25, 500), (90, 810)]]
    clinic, rota = a_clinic(weeks, target=60, ceiling=85)
    risk = service_risk(clinic, rota)
    below = over = 0.0
    flat = [(who, *pair) for who, pairs in enumerate(weeks) for pair in pairs]
    for comes in product((False, True), repeat=len(flat)):
        weight, sums = 1.0, [0] * len(weeks)
        for (who, minutes, attendance), came in zip(flat, comes, strict=True):
            weight *= attendance / 1000 if came else 1 - attendance / 1000
            sums[who] += minutes * came
        below += weight * (sum(sums) < 240)
        over += weight * any(minutes > 85 for minutes in sums)
    assert risk.p_below_target == pytest.approx(below, abs=1e-12)
    assert risk.p_any_above_ceiling == pytest.approx(over, abs=1e-12)
    whole = delivered([(minutes, attendance) for _, minutes, attendance in flat])
    assert (risk.delivered_p10, risk.delivered_p50) == (whole.quantile(0.1), whole.quantile(0.5))
    assert risk.expected_delivered_minutes == sum(m * a for _, m, a in flat) / 1000


def test_a_service_in_which_nobody_can_pass_a_ceiling_has_exactly_no_risk() -> None:
    clinic, rota = a_clinic([[(30, 900)] * 3, []])
    risk = service_risk(clinic, rota)
    assert risk.p_any_above_ceiling == risk.stress.high.p_any_above_ceiling == 0.0
    assert risk.stress.shared_shock.p_any_above_ceiling == 0.0


def test_a_service_without_bookings_delivers_nothing() -> None:
    clinic, rota = a_clinic([[], []])
    risk = service_risk(clinic, rota)
    assert (risk.delivered_p90, risk.p_below_target) == (0, 1.0)
    assert risk.stress.shared_shock.p_below_target == pytest.approx(1.0, abs=1e-12)
