"""`rota page`: one clinician's week in plain words."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from solver.answer.reading import read_rota
from solver.cli import asked
from solver.cli.endings import BAD, endings, say
from solver.explain.page import page, page_text


def page_file(request: str, rota: str, clinician: str, *, as_json: bool) -> None:
    """Print the page of a clinician of the rota in a file.

    Raises
    ------
    typer.Exit
        With 2 if there is no such clinician, or no such diary.
    """
    with endings():
        question, given = asked.question_and_given(request, rota)
        read = read_rota(question.clinic, given.document)
    places = {one.id: one.index for one in question.clinic.clinicians}
    if clinician not in places:
        say("The request has no clinician of that name.")
        raise typer.Exit(BAD)
    try:
        shown = page(question.clinic, read, places[clinician], standing=given.standing)
    except LookupError as error:
        say(str(error))
        raise typer.Exit(BAD) from None
    typer.echo(json.dumps(asdict(shown), indent=1) if as_json else page_text(shown), nl=as_json)
