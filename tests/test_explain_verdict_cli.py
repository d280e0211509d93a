"""`rota verdict`, `rota clashes` and `rota solve --levers`, in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solver.answer.shape import Lever, Shortfall, Verdict
from solver.cli.verdicts import binding_lines, lever_lines
from tests.answers import TINY
from tests.small import unkeepable_request
from tests.test_cli_end_to_end import rota


def test_the_verdict_of_the_smallest_week(tmp_path: Path) -> None:
    # fixtures/tiny.md: 75 of 100 minutes at most.
    ran = rota("verdict", TINY, "--seconds", "20", "--json")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["attainable_minutes"] == told["attainable_bound_minutes"] == pytest.approx(75.0)
    assert told["shortfall_minutes"] == pytest.approx(25.0)
    assert sum(c["shortfall_minutes"] for c in told["clinicians"]) == pytest.approx(25.0)
    assert {lever["lever"] for lever in told["levers"]} >= {"clinician_day", "attendance"}
    for lever in told["levers"]:
        assert 0 <= lever["gain_minutes"] <= lever["gain_bound_minutes"]
    weak = [lever["weakens_protection"] for lever in told["levers"]]
    assert weak == sorted(weak)


def test_a_solve_with_levers_writes_them(tmp_path: Path) -> None:
    output = tmp_path / "rota.json"
    ran = rota("solve", TINY, "-o", output, "--seconds", "20", "--gap", "0", "--levers", "20")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(output.read_bytes())["verdict"]
    assert told["attainable_minutes"] == pytest.approx(75.0)
    assert told["levers"]
    assert "What would help, each measured alone by solving again:" in ran.stdout


def test_pins_that_clash_are_named(tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    request.write_text(json.dumps(unkeepable_request(6)), encoding="utf-8")
    ran = rota("clashes", request, "--json")
    assert ran.returncode == 1
    (clash,) = json.loads(ran.stdout)["clashes"]
    assert clash == {"pins": ["a2", "a3"], "targets": [], "rules": ["reserve"], "minimal": True}


def test_a_week_without_pins_has_no_clash_among_them() -> None:
    ran = rota("clashes", TINY)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr == "No clash was found among the pins.\n"


def test_what_weakens_protection_is_said_to() -> None:
    levers = (
        Lever(lever="a", detail="More.", gain_minutes=60, gain_bound_minutes=90, weakens_protection=False),
        Lever(lever="b", detail="Less.", gain_minutes=0, gain_bound_minutes=0, weakens_protection=True),
        Lever(
            lever="c",
            detail="Else.",
            gain_minutes=0,
            gain_bound_minutes=60,
            weakens_protection=False,
            measured=False,
        ),
    )
    told = Verdict(
        attainable=False,
        target_minutes=120,
        attainable_minutes=60,
        attainable_bound_minutes=60,
        shortfall_minutes=60,
        clinicians=(Shortfall(clinician="c1", shortfall_minutes=60),),
        binding=("rooms",),
        levers=levers,
    )
    _, first, second, third = lever_lines(told)
    assert first == "    1.0 h, at most   1.5 h  a: More."
    assert second.endswith("b: Less. (It takes from a clinician's protection.)")
    assert third == "      ? h, at most   1.0 h  c: Else. (Not measured: there was no time to.)"
    assert list(binding_lines(told))[1].startswith("  rooms: ")
    both = told.model_copy(update={"not_binding": ("pinned", "lunch")})
    *_, gains_nothing, unknown = binding_lines(both)
    assert gains_nothing == "Proven to gain nothing if any one of them were gone: pinned, lunch."
    assert unknown.startswith("Not known: eligible, queue_order, slot_limit, ")
    assert "rooms" not in unknown
