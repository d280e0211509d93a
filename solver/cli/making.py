"""`rota make`: a synthetic request."""

from __future__ import annotations

import typer

from solver.cli import files
from solver.cli.endings import BAD, endings, say
from solver.make import request_bytes


def make_file(clinicians: int, appointments: int, seed: int, flavour: str, output: str) -> None:
    """Write a synthetic request to a file.

    Raises
    ------
    typer.Exit
        With 2 if there is no such week.
    """
    with endings():
        files.check_writable(output)
        try:
            data = request_bytes(clinicians, appointments, seed, flavour)
        except ValueError as error:
            say(f"{error}.")
            raise typer.Exit(BAD) from None
        files.write(output, data)
