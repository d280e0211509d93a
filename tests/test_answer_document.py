"""The document of a rota: its figures, its times, its bytes, and what is not in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from solver.answer import document, objections, read_rota, to_bytes
from solver.answer.risks import figures
from solver.answer.shape import RotaDocument, json_schema
from solver.question.clinic import Clinic
from solver.risk.diary import diary_risk
from solver.risk.service import service_risk
from solver.rota import Rota
from tests.answers import a_question, best_of_tiny, no_rota, solved, tiny
from tests.builders import a_clinic, a_clinician, a_rota, an_appointment, appointments
from tests.hand_built import HAND_BUILT, a_week_with_doubles
from tests.mutations import mutants
from tests.test_check import garbage

Built = Callable[[], tuple[Clinic, Rota]]

FIELDS = "outcome stop_reason cost bound gap bookings unplaced diaries terms risk verdict provenance"


def of_tiny() -> dict[str, Any]:
    question = tiny()
    return document(question, solved(question.clinic, best_of_tiny(question.clinic)))


def of(clinic: Clinic, rota: Rota) -> dict[str, Any]:
    return document(a_question(clinic), solved(clinic, rota))


def leaves(value: object) -> Iterator[object]:
    """Every string and number inside plain JSON, names of fields too."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def test_the_smallest_week_has_the_figures_of_its_page() -> None:
    told = of_tiny()
    assert list(told) == FIELDS.split()
    assert (told["cost"], told["bound"], told["gap"]) == (144.0, 144.0, 0.0)
    # Unplaced 75, below target 26.5 at 2, uneven 100 at 0.1, late 60 at 0.1.
    assert {t["name"]: t["cost"] for t in told["terms"] if t["cost"]} == {
        "unplaced": 75.0,
        "below_target": 53.0,
        "uneven": 10.0,
        "late": 6.0,
    }
    first, second = (diary["risk"] for diary in told["diaries"])
    # c1: 30 at 0.8 and 45 at 0.5; 60 is reached only if both come, 0.4.
    assert first["expected_delivered_minutes"] == 46.5
    assert first["p_below_target"] == pytest.approx(0.6, abs=1e-12)
    assert (first["delivered_p10"], first["delivered_p50"], first["worst_case_minutes"]) == (0, 30, 75)
    # c2: 30 at 0.9 never reaches 40.
    assert second["expected_delivered_minutes"] == 27.0
    assert second["p_below_target"] == 1.0
    # Of 100 minutes: 73.5 expected, and each clinician is under target.
    assert told["verdict"]["target_minutes"] == 100
    assert told["verdict"]["attainable_minutes"] == 73.5
    assert [c["shortfall_minutes"] for c in told["verdict"]["clinicians"]] == [13.5, 13.0]


def test_a_booking_ends_after_its_own_minutes_and_its_slot_after_the_longest() -> None:
    # a1 45 and a2 30 share Monday 09:00: 0.6 x 0.6 = 0.36; before a2 stands 45 x 0.6 = 27 expected.
    told = of(*a_week_with_doubles())
    first, second = (booking for booking in told["bookings"] if booking["appointment"] in {"a1", "a2"})
    assert [b["end"][11:16] for b in (first, second)] == ["09:45", "09:30"]
    assert [b["double"] for b in (first, second)] == [True, True]
    assert [b["risk"]["expected_wait_minutes"] for b in (first, second)] == pytest.approx([0.0, 27.0])
    assert [b["risk"]["p_collision"] for b in (first, second)] == pytest.approx([0.36, 0.36])
    slot = told["diaries"][0]["entries"][0]
    assert (slot["kind"], slot["end"][11:16], slot["appointments"]) == ("appointment", "09:45", ["a1", "a2"])
    assert [b["appointment"] for b in told["bookings"] if b["double"]] == ["a1", "a2", "a3", "a4"]


def test_an_entry_that_is_no_slot_has_no_appointments() -> None:
    for diary in of(*a_week_with_doubles())["diaries"]:
        for entry in diary["entries"]:
            assert (entry["kind"] == "appointment") == ("appointments" in entry)


def test_times_are_the_weeks_own_on_both_sides_of_a_clock_change() -> None:
    # The week of 19 October 2026: clocks go back on Sunday, so 10:00 elapsed is 09:00 there.
    clinic = a_clinic(a_clinician(shifts=("Mon 09:00-13:00", "Sun 10:00-14:00")), appointments(2))
    clinic = replace(clinic, start=datetime(2026, 10, 19, tzinfo=ZoneInfo("Europe/London")))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | free\nSun 10:00 a2 | free")
    told = of(clinic, rota)
    assert [booking["start"] for booking in told["bookings"]] == [
        "2026-10-19T09:00:00+01:00",
        "2026-10-25T09:00:00+00:00",
    ]
    assert read_rota(clinic, to_bytes(told)) == rota


@pytest.mark.parametrize("built", HAND_BUILT)
def test_figures_are_those_of_the_risk_modules(built: Built) -> None:
    clinic, rota = built()
    told = of(clinic, rota)
    for diary, shown in zip(rota.diaries, told["diaries"], strict=True):
        risk = diary_risk(clinic, diary)
        for name, figure in shown["risk"].items():
            if name != "stress":
                assert figure == getattr(risk, name)
        assert shown["risk"]["stress"]["low"]["p_below_target"] == risk.stress.low.p_below_target
        assert shown["risk"]["stress"]["shared_shock"]["p_above_ceiling"] == (
            risk.stress.shared_shock.p_above_ceiling
        )
    service = service_risk(clinic, rota)
    assert told["risk"]["delivered_p90"] == service.delivered_p90
    assert told["risk"]["p_any_above_ceiling"] == service.p_any_above_ceiling
    assert told["risk"]["stress"]["high"]["p_below_target"] == service.stress.high.p_below_target


