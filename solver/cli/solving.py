"""`rota solve`: read, solve, look once more, say, write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import typer

from solver.answer import described, objections, to_bytes
from solver.answer.document import plain_json
from solver.answer.findings import described_with
from solver.answer.shape import RotaDocument
from solver.cli import asked, files, summary, verdicts
from solver.cli.endings import endings, failed
from solver.cli.interrupts import Interrupts
from solver.cli.progress import Report
from solver.cli.quiet import quiet
from solver.cli.tables import console
from solver.explain.verdict.find import Findings
from solver.question.reading import Question
from solver.solve import BrokenRota, Solved, solve


def solve_file(
    request: str, output: str | None, options: Mapping[str, object], lever_seconds: float | None = None
) -> None:
    """Make the rota of the request in a file.

    Parameters
    ----------
    request, output
        Names of files; no output: the rota is summed up and not written.
    options
        Fields of the effort that win over the request's.
    lever_seconds
        How long to look, after the solve, for the rules that bind and for what would help; None: not at all.
    """
    with endings():
        question = asked.with_effort(asked.question(request), options)
        if output is not None:
            files.check_writable(output)
        solved = _solved(question)
        found = None
        if lever_seconds is not None and solved.rota is not None:
            found = verdicts.found_out(question, lever_seconds, question.effort.workers, solved.rota)
        finish(question, solved, output, found)


def finish(question: Question, solved: Solved, output: str | None, found: Findings | None = None) -> None:
    """Say what came of a solve, and write the rota if it passes the last look.

    Parameters
    ----------
    found
        What is known of the targets beyond the solve, if it was asked.

    Raises
    ------
    typer.Exit
        With 1 if there is no rota, or one that must not be given out.
    """
    if solved.rota is None:
        raise failed("The solver failed: there is no rota, and nothing was written.")
    wrong = objections(question, solved)
    if wrong:
        raise _refused(wrong)
    rota = described(question, solved) if found is None else described_with(question, solved, found)
    if output is not None:
        _write(output, rota)
    out = console(err=output == files.STANDARD)
    summary.show(out, question.clinic, rota)
    for line in (*verdicts.binding_lines(rota.verdict), *verdicts.lever_lines(rota.verdict)):
        out.print(line, soft_wrap=True)


def _refused(wrong: Iterable[str]) -> typer.Exit:
    names = ", ".join(dict.fromkeys(wrong))
    return failed(f"The rota that was found fails the check ({names}); nothing was written.")


def _write(output: str, rota: RotaDocument) -> None:
    try:
        files.write(output, to_bytes(plain_json(rota)))
    except files.Unusable as error:
        raise failed(str(error)) from None


def _solved(question: Question) -> Solved:
    with (
        quiet(),
        Report(console(err=True)) as report,
        Interrupts(lambda: report.say("Finishing with the best rota so far; Ctrl-C again aborts.")) as stop,
    ):
        try:
            return solve(question, report, stop.should_stop)
        except BrokenRota as broken:
            raise _refused(breach.rule for breach in broken.breaches) from None
