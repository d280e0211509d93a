"""One job from its claim to its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Event
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from api.jobs.incumbents import from_json
from api.jobs.ledger import LOST, Claimed, Ledger
from api.jobs.patience import patiently
from api.jobs.recommending import Finding, Recommended, recommended
from api.jobs.settings import Worker
from api.jobs.solving import Solving
from api.jobs.watch import HAND_BACK, Watch
from api.problems import Refused
from solver.answer import document, objections
from solver.question.faults import BadRequest
from solver.question.reading import Question, read_request
from solver.rota import Rota
from solver.rules import cost
from solver.search.reasons import explained
from solver.solve import BrokenRota, Solved

LOG = structlog.get_logger("rota.jobs")

LEAST_SECONDS = 1.0
"""What a job is given at least, when it was begun before or its deadline is near."""

NOTHING = Solved("none", "solver_failed", None, None, None, None)

TRIES = 2
"""Solves of one claim: a crashed one is tried once more, from the best rota that it had told."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a job has no rota; a stable code."""

    code: str


Ended = dict[str, Any] | Recommended | Failed | None
"""A rota's document, a verdict, why there is neither, or None to hand the job back."""


class Runner:
    """Runs claimed jobs, one a call."""

    def __init__(
        self,
        ledger: Ledger,
        solving: Solving,
        finding: Finding,
        settings: Worker,
        drain: Event,
        over: Event,
    ) -> None:
        self._ledger, self._solving, self._finding, self._settings = ledger, solving, finding, settings
        self._drain, self._over = drain, over

    def run(self, claimed: Claimed) -> None:
        """Solve a job and store its end; an end that is not ours to store any more is dropped.

        Raises
        ------
        Away
            If the database is away until this process ends: the job's next worker begins where this one was.
        """
        with Watch(self._ledger, claimed, self._settings.pace, self._drain) as watch:
            ended = self._ended(claimed, watch)
        if watch.wanted == LOST:
            LOG.warning("somebody else has the job now", job=claimed.job)
            return
        cancelled = watch.wanted == "cancel"
        try:
            patiently(lambda: self._store(claimed, ended, cancelled=cancelled), self._over)
        except (Refused, DBAPIError):
            LOG.exception("the end of a job cannot be stored", job=claimed.job)
            patiently(lambda: self._ledger.fail(claimed, "not_stored", cancelled=cancelled), self._over)

    def _store(self, claimed: Claimed, ended: Ended, *, cancelled: bool) -> None:
        if ended is None:
            self._ledger.hand_back(claimed)
        elif isinstance(ended, Failed):
            self._ledger.fail(claimed, ended.code, cancelled=cancelled)
        elif isinstance(ended, Recommended):
            self._ledger.conclude(claimed, ended, cancelled=cancelled)
        else:
            self._ledger.finish(claimed, ended, cancelled=cancelled)

    def _ended(self, claimed: Claimed, watch: Watch) -> Ended:
        if claimed.deadline is not None and claimed.deadline < datetime.now(UTC) and not claimed.incumbent:
            return Failed("deadline")
        try:
            ended = self._worked(asked(claimed, datetime.now(UTC)), claimed, watch)
        except BadRequest:
            return Failed("invalid_request")
        except BrokenRota as broken:
            rules = sorted({breach.rule for breach in broken.breaches})
            LOG.exception("a rota breaks its rules", job=claimed.job, rules=rules)
            return Failed("broken_rota")
        except Exception:
            LOG.exception("a solve raised", job=claimed.job)
            return Failed("solver_failed")
        return None if watch.wanted == HAND_BACK else ended

    def _worked(self, question: Question, claimed: Claimed, watch: Watch) -> Ended:
        if claimed.about is not None:
            return self._recommended(question, claimed, claimed.about, watch)
        solved = self._settled(question, claimed) or self._solved(question, claimed, watch)
        return None if watch.wanted == HAND_BACK else _judged(question, solved, claimed)

    def _recommended(
        self, question: Question, claimed: Claimed, about: dict[str, Any], watch: Watch
    ) -> Recommended | Failed:
        """What would help; from the beginning at each attempt, since nothing of it is kept meanwhile."""
        if claimed.attempt > self._settings.most_attempts:
            return Failed("solver_failed")
        found = recommended(question, about, self._finding, watch.on_phase, watch.should_stop)
        return found or Failed("solver_failed")

    def _settled(self, question: Question, claimed: Claimed) -> Solved | None:
        """What a job that was begun too often ends with: the best that it told, or else the clerk's rota."""
        if claimed.attempt <= self._settings.most_attempts:
            return None
        LOG.error("a job was begun too often", job=claimed.job)
        rota = from_json(claimed.incumbent) or _by_hand(question)
        if rota is None:
            return NOTHING
        price = cost(question.clinic, rota)
        return Solved("feasible", "solver_failed", explained(question.clinic, rota), price, None, None)

    def _solved(self, question: Question, claimed: Claimed, watch: Watch) -> Solved:
        best = Best(from_json(claimed.incumbent), watch)
        for _ in range(TRIES):
            solved = self._solving(question, watch.on_progress, watch.should_stop, best.keep, best.rota)
            if solved.rota is not None or watch.should_stop():
                break
            LOG.warning("a solver failed", job=claimed.job)
        return solved


def _by_hand(question: Question) -> Rota | None:
    """A rota that needs no solver; None where even the pins of a day cannot be laid out so."""
    from solver.search.clerk import clerk  # noqa: PLC0415 - hardly ever needed

    try:
        return clerk(question.clinic)
    except ValueError:
        return None


class Best:
    """The best rota that a job has told, over all its solves."""

    def __init__(self, rota: Rota | None, watch: Watch) -> None:
        self.rota, self._watch = rota, watch

    def keep(self, rota: Rota) -> None:
        """Take a better one."""
        self.rota = rota
        self._watch.on_rota(rota)


def asked(claimed: Claimed, now: datetime) -> Question:
    """The question of a job, with the seconds that are left for it.

    Raises
    ------
    BadRequest
        If its stored request is none, which only another version of this program can have stored.
    """
    question = read_request(claimed.body)
    left = claimed.seconds - claimed.spent
    if claimed.deadline is not None:
        left = min(left, (claimed.deadline - now).total_seconds())
    effort = question.effort.model_copy(update={"seconds": max(LEAST_SECONDS, left)})
    return replace(question, effort=effort)


def _judged(question: Question, solved: Solved, claimed: Claimed) -> dict[str, Any] | Failed:
    """The document of a solve that may be given out."""
    if solved.rota is None:
        return Failed("solver_failed")
    wrong = objections(question, solved)
    if wrong:
        LOG.error("a rota was refused", job=claimed.job, rules=wrong)
        return Failed("broken_rota")
    return document(question, solved)
