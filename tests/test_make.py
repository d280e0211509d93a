"""Synthetic requests repeat exactly, are legal by construction, and look like the services they imitate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from solver.make import FLAVOURS, make_request, request_bytes
from solver.make.attendance import HIGHEST, LOWEST, MISSED, attendance
from solver.make.dice import Dice, apportioned
from solver.question.reading import read_request

FIXTURES = Path(__file__).parent.parent / "fixtures"
MADE = {
    "team": (8, 240, "mixed"),
    "service": (20, 700, "mixed"),
    "doubles": (6, 170, "doubles"),
    "scarce": (6, 110, "scarce"),
    "slack": (4, 120, "slack"),
    "fixed_slots": (6, 180, "fixed_slots"),
    "clock_change": (4, 120, "clock_change_autumn"),
    "clock_change_march": (4, 120, "clock_change_spring"),
    "unattainable": (4, 200, "unattainable"),
    "pins": (5, 150, "pins"),
}
Span = tuple[datetime, datetime]


def span(told: dict[str, Any]) -> Span:
    return datetime.fromisoformat(told["start"]), datetime.fromisoformat(told["end"])


def spans(told: list[dict[str, Any]]) -> list[Span]:
    return [span(item) for item in told]


def touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def share(request: dict[str, Any], field: str) -> float:
    """Share of the appointments that tell a field."""
    return sum(field in a for a in request["appointments"]) / len(request["appointments"])


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_same_bytes_whatever_the_hash_seed(flavour: str) -> None:
    code = (
        "import sys; from solver.make import request_bytes;"
        f"sys.stdout.buffer.write(request_bytes(5, 90, 7, {flavour!r}))"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=FIXTURES.parent,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "4711")
    }
    assert written == {request_bytes(5, 90, 7, flavour)}


def test_another_seed_is_another_week() -> None:
    assert request_bytes(5, 90, 1) != request_bytes(5, 90, 2)


@pytest.mark.parametrize("name", MADE)
def test_fixture_is_what_its_command_writes(name: str) -> None:
    clinicians, appointments, flavour = MADE[name]
    assert (FIXTURES / f"{name}.json").read_bytes() == request_bytes(clinicians, appointments, 1, flavour)


@pytest.mark.parametrize("name", MADE)
def test_fixture_and_its_command_stand_in_the_readme(name: str) -> None:
    clinicians, appointments, flavour = MADE[name]
    told = "" if flavour == "mixed" else f"--flavour {flavour} "
    command = (
        f"rota make --clinicians {clinicians} --appointments {appointments} --seed 1 {told}-o {name}.json"
    )
    assert command in (FIXTURES / "README.md").read_text()


@pytest.mark.parametrize(("clinicians", "appointments"), [(1, 0), (1, 30), (4, 120), (13, 400)])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_week_is_a_request_without_fault(flavour: str, clinicians: int, appointments: int) -> None:
    clinic = read_request(request_bytes(clinicians, appointments, 5, flavour)).clinic
    assert (len(clinic.clinicians), len(clinic.appointments)) == (clinicians, appointments)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_diaries_are_legal_before_anything_is_booked(flavour: str, seed: int) -> None:
    for clinician in make_request(13, 60, seed, flavour)["clinicians"]:
        shifts, taken = spans(clinician["shifts"]), spans(clinician["commitments"])
        assert clinician["target_minutes"] > 0
        assert clinician["target_minutes"] % 5 == 0
        assert not any(touch(a, b) for i, a in enumerate(taken) for b in taken[:i])
        assert all(any(s <= start and end <= e for s, e in shifts) for start, end in taken)
        assert sum((e - s for s, e in shifts), timedelta()) <= timedelta(hours=48)
        rests = [later[0] - earlier[1] for earlier, later in pairwise(shifts)]
        assert all(rest >= timedelta(hours=11) for rest in rests)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_whoever_is_named_can_see_the_patient(flavour: str, seed: int) -> None:
    request = make_request(13, 400, seed, flavour)
    staff = {c["id"]: c for c in request["clinicians"]}
    for a in request["appointments"]:
        able = [
            c
            for c in staff.values()
            if set(a["skills"]) <= set(c["skills"])
            and a.get("language", "en") in c["languages"]
            and a["mode"] in c["modes"]
        ]
        assert able
        assert "clinician" not in a or staff[a["clinician"]] in able
        assert not set(a.get("preferred_clinicians", [])) & set(a.get("excluded_clinicians", []))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_time_is_a_multiple_of_five_minutes_of_the_zone(seed: int) -> None:
    request = make_request(9, 200, seed, "clock_change_spring")
    told = [c[field] for c in request["clinicians"] for field in ("shifts", "commitments")]
    told += [a["windows"] for a in request["appointments"] if "windows" in a]
    for start, end in (pair for items in told for pair in spans(items)):
        assert start < end
        assert start.minute % 5 == end.minute % 5 == 0
        # The clocks go forward at 01:00 on Sunday 29 March 2026: an hour ahead from then on.
        assert start.utcoffset() == timedelta(hours=1 if start.day == 29 else 0)


def test_sunday_clinic_follows_the_clocks_back() -> None:
    shifts = [s for c in make_request(6, 90, 1, "clock_change_autumn")["clinicians"] for s in c["shifts"]]
    sunday = {s["start"] for s in shifts if s["start"].startswith("2026-10-25")}
    friday = {s["start"][-6:] for s in shifts if s["start"].startswith("2026-10-23")}
    assert sunday == {"2026-10-25T10:00:00+00:00"}
    assert friday == {"+01:00"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_service_looks_like_the_evidence(seed: int) -> None:
    request = make_request(20, 700, seed)
    comes = [a["attendance"] for a in request["appointments"]]
    lengths = {(a["kind"], a["minutes"]) for a in request["appointments"]}
    in_person = sum(a["mode"] == "in_person" for a in request["appointments"]) / 700
    assert share(request, "clinician") == 0.7
    # A quarter of 700 is 175, with a standard deviation of 11.5: 3 deviations are 5 points.
    assert 0.20 <= share(request, "windows") <= 0.30
    assert 0.10 <= in_person <= 0.20
    assert 0.82 <= sum(comes) / 700 <= 0.87
    assert LOWEST / 1000 <= min(comes) <= max(comes) <= HIGHEST / 1000
    assert lengths == {
        ("assessment", 60),
        ("first_treatment", 45),
        ("first_treatment", 90),
        ("follow_up", 30),
        ("follow_up", 60),
    }
    assert {c["role"] for c in request["clinicians"]} == {"pwp", "hi", "counsellor"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_need_is_rather_more_than_the_targets(seed: int) -> None:
    request = make_request(20, 700, seed)
    expected = sum(a["minutes"] * a["attendance"] for a in request["appointments"])
    asked = sum(c["target_minutes"] for c in request["clinicians"])
    assert 1.1 <= expected / asked <= 1.6


def test_a_part_timer_is_asked_for_less() -> None:
    staff = make_request(40, 100, 1)["clinicians"]
    longest = {n: max(c["target_minutes"] for c in staff if len(c["shifts"]) == n) for n in (3, 4, 5)}
    # Three 8-hour shifts hold 22.5 h without lunch, less at least 2 h: 20.5 of 34 h of 1200 minutes is 723.
    assert longest[3] <= 723 < longest[4] < longest[5] == 1200


def test_half_hours_alone_are_all_alike() -> None:
    request = make_request(4, 200, 1, "unattainable")
    assert {(a["minutes"], a["attendance"]) for a in request["appointments"]} == {(30, 0.87)}
    assert [
        (len(c["shifts"]), len(c["commitments"]), c["target_minutes"]) for c in request["clinicians"]
    ] == [(5, 3, 1200)] * 4


def test_what_may_be_doubled_is_first_and_fits_the_run_limit_twice() -> None:
    doubled = [a for a in make_request(6, 170, 1, "doubles")["appointments"] if "double_bookable" in a]
    assert len(doubled) >= 30
    assert {a["attendance"] for a in doubled} == {0.6}
    assert {a["minutes"] for a in doubled} == {45}
    assert "follow_up" not in {a["kind"] for a in doubled}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_published_places_stand_apart_in_open_time(seed: int) -> None:
    request = make_request(8, 240, seed, "pins")
    appointments = {a["id"]: a for a in request["appointments"]}
    staff = {c["id"]: c for c in request["clinicians"]}
    stands: dict[str, list[Span]] = {}
    for place in request["published"]:
        appointment, clinician = appointments[place["appointment"]], staff[place["clinician"]]
        start = datetime.fromisoformat(place["start"])
        here = (start, start + timedelta(minutes=appointment["minutes"]))
        assert appointment["clinician"] == place["clinician"]
        assert any(s < here[0] and here[1] < e for s, e in spans(clinician["shifts"]))
        assert not any(touch(here, other) for other in spans(clinician["commitments"]))
        assert not any(touch(here, other) for other in stands.get(place["clinician"], []))
        stands.setdefault(place["clinician"], []).append(here)
    assert len(request["published"]) >= 40
    pins = [a for a in request["appointments"] if "pin" in a]
    assert len(pins) >= len(request["published"]) // 3


def test_given_slots_lie_in_shifts_and_touch_no_commitment() -> None:
    for clinician in make_request(10, 100, 1, "fixed_slots")["clinicians"]:
        shifts, taken = spans(clinician["shifts"]), spans(clinician["commitments"])
        assert clinician["slots"]
        for slot in clinician["slots"]:
            start = datetime.fromisoformat(slot["start"])
            here = (start, start + timedelta(minutes=slot["minutes"]))
            assert any(s <= here[0] and here[1] <= e for s, e in shifts)
            assert not any(touch(here, other) for other in taken)


def test_scarce_leaves_high_intensity_short() -> None:
    request = make_request(6, 110, 1, "scarce")
    asked = sum(c["target_minutes"] for c in request["clinicians"] if c["role"] != "pwp")
    offered = [a for a in request["appointments"] if set(a["skills"]) & {"cbt", "emdr", "counselling"}]
    assert sum(a["minutes"] * a["attendance"] for a in offered) < 0.8 * asked


def test_earlier_no_shows_and_long_waits_lower_attendance() -> None:
    soon = [attendance(Dice(str(i)), "pwp", "follow_up", "telephone", 1) for i in range(50)]
    late = [attendance(Dice(str(i)), "pwp", "follow_up", "telephone", 90) for i in range(50)]
    assert all(b < a for a, b in zip(soon, late, strict=True))
    # Odds 902/98 x 1.4 x 1.4 are 0.947 in probability; less 0.06, and the jitter of 0.01.
    assert max(soon) <= 947 - 60 + 10


@pytest.mark.parametrize(("role", "kind"), MISSED)
def test_attendance_stays_in_its_range(role: str, kind: str) -> None:
    drawn = [attendance(Dice(f"{i}"), role, kind, "in_person", i) for i in range(200)]
    assert LOWEST <= min(drawn) < max(drawn) <= HIGHEST


def test_parts_add_up_and_the_largest_remainders_come_first() -> None:
    # 10 over 1:2:4 is 1.43, 2.86, 5.71: the two largest remainders (0.86, 0.71) get one more each.
    assert apportioned(10, [1, 2, 4]) == [1, 3, 6]


def test_the_stream_of_draws_never_changes() -> None:
    # The Mersenne twister seeded with "a": were these to move, every fixture would.
    dice = Dice("a")
    assert [dice.below(1000) for _ in range(5)] == [272, 67, 599, 644, 175]


@pytest.mark.parametrize(
    ("clinicians", "appointments", "flavour", "says"),
    [
        (0, 5, "mixed", "clinicians is 0"),
        (1, -1, "mixed", "appointments -1"),
        (1, 1, "odd", "known: mixed, doubles"),
    ],
)
def test_impossible_arguments_are_named(clinicians: int, appointments: int, flavour: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make_request(clinicians, appointments, 1, flavour)


def test_the_file_is_json_with_one_appointment_a_line() -> None:
    written = request_bytes(3, 40, 1)
    lines = written.decode().splitlines()
    assert json.loads(written) == make_request(3, 40, 1)
    assert sum('"patient"' in line for line in lines) == 40
    assert written.endswith(b"}\n")


def test_pinned_patients_have_one_appointment_each() -> None:
    patients = [a["patient"] for a in make_request(10, 600, 1, "pins")["appointments"]]
    assert len(set(patients)) == len(patients)


def test_few_patients_have_two_appointments() -> None:
    patients = [a["patient"] for a in make_request(20, 700, 1)["appointments"]]
    # 2 in 100 of the 490 that continue with a clinician: about 10.
    assert 2 <= len(patients) - len(set(patients)) <= 20
