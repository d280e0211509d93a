"""`rota why`, `rota evaluate`, `rota compare`: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from solver import rules
from solver.answer import document, to_bytes
from solver.cli import app
from solver.search.clerk import clerk
from solver.search.reasons import explained
from tests.answers import TINY, best_of_tiny, solved, tiny


def run(*words: str | Path) -> tuple[int, str]:
    """Exit code, and all that was printed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def best(tmp_path: Path) -> Path:
    question = tiny()
    written = tmp_path / "best.json"
    rota = explained(question.clinic, best_of_tiny(question.clinic))
    written.write_bytes(to_bytes(document(question, solved(question.clinic, rota))))
    return written


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    question = tiny()
    written = tmp_path / "plain.json"
    rota = explained(question.clinic, clerk(question.clinic))
    written.write_bytes(to_bytes(document(question, solved(question.clinic, rota))))
    return written


def test_why_tells_an_unplaced_appointment_from_a_booked_one(best: Path) -> None:
    told = json.loads(best.read_text())
    unplaced, booked = told["unplaced"][0], told["bookings"][0]
    code, text = run("why", TINY, best, "--appointment", unplaced["appointment"])
    assert code == 0
    assert f"is not booked ({unplaced['code']})" in text
    code, text = run("why", TINY, best, "--appointment", booked["appointment"])
    assert code == 0
    assert "is booked. Starts open to it" in text


def test_no_start_is_listed_by_a_name_that_only_the_program_knows(best: Path) -> None:
    code, text = run("why", TINY, best, "--appointment", "a4")
    assert code == 0
    assert "fits once breaks, lunch and admin of the day are laid out again, cost as much as now" in text
    assert "laid_out" not in text


def test_why_not_there_takes_both_ways_to_write_a_time(best: Path) -> None:
    booked = json.loads(best.read_text())["bookings"][0]
    where = ("--appointment", booked["appointment"], "--clinician", booked["clinician"], "--start")
    code, text = run("why", TINY, best, *where, booked["start"], "--json")
    assert (code, json.loads(text)["fit"]) == (0, "booked")
    code, text = run("why", TINY, best, *where, "Sun 03:00", "--json")
    found = json.loads(text)
    assert (code, found["fit"]) == (0, "forbidden")
    assert [o["rule"] for o in found["forbidden_by"]] == ["eligible"]


@pytest.mark.parametrize(
    "words",
    [
        ("--appointment", "nobody"),
        ("--appointment", "a1", "--clinician", "c01"),
        ("--appointment", "a1", "--clinician", "nobody", "--start", "Mon 09:00"),
        ("--appointment", "a1", "--clinician", "c01", "--start", "soon"),
    ],
)
def test_why_refuses_what_it_does_not_know(best: Path, words: tuple[str, ...]) -> None:
    told = json.loads(TINY.read_text())
    named = {"a1": told["appointments"][0]["id"], "c01": told["clinicians"][0]["id"]}
    code, text = run("why", TINY, best, *(named.get(word, word) for word in words))
    assert code == 2
    assert text.strip()


def test_why_not_there_knows_no_saturday_but_its_own(best: Path) -> None:
    # 30 November is a Saturday in 2030, and the Monday that begins the week in 2026.
    where = ("--appointment", "a2", "--clinician", "c1", "--start")
    code, text = run("why", TINY, best, *where, "2030-11-30T09:00:00+00:00")
    assert code == 2
    assert text == "--start must lie in the week that begins on 2026-11-30.\n"


def test_a_start_that_changes_nothing_is_not_said_to_cost_nothing(best: Path) -> None:
    code, text = run("why", TINY, best, "--appointment", "a2", "--clinician", "c1", "--start", "Mon 10:15")
    assert code == 0
    assert text == (
        "a2 at Mon 10:15 with c1: It fits when breaks, lunch and admin of the day are laid out again.\n"
        "The rota would cost as much as now.\n"
    )


def test_evaluate_gives_parts_that_make_the_cost(best: Path) -> None:
    code, text = run("evaluate", TINY, best, "--json")
    found = json.loads(text)
    assert (code, found["breaches"]) == (0, [])
    assert found["cost"] == pytest.approx(sum(part["cost"] for part in found["parts"]))
    code, text = run("evaluate", TINY, best)
    assert code == 0
    assert "no breaches" in text


def test_compare_says_what_the_second_rota_saves(plain: Path, best: Path) -> None:
    question = tiny()
    costs = [rules.cost(question.clinic, r) for r in (clerk(question.clinic), best_of_tiny(question.clinic))]
    code, text = run("compare", TINY, plain, best, "--json")
    assert code == 0
    assert json.loads(text)["cost_change"] == pytest.approx(float(costs[1] - costs[0]))
    code, text = run("compare", TINY, plain, best)
    assert code == 0
    assert "Bookings that differ" in text


def test_compare_gives_figures_to_who_gains_and_who_loses(best: Path, tmp_path: Path) -> None:
    # fixtures/tiny.md: a5 and a2 expect 46.5 minutes, a4 27 of the 40 that c2 is asked for.
    told = json.loads(best.read_text())
    told["bookings"] = [b for b in told["bookings"] if b["appointment"] != "a4"]
    told["unplaced"].append({"appointment": "a4", "code": "no_capacity", "reason": "Left out."})
    for entry in (entry for diary in told["diaries"] for entry in diary["entries"]):
        if entry.get("appointments") == ["a4"]:
            entry.pop("appointments")
            entry["kind"] = "free"
    without = tmp_path / "without.json"
    without.write_text(json.dumps(told))
    code, text = run("compare", TINY, best, without)
    assert code == 0
    (line,) = (line for line in text.splitlines() if "expected_delivered_minutes" in line)
    assert line.split() == ["expected_delivered_minutes", "73.5", "46.5"]
    assert "c2 loses; better: -; worse: minutes_off_target 13 -> 40" in text
    assert "Appointments that lose: a4 (+294.00)." in text
