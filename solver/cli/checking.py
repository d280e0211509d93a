"""`rota check`: every breach of every rule, found without a solver."""

from __future__ import annotations

import typer

from solver.check import breaches
from solver.cli import asked
from solver.cli.endings import FAILED, endings
from solver.question.when import WEEKDAYS
from solver.rules.rule import Breach


def check_file(request: str, rota: str) -> None:
    """Print what is wrong with the rota in a file, a line a breach.

    Raises
    ------
    typer.Exit
        With 1 if anything is.
    """
    with endings():
        question, given = asked.question_and_rota(request, rota)
    found = breaches(question.clinic, given)
    for breach in found:
        typer.echo(line(breach))
    if found:
        raise typer.Exit(FAILED)
    typer.echo("no breaches")


def line(breach: Breach) -> str:
    """Rule, clinician, day and text; ``-`` where it is the service's or the week's."""
    day = "-" if breach.day is None else WEEKDAYS[breach.day]
    return f"{breach.rule}  {breach.clinician or '-'}  {day}  {breach.text}"
