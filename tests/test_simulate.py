"""Weeks that are lived through: what happens in them, minute by minute, worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import comb
from random import Random

import numpy as np
import pytest

from solver.question.clinic import Clinic, Policy
from solver.rota import Rota
from solver.simulate.draws import attended, draws
from solver.simulate.events import tell
from solver.simulate.lived import Lived
from solver.simulate.minutes import replay
from solver.simulate.timetable import timetable
from solver.simulate.week import simulate
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, doubling


def live(clinic: Clinic, rota: Rota, came: Sequence[Sequence[bool]], extra: int = 0) -> Lived:
    """The first diary's weeks, one for each row of who comes."""
    plan = timetable(clinic, rota.diaries[0])
    booked = np.array([clinic.appointments[i].minutes for i in plan.appointments], dtype=np.int32)
    comes = np.array(came, dtype=np.bool_)
    lasts = np.broadcast_to(booked + extra, comes.shape).astype(np.int32)
    return replay(plan, comes, lasts, booked)


def a_double_before_a_break() -> tuple[Clinic, Rota]:
    """Two half-hours share 09:00; a break at 09:30, notes at 09:40, free time from 09:55 to 13:00."""
    clinic = a_clinic(a_clinician(policy=doubling()), appointments(2, minutes=30))
    return clinic, a_rota(clinic, c1="Mon 09:00 a1+a2 | break 10 | admin 15 | free")


def test_both_patients_of_a_double_cost_the_break_and_the_notes_after_it() -> None:
    clinic, rota = a_double_before_a_break()
    lived = live(clinic, rota, list(product([False, True], repeat=2)))
    # Only if both come is anything owed at 09:30: 30 minutes, of which the break gives 10, the notes 15,
    # and free time the last 5.
    assert lived.break_lost.tolist() == [0, 0, 0, 10]
    assert lived.admin_lost.tolist() == [0, 0, 0, 15]
    assert lived.overtime.tolist() == [0, 0, 0, 0]
    assert lived.delivered.tolist() == [0, 30, 30, 60]
    # The second waits for the first, if the first comes.
    assert lived.waits.tolist() == [[0, 0], [0, 0], [0, 0], [0, 30]]
    assert lived.touched.tolist() == [[False], [False], [False], [True]]


def test_a_reserve_takes_the_second_patient_of_a_double() -> None:
    clinic = a_clinic(a_clinician(policy=doubling()), appointments(2, minutes=30))
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | reserve 30 | break 10 | admin 30 | free")
    lived = live(clinic, rota, [[True, True]])
    assert (lived.break_lost[0], lived.admin_lost[0], lived.overtime[0]) == (0, 0, 0)
    assert not lived.touched.any()


def test_sessions_that_run_over_at_the_end_of_a_shift_are_overtime() -> None:
    clinic = a_clinic(a_clinician(), appointments(2, minutes=60))
    rota = a_rota(clinic, c1="Mon 09:00 free 120 | a1 | a2")
    lived = live(clinic, rota, [[True, True], [True, False], [False, False]], extra=5)
    # Each session lasts 65: if both come, the second starts 5 late, at 12:05, and ends at 13:10.
    assert lived.overtime.tolist() == [10, 0, 0]
    assert lived.waits[:, 1].tolist() == [5, 0, 0]
    # Delivered minutes are the booked ones.
    assert lived.delivered.tolist() == [120, 60, 0]


def test_lunch_counts_as_a_break_and_a_commitment_is_promised_too() -> None:
    clinic = a_clinic(a_clinician(policy=doubling()), appointments(4, minutes=30))
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2 | lunch 20 | commitment 30 | a3+a4 | commitment 60 | free")
    lived = live(clinic, rota, [[True, True, False, True], [False, True, True, True]])
    # First week: 30 owed at 09:30, 20 of them out of lunch, 10 out of the commitment.
    assert lived.break_lost.tolist() == [20, 0]
    # Second week: 30 owed at 10:50, when the second commitment starts.
    assert lived.touched.tolist() == [[True], [True]]
    assert lived.admin_lost.tolist() == [0, 0]


def test_what_is_owed_at_the_end_of_a_shift_is_not_owed_in_the_next() -> None:
    clinician = a_clinician(shifts=("Mon 09:00-10:00", "Mon 11:00-12:00"), policy=doubling())
    clinic = a_clinic(clinician, appointments(3, minutes=60))
    rota = a_rota(clinic, c1="Mon 09:00 a1+a2\nMon 11:00 a3")
    lived = live(clinic, rota, [[True, True, True]])
    assert lived.overtime.tolist() == [60]
    assert lived.waits.tolist() == [[0, 60, 0]]


def correlation(rows: np.ndarray) -> float:
    return float(np.asarray(np.corrcoef(rows))[0, 1])


