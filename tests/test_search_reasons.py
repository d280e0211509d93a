"""Why an appointment is not booked, in weeks small enough to say it by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from solver.model.week import WeekModel
from solver.question.clinic import Appointment, Clinic, Policy
from solver.search.cover import Load, overloaded
from solver.search.layout import Task
from solver.search.reasons import Reasons
from solver.search.starts import too_few_starts
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments, at, shift, span

HOUR = ("Mon 09:00-10:00",)


def codes(clinic: Clinic, **diaries: str) -> list[str]:
    return [unplaced.code for unplaced in Reasons(clinic, a_rota(clinic, **diaries)).all()]


def test_nobody_has_the_skill() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(skills=frozenset({"emdr"}))])
    assert codes(clinic) == ["no_clinician"]


def test_nobody_works_when_the_patient_can_come() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment(windows=(span("Tue 09:00-12:00"),))])
    assert codes(clinic) == ["no_start"]


def test_the_first_of_a_queue_is_tried_and_the_others_are_behind() -> None:
    # One hour, two of three alike left: the second finds the hour taken, the third comes after the second.
    clinic = a_clinic(a_clinician(shifts=HOUR), appointments(3))
    assert codes(clinic, c1="Mon 09:00 a1") == ["no_capacity", "queue"]


def test_whose_patient_is_seen_anyway_stands_in_no_queue() -> None:
    # Three alike, but the third is of the patient who is booked, and so is not behind the second.
    three = [an_appointment(patient=patient) for patient in ("p1", "p2", "p1")]
    clinic = a_clinic(a_clinician(shifts=HOUR), three)
    assert codes(clinic, c1="Mon 09:00 a1") == ["no_capacity", "no_capacity"]


@pytest.mark.parametrize(
    ("policy", "one", "code"),
    [
        ({}, {}, "not_found"),
        ({"max_contacts_per_day": 1}, {}, "no_capacity"),
        ({"max_intense_per_day": 1}, {"intense": True}, "no_capacity"),
        ({"max_booked_ratio": Fraction(1)}, {}, "no_capacity"),  # 120 booked minutes for a target of 100
        ({"max_overload_risk": 0.3}, {}, "not_found"),  # both come: 0.5 x 0.5 = 0.25, more than 110 minutes
        ({"max_overload_risk": 0.2}, {}, "no_capacity"),
        ({"max_overload_risk": 0.2}, {"attendance": 400}, "not_found"),  # 0.5 x 0.4 = 0.2 is at the limit
        ({}, {"patient": "p1"}, "no_capacity"),
    ],
)
def test_each_limit_alone_leaves_no_capacity(policy: dict[str, Any], one: dict[str, Any], code: str) -> None:
    # Four hours of a morning, 60 minutes of a target of 100 booked; 60 more that save cost.
    limits: dict[str, Any] = {"max_booked_ratio": Fraction(2), "max_overload_risk": 1.0} | policy
    team = a_clinician(target=100, ceiling=110, policy=Policy(**limits))
    first = an_appointment(attendance=500, intense=True)
    clinic = a_clinic(team, [first, an_appointment(**({"attendance": 500} | one), waiting_days=9)])
    assert codes(clinic, c1="Mon 09:00 a1 | free") == [code]


@pytest.mark.parametrize(
    ("priority", "code"),
    [
        ("routine", "costs_more"),  # 20 minutes placed save 20 x 1, 20 over target cost 20 x 4
        ("urgent", "not_found"),  # 20 x 10 against 20 x 4
    ],
)
def test_a_day_that_would_take_it_saves_or_does_not(priority: str, code: str) -> None:
    policy = Policy(tolerance_minutes=0, max_booked_ratio=Fraction(2))
    team = a_clinician(target=60, ceiling=300, policy=policy)
    clinic = a_clinic(
        team,
        [an_appointment(attendance=1000), an_appointment(minutes=20, attendance=1000, priority=priority)],
    )
    assert codes(clinic, c1="Mon 09:00 a1 | free") == [code]


def test_another_day_at_a_lower_cost_is_found_behind_one_that_costs_more() -> None:
    # c1 has the target, c2 is far below: 20 minutes save 20 x 1 + 20 x 2 there.
    policy = Policy(tolerance_minutes=0, max_booked_ratio=Fraction(2))
    team = [
        a_clinician(target=60, ceiling=300, policy=policy),
        a_clinician(target=600, ceiling=660, policy=policy),
    ]
    wanted = [an_appointment(attendance=1000), an_appointment(minutes=20, attendance=1000)]
    assert codes(a_clinic(team, wanted), c1="Mon 09:00 a1 | free") == ["not_found"]


def test_bookings_find_other_starts_to_make_room() -> None:
    # Two hours, 60 minutes booked in their middle; 45 more fit if those move to 09:00, with a break between.
    clinic = a_clinic(
        a_clinician(shifts=("Mon 09:00-11:00",)), [an_appointment(), an_appointment(minutes=45)]
    )
    assert codes(clinic, c1="Mon 09:00 free 30 | a1 | free") == ["not_found"]


def test_a_room_that_another_clinician_holds_is_no_room() -> None:
    north = [a_clinician(shifts=(shift("Mon 09:00-10:00", site="north"),)) for _ in range(2)]
    wanted = [an_appointment(mode="in_person", clinician=i) for i in range(2)]
    assert codes(a_clinic(north, wanted, rooms={"north": 1}), c1="Mon 09:00 a1") == ["no_capacity"]
    assert codes(a_clinic(north, wanted, rooms={"north": 2}), c1="Mon 09:00 a1") == ["not_found"]


def some_tasks(rng: Random) -> list[Task]:
    return [
        Task(i, 30, 0, 500, tuple(sorted(rng.sample(range(4), rng.randrange(4)))), rng.random() < 0.5)
        for i in range(rng.randrange(1, 6))
    ]


def have_starts(tasks: list[Task], doubles: int) -> bool:
    """Whether any choice of starts has nobody three at once, and few enough two, who both may share."""
    for chosen in product(*(task.starts for task in tasks)):
        shared = [[t for t, s in zip(tasks, chosen, strict=True) if s == start] for start in set(chosen)]
        pairs = [held for held in shared if len(held) > 1]
        if len(pairs) <= doubles and all(len(p) == 2 and all(t.bookable for t in p) for p in pairs):
            return True
    return False


def test_too_few_starts_is_a_proof_and_without_doubles_a_test() -> None:
    rng, seen = Random(1), set()
    for _ in range(600):
        tasks, doubles = some_tasks(rng), rng.randrange(3)
        some, few = have_starts(tasks, doubles), too_few_starts(tasks, doubles)
        assert not (some and few)
        assert doubles or some != few
        seen.add((some, few, doubles > 0))
    assert {(True, False, True), (False, True, True)} <= seen


def test_one_booking_more_bears_on_the_week_as_all_of_them_together_do() -> None:
    rng, seen = Random(2), set()
    for _ in range(300):
        wanted: list[Appointment] = [
            an_appointment(minutes=rng.choice([25, 30, 50]), attendance=rng.choice([0, 300, 850, 999, 1000]))
            for _ in range(rng.randrange(1, 9))
        ]
        policy = Policy(max_overload_risk=rng.choice([0.0, 0.1, 0.5]))
        clinic = a_clinic(
            a_clinician(target=10**4, ceiling=rng.choice([60, 130, 200]), policy=policy), wanted
        )
        week = WeekModel.over(clinic)
        columns = [week.of_appointment[a.index][0] for a in clinic.appointments]
        *others, one = clinic.appointments
        bears = Load(clinic.clinicians[0], others).bears(one)
        assert bears != overloaded(week, 0, columns)
        seen.add(bears)
    assert seen == {True, False}


def test_columns_among_some_are_theirs_alone() -> None:
    team = [a_clinician(), a_clinician()]
    clinic = a_clinic(team, appointments(3))
    week = WeekModel.over(clinic, clinic.appointments[1:2])
    assert {(c.appointment, c.clinician, c.starts[0]) for c in week.columns} == {
        (1, 0, at("Mon 09:00")),
        (1, 1, at("Mon 09:00")),
    }
