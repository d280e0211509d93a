"""Reading: every text is a question or a bad request, and nothing personal comes back."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.question.canonical import request_sha256
from solver.question.faults import BadRequest, Fault, pointer
from solver.question.fields import MOST_CLINICIANS
from solver.question.reading import question_of, read_request
from solver.question.strict_json import DEPTH, MOST_BYTES
from tests.question_builders import (
    Json,
    a_request,
    a_stretch,
    a_time,
    a_told_appointment,
    a_told_clinician,
    found,
    read,
)

CANARY = "Jane Canary"
TINY = json.loads((Path(__file__).parents[1] / "fixtures" / "tiny.json").read_text())


def everything() -> Json:
    """A good request that has every field."""
    place = {"clinician": "c01", "start": a_time(30, "09:00")}
    clinician = a_told_clinician(
        role="pwp",
        ceiling_minutes=660,
        skills=["cbt"],
        languages=["en"],
        modes=["video"],
        shifts=[a_stretch(30, "09:00", "17:00", site="north")],
        commitments=[a_stretch(30, "16:00", "17:00", kind="leave")],
        slots=[{"start": a_time(30, "09:00"), "minutes": 45}],
        policy={"lunch_earliest": "12:00", "lunch_latest": "14:00"},
    )
    appointment = a_told_appointment(
        kind="first",
        skills=["cbt"],
        language="en",
        mode="video",
        site="north",
        clinician="c01",
        preferred_clinicians=["c01"],
        excluded_clinicians=[],
        windows=[a_stretch(30, "09:00", "12:00")],
        priority="soon",
        group="g",
        pin=place,
    )
    return a_request(
        clinicians=[clinician],
        appointments=[appointment],
        rooms=[{"site": "north", "rooms": 1}],
        policy={"lunch_earliest": "11:30", "lunch_latest": "14:30", "admin_scope": "day"},
        published=[{"appointment": "a1", **place}],
    )


def leaves(value: object, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each value that is neither an object nor a list stands."""
    if not isinstance(value, dict | list):
        yield at
        return
    for part, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(item, (*at, part))


def with_at(value: Json, at: tuple[Any, ...], leaf: object) -> Json:
    """A copy that has something else at one place."""
    copied: Json = json.loads(json.dumps(value))
    inside: Any = copied
    for part in at[:-1]:
        inside = inside[part]
    inside[at[-1]] = leaf
    return copied


def faults_of(text: bytes | str) -> tuple[Fault, ...]:
    try:
        read_request(text)
    except BadRequest as bad:
        return bad.faults
    return ()


def test_everything_is_a_good_request() -> None:
    assert found(everything()) == []


@pytest.mark.parametrize("at", list(leaves(everything())), ids=pointer)
def test_no_fault_repeats_what_was_sent(at: tuple[Any, ...]) -> None:
    for canary in (CANARY, [CANARY], {CANARY: CANARY}):
        for fault in faults_of(json.dumps(with_at(everything(), at, canary))):
            assert CANARY not in fault.text + fault.pointer
            assert "Canary" not in fault.text + fault.pointer


def test_no_fault_repeats_a_patient_even_one_with_two_pins() -> None:
    pins = [{"clinician": "c01", "start": a_time(30, clock)} for clock in ("09:00", "09:10")]
    request = a_request(
        appointments=[
            a_told_appointment(id=f"a{i}", patient="Canary", group="Canary", site="Canary", pin=pin)
            for i, pin in enumerate(pins)
        ]
    )
    faults = faults_of(json.dumps(request))
    assert {fault.code for fault in faults} == {"pins_patient_day", "pins_overlap"}
    assert not any("Canary" in fault.text for fault in faults)


def test_a_sentence_says_who_and_by_how_much() -> None:
    request = a_request(clinicians=[a_told_clinician(target_minutes=1200, ceiling_minutes=900)])
    assert [fault.text for fault in faults_of(json.dumps(request))] == [
        "clinician c01: ceiling_minutes is 900, must be at least target_minutes (1200)."
    ]


def test_a_bad_request_crosses_processes_with_its_faults() -> None:
    bad = BadRequest([Fault("a", "/b", "C."), Fault("a", "/b", "C.")])
    assert pickle.loads(pickle.dumps(bad)).faults == (Fault("a", "/b", "C."),)


def test_names_in_pointers_are_escaped() -> None:
    assert pointer(("a/b", 0, "c~d")) == "/a~1b/0/c~0d"


def test_nesting_may_be_as_deep_as_said() -> None:
    deepest = "[" * DEPTH + "]" * DEPTH
    assert [fault.code for fault in faults_of(deepest)] == ["wrong_type"]
    assert [fault.code for fault in faults_of(f"[{deepest}]")] == ["json_too_deep"]


