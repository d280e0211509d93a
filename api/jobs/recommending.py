"""What would bring a week closer to its targets, as a job: what it is asked, and what it ends with."""

# ruff: noqa: PLC0415 (a worker that is never asked needs none of it)
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from solver.check import breaches
from solver.question.clinic import Clinic
from solver.question.reading import Question
from solver.rota import Rota

if TYPE_CHECKING:
    from solver.explain.verdict.find import Findings

PROVEN = 1e-6
"""Minutes; a bound that is no farther away is reached."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A week to look into for what is attainable, what binds and what would help.

    Parameters
    ----------
    clinic
        The week.
    seconds, workers
        For how long, and in how many processes.
    begin
        A rota of it that keeps every rule, if one is known.
    say
        Told what is done next.
    should_stop
        Asked a few times a second; once true, what was found so far is the answer.
    """

    clinic: Clinic
    seconds: float
    workers: int
    begin: Rota | None
    say: Callable[[str], None]
    should_stop: Callable[[], bool]


Finding: TypeAlias = "Callable[[Inquiry], Findings]"
"""Looks into a week, as `solver.explain.verdict` does."""


@dataclass(frozen=True, slots=True)
class Recommended:
    """A verdict with its levers, as it is given out.

    ``outcome`` is ``optimal`` where no rota can reach more minutes than the best found, else ``feasible``.
    """

    verdict: dict[str, Any]
    outcome: str
    stop_reason: str


def in_child_processes(asked: Inquiry) -> Findings:
    """Search in processes of their own, which inherit this thread's niceness and die with this process."""
    from solver.explain.verdict.find import findings

    return findings(asked.clinic, asked.seconds, asked.workers, asked.begin, asked.say, asked.should_stop)


def recommended(
    question: Question,
    about: Mapping[str, Any],
    finding: Finding,
    say: Callable[[str], None],
    should_stop: Callable[[], str | None],
) -> Recommended | None:
    """The verdict of a week, begun with a rota of it; None where nothing was found.

    Parameters
    ----------
    question
        The week, and how long to look.
    about
        The document of the rota by which each clinician's shortfall is counted.
    should_stop
        ``cancel`` or ``finish``; either keeps what was found so far.
    """
    from solver.answer.reading import read_rota

    clinic, effort = question.clinic, question.effort
    rota = read_rota(clinic, json.dumps(about))
    begin = None if breaches(clinic, rota) else rota
    found = finding(
        Inquiry(clinic, effort.seconds, effort.workers, begin, say, lambda: should_stop() is not None)
    )
    if found.rota is None or found.attainable_minutes is None:
        return None
    return Recommended(_told(clinic, rota, found), _outcome(found), _stop_reason(should_stop()))


def _told(clinic: Clinic, rota: Rota, found: Findings) -> dict[str, Any]:
    from solver.answer.findings import shaped
    from solver.answer.verdict import verdict
    from solver.solve import Solved

    figures = found.attainable_minutes, found.attainable_bound_minutes
    best = Solved("feasible", "time_limit", found.rota, None, None, None, *figures)
    told = verdict(clinic, rota, best, found.binding, shaped(found), found.not_binding)
    return dict(told.model_dump(mode="json"))


def _outcome(found: Findings) -> str:
    best, bound = found.attainable_minutes, found.attainable_bound_minutes
    return "optimal" if best is not None and bound is not None and bound - best <= PROVEN else "feasible"


def _stop_reason(asked: str | None) -> str:
    """Why it ended: it looks for as long as it is given, or until there is nothing left to measure."""
    return {None: "work_limit", "finish": "finished_early"}.get(asked, "cancelled")
