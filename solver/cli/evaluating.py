"""`rota evaluate` and `rota compare`: any rota judged, and two side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator

import typer

from solver.answer.explained import comparison_json, evaluation_json
from solver.answer.reading import read_rota
from solver.cli import asked, words
from solver.cli.checking import line
from solver.cli.endings import endings
from solver.cli.files import STANDARD, Unusable
from solver.cli.tables import console, table
from solver.explain.compare import Comparison, Felt, compared, strains
from solver.explain.evaluate import Evaluation, evaluated
from solver.explain.score import totals
from solver.question.clinic import Clinic
from solver.question.when import WEEKDAYS, when
from solver.rota import Booking

SHOWN = 10
"""Lines of a list that are shown; `--json` has all."""


def evaluate_file(request: str, rota: str, *, as_json: bool) -> None:
    """Print what a rota breaks, what it costs and where, and what may come of it."""
    with endings():
        question, given = asked.question_and_rota(request, rota)
    found = evaluated(question.clinic, given)
    if as_json:
        typer.echo(json.dumps(evaluation_json(question.clinic, found), indent=1))
        return
    for breach in found.breaches:
        typer.echo(line(breach))
    typer.echo(f"{len(found.breaches) or 'no'} breach{'' if len(found.breaches) == 1 else 'es'}")
    console().print(table(("term", "unit", "amount", "weight", "cost"), _terms(found)))
    typer.echo("Where it arises:")
    console().print(table(("clinician", *WEEKDAYS, "week", "all"), _places(question.clinic, found)))
    console().print(
        table(("clinician", "over ceiling", "break lost", "score", "band"), _risks(question.clinic, found))
    )


def compare_files(request: str, first: str, second: str, *, as_json: bool) -> None:
    """Print what changes from one rota to another: terms, risks, bookings, and who gains and who loses."""
    with endings():
        if (request, first, second).count(STANDARD) > 1:
            raise Unusable("Only one of the three files can be standard input.")
        clinic = asked.question(request).clinic
        rotas = [read_rota(clinic, asked.given(name).document) for name in (first, second)]
    found = compared(clinic, *rotas)
    if as_json:
        typer.echo(json.dumps(comparison_json(clinic, found), indent=1))
        return
    _show_comparison(clinic, found)


def _show_comparison(clinic: Clinic, found: Comparison) -> None:
    typer.echo(f"Cost {words.number(float(found.before.cost))} and {words.number(float(found.after.cost))}.")
    typer.echo(f"Breaches {len(found.before.breaches)} and {len(found.after.breaches)}.")
    rows = (
        (t.name, t.unit, *map(words.number, (float(t.before), float(t.after), float(t.cost))))
        for t in found.terms
        if t.before != t.after
    )
    console().print(table(("term", "unit", "first", "second", "cost"), rows))
    console().print(table(("risk of the service", "first", "second"), _service(found)))
    typer.echo(f"Bookings that differ: {len(found.moved)}.")
    for moved in found.moved[:SHOWN]:
        name = clinic.appointments[moved.appointment].id
        typer.echo(f"  {name}: {_place(clinic, moved.before)} -> {_place(clinic, moved.after)}")
    _show_felt(clinic, "Appointments that gain", found.gains)
    _show_felt(clinic, "Appointments that lose", found.loses)
    for week in found.weeks:
        if week.verdict != "same":
            one = clinic.clinicians[week.clinician]
            old, new = (strains(one.target, risk) for risk in (week.before, week.after))
            better, worse = (
                ", ".join(
                    f"{name} {_figure(name, old[name])} -> {_figure(name, new[name])}" for name in names
                )
                for names in (week.better, week.worse)
            )
            typer.echo(f"{one.id} {week.verdict}; better: {better or '-'}; worse: {worse or '-'}")


def _service(found: Comparison) -> Iterator[tuple[str, ...]]:
    before, after = found.before.service, found.after.service
    for name in ("expected_delivered_minutes", "p_below_target", "p_any_above_ceiling"):
        yield name, _figure(name, getattr(before, name)), _figure(name, getattr(after, name))


def _figure(name: str, value: float) -> str:
    return words.percent(value) if name.startswith("p_") else words.number(value)


def _show_felt(clinic: Clinic, title: str, felt: tuple[Felt, ...]) -> None:
    said = ", ".join(f"{clinic.appointments[f.appointment].id} ({float(f.cost):+.2f})" for f in felt[:SHOWN])
    more = f" and {len(felt) - SHOWN} more" if len(felt) > SHOWN else ""
    typer.echo(f"{title}: {said or '-'}{more}.")


def _place(clinic: Clinic, booking: Booking | None) -> str:
    if booking is None:
        return "unplaced"
    return f"{when(clinic, booking.start)} with {clinic.clinicians[booking.clinician].id}"


def _terms(found: Evaluation) -> Iterator[tuple[str, ...]]:
    for term in found.terms:
        figures = map(words.number, (float(term.amount), float(term.weight), float(term.cost)))
        yield term.name, term.unit, *figures
    yield "all", "", "", "", words.number(float(found.cost))


def _places(clinic: Clinic, found: Evaluation) -> Iterator[tuple[str, ...]]:
    costs = totals(found.parts, lambda part: (part.clinician, part.day))
    whole = totals(found.parts, lambda part: part.clinician)
    for clinician in sorted(whole, key=lambda c: (c is None, c)):
        name = "unplaced" if clinician is None else clinic.clinicians[clinician].id
        days = (float(costs.get((clinician, day), 0)) for day in (*range(7), None))
        yield name, *map(words.number, days), words.number(float(whole[clinician]))


def _risks(clinic: Clinic, found: Evaluation) -> Iterator[tuple[str, ...]]:
    for clinician, risk in found.diaries.items():
        chances = map(words.percent, (risk.p_above_ceiling, risk.p_break_lost))
        yield clinic.clinicians[clinician].id, *chances, str(risk.score), risk.band
