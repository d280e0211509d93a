"""The main job: a question in, a checked rota out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from time import monotonic

from solver.check import breaches
from solver.keepable import unkept
from solver.question.clinic import Clinic
from solver.question.faults import BadRequest
from solver.question.reading import Question
from solver.rota import Rota
from solver.rules import cost
from solver.rules.rule import Breach
from solver.search.box import Ended, Failed, Grace, Job, Running, box
from solver.search.order import Order
from solver.search.reasons import explained
from solver.search.work import ROUNDING, Attainable, Bound, Half, Incumbent, Work


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a solve stands: seconds since it began; None where nothing is known yet."""

    seconds: float
    cost: float | None
    bound: float | None

    @property
    def gap(self) -> float | None:
        """``(cost - bound) / max(1, cost)``, or None without both."""
        return gap_between(self.cost, self.bound)


def gap_between(cost: float | None, bound: float | None) -> float | None:
    """``(cost - bound) / max(1, cost)``, 0 for a cost under the bound; None without both."""
    if cost is None or bound is None:
        return None
    return max(0.0, cost - bound) / max(1.0, cost)


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solve ends with.

    ``outcome`` is ``optimal``, ``feasible`` or ``none``; ``stop_reason`` is ``gap_reached``,
    ``time_limit``, ``work_limit``, ``cancelled``, ``finished_early`` or ``solver_failed``. Cost and
    rota are None only where the outcome is ``none``. ``attainable_minutes`` is the best found,
    ``attainable_bound_minutes`` proven.
    """

    outcome: str
    stop_reason: str
    rota: Rota | None
    cost: Fraction | None
    bound: float | None
    gap: float | None
    attainable_minutes: float | None = None
    attainable_bound_minutes: float | None = None


class BrokenRota(Exception):
    """The rota that was found breaks a rule: a defect, named here, and never an answer."""

    def __init__(self, breaches: tuple[Breach, ...]) -> None:
        super().__init__(f"the rota breaks {', '.join(sorted({b.rule for b in breaches}))}")
        self.breaches = breaches


def solve(
    question: Question,
    on_progress: Callable[[Progress], None] = lambda _: None,
    should_stop: Callable[[], str | None] = lambda: None,
    on_rota: Callable[[Rota], None] | None = None,
    begin_with: Rota | None = None,
) -> Solved:
    """Solve a question within its effort, in child processes.

    One process finds rotas; with two workers another proves how good they can be. The clock is kept
    here. A process that crashes is started once more; what was found before stays.

    Parameters
    ----------
    on_progress
        Told of each better rota or bound.
    should_stop
        Asked a few times a second; ``"cancel"`` or ``"finish"`` stops the solve and keeps the best rota.
    on_rota
        Given each better rota, before `on_progress`, so that it can be kept against a crash.
    begin_with
        A rota of this clinic to improve on; ignored if it breaks a rule.

    Returns
    -------
    Solved
        Its rota keeps every rule by `solver.check`, and each unplaced appointment has its reason.

    Raises
    ------
    BadRequest
        If no rota can keep the pins.
    BrokenRota
        If what was found breaks a rule.
    """
    faults = unkept(question.clinic)
    if faults:
        raise BadRequest(faults)
    effort, order = question.effort, Order.of(question.clinic)
    both = effort.workers > 1 and not effort.reproducible
    work = Work(
        order.sorted(question.clinic),
        effort.seconds,
        effort.seed,
        effort.gap,
        effort.reproducible,
        until=monotonic() + effort.seconds,
        halved=both,
    )
    watch = Watch(work, on_progress, lambda found: on_rota(order.back(found)) if on_rota else None)
    targets = [FIND, PROVE] if effort.workers > 1 or effort.reproducible else [FIND]
    limit = None if effort.reproducible else effort.seconds + GRACE
    with box([Job(target, work, limit, MEMORY_MB) for target in targets]) as running:
        if begin_with is not None and not breaches(
            question.clinic, begin_with := explained(question.clinic, begin_with)
        ):
            watch.begin(running, Incumbent(order.forth(begin_with), cost(question.clinic, begin_with)))
        watch.follow(running, [Job(target, work, limit, MEMORY_MB) for target in targets], should_stop)
    return watch.solved(question.clinic, order)


FIND = "solver.search.run:find_rotas"
PROVE = "solver.search.run:prove_bounds"

GRACE = 1.0
"""Seconds after the time limit until a process is asked to end; it is killed soon after."""

CRASHES = frozenset({"died", "memory", "error"})
"""Ends after which the search is started once more, as number AGAIN."""

AGAIN = 2

MEMORY_MB = 6000
"""Address space that one process may take."""


class Watch:
    """What is known while a solve runs, and when it has to stop."""

    def __init__(
        self, work: Work, on_progress: Callable[[Progress], None], on_rota: Callable[[Rota], None]
    ) -> None:
        self.work, self.on_progress, self.on_rota, self.began = work, on_progress, on_rota, monotonic()
        self.best: Incumbent | None = None
        self.bound: float | None = None
        self.attained: float | None = None
        self.attainable: float | None = None
        self.reason: str | None = None
        self.alive: set[int] = set()

    def begin(self, running: Running, incumbent: Incumbent) -> None:
        """Start from a rota that is known."""
        self.hear(incumbent)
        if not self.work.reproducible:
            running.send(0, incumbent)
            running.send(1, incumbent)

    def follow(self, running: Running, jobs: list[Job], should_stop: Callable[[], str | None]) -> None:
        """Listen until every process has ended, or the search should stop and did."""
        self.alive = set(range(len(jobs)))
        for said in running.events(poll=0.1):
            if said is not None:
                self._heard(running, jobs[0], *said)
            if self.reason is None and (reason := self._why_stop(should_stop())):
                self.reason = reason
                for index in self.alive - ({1} if self._awaits() else set()):
                    running.ask(index, "finish")
            if self.reason and self.best and not self.work.reproducible and not self._awaits():
                return

    def _heard(self, running: Running, first: Job, index: int, event: object) -> None:
        """Take in an event, start a crashed search once more, and tell the other process what is new."""
        if isinstance(event, Ended | Failed):
            self.alive.discard(index)
        if isinstance(event, Failed) and index == 0 and self.reason is None and event.kind in CRASHES:
            alone = replace(self.work, halved=False)
            running.start(AGAIN, replace(first, payload=alone), Grace())
            self.alive.add(AGAIN)
        news = self.hear(event) and isinstance(event, Incumbent) and not self.work.reproducible
        if news or isinstance(event, Half):
            for other in self.alive - {index}:
                running.send(other, event)

    def _awaits(self) -> bool:
        """Whether the verdict's bound may still come, after a rota that is good enough."""
        late = monotonic() - self.began >= self.work.seconds
        return self.reason == "gap_reached" and self.attainable is None and 1 in self.alive and not late

    def hear(self, event: object) -> bool:
        """Take in what a process found; whether it is news of cost or bound."""
        if isinstance(event, Incumbent) and (self.best is None or event.cost < self.best.cost):
            self.best = event
            self.on_rota(event.rota)
        elif isinstance(event, Bound) and event.value > float("-inf"):
            self.bound = event.value if self.bound is None else max(self.bound, event.value)
        elif isinstance(event, Attainable):
            self._attain(event)
            return False
        else:
            return False
        self.on_progress(self.progress())
        return True

    def _attain(self, event: Attainable) -> None:
        if event.found is not None:
            self.attained = max(event.found, self.attained or 0.0)
        if event.bound is not None:
            self.attainable = min(
                event.bound, self.attainable if self.attainable is not None else event.bound
            )

    def progress(self) -> Progress:
        """Where the solve stands."""
        cost = None if self.best is None else float(self.best.cost)
        bound = self.bound if cost is None or self.bound is None else min(self.bound, cost)
        return Progress(monotonic() - self.began, cost, bound)

    def _reached(self) -> bool:
        gap = self.progress().gap
        return gap is not None and gap <= self.work.gap + ROUNDING

    def _why_stop(self, asked: str | None) -> str | None:
        if asked:
            return "cancelled" if asked == "cancel" else "finished_early"
        if self._reached() and not self.work.reproducible:
            return "gap_reached"
        if not self.work.reproducible and monotonic() - self.began >= self.work.seconds:
            return "time_limit"
        return None

    def solved(self, clinic: Clinic, order: Order) -> Solved:
        """What it all comes to, in the request's order of clinicians."""
        if self.best is None:
            return Solved("none", "solver_failed", None, None, None, None)
        rota = explained(clinic, order.back(self.best.rota))
        found = breaches(clinic, rota)
        if found:
            raise BrokenRota(found)
        progress = self.progress()
        reached = self._reached()
        stop = self.reason or ("gap_reached" if reached else "work_limit")
        return Solved(
            "optimal" if reached else "feasible",
            "gap_reached" if reached else stop,
            rota,
            self.best.cost,
            progress.bound,
            progress.gap,
            self.attained,
            self.attainable,
        )
