"""`rota why`: why an appointment is unplaced, what would place it, and why it is not at some start."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import NoReturn

import typer

from solver.answer.explained import explanation_json, there_json
from solver.cli import asked, words
from solver.cli.endings import BAD, endings, say
from solver.cli.tables import console, table
from solver.explain.why_change import RiskChange, TermChange
from solver.explain.why_standing import Standing
from solver.explain.why_there import Placing, There
from solver.explain.why_unplaced import Explanation, Unplacements, nearest
from solver.question.calendar import Calendar
from solver.question.clinic import Appointment, Clinic
from solver.question.moment import NotATime
from solver.question.reading import Question
from solver.question.when import WEEKDAYS, when
from solver.rota import Rota

SHOWN = 5
"""Starts shown of an appointment that is booked."""

FIGURES = (
    *("p_above_ceiling", "p_below_target", "p_break_lost", "p_admin_lost", "p_late_finish"),
    *("expected_delivered_minutes", "expected_overload_minutes", "worst_case_minutes", "score"),
)
"""Risk figures that are shown where they change; `--json` has all."""

FITS = {
    "booked": "It is booked there.",
    "stands": "It fits as the diary stands.",
    "laid_out": "It fits when breaks, lunch and admin of the day are laid out again.",
    "forbidden": "It is forbidden there.",
    "not_settled": "Whether it fits was not settled with the effort given.",
}


SHORTLY = {
    "booked": "booked",
    "stands": "fits",
    "laid_out": "fits once breaks, lunch and admin of the day are laid out again",
    "forbidden": "forbidden",
    "not_settled": "not settled",
}
"""The same, where many starts are listed."""


def why_file(
    request: str, rota: str, appointment: str, clinician: str | None, start: str | None, *, as_json: bool
) -> None:
    """Print why an appointment is not booked, or not at a start.

    Raises
    ------
    typer.Exit
        With 2 where there is no such appointment, clinician or time.
    """
    with endings():
        question, given = asked.question_and_rota(request, rota)
    one = _named(question.clinic, appointment)
    if (clinician is None) != (start is None):
        _refuse("Give both --clinician and --start, or neither.")
    if clinician is not None and start is not None:
        _there(question.clinic, given, one, clinician, start, as_json=as_json)
    elif any(u.appointment == one.index for u in given.unplaced):
        _unplaced(question, given, one, as_json=as_json)
    else:
        _elsewhere(question.clinic, given, one, as_json=as_json)


def _there(
    clinic: Clinic, rota: Rota, one: Appointment, clinician: str, start: str, *, as_json: bool
) -> None:
    index = next((c.index for c in clinic.clinicians if c.id == clinician), None)
    if index is None:
        _refuse("There is no such clinician in the request.")
    placing = Placing(Standing(clinic, rota), one)
    there = placing.there(index, minute(clinic, start))
    risks = placing.risks(there)
    if as_json:
        typer.echo(json.dumps(there_json(clinic, there, risks), indent=1))
        return
    typer.echo(f"{one.id} at {_place(clinic, there)}: {FITS[there.fit]}")
    for obstacle in there.obstacles:
        typer.echo(f"  {obstacle.rule}  {obstacle.text}")
    lead = "The rota would cost" if there.allowed else "Were it allowed, the rota would cost"
    typer.echo(f"{lead} {_signed(float(there.cost))}.")
    _show_table(("term", "unit", "before", "after", "cost"), list(_terms(there.terms)))
    _show_table(("risk", "clinician", "before", "after"), list(_risks(clinic, risks)))


def _show_table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if rows:
        console().print(table(titles, rows))


def _unplaced(question: Question, rota: Rota, one: Appointment, *, as_json: bool) -> None:
    found = Unplacements(question, rota).explained(one.index)
    if as_json:
        typer.echo(json.dumps(explanation_json(question.clinic, found), indent=1))
        return
    typer.echo(f"{one.id} is not booked ({found.code}). {found.reason}")
    _show_nearest(question.clinic, found.nearest)
    _show_proposals(found)


def _elsewhere(clinic: Clinic, rota: Rota, one: Appointment, *, as_json: bool) -> None:
    tried = list(Placing(Standing(clinic, rota), one).everywhere())
    if as_json:
        typer.echo(json.dumps([there_json(clinic, there) for there in tried], indent=1))
        return
    allowed = sum(there.allowed for there in tried)
    typer.echo(f"{one.id} is booked. Starts open to it: {len(tried)}; allowed beside this rota: {allowed}.")
    counts = Counter(rule for there in tried for rule in there.rules)
    for rule, count in counts.most_common():
        typer.echo(f"  {rule} forbids {count}")
    others = [there for there in tried if there.fit != "booked"]
    _show_nearest(clinic, tuple(nearest(others))[:SHOWN])


def _show_nearest(clinic: Clinic, found: tuple[There, ...]) -> None:
    if found:
        typer.echo("Nearest starts:")
    for there in found:
        typer.echo(f"  {_place(clinic, there)}  {SHORTLY[there.fit]}, cost {_signed(float(there.cost))}")
        for obstacle in there.obstacles:
            typer.echo(f"    {obstacle.rule}  {obstacle.text}")


def _show_proposals(found: Explanation) -> None:
    lead = "What would place it, smallest change first (each applied and checked):"
    typer.echo(
        lead if found.proposals else "No change was found that would place it and weaken no protection."
    )
    for proposal in found.proposals:
        typer.echo(f"  {proposal.kind}  {proposal.text} Cost {_signed(float(proposal.cost))}.")


def minute(clinic: Clinic, text: str) -> int:
    """The minute of the week of an RFC 3339 time, or of a weekday and a time such as ``Tue 10:15``.

    Raises
    ------
    typer.Exit
        With 2 if it is neither, or not in the week.
    """
    calendar = Calendar.of(clinic.date(0).isoformat(), clinic.timezone)
    day, _, clock = text.partition(" ")
    hours, _, minutes = clock.partition(":")
    if (
        day in WEEKDAYS
        and hours.isdecimal()
        and minutes.isdecimal()
        and int(hours) < 24
        and int(minutes) < 60
    ):
        return calendar.wall(WEEKDAYS.index(day), int(hours) * 60 + int(minutes))
    try:
        found = calendar.minute(text)
    except NotATime as error:
        _refuse(f"--start {error.words}, or as 'Tue 10:15'.")
    if not 0 <= found < calendar.minutes:
        _refuse(f"--start must lie in the week that begins on {clinic.date(0).isoformat()}.")
    return found


def _named(clinic: Clinic, name: str) -> Appointment:
    found = next((a for a in clinic.appointments if a.id == name), None)
    if found is None:
        _refuse("There is no such appointment in the request.")
    return found


def _refuse(text: str) -> NoReturn:
    say(text)
    raise typer.Exit(BAD)


def _place(clinic: Clinic, there: There) -> str:
    return f"{when(clinic, there.start)} with {clinic.clinicians[there.clinician].id}"


def _signed(value: float) -> str:
    said = words.number(abs(value))
    return "as much as now" if said == "0" else f"{said} {'more' if value > 0 else 'less'}"


def _terms(terms: tuple[TermChange, ...]) -> Iterator[tuple[str, ...]]:
    for term in terms:
        if term.before != term.after:
            amounts = words.number(float(term.before)), words.number(float(term.after))
            yield term.name, term.unit, *amounts, words.number(float(term.cost))


def _risks(clinic: Clinic, risks: tuple[RiskChange, ...]) -> Iterator[tuple[str, ...]]:
    for change in risks:
        for name in FIGURES:
            old, new = getattr(change.before, name), getattr(change.after, name)
            if old != new:
                show = words.percent if name.startswith("p_") else words.number
                yield name, clinic.clinicians[change.clinician].id, show(old), show(new)