def test_brackets_in_strings_do_not_nest() -> None:
    request = a_request(appointments=[a_told_appointment(group='[{"' * 20)])
    assert found(request) == []


def test_too_long_a_text_is_not_read() -> None:
    assert [fault.code for fault in faults_of(b" " * (MOST_BYTES + 1))] == ["json_too_large"]


def test_a_list_has_at_most_so_many_entries() -> None:
    most = [a_told_clinician(id=f"c{number}", shifts=[]) for number in range(MOST_CLINICIANS)]
    assert found(a_request(clinicians=most)) == []
    one_more = [*most, a_told_clinician(shifts=[])]
    assert found(a_request(clinicians=one_more)) == [("too_many", "/clinicians")]


def test_text_and_bytes_ask_the_same() -> None:
    text = json.dumps(everything(), ensure_ascii=False)
    assert read_request(text) == read_request(text.encode())


def test_a_request_put_together_here_is_checked_alike() -> None:
    request = read(everything()).request
    assert question_of(request).clinic == read(everything()).clinic
    late = request.model_copy(update={"published": (*request.published, *request.published)})
    with pytest.raises(BadRequest) as caught:
        question_of(late)
    assert [fault.code for fault in caught.value.faults] == ["published_twice"]


def shuffled(value: object, dice: random.Random) -> object:
    if isinstance(value, list):
        return [shuffled(item, dice) for item in value]
    if not isinstance(value, dict):
        return value
    names = list(value)
    dice.shuffle(names)
    return {name: shuffled(value[name], dice) for name in names}


def test_the_digest_sees_neither_order_of_names_nor_blanks_nor_ways_to_write_a_number() -> None:
    base = request_sha256(json.dumps(everything()))
    for seed in range(5):
        again = shuffled(everything(), random.Random(seed))
        assert request_sha256(json.dumps(again, indent=seed)) == base
    assert request_sha256(json.dumps(everything()).replace("660", "6.6e2")) == base
    assert read(everything()).sha256 == base


def test_the_digest_sees_every_change() -> None:
    base = request_sha256(json.dumps(everything()))
    for at in leaves(everything()):
        assert request_sha256(json.dumps(with_at(everything(), at, "else"))) != base


def test_the_digest_of_no_json_is_refused() -> None:
    with pytest.raises(BadRequest):
        request_sha256('{"a": NaN}')


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_or_text_are_a_bad_request(text: bytes | str) -> None:
    assert faults_of(text)


ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        *(
            None,
            True,
            0,
            -1,
            5,
            2**70,
            10**300,
            0.5,
            -0.0,
            1e308,
            5e-324,
            "",
            "c01",
            "c1",
            "a1",
            "a1 ",
            "\x00",
        ),
        *("Europe", "localtime", "..", "Europe/London", "UTC", "2026-11-30", "0001-01-01", "9999-12-31"),
        *("2026-12-06T23:55:00Z", "9999-12-31T23:55:00-23:59", "0001-01-01T00:00:00+23:59", "24:00", "12:00"),
        *(
            "2026-11-30T09:00:00+00:00",
            "2026-11-30T09:00:00+24:00",
            "2026-11-30T09:00:60Z",
            [],
            {},
            [[]],
            [{}],
        ),
        *(
            "in_person",
            "leave",
            "é",
            "\u2028",
            "\u0660\u0669:\u0660\u0660",
            "x" * 70,
            {"start": "2026-11-30T09:00:00Z"},
        ),
    ]
)
PLACES = [
    *leaves(everything()),
    ("clinicians",),
    ("appointments", 0),
    ("clinicians", 0, "shifts", 0),
    ("week",),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=4), st.booleans())
def test_a_request_with_odd_values_is_a_question_or_a_bad_request(
    changes: list[tuple[tuple[Any, ...], Any]], text: bool
) -> None:
    request = everything()
    for at, odd in sorted(changes, key=lambda change: -len(change[0])):
        request = with_at(request, at, odd)
    written = json.dumps(request)
    faults = faults_of(written if text else written.encode())
    assert len(set(faults)) == len(faults)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_text_is_a_question_or_a_bad_request(data: st.DataObject) -> None:
    written = json.dumps(TINY).encode()
    start = data.draw(st.integers(0, len(written)))
    end = data.draw(st.integers(start, min(len(written), start + 20)))
    put = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"NaN", b"1e999", b"[", b'"', b"\\ud800", b"{}"])
    )
    for fault in faults_of(written[:start] + put + written[end:]):
        assert fault.text.endswith(".")
