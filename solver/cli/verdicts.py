"""`rota verdict`: what is attainable, which rules stand in the way, and what would help."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from solver.answer.findings import shaped
from solver.answer.shape import Verdict
from solver.answer.verdict import verdict
from solver.check import breaches
from solver.cli import asked, summary, words
from solver.cli.endings import endings, failed, say
from solver.cli.interrupts import Interrupts
from solver.cli.quiet import quiet
from solver.cli.tables import console, table
from solver.explain.verdict.find import Findings, findings
from solver.explain.verdict.without import REMOVALS
from solver.keepable import unkept
from solver.question.clinic import Clinic
from solver.question.faults import BadRequest
from solver.question.reading import Question
from solver.rota import Rota
from solver.rules import HARD
from solver.solve import Solved

WEAKENS = "takes from a clinician's protection"


def verdict_file(request: str, rota: str | None, seconds: float, workers: int, *, as_json: bool) -> None:
    """Say what can be said about the targets of the request in a file.

    Parameters
    ----------
    rota
        A rota to start from, and to count each clinician's shortfall by; None: the one that reaches most.
    """
    with endings():
        if rota is None:
            question, given = asked.question(request), None
        else:
            question, given = asked.question_and_rota(request, rota)
        faults = unkept(question.clinic)
        if faults:
            raise BadRequest(faults)
    found = found_out(question, seconds, workers, given)
    if found.rota is None:
        raise failed("The solver failed: nothing was found.")
    told = document(question.clinic, given or found.rota, found)
    if as_json:
        typer.echo(told.model_dump_json(indent=1))
        return
    show(told)


def found_out(question: Question, seconds: float, workers: int, begin: Rota | None) -> Findings:
    """The findings; Ctrl-C keeps those made so far."""
    legal = begin if begin is not None and not breaches(question.clinic, begin) else None
    with quiet(), Interrupts(lambda: say("Finishing with what is known; Ctrl-C again aborts.")) as stop:
        return findings(
            question.clinic,
            seconds,
            workers,
            legal,
            lambda what: say(f"Finding out {what} ..."),
            lambda: stop.should_stop() is not None,
        )


def document(clinic: Clinic, rota: Rota, found: Findings) -> Verdict:
    """The verdict as it is given out: attainable is what was found out, shortfalls are those of a rota."""
    figures = found.attainable_minutes, found.attainable_bound_minutes
    known = Solved("feasible", "time_limit", found.rota, None, None, None, *figures)
    best = verdict(clinic, found.rota or rota, known, found.binding, shaped(found), found.not_binding)
    return best.model_copy(update={"clinicians": verdict(clinic, rota, known).clinicians})


def show(told: Verdict) -> None:
    """Print a verdict."""
    out = console()
    out.print(summary.verdict(told), soft_wrap=True)
    short = [(s.clinician, words.hours(s.shortfall_minutes)) for s in told.clinicians if s.shortfall_minutes]
    if short:
        out.print()
        out.print(table(("clinician", "h short"), short))
    for line in (*binding_lines(told), *lever_lines(told)):
        out.print(line, soft_wrap=True)


def binding_lines(told: Verdict) -> Iterator[str]:
    """A line a binding rule, its name and what it says; then those proven not to bind, and the rest."""
    statements = {rule.NAME: rule.STATEMENT for rule in HARD}
    if told.binding:
        yield "Without any one of these rules the service would reach more:"
    yield from (f"  {name}: {statements[name]}" for name in told.binding)
    if told.not_binding:
        yield f"Proven to gain nothing if any one of them were gone: {', '.join(told.not_binding)}."
    unknown = [name for name in REMOVALS if name not in (*told.binding, *told.not_binding)]
    if unknown and len(unknown) < len(REMOVALS):
        yield f"Not known: {', '.join(unknown)}."


def lever_lines(told: Verdict) -> Iterator[str]:
    """A line a lever: hours gained, the most that it can be, and what is changed."""
    if told.levers:
        yield "What would help, each measured alone by solving again:"
    for lever in told.levers:
        gain = words.hours(lever.gain_minutes) if lever.measured else "?"
        most = words.hours_at_most(lever.gain_bound_minutes, lever.gain_minutes)
        note = f" (It {WEAKENS}.)" if lever.weakens_protection else ""
        unknown = "" if lever.measured else " (Not measured: there was no time to.)"
        yield f"  {gain:>5} h, at most {most:>5} h  {lever.lever}: {lever.detail}{note}{unknown}"
