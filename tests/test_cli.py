"""The command line: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from solver import __version__
from solver.answer import document, to_bytes
from solver.answer.risks import figures
from solver.cli import app
from solver.make import FLAVOURS, request_bytes
from solver.question.reading import read_request
from tests.answers import TINY, best_of_tiny, solved, tiny

FIXTURES = TINY.parent
HEAVY = ("ortools", "numpy", "scipy", "pandas", "pydantic", "rich")


def run(*words: str | Path, given: str | bytes | None = None) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    result = CliRunner().invoke(app, [str(word) for word in words], input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def best(tmp_path: Path) -> Path:
    """The best rota of the smallest week, in a file."""
    question = tiny()
    rota = best_of_tiny(question.clinic)
    written = tmp_path / "rota.json"
    written.write_bytes(to_bytes(document(question, solved(question.clinic, rota))))
    return written


def changed(best: Path, *path: str | int, value: object) -> Path:
    """The same file with one value changed."""
    told = json.loads(best.read_bytes())
    inside = told
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = value
    best.write_text(json.dumps(told))
    return best


def loaded_by(*words: str) -> set[str]:
    """Which heavy packages a command loads, in a process of its own."""
    code = (
        f"import sys\nfrom solver.cli import app\ntry:\n    app({list(words)!r})\nfinally:\n"
        f"    print('loaded', *(name for name in {HEAVY!r} if name in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=FIXTURES.parent, capture_output=True, text=True, check=True
    )
    first, *found = ran.stdout.splitlines()[-1].split()
    assert first == "loaded"
    return set(found)


def test_help_loads_nothing_heavy() -> None:
    assert loaded_by("--help") == set()
    assert loaded_by("--version") == set()


@pytest.mark.parametrize("command", ["solve", "check", "risk", "make", "schema"])
def test_help_on_a_command_loads_no_solver_and_no_mathematics(command: str) -> None:
    # Typer itself asks pydantic about options that are numbers.
    assert loaded_by(command, "--help") <= {"pydantic"}


def test_only_solving_loads_a_solver(best: Path) -> None:
    assert "ortools" not in loaded_by("check", str(TINY), str(best))
    assert "ortools" not in loaded_by("risk", str(TINY), str(best))


def test_help_names_every_flavour() -> None:
    ran = CliRunner().invoke(app, ["make", "--help"], env={"COLUMNS": "300"})
    assert [name for name in FLAVOURS if name not in ran.output] == []


def test_help_names_every_command() -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert set(re.findall(r"^  ([a-z]+)  ", out, re.MULTILINE)) >= {
        "solve",
        "check",
        "risk",
        "make",
        "schema",
    }


def test_version() -> None:
    assert run("--version") == (0, f"rota {__version__}\n", "")


def test_a_rota_that_keeps_every_rule_has_no_breaches(best: Path) -> None:
    assert run("check", TINY, best) == (0, "no breaches\n", "")


def test_each_breach_is_a_line_with_rule_clinician_day_and_text(best: Path) -> None:
    # c1's slot of a2 is called free time, so the bookings and the diary disagree, and a slot has no booking.
    changed(best, "diaries", 0, "entries", 0, "appointments", value=[])
    code, out, err = run("check", TINY, best)
    assert (code, err) == (1, "")
    assert out == (
        "conservation  c1  Mon  Appointment a2 at Mon 09:00 stands 1 times in the bookings"
        " and 0 times in the diary of c1.\n"
        "diary  c1  Mon  c1 at Mon 09:00: the appointment entry has 0 bookings.\n"
    )


def test_a_breach_of_the_whole_service_names_nobody(best: Path) -> None:
    changed(best, "unplaced", value=[{"appointment": "a1", "reason": "No room."}])
    code, out, _ = run("check", TINY, best)
    assert code == 1
    assert out == (
        "conservation  -  -  Appointment a3 is booked 0 times and unplaced 0 times, not once in all.\n"
    )


def test_a_rota_may_come_from_standard_input(best: Path) -> None:
    assert run("check", TINY, "-", given=best.read_bytes())[:2] == (0, "no breaches\n")
    code, _, err = run("check", "-", "-", given=best.read_bytes())
    assert (code, err) == (2, "Only one of the two files can be standard input.\n")


def test_a_rota_of_strangers_is_a_bad_request(best: Path) -> None:
    changed(best, "bookings", 1, "clinician", value="c9")
    assert run("check", TINY, best) == (
        2,
        "",
        "unknown_clinician  /bookings/1/clinician  bookings[1].clinician is no clinician of the request.\n",
    )


@pytest.mark.parametrize("command", ["check", "risk"])
def test_a_rota_without_diaries_is_refused(best: Path, command: str) -> None:
    told = json.loads(best.read_bytes())
    del told["diaries"]
    best.write_text(json.dumps(told))
    assert run(command, TINY, best) == (2, "", "missing_field  /diaries  diaries is required.\n")


@pytest.mark.parametrize("command", ["solve", "check", "risk"])
def test_every_fault_of_a_request_is_named(best: Path, command: str) -> None:
    expected = json.loads((FIXTURES / "malformed" / "expected.json").read_bytes())["many_at_once"]
    files = [FIXTURES / "malformed" / "many_at_once.json", best]
    code, out, err = run(command, *files[: 1 if command == "solve" else 2])
    assert (code, out) == (2, "")
    named = [line.split("  ")[:2] for line in err.splitlines()]
    assert sorted(named) == sorted(expected)


def test_a_fault_of_the_whole_has_a_dash_for_its_place() -> None:
    assert run("solve", "-", given="{") == (
        2,
        "",
        "json_invalid  -  The request is not JSON at line 1.\n",
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    assert run("solve", missing) == (2, "", f"{missing} cannot be read: No such file or directory.\n")
    assert run("solve", tmp_path) == (2, "", f"{tmp_path} cannot be read: Is a directory.\n")


def test_where_the_rota_cannot_go_is_said_before_the_work(tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "rota.json"
    assert run("solve", TINY, "-o", nowhere) == (
        2,
        "",
        f"{nowhere} cannot be written: there is no directory {nowhere.parent}.\n",
    )
    code, _, err = run("solve", TINY, "-o", tmp_path)
    assert (code, err) == (2, f"{tmp_path} cannot be written: it is a directory.\n")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--seconds", "0"), "out_of_range  /effort/seconds  --seconds must be more than 0."),
        (("--gap", "1.5"), "out_of_range  /effort/gap  --gap must be at most 1."),
        (("--workers", "0"), "out_of_range  /effort/workers  --workers must be at least 1."),
        (("--seed", "-1"), "out_of_range  /effort/seed  --seed must be at least 0."),
    ],
)
def test_an_option_out_of_range_is_named(words: tuple[str, ...], fault: str) -> None:
    assert run("solve", TINY, *words) == (2, "", f"{fault}\n")


def test_risk_tells_every_figure_as_json(best: Path) -> None:
    question = tiny()
    found = figures(question.clinic, best_of_tiny(question.clinic))
    code, out, err = run("risk", TINY, best, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == found.model_dump(mode="json")
    assert [b["appointment"] for b in json.loads(out)["bookings"]] == ["a2", "a5", "a4"]


def test_risk_shows_a_row_a_clinician_and_one_for_all(best: Path) -> None:
    code, out, err = run("risk", TINY, best)
    assert (code, err) == (0, "")
    rows = {line.split()[0]: line for line in out.splitlines() if line.split()}
    # c1 misses 60 minutes with 0.6, c2 always misses 40; both reach 100 never: 1 - 0.4 x 0.9 = 0.64.
    assert "60 %" in rows["c1"]
    assert "100 %" in rows["c2"]
    assert "64 %" in rows["all"]
    assert rows["c1"].split()[-2:] == ["0", "low"]


def test_risk_of_a_rota_that_breaks_rules_says_so(best: Path) -> None:
    changed(best, "unplaced", value=[])
    code, out, err = run("risk", TINY, best)
    assert code == 0
    assert "c1" in out
    assert err == "This rota does not keep every rule (conservation); `rota check` says where.\n"


def test_make_writes_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    made = tmp_path / "request.json"
    words = ("make", "--clinicians", "2", "--appointments", "30", "--seed", "4")
    assert run(*words, "-o", made) == (0, "", "")
    assert made.read_bytes() == request_bytes(2, 30, 4)
    assert run(*words)[1].encode() == made.read_bytes()
    doubles = run(*words, "--flavour", "doubles")[1]
    assert doubles.encode() == request_bytes(2, 30, 4, "doubles")
    assert len(read_request(doubles).clinic.appointments) == 30


def test_make_names_what_it_cannot_make() -> None:
    words = ("make", "--appointments", "3", "--seed", "1", "--clinicians")
    code, out, err = run(*words, "0")
    assert (code, out) == (2, "")
    assert err == "clinicians is 0, appointments 3: at least 1, and 0, are needed.\n"
    code, out, err = run(*words, "1", "--flavour", "sweet")
    assert (code, out) == (2, "")
    assert err.startswith("flavour sweet is unknown; known: mixed, doubles,")


def test_schemas_hold_for_what_they_describe(best: Path) -> None:
    of_request, of_rota = (json.loads(run("schema", *words)[1]) for words in ((), ("--rota",)))
    assert [*Draft202012Validator(of_request).iter_errors(json.loads(TINY.read_bytes()))] == []
    assert [*Draft202012Validator(of_rota).iter_errors(json.loads(best.read_bytes()))] == []
    assert [*Draft202012Validator(of_rota).iter_errors(json.loads(TINY.read_bytes()))]


def test_no_command_prints_a_patient(best: Path, tmp_path: Path) -> None:
    # The same patients under names that would be seen; two bookings of one patient on Monday are a breach.
    request = tmp_path / "request.json"
    told = json.loads(TINY.read_bytes())
    for appointment in told["appointments"]:
        appointment["patient"] = "secret-p2" if appointment["id"] in {"a2", "a5"} else "secret"
    request.write_text(json.dumps(told))
    code, out, err = run("check", request, best)
    assert code == 1
    assert "one patient's" in out
    shown = [out, err, *run("risk", request, best, "--json")[1:], *run("risk", request, best)[1:]]
    assert not [text for text in shown if "secret" in text]


def test_effort_keeps_what_options_do_not_say() -> None:
    from solver.cli.asked import with_effort

    question = replace(tiny(), effort=tiny().effort.model_copy(update={"seconds": 9.0, "seed": 3}))
    told = with_effort(question, {"seed": 5, "reproducible": True}).effort
    assert (told.seconds, told.seed, told.reproducible) == (9.0, 5, True)