def any_diary(random: Random) -> tuple[Clinic, Rota]:
    """A day of random entries in random order, most of it in no way allowed."""
    wanted = [
        an_appointment(minutes=5 * random.randint(1, 12), attendance=random.choice([0, 300, 850, 1000]))
        for _ in range(random.randint(0, 7))
    ]
    overrun = ((0, 0.5), (7, 0.3), (20, 0.2)) if random.random() < 0.7 else ((0, 1.0),)
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-19:00",), policy=Policy(overrun=overrun)), wanted)
    parts, left = [], [a.id for a in clinic.appointments]
    while left:
        parts.append("+".join(left.pop() for _ in range(min(len(left), random.randint(1, 3)))))
        gap = random.choice(["", "break", "lunch", "admin", "reserve", "free", "commitment"])
        if gap:
            parts.append(f"{gap} {5 * random.randint(1, 6)}")
    return clinic, a_rota(clinic, c1="Mon 09:00 " + " | ".join([*parts, "free"]))


@pytest.mark.parametrize("seed", range(60))
def test_the_replay_and_the_events_tell_the_same_week(seed: int) -> None:
    random = Random(seed)
    clinic, rota = any_diary(random)
    plan = timetable(clinic, rota.diaries[0])
    count = len(plan.appointments)
    came = [[random.random() < 0.7 for _ in range(count)] for _ in range(25)]
    extra = random.choice([0, 3, 15])
    lived = live(clinic, rota, came, extra) if count else live(clinic, rota, [[]] * 25)
    lasts = [clinic.appointments[i].minutes + extra for i in plan.appointments]
    for week, row in enumerate(came):
        told = tell(plan, row, lasts)
        assert told.waits == {p: lived.waits[week, p] for p in range(count) if row[p]}
        assert (told.break_lost, told.admin_lost, told.overtime) == (
            lived.break_lost[week],
            lived.admin_lost[week],
            lived.overtime[week],
        )
        assert bool(told.touched) == bool(lived.touched[week].any())


def test_equal_seeds_give_equal_weeks_and_others_do_not() -> None:
    clinic = a_clinic([a_clinician(), a_clinician()], appointments(4, attendance=500))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | a2 | free", c2="Mon 09:00 a3 | a4 | free")
    first, again, other = (simulate(clinic, rota, 200, seed) for seed in (7, 7, 8))
    assert [one.came.tolist() for one in first.lived] == [one.came.tolist() for one in again.lived]
    assert first.lived[0].came.tolist() != other.lived[0].came.tolist()
    # Two clinicians do not throw the same dice.
    assert first.lived[0].came.tolist() != first.lived[1].came.tolist()


def test_a_clinician_lives_the_same_weeks_whoever_else_has_a_diary() -> None:
    clinic = a_clinic([a_clinician(), a_clinician()], appointments(2, attendance=500))
    both = a_rota(clinic, c1="Mon 09:00 a1 | free", c2="Mon 09:00 a2 | free")
    alone = Rota(both.bookings, both.unplaced, both.diaries[1:])
    lived = simulate(clinic, alone, 100, 3).lived[0]
    assert lived.came.tolist() == simulate(clinic, both, 100, 3).lived[1].came.tolist()


@pytest.mark.parametrize("shock", [False, True])
def test_every_patient_comes_as_often_as_the_request_says(shock: bool) -> None:
    given = draws(40_000, 5, shock=shock)
    wanted = [0, 1, 120, 500, 500, 873, 999, 1000]
    came = attended(given.dice(0), given, wanted)
    # Five standard deviations of a frequency at 0.5 are 0.0125.
    assert np.abs(came.mean(axis=0) - np.array(wanted) / 1000).max() < 0.0125
    assert came[:, 0].sum() == 0
    assert came[:, -1].all()


def test_the_shock_ties_attendances_together_by_a_fiftieth() -> None:
    apart, tied = (draws(100_000, 11, shock=shock) for shock in (False, True))
    correlations = [correlation(attended(given.dice(0), given, [800, 800]).T) for given in (apart, tied)]
    # The standard error of a correlation is 0.003 here; the shock's is 1 / (49 + 1).
    assert correlations == pytest.approx([0.0, 0.02], abs=0.015)
    assert correlations[1] > 0.01


def test_two_clinicians_share_the_services_shock() -> None:
    given = draws(100_000, 2, shock=True)
    first, second = (attended(given.dice(c), given, [800] * 30).sum(axis=1) for c in (0, 1))
    # Variance of a sum of 30: 4.8 alone and 0.02 x 0.16 x 30 x 29 = 2.78 shared; covariance of two sums
    # 0.02 x 0.16 x 900 = 2.88; so the correlation is near 2.88 / 7.58 = 0.38.
    assert correlation(np.array([first, second])) == pytest.approx(0.38, abs=0.03)


def test_the_example_of_the_problem_comes_out() -> None:
    # 25 hours at 0.8 pass 22 h with probability 0.098, and 0.151 with the shared shock (problem, 4).
    exact = sum(Fraction(4, 5) ** k * Fraction(1, 5) ** (25 - k) * comb(25, k) for k in range(23, 26))
    for shock, chance in ((False, float(exact)), (True, 0.151)):
        given = draws(100_000, 1, shock=shock)
        hours = attended(given.dice(0), given, [800] * 25).sum(axis=1)
        # Five standard errors at 0.15 are 0.0056.
        assert float((hours > 22).mean()) == pytest.approx(chance, abs=0.006)
    assert float(exact) == pytest.approx(0.098, abs=0.0005)
