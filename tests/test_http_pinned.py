"""Pins that clash by layout alone are refused wherever a rota is asked for; those that stand are taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from api.routes.pinned import PLACES
from tests.http_service import House, a_house
from tests.question_builders import Json, a_request, a_stretch, a_told_appointment, a_told_clinician


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("house")) as house:
        yield house


def a_week(notes: int = 0) -> Json:
    """A shift of 90 minutes, of which a pin takes the first 30, and so many are due to its notes."""
    at_nine = {"clinician": "c01", "start": "2026-11-30T09:00:00Z"}
    pinned = a_told_appointment(id="a2", patient="p2", admin_minutes=notes, pin=at_nine)
    return a_request(
        clinicians=[a_told_clinician(shifts=[a_stretch(30, "09:00", "10:30")])],
        appointments=[a_told_appointment(), pinned],
    )


CLASHING = a_week(notes=90)
"""30 minutes booked and 90 of notes are 120, and the shift has 90; the input alone does not show it."""


def refused(house: House, path: str, sent: Json, **headers: str) -> list[tuple[str, str]]:
    answer = house.ask("POST", path, json=sent, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    return [(fault["code"], fault["pointer"]) for fault in answer.json()["faults"]]


def test_a_request_is_refused_and_leaves_no_job(house: House) -> None:
    before = house.ask("GET", "/v1/rotas").json()
    assert refused(house, "/v1/rotas", CLASHING) == [("pins_no_layout", "/appointments/1/pin")]
    assert house.ask("GET", "/v1/rotas").json() == before


def test_a_request_whose_pins_can_stand_is_taken(house: House) -> None:
    assert house.ask("POST", f"/v1/rotas/{house.submitted(a_week())}/cancel").status_code == 202


def test_a_batch_is_refused_whole_with_the_place_of_the_request(house: House) -> None:
    sent = {"requests": [a_request(), a_week(), CLASHING]}
    assert refused(house, "/v1/batches", sent) == [("pins_no_layout", "/requests/2/appointments/1/pin")]


def test_a_week_is_not_planned_again_with_such_pins(tmp_path_factory: pytest.TempPathFactory) -> None:
    with a_house(tmp_path_factory.mktemp("again")) as house:
        path = f"/v1/rotas/{house.done(a_week())}/replan"
        assert refused(house, path, CLASHING) == [("pins_no_layout", "/appointments/1/pin")]
        assert house.ask("POST", path, json=a_week()).status_code == 202


def test_what_was_taken_under_a_key_is_told_again_and_not_looked_at_again(house: House) -> None:
    """While nothing can be looked at, what clashes is taken; its key tells that answer from then on."""
    key = {"Idempotency-Key": "pinned-once"}
    with ExitStack() as held:
        for number in range(PLACES.inside):
            held.enter_context(PLACES.inside_with(f"team-{number}"))
        first = house.ask("POST", "/v1/rotas", json=CLASHING, headers=key)
    again = house.ask("POST", "/v1/rotas", json=CLASHING, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert refused(house, "/v1/rotas", CLASHING, **{"Idempotency-Key": "pinned-twice"})
    house.ask("POST", f"/v1/rotas/{first.json()['id']}/cancel")
