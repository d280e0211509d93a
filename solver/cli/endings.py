"""How a command ends: 0 with what was asked for, 1 where it could not be had, 2 where the question is bad."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from solver.cli.files import Unusable
from solver.question.faults import BadRequest

FAILED = 1
BAD = 2


@contextmanager
def endings() -> Iterator[None]:
    """End with every fault on standard error, one a line: its code, its place, and a sentence."""
    try:
        yield
    except BadRequest as bad:
        for fault in bad.faults:
            say(f"{fault.code}  {fault.pointer or '-'}  {fault.text}")
        raise typer.Exit(BAD) from None
    except Unusable as error:
        say(str(error))
        raise typer.Exit(BAD) from None


def say(text: str) -> None:
    """A line on standard error."""
    typer.echo(text, err=True)


def failed(text: str) -> typer.Exit:
    """The end of a command that could not do what was asked; to be raised."""
    say(text)
    return typer.Exit(FAILED)
