"""Any rota is read, ours or hand-made; what cannot be read is named with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from solver.answer import document, read_rota, to_bytes
from solver.question.clinic import Clinic
from solver.question.faults import BadRequest
from solver.rota import Rota
from tests.answers import a_question, best_of_tiny, no_rota, solved, tiny
from tests.hand_built import HAND_BUILT

Built = Callable[[], tuple[Clinic, Rota]]
Json = dict[str, Any]


def by_hand() -> Json:
    """The least that says who is where: one booking, in one shift of c1."""
    return {
        "bookings": [{"appointment": "a2", "clinician": "c1", "start": "2026-11-30T09:00:00Z"}],
        "unplaced": [{"appointment": "a1"}],
        "diaries": [
            {
                "clinician": "c1",
                "entries": [
                    {
                        "kind": "appointment",
                        "start": "2026-11-30T09:00:00Z",
                        "end": "2026-11-30T10:30:00+01:00",
                        "appointments": ["a2"],
                    },
                    {"kind": "free", "start": "2026-11-30T09:30:00Z", "end": "2026-11-30T12:00:00Z"},
                ],
            }
        ],
    }


def faults(data: bytes | str) -> list[tuple[str, str]]:
    with pytest.raises(BadRequest) as bad:
        read_rota(tiny().clinic, data)
    return [(fault.code, fault.pointer) for fault in bad.value.faults]


@pytest.mark.parametrize("built", HAND_BUILT)
def test_what_is_written_is_read_back(built: Built) -> None:
    clinic, rota = built()
    assert read_rota(clinic, to_bytes(document(a_question(clinic), solved(clinic, rota)))) == rota


def test_a_solve_that_failed_is_read_back_as_nothing_booked() -> None:
    question = tiny()
    rota = read_rota(question.clinic, to_bytes(document(question, no_rota())))
    assert (rota.bookings, rota.diaries, len(rota.unplaced)) == ((), (), 5)


def test_the_least_is_enough() -> None:
    rota = read_rota(tiny().clinic, json.dumps(by_hand()))
    # Minutes of the week: Monday 09:00 is 540; 10:30+01:00 is 09:30 in London.
    assert [(b.appointment, b.clinician, b.start) for b in rota.bookings] == [(1, 0, 540)]
    assert [(e.kind, e.start, e.end, e.appointments) for e in rota.diaries[0].entries] == [
        ("appointment", 540, 570, (1,)),
        ("free", 570, 720, ()),
    ]
    assert [(u.appointment, u.code, u.reason) for u in rota.unplaced] == [(0, "", "")]


def test_all_else_is_passed_over() -> None:
    told = by_hand()
    told |= {"cost": "cheap", "terms": 7, "risk": None, "verdict": [], "by": "hand"}
    told["bookings"][0] |= {"end": "whenever", "double": 3, "risk": "none", "note": "x"}
    told["diaries"][0] |= {"target_minutes": -1, "risk": {}}
    assert read_rota(tiny().clinic, json.dumps(told)) == read_rota(tiny().clinic, json.dumps(by_hand()))


@pytest.mark.parametrize("field", ["bookings", "unplaced", "diaries"])
def test_what_makes_a_rota_is_needed(field: str) -> None:
    told = by_hand()
    del told[field]
    assert faults(json.dumps(told)) == [("missing_field", f"/{field}")]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("bookings", 0, "appointment"), "a9", "unknown_appointment"),
        (("bookings", 0, "appointment"), 7, "wrong_type"),
        (("bookings", 0, "clinician"), "c9", "unknown_clinician"),
        (("bookings", 0, "start"), "Monday", "time_not_rfc3339"),
        (("bookings", 0, "start"), "2026-11-30T09:00:00", "time_without_offset"),
        (("bookings", 0, "start"), "2026-11-30T09:02:00Z", "time_not_multiple"),
        (("unplaced", 0, "appointment"), "a9", "unknown_appointment"),
        (("unplaced", 0, "reason"), 3, "wrong_type"),
        (("diaries", 0, "clinician"), "c9", "unknown_clinician"),
        (("diaries", 0, "entries"), {}, "wrong_type"),
        (("diaries", 0, "entries", 0, "kind"), "tea", "unknown_value"),
        (("diaries", 0, "entries", 0, "end"), "9999-12-31T23:59:00-23:00", "time_out_of_range"),
        (("diaries", 0, "entries", 0, "appointments", 0), "a9", "unknown_appointment"),
        (("diaries", 0), None, "wrong_type"),
    ],
)
def test_a_fault_is_named_with_its_place(path: tuple[str | int, ...], value: object, code: str) -> None:
    told: Any = by_hand()
    inside = told
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = value
    assert faults(json.dumps(told)) == [(code, "/" + "/".join(map(str, path)))]


def test_every_fault_is_named_at_once() -> None:
    told = by_hand()
    told["bookings"][0] |= {"appointment": "a9", "start": "x"}
    del told["diaries"]
    assert faults(json.dumps(told)) == [
        ("unknown_appointment", "/bookings/0/appointment"),
        ("time_not_rfc3339", "/bookings/0/start"),
        ("missing_field", "/diaries"),
    ]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", ("json_invalid", "")),
        (b"[]", ("wrong_type", "")),
        (b'{"a": ' * 40, ("json_too_deep", "")),
        (b"\xff", ("json_not_utf8", "")),
        (b'{"bookings": [], "unplaced": [], "diaries": [], "cost": NaN}', ("json_number", "/cost")),
        (
            b'{"bookings": [], "bookings": [], "unplaced": [], "diaries": []}',
            ("json_duplicate_name", "/bookings"),
        ),
    ],
)
def test_json_is_read_as_strictly_as_a_request(data: bytes, found: tuple[str, str]) -> None:
    assert faults(data) == [found]


def test_faults_speak_of_the_rota_and_repeat_nothing_that_was_sent() -> None:
    told = by_hand()
    told["bookings"][0]["clinician"] = "Dr Secret"
    with pytest.raises(BadRequest) as bad:
        read_rota(tiny().clinic, json.dumps(told))
    assert [fault.text for fault in bad.value.faults] == [
        "bookings[0].clinician is no clinician of the request."
    ]
    with pytest.raises(BadRequest, match=r"^The rota is not JSON at line 1\.$"):
        read_rota(tiny().clinic, "{")


def test_text_is_read_as_bytes_are() -> None:
    question = tiny()
    rota = best_of_tiny(question.clinic)
    data = to_bytes(document(question, solved(question.clinic, rota)))
    assert read_rota(question.clinic, data.decode()) == rota
