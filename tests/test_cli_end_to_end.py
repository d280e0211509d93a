"""`rota solve` from a request in a file to a rota in a file, in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solver.answer import read_rota
from solver.check import breaches
from solver.question.reading import read_request
from tests.answers import TINY

TEAM = TINY.with_name("team.json")
ROTA = (sys.executable, "-c", "from solver.cli import main; main()")


def rota(*words: str | Path) -> subprocess.CompletedProcess[str]:
    asked = [*ROTA, *map(str, words)]
    return subprocess.run(
        asked, cwd=TINY.parents[1], capture_output=True, text=True, check=False, timeout=120
    )


def test_the_smallest_week_is_solved_to_144(tmp_path: Path) -> None:
    output = tmp_path / "rota.json"
    ran = rota("solve", TINY, "-o", output, "--seconds", "30", "--gap", "0")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(output.read_bytes())
    assert (told["outcome"], told["cost"]) == ("optimal", 144.0)
    assert told["gap"] == pytest.approx(0.0, abs=1e-9)
    # fixtures/tiny.md: a5 and a2 with c1, a4 with c2; 75 of 100 minutes at most.
    placed = {(booking["appointment"], booking["clinician"]) for booking in told["bookings"]}
    assert placed == {("a2", "c1"), ("a4", "c2"), ("a5", "c1")}
    assert told["verdict"]["attainable"] is not True
    assert ran.stdout.startswith("Best found under these rules (gap 0 %)")
    assert rota("check", TINY, output).stdout == "no breaches\n"


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    for output in (first, second):
        assert rota("solve", TINY, "-o", output, "--reproducible", "--seed", "5").returncode == 0
    assert first.read_bytes() == second.read_bytes()


def test_the_first_interrupt_keeps_the_best_rota_so_far(tmp_path: Path) -> None:
    output = tmp_path / "rota.json"
    words = ("solve", str(TEAM), "-o", str(output), "--seconds", "100", "--gap", "0")
    running = subprocess.Popen(
        [*ROTA, *words], cwd=TINY.parents[1], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    assert any(not said.startswith("best -") for said in running.stderr), "it ended without a rota"
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert time.monotonic() - began < 30
    assert "Finishing with the best rota so far" in err
    assert "it was asked to finish" in out
    clinic = read_request(TEAM.read_bytes()).clinic
    assert breaches(clinic, read_rota(clinic, output.read_bytes())) == ()


def test_a_solve_says_nothing_of_patients(tmp_path: Path) -> None:
    told = json.loads(TINY.read_bytes())
    for appointment in told["appointments"]:
        appointment["patient"] = f"secret-{appointment['patient']}"
    request, output = tmp_path / "request.json", tmp_path / "rota.json"
    request.write_text(json.dumps(told))
    ran = rota("solve", request, "-o", output)
    assert ran.returncode == 0
    assert "secret" not in ran.stdout + ran.stderr + output.read_text()
