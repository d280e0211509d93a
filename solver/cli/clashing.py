"""`rota clashes`: pins, and targets, that cannot all hold."""

from __future__ import annotations

import json
from collections.abc import Sequence

import typer

from solver.cli.endings import FAILED, endings, say
from solver.cli.files import read
from solver.cli.quiet import quiet
from solver.explain.clashes.find import Clash, pin_clashes
from solver.explain.clashes.reading import read_week
from solver.explain.clashes.targets import target_clash
from solver.explain.clashes.words import sentences
from solver.question.clinic import Clinic
from solver.question.strict_json import MOST_BYTES


def clashes_file(request: str, seconds: float, workers: int, *, targets: bool, as_json: bool) -> None:
    """Name what cannot all hold in the request in a file.

    Parameters
    ----------
    targets
        Whether every clinician's target, less tolerance, is asked for too, once the pins can stand.

    Raises
    ------
    typer.Exit
        With 1 if there is a clash.
    """
    with endings():
        clinic = read_week(read(request, MOST_BYTES))
    with quiet():
        found = list(pin_clashes(clinic))
        if targets and not found:
            clash = target_clash(clinic, seconds, workers)
            found += [clash] if clash else []
    if as_json:
        typer.echo(json.dumps({"clashes": [told(clinic, clash) for clash in found]}, indent=1))
    else:
        _show(clinic, found, targets=targets)
    if found:
        raise typer.Exit(FAILED)


def told(clinic: Clinic, clash: Clash) -> dict[str, object]:
    """A clash as JSON."""
    return {
        "pins": [clinic.appointments[index].id for index in clash.pins],
        "targets": [clinic.clinicians[index].id for index in clash.targets],
        "rules": list(clash.rules),
        "minimal": clash.minimal,
    }


def _show(clinic: Clinic, found: Sequence[Clash], *, targets: bool) -> None:
    for clash in found:
        first, *rest = sentences(clinic, clash)
        typer.echo(f"{first}:")
        for line in rest:
            typer.echo(f"  {line}")
    if not found:
        say("No clash was found" + (" among pins and targets." if targets else " among the pins."))
