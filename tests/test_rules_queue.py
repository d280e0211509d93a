"""Queue order: longest waiting first among appointments that are alike."""

from __future__ import annotations

from typing import Any

import pytest

from solver.question.clinic import Place
from solver.rules import queue_order
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, place, span

LATER = "Mon 09:00 a2 | free"


def breaches_of(first: dict[str, Any], second: dict[str, Any], diary: str = LATER) -> list[str]:
    clinic = a_clinic([a_clinician(), a_clinician()], [an_appointment(**first), an_appointment(**second)])
    return [breach.text for breach in queue_order.breaches(clinic, a_rota(clinic, c1=diary))]


def test_the_one_who_waited_longest_may_be_booked_alone() -> None:
    assert breaches_of({"waiting_days": 20}, {"waiting_days": 19}, "Mon 09:00 a1 | free") == []


def test_one_day_more_of_waiting_comes_first() -> None:
    (text,) = breaches_of({"waiting_days": 20}, {"waiting_days": 19})
    assert text == (
        "Appointment a2 (19 days) is booked and a1 (20 days) waits although it stands before it in the queue."
    )


def test_the_request_decides_between_equal_waits() -> None:
    assert len(breaches_of({"waiting_days": 5}, {"waiting_days": 5})) == 1
    assert breaches_of({"waiting_days": 5}, {"waiting_days": 5}, "Mon 09:00 a1 | free") == []


def test_the_longer_wait_wins_against_the_order_of_the_request() -> None:
    assert breaches_of({"waiting_days": 5}, {"waiting_days": 6}) == []


@pytest.mark.parametrize("alike", [{"attendance": 990}, {"group": "g1"}, {"id": "b1"}])
def test_attendance_and_group_never_decide_between_equals(alike: dict[str, Any]) -> None:
    diary = f"Mon 09:00 {alike.get('id', 'a2')} | free"
    assert len(breaches_of({}, alike, diary)) == 1


@pytest.mark.parametrize(
    "unlike",
    [
        {"minutes": 45},
        {"admin": 15},
        {"kind": "first"},
        {"skills": frozenset({"cbt"})},
        {"language": "en"},
        {"mode": "video"},
        {"site": "north"},
        {"clinician": 0},
        {"preferred": frozenset({0})},
        {"excluded": frozenset({1})},
        {"windows": (span("Mon 09:00-13:00"),)},
        {"priority": "soon"},
        {"intense": True},
        {"double_bookable": True},
        {"pin": Place(0, 540)},
        {"published": Place(0, 540)},
    ],
    ids=lambda unlike: next(iter(unlike)),
)
def test_any_other_difference_is_another_queue(unlike: dict[str, Any]) -> None:
    assert breaches_of({}, unlike) == []


def test_two_pinned_to_one_place_do_not_queue() -> None:
    pin = {"pin": place("Mon 09:00")}
    assert breaches_of(pin, pin) == []


def test_the_order_in_which_windows_and_sets_are_written_is_no_difference() -> None:
    early, late = span("Mon 09:00-10:00"), span("Mon 11:00-12:00")
    assert len(breaches_of({"windows": (early, late)}, {"windows": (late, early, late)})) == 1


def test_a_patient_with_another_booking_stands_outside_the_queue() -> None:
    # a1 waits longest and is not booked, but its patient has a3 booked this week: a2 may go before it.
    # The other way round, a2's patient has a3: a2 may be booked before a1.
    for patient in ("p1", "p2"):
        wanted = [
            an_appointment(waiting_days=9),
            an_appointment(),
            an_appointment(minutes=30, patient=patient),
        ]
        clinic = a_clinic(a_clinician(), wanted)
        with_other = a_rota(clinic, c1="Mon 09:00 a2 | break 10 | a3 | free")
        without = a_rota(clinic, c1="Mon 09:00 a2 | free")
        assert not list(queue_order.breaches(clinic, with_other))
        assert len(list(queue_order.breaches(clinic, without))) == 1


def test_everyone_who_went_before_is_named() -> None:
    # Queue a1, a2, a3, a4 by order of the request; a1 and a3 are booked, so is a4: both passed a2.
    clinic = a_clinic(a_clinician(), [an_appointment(minutes=30) for _ in range(4)])
    rota = a_rota(clinic, c1="Mon 09:00 a1 | a3 | a4 | free")
    assert [breach.text.split()[1] for breach in queue_order.breaches(clinic, rota)] == ["a3", "a4"]