@pytest.mark.parametrize("built", HAND_BUILT)
def test_terms_add_up_to_the_cost(built: Built) -> None:
    told = of(*built())
    assert sum(term["cost"] for term in told["terms"]) == pytest.approx(told["cost"], rel=1e-12)


@pytest.mark.parametrize("built", HAND_BUILT)
def test_documents_keep_their_own_schema(built: Built) -> None:
    validator = Draft202012Validator(json_schema())
    Draft202012Validator.check_schema(json_schema())
    told = json.loads(to_bytes(of(*built())))
    assert [error.message for error in validator.iter_errors(told)] == []
    assert list(validator.iter_errors(told | {"outcome": "perfect"}))


def test_a_solve_that_failed_books_nothing() -> None:
    question = tiny()
    told = document(question, no_rota())
    assert (told["outcome"], told["cost"], told["bound"], told["gap"]) == ("none", None, None, None)
    assert (told["bookings"], told["diaries"], told["terms"]) == ([], [], [])
    assert {u["code"] for u in told["unplaced"]} == {"solver_failed"}
    assert len(told["unplaced"]) == 5
    assert told["risk"]["expected_delivered_minutes"] == 0.0
    verdict = told["verdict"]
    assert (verdict["attainable"], verdict["attainable_minutes"], verdict["shortfall_minutes"]) == (None,) * 3
    assert [error.message for error in Draft202012Validator(json_schema()).iter_errors(told)] == []


@pytest.mark.parametrize(
    ("best", "bound", "attainable", "shortfall"),
    [
        (None, None, None, 26.5),  # the rota itself: 100 - 73.5
        (75.0, 75.0, False, 25.0),
        (75.0, 99.999, False, 25.0),
        (75.0, 100.0, None, 25.0),
        (60.0, None, None, 26.5),  # the rota is a better witness
        (100.0, 100.0, True, 0.0),
        (99.999, None, None, 100 - 99.999),
    ],
)
def test_targets_are_attainable_only_where_that_is_proven(
    best: float | None, bound: float | None, attainable: bool | None, shortfall: float
) -> None:
    # Targets 60 + 40, tolerance 0.
    question = tiny()
    end = solved(
        question.clinic,
        best_of_tiny(question.clinic),
        attainable_minutes=best,
        attainable_bound_minutes=bound,
    )
    verdict = document(question, end)["verdict"]
    assert (verdict["attainable"], verdict["shortfall_minutes"]) == (attainable, shortfall)
    assert verdict["attainable_bound_minutes"] == bound


def test_nothing_names_a_patient() -> None:
    clinic, rota = a_week_with_doubles()
    hidden = tuple(replace(a, patient=f"secret-{a.patient}") for a in clinic.appointments)
    told = of(replace(clinic, appointments=hidden), rota)
    assert not [leaf for leaf in leaves(told) if isinstance(leaf, str) and "secret" in leaf]
    assert not {"patient", "patients", "group"} & set(leaves(told))


def test_equal_rotas_have_equal_bytes_whatever_the_order_of_fields() -> None:
    told = of_tiny()
    data = to_bytes(told)
    assert data == to_bytes(of_tiny())
    assert data == to_bytes(json.loads(json.dumps(told, sort_keys=True)))
    assert json.loads(data) == told
    assert data.startswith(b'{\n "outcome": "optimal",\n "stop_reason"')
    assert data.endswith(b"}\n")


def test_bytes_are_of_nothing_but_a_rota() -> None:
    told = of_tiny()
    del told["verdict"]
    with pytest.raises(ValidationError):
        to_bytes(told)


def test_the_document_is_one_definition() -> None:
    assert " ".join(RotaDocument.model_fields) == FIELDS


def test_provenance_tells_what_made_it() -> None:
    question = tiny()
    end = solved(question.clinic, best_of_tiny(question.clinic))
    told = document(replace(question, effort=question.effort.model_copy(update={"seed": 7})), end)
    assert told["provenance"]["request_sha256"] == question.sha256
    assert told["provenance"]["seed"] == 7
    assert told["provenance"]["solver"].startswith("ortools 9.")
    assert "HiGHS (scipy " in told["provenance"]["solver"]


def test_a_rota_that_breaks_a_rule_is_objected_to_by_name() -> None:
    # Two hours on end, 120 > 90.
    clinic = a_clinic(a_clinician(), appointments(2))
    end = solved(clinic, a_rota(clinic, c1="Mon 09:00 a1 | a2 | free"))
    assert objections(a_question(clinic), end) == ("breaks",)


def test_a_cost_that_does_not_agree_is_objected_to() -> None:
    clinic = a_clinic(a_clinician(), [an_appointment()])
    right = solved(clinic, a_rota(clinic, c1="Mon 09:00 a1 | free"))
    assert right.cost is not None
    assert objections(a_question(clinic), right) == ()
    # Said a point cheaper than it is, proven a point dearer than it is.
    assert objections(a_question(clinic), replace(right, cost=right.cost - 1)) == ("cost",)
    assert objections(a_question(clinic), replace(right, bound=float(right.cost) + 1)) == ("bound",)
    assert objections(a_question(clinic), no_rota()) == ()


def test_no_rota_is_too_wrong_for_its_figures() -> None:
    clinic, _ = a_week_with_doubles()
    for seed in range(20):
        found = figures(clinic, garbage(clinic, Random(seed)))
        assert all(0 <= kept.risk.score <= 100 for kept in found.diaries)
    for built in HAND_BUILT:
        clinic, rota = built()
        for _, mutant in zip(range(30), mutants(clinic, rota, Random(0)), strict=False):
            assert len(figures(clinic, mutant.rota).diaries) == len(mutant.rota.diaries)
