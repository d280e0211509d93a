"""`rota risk`: every risk figure of any rota."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from solver.answer.figures import RotaFigures
from solver.answer.risks import figures
from solver.check import breaches
from solver.cli import asked, words
from solver.cli.endings import endings, say
from solver.cli.tables import console, table
from solver.question.clinic import Clinic

TITLES = (
    *("clinician", "target", "expected", "p10", "p90", "worst"),
    *("below target", "over ceiling", "break lost", "admin lost", "late", "score", "band"),
)
"""Hours, then chances, then how likely the week goes wrong for the clinician."""


def risk_file(request: str, rota: str, *, as_json: bool) -> None:
    """Print the risk figures of the rota in a file, as a table or as JSON."""
    with endings():
        question, given = asked.question_and_rota(request, rota)
    found = figures(question.clinic, given)
    if as_json:
        typer.echo(found.model_dump_json(indent=1))
    else:
        console().print(table(TITLES, _rows(question.clinic, found)))
    broken = sorted({breach.rule for breach in breaches(question.clinic, given)})
    if broken:
        say(f"This rota does not keep every rule ({', '.join(broken)}); `rota check` says where.")


def _rows(clinic: Clinic, found: RotaFigures) -> Iterator[tuple[str, ...]]:
    target = {clinician.id: clinician.target for clinician in clinic.clinicians}
    for kept in found.diaries:
        own = kept.risk
        chances = (own.p_below_target, own.p_above_ceiling, own.p_break_lost, own.p_admin_lost)
        yield (
            kept.clinician,
            words.hours(target[kept.clinician]),
            words.hours(own.expected_delivered_minutes),
            words.hours(own.delivered_p10),
            words.hours(own.delivered_p90),
            words.hours(own.worst_case_minutes),
            *map(words.percent, (*chances, own.p_late_finish)),
            str(own.score),
            own.band,
        )
    whole = found.risk
    yield (
        "all",
        words.hours(sum(target.values())),
        words.hours(whole.expected_delivered_minutes),
        words.hours(whole.delivered_p10),
        words.hours(whole.delivered_p90),
        "",
        words.percent(whole.p_below_target),
        words.percent(whole.p_any_above_ceiling),
        *[""] * 5,
    )
