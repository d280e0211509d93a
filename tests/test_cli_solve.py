"""`rota solve`: what is said and written of a solve, and how Ctrl-C reaches it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from rich.console import Console

from solver.answer import described, read_rota
from solver.check import breaches
from solver.cli import summary, words
from solver.cli.interrupts import Interrupts
from solver.cli.progress import Report, line
from solver.cli.quiet import quiet
from solver.cli.solving import finish
from solver.question.reading import Question
from solver.solve import Progress, Solved
from tests.answers import a_question, best_of_tiny, no_rota, solved, tiny
from tests.builders import a_clinic, a_clinician, a_rota, appointments


def of_tiny() -> tuple[Question, Solved]:
    question = tiny()
    return question, solved(question.clinic, best_of_tiny(question.clinic))


def test_the_rota_is_written_and_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question, end = of_tiny()
    output = tmp_path / "rota.json"
    finish(question, end, str(output))
    assert read_rota(question.clinic, output.read_bytes()) == end.rota
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith("Best found under these rules (gap 0 %); the gap asked for is reached.\n")
    rows = {row.split()[0]: row.split() for row in out.splitlines() if row.split()}
    # c1: a2 30 and a5 45 are 1.25 h, 46.5 of 60 minutes expected.
    assert rows["c1"] == ["c1", "2", "1.2", "0.8", "1.0", "0", "%", "0", "low"]
    assert rows["c2"] == ["c2", "1", "0.5", "0.5", "0.7", "0", "%", "0", "low"]
    assert rows["below_target"] == ["below_target", "26.5", "min", "2", "53"]
    assert "Unplaced: 2 of 5 appointments: no_capacity 2.\n" in out


def test_without_a_file_there_is_only_the_summary(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    finish(*of_tiny(), None)
    out, _ = capsys.readouterr()
    assert '"bookings"' not in out
    assert list(tmp_path.iterdir()) == []


def test_a_dash_sends_the_rota_to_standard_output_and_the_summary_elsewhere(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    question, end = of_tiny()
    finish(question, end, "-")
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["cost"] == 144.0
    assert err.startswith(b"Best found under these rules")


def test_a_rota_that_fails_the_check_is_never_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Two hours on end are over 90 minutes, and there are no 15 minutes of notes.
    clinic = a_clinic(a_clinician(), appointments(2, admin=15))
    rota = a_rota(clinic, c1="Mon 09:00 a1 | a2 | free")
    assert {b.rule for b in breaches(clinic, rota)} == {"breaks", "admin"}
    output = tmp_path / "rota.json"
    with pytest.raises(typer.Exit) as end:
        finish(a_question(clinic), solved(clinic, rota), str(output))
    assert end.value.exit_code == 1
    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        "The rota that was found fails the check (breaks, admin); nothing was written.\n",
    )
    assert not output.exists()


def test_a_solve_that_failed_ends_with_1_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "rota.json"
    with pytest.raises(typer.Exit) as end:
        finish(tiny(), no_rota(), str(output))
    assert end.value.exit_code == 1
    assert capsys.readouterr().err == "The solver failed: there is no rota, and nothing was written.\n"
    assert not output.exists()


def test_a_rota_that_cannot_be_written_in_the_end_is_a_failure_and_no_bad_request(tmp_path: Path) -> None:
    with pytest.raises(typer.Exit) as end:
        finish(*of_tiny(), str(tmp_path / "gone" / "rota.json"))
    assert end.value.exit_code == 1


@pytest.mark.parametrize(
    ("best", "bound", "said"),
    [
        (
            75.0,
            75.0,
            (
                "The targets cannot be met under these rules with this list: the best found is 1.2 of 1.7 h,"
                " 0.4 h short. No rota under these rules reaches more than 1.2 h."
            ),
        ),
        (
            75.0,
            75.5,
            (
                "The targets cannot be met under these rules with this list: the best found is 1.2 of 1.7 h,"
                " 0.4 h short. No rota under these rules reaches more than 1.3 h."
            ),
        ),
        (100.0, 100.0, "The targets can be met under these rules, within the tolerance: 1.7 of 1.7 h."),
        (
            90.0,
            None,
            "Whether the targets can be met is not known: the best found is 1.5 of 1.7 h, 0.2 h short.",
        ),
    ],
)
def test_the_verdict_says_only_what_is_proven(best: float, bound: float | None, said: str) -> None:
    question, end = of_tiny()
    end = replace(end, attainable_minutes=best, attainable_bound_minutes=bound)
    assert summary.verdict(described(question, end).verdict) == said


@pytest.mark.parametrize("stop", words.STOPPED)
def test_nothing_is_called_safe_or_optimal(stop: str) -> None:
    question, end = of_tiny()
    out = io.StringIO()
    told = described(question, replace(end, stop_reason=stop, bound=100.0, gap=44 / 144))
    summary.show(Console(file=out, width=120), question.clinic, told)
    assert "(gap 30.6 %)" in out.getvalue()
    assert "safe" not in out.getvalue().lower()
    assert "optim" not in out.getvalue().lower()


def test_a_small_chance_never_looks_like_none_nor_a_large_one_like_certainty() -> None:
    shares = (0.0, 1e-12, 0.0625, 0.02, 0.9999, 1.0)
    assert [*map(words.percent, shares)] == ["0 %", "<0.1 %", "6.2 %", "2 %", ">99.9 %", "100 %"]


def test_progress_away_from_a_terminal_is_a_line_a_change() -> None:
    out = io.StringIO()
    with Report(Console(file=out)) as report:
        report(Progress(0.0, None, None))
        report(Progress(0.2, None, None))
        report(Progress(1.5, 300.0, None))
        report(Progress(2.0, 200.0, 100.0))  # too soon after the last
        report(Progress(3.0, 200.0, 100.0))
        report(Progress(9.0, 200.0, 100.0))  # nothing new
        report(Progress(9.1, 200.0, 150.0))
        report(Progress(9.4, 160.0, 160.0))  # too soon, but the last
    assert out.getvalue().splitlines() == [
        "best 300, bound -, gap not known, 2 s",
        "best 200, bound 100, gap 50 %, 3 s",
        "best 200, bound 150, gap 25 %, 9 s",
        "best 160, bound 160, gap 0 %, 9 s",
    ]


def test_progress_on_a_terminal_is_one_line_that_goes_away() -> None:
    out = io.StringIO()
    with Report(Console(file=out, force_terminal=True, width=80)) as report:
        report(Progress(2.0, 200.0, 199.0))
    assert line(Progress(2.0, 200.0, 199.0)) == "best 200, bound 199, gap 0.5 %, 2 s"
    assert out.getvalue().endswith("\x1b[2K")


def test_what_a_library_prints_is_no_part_of_the_output(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet():
        os.write(1, b"noise")
        subprocess.run(["/bin/sh", "-c", "echo noise; echo trouble >&2"], check=True)
    os.write(1, b"rota")
    assert capfd.readouterr() == ("rota", "trouble\n")


def test_the_first_interrupt_asks_to_finish_and_the_second_aborts() -> None:
    before, said = signal.getsignal(signal.SIGINT), list[str]()
    with Interrupts(lambda: said.append("finishing")) as stop:
        assert stop.should_stop() is None
        signal.raise_signal(signal.SIGINT)
        assert [stop.should_stop(), stop.should_stop()] == ["finish", "finish"]
        assert said == ["finishing"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
