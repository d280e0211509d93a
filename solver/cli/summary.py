"""What `rota solve` says about a rota: who delivers what, what is left, what it costs, what can be had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console

from solver.answer.shape import Diary, RotaDocument, Verdict
from solver.cli import words
from solver.cli.tables import table
from solver.question.clinic import Clinic


def show(console: Console, clinic: Clinic, rota: RotaDocument) -> None:
    """Print the summary of a rota."""
    console.print(headline(rota))
    console.print()
    titles = ("clinician", "booked", "h booked", "h expected", "h target", "over ceiling", "score", "band")
    console.print(table(titles, _rows(clinic, rota)))
    console.print(unplaced(rota), soft_wrap=True)
    console.print()
    console.print(table(("term", "amount", "unit", "weight", "cost"), _costs(rota)))
    console.print(verdict(rota.verdict), soft_wrap=True)


def headline(rota: RotaDocument) -> str:
    """What was found, how far it may be from the best there is, and why the solve stopped."""
    return f"Best found under these rules ({words.gap(rota.gap)}); {words.STOPPED[rota.stop_reason]}."


def unplaced(rota: RotaDocument) -> str:
    """How many appointments are not booked, by code."""
    total = len(rota.bookings) + len(rota.unplaced)
    codes = Counter(u.code for u in rota.unplaced)
    said = ", ".join(f"{code} {count}" for code, count in sorted(codes.items(), key=lambda c: (-c[1], c[0])))
    return f"Unplaced: {len(rota.unplaced)} of {total} appointments{': ' if said else ''}{said}."


def verdict(found: Verdict) -> str:
    """Whether the targets can be met, and how much is short."""
    target, best = words.hours(found.target_minutes), found.attainable_minutes
    had = "nothing" if best is None else f"{words.hours(best)} of {target} h"
    bound = found.attainable_bound_minutes
    if found.attainable:
        return f"The targets can be met under these rules, within the tolerance: {had}."
    short = "" if found.shortfall_minutes is None else f", {words.hours(found.shortfall_minutes)} h short"
    proven = (
        ""
        if bound is None
        else f" No rota under these rules reaches more than {words.hours_at_most(bound, best)} h."
    )
    if found.attainable is None:
        return f"Whether the targets can be met is not known: the best found is {had}{short}.{proven}"
    said = "The targets cannot be met under these rules with this list"
    return f"{said}: the best found is {had}{short}.{proven}"


def _costs(rota: RotaDocument) -> Iterator[tuple[str, ...]]:
    for term in rota.terms:
        figures = (words.number(term.weight), words.number(term.cost))
        yield term.name, words.number(term.amount), term.unit, *figures
    yield "all", "", "", "", words.number(rota.cost)


def _rows(clinic: Clinic, rota: RotaDocument) -> Iterator[tuple[str, ...]]:
    minutes = {appointment.id: appointment.minutes for appointment in clinic.appointments}
    booked = {
        d.clinician: [minutes[a] for e in d.entries for a in e.appointments or ()] for d in rota.diaries
    }
    for diary in rota.diaries:
        yield _row(diary, booked[diary.clinician])
    everyone = [length for held in booked.values() for length in held]
    yield (
        "all",
        str(len(everyone)),
        words.hours(sum(everyone)),
        words.hours(rota.risk.expected_delivered_minutes),
        words.hours(rota.verdict.target_minutes),
        words.percent(rota.risk.p_any_above_ceiling),
        "",
        "",
    )


def _row(diary: Diary, held: list[int]) -> tuple[str, ...]:
    return (
        diary.clinician,
        str(len(held)),
        words.hours(sum(held)),
        words.hours(diary.risk.expected_delivered_minutes),
        words.hours(diary.target_minutes),
        words.percent(diary.risk.p_above_ceiling),
        str(diary.risk.score),
        diary.risk.band,
    )
