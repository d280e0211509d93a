"""`rota simulate`: live through many weeks of a rota, and hold its risk figures against them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import typer

from solver.backtest import Backtest, Finding, backtest
from solver.check import breaches
from solver.cli import asked, words
from solver.cli.endings import BAD, FAILED, endings, say
from solver.cli.tables import console, table
from solver.question.clinic import Clinic
from solver.rota import Rota

_TITLES = ("figure", "predictions", "sure", "predicted", "came out", "inside 99 %")
_WIDE = 200
"""Characters of a bar that holds every week."""


def simulate_file(request: str, rota: str, weeks: int, seed: int, *, shock: bool, as_json: bool) -> None:
    """Print what came of the rota in a file, as tables or as JSON.

    Raises
    ------
    typer.Exit
        With 1 if the risk figures do not fit what came out, 2 if the rota is no timetable.
    """
    with endings():
        question, given = asked.question_and_rota(request, rota)
    _check(question.clinic, given)
    found = backtest(question.clinic, given, weeks, seed, shock=shock)
    if as_json:
        typer.echo(json.dumps(told(found), indent=1))
    else:
        _print(found)
    for objection in found.objections:
        say(objection)
    if found.objections:
        raise typer.Exit(FAILED)


def _check(clinic: Clinic, rota: Rota) -> None:
    broken = sorted({breach.rule for breach in breaches(clinic, rota)})
    if {"diary", "conservation", "no_overlap"} & set(broken):
        say(f"This rota cannot be lived through ({', '.join(broken)}); `rota check` says where.")
        raise typer.Exit(BAD)
    if broken:
        say(f"This rota does not keep every rule ({', '.join(broken)}); `rota check` says where.")


def told(found: Backtest) -> dict[str, Any]:
    """A backtest as plain JSON."""
    return {
        "weeks": found.weeks,
        "seed": found.seed,
        "attendance": "shared_shock" if found.shock else "independent",
        "probabilities": {
            "predicted": len(found.chances),
            "uncertain": found.uncertain,
            "outside": len(found.outside),
            "outside_by_chance_at_most": found.allowed,
            "findings": [_finding(one) for one in found.chances],
        },
        "means": {
            "predicted": len(found.amounts) + found.untold,
            "too_seldom_to_tell": found.untold,
            "outside": sum(not one.inside for one in found.amounts),
            "outside_by_chance_at_most": found.allowed_amounts,
            "findings": [_finding(one) for one in found.amounts],
        },
        "pit": {who: asdict(one) for who, one in found.pit.items()},
        "objections": list(found.objections),
    }


def _finding(one: Finding) -> dict[str, Any]:
    return asdict(one) | {"inside": one.inside}


def _print(found: Backtest) -> None:
    how = "with one shared shock a week" if found.shock else "each patient by themselves"
    typer.echo(f"{found.weeks:,} weeks lived through, attendance drawn {how}, seed {found.seed}.\n")
    console().print(table(_TITLES, [*_rows(found.chances, words.percent), *_rows(found.amounts, _minutes)]))
    inside = len(found.chances) - len(found.outside)
    typer.echo(
        f"\n{inside} of {len(found.chances)} probabilities lie inside their 99 % intervals "
        f"({found.uncertain} of them are not sure, and chance may put {found.allowed} outside)."
    )
    typer.echo("\nDelivered minutes, by tenths of their predicted law (even where the law holds):")
    for line in _histogram(found):
        typer.echo(line)


def _rows(findings: tuple[Finding, ...], shown: Callable[[float], str]) -> Iterator[tuple[str, ...]]:
    for figure in dict.fromkeys(one.figure for one in findings):
        of = [one for one in findings if one.figure == figure]
        sure = sum(one.predicted in {0.0, 1.0} for one in of)
        yield (
            figure,
            str(len(of)),
            str(sure),
            shown(sum(one.predicted for one in of) / len(of)),
            shown(sum(one.realised for one in of) / len(of)),
            f"{sum(one.inside for one in of)} of {len(of)}",
        )


def _minutes(value: float) -> str:
    return f"{value:,.2f} min"


def _histogram(found: Backtest) -> Iterator[str]:
    own = [one.weeks for who, one in found.pit.items() if who != "service"]
    sums = [sum(column) for column in zip(*own, strict=True)]
    for place, count in enumerate(sums):
        share = count / max(1, sum(sums))
        yield f"  {place * 10:3d}-{place * 10 + 10:3d} %  {share:6.2%}  {'#' * round(share * _WIDE)}"
