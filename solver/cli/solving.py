"""`rota solve`: read, solve, look once more, say, write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import typer

from solver.answer import described, objections, to_bytes
from solver.answer.document import plain_json
from solver.answer.shape import RotaDocument
from solver.cli import asked, files, summary
from solver.cli.endings import endings, failed
from solver.cli.interrupts import Interrupts
from solver.cli.progress import Report
from solver.cli.quiet import quiet
from solver.cli.tables import console
from solver.question.reading import Question
from solver.solve import BrokenRota, Solved, solve


def solve_file(request: str, output: str | None, options: Mapping[str, object]) -> None:
    """Make the rota of the request in a file.

    Parameters
    ----------
    request, output
        Names of files; no output: the rota is summed up and not written.
    options
        Fields of the effort that win over the request's.
    """
    with endings():
        question = asked.with_effort(asked.question(request), options)
        if output is not None:
            files.check_writable(output)
        finish(question, _solved(question), output)


def finish(question: Question, solved: Solved, output: str | None) -> None:
    """Say what came of a solve, and write the rota if it passes the last look.

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
    rota = described(question, solved)
    if output is not None:
        _write(output, rota)
    summary.show(console(err=output == files.STANDARD), question.clinic, rota)


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
