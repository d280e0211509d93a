"""`rota report`: the week as one page of HTML, and its plots as pictures."""

from __future__ import annotations

from pathlib import Path

from solver.cli import asked
from solver.cli.endings import endings
from solver.cli.files import STANDARD, Unusable, check_writable, write
from solver.report import read_week, report_html, report_plots

MOST_FILES = 2


def report_file(files: list[str], output: str, png: str | None) -> None:
    """Write the report of a rota: its file alone, or its request's and its own.

    Raises
    ------
    typer.Exit
        With 2 if a file cannot be used, or is not what it should be.
    """
    with endings():
        if len(files) > MOST_FILES:
            raise Unusable("A report is of one rota: give its file, or its request's and its own.")
        if files.count(STANDARD) == MOST_FILES:
            raise Unusable("Only one of the two files can be standard input.")
        check_writable(output)
        if png is not None:
            _make_room(png)
        question = asked.question(files[0]) if len(files) == MOST_FILES else None
        given = asked.given(files[-1])
        week = read_week(given.document, question, standing=given.standing)
        write(output, report_html(week).encode())
        for name, picture in report_plots(week) if png is not None else ():
            write(str(Path(png or "") / f"{name}.png"), picture)


def _make_room(directory: str) -> None:
    try:
        Path(directory).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"{directory} cannot be made: {error.strerror}.") from None
