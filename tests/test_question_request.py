"""The request: what is required, what an absent field means, and its schema."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from solver.question.clinic import WEIGHTS, Policy
from solver.question.compile import plain_policy
from solver.question.policy import HIGHER_IS_TIGHTER, SERVICE_ONLY, ClinicianPolicy
from solver.question.policy import Policy as ToldPolicy
from solver.question.request import Effort, json_schema
from tests.question_builders import Json, a_request, a_told_appointment, a_told_clinician, found, read

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").glob("*.json"))


def test_default_policy_is_the_plain_one() -> None:
    assert plain_policy(ToldPolicy()) == Policy()


def test_default_weights_are_the_plain_ones() -> None:
    assert dict(read(a_request()).clinic.weights) == dict(WEIGHTS)


def test_default_effort_is_half_a_minute() -> None:
    assert read(a_request()).effort == Effort(seconds=30, workers=2, seed=0, gap=0.001, reproducible=False)


def test_absent_fields_of_an_appointment_restrict_nothing() -> None:
    appointment = read(a_request()).clinic.appointments[0]
    assert (appointment.admin, appointment.priority, appointment.waiting_days) == (0, "routine", 0)
    assert (appointment.intense, appointment.double_bookable) == (False, False)
    assert (appointment.skills, appointment.windows, appointment.excluded) == (frozenset(), (), frozenset())
    assert {appointment.language, appointment.mode, appointment.site, appointment.clinician} == {None}
    assert {appointment.group, appointment.pin, appointment.published} == {None}


def test_absent_fields_of_a_clinician() -> None:
    clinician = read(a_request()).clinic.clinicians[0]
    assert clinician.ceiling == 660  # floor(1.1 x 600)
    assert (clinician.skills, clinician.languages, clinician.modes) == (frozenset(), None, None)
    assert clinician.slots is None


def test_default_ceiling_is_rounded_down() -> None:
    odd = a_request(clinicians=[a_told_clinician(target_minutes=1205)])
    assert read(odd).clinic.clinicians[0].ceiling == 1325  # 1.1 x 1205 = 1325.5


@pytest.mark.parametrize(("given", "means"), [(None, None), ([], ())])
def test_null_slots_are_the_grid_and_an_empty_list_is_none(given: object, means: object) -> None:
    request = a_request(clinicians=[a_told_clinician(slots=given)])
    assert read(request).clinic.clinicians[0].slots == means


@pytest.mark.parametrize("field", ["languages", "modes"])
def test_null_is_any_and_an_empty_list_is_none(field: str) -> None:
    either = [a_told_clinician(**{field: None}), a_told_clinician(id="c02", **{field: []})]
    first, second = read(a_request(clinicians=either)).clinic.clinicians
    assert getattr(first, field) is None
    assert getattr(second, field) == frozenset()


def test_null_stands_for_every_absent_restriction() -> None:
    nulls = ("kind", "language", "mode", "site", "clinician", "group", "pin")
    given = a_request(appointments=[a_told_appointment(**dict.fromkeys(nulls))])
    assert read(given).clinic == read(a_request()).clinic


def test_only_the_week_is_required() -> None:
    assert found({"week": a_request()["week"]}) == []


def test_every_weight_may_be_given_and_is_exact() -> None:
    weights = {name: place + 0.001 for place, name in enumerate(WEIGHTS)}
    exact = {name: place + Fraction(1, 1000) for place, name in enumerate(WEIGHTS)}
    assert read(a_request(weights=weights)).clinic.weights == exact


def test_a_clinician_may_tighten_every_cap_and_nothing_else() -> None:
    lower = {name for name in ToldPolicy.model_fields if name.startswith("max_")}
    lower |= {"lunch_if_over_minutes", "lunch_latest"}
    assert set(ClinicianPolicy.model_fields) == lower | HIGHER_IS_TIGHTER
    assert not lower & HIGHER_IS_TIGHTER
    assert (
        frozenset({"grid_minutes", "tolerance_minutes", "admin_block_minutes", "admin_scope", "overrun"})
        == SERVICE_ONLY
    )


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixtures_are_good_requests_for_schema_and_reader(path: Path) -> None:
    request = json.loads(path.read_text())
    assert list(Draft202012Validator(json_schema()).iter_errors(request)) == []
    assert read(request).request.week.start == request["week"]["start"]


@pytest.mark.parametrize(
    "worse", [{"weights": {"x": 1}}, {"clinicians": [{}]}, {"policy": {"lunch_minutes": 15}}, {"week": None}]
)
def test_the_schema_refuses_what_a_field_alone_shows(worse: Json) -> None:
    assert not Draft202012Validator(json_schema()).is_valid(a_request(**worse))
    assert found(a_request(**worse))


def test_every_field_is_described() -> None:
    for name, model in json_schema()["$defs"].items():
        bare = [field for field, told in model["properties"].items() if "description" not in told]
        assert not bare, f"{name} does not say what {bare} mean"
