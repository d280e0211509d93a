"""One running job, seen from its worker: what somebody wants of it, and what it has to tell."""

from __future__ import annotations

from dataclasses import asdict
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Self

import structlog
from sqlalchemy.exc import DBAPIError

from api.jobs.incumbents import to_json
from api.jobs.ledger import Claimed, Ledger
from api.jobs.settings import Pace
from api.problems import Refused
from solver.rota import Rota
from solver.solve import Progress

LOG = structlog.get_logger("rota.jobs")

HAND_BACK = "hand_back"


class Watch:
    """Asks and tells in a thread of its own, so that a slow database never slows a solve.

    Progress and rotas that come faster than they are written replace each other. What cannot be written now
    is tried again with the next.
    """

    def __init__(self, ledger: Ledger, claimed: Claimed, pace: Pace, drain: Event) -> None:
        self._ledger, self._claimed, self._pace, self._drain = ledger, claimed, pace, drain
        self._lock = Lock()
        self._over = Event()
        self._progress: dict[str, Any] | None = None
        self._rota: Rota | None = None
        self._before, self._began = claimed.spent, monotonic()
        self.wanted: str | None = claimed.asked
        self._thread = Thread(target=self._follow, name=f"watch-{claimed.job}", daemon=True)

    def __enter__(self) -> Self:
        """Begin to ask and to tell."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, with everything told that could be."""
        self._over.set()
        self._thread.join()

    def on_progress(self, progress: Progress) -> None:
        """Keep the last progress; its seconds count those of earlier attempts too."""
        told = asdict(progress) | {"seconds": round(progress.seconds + self._before, 3), "gap": progress.gap}
        with self._lock:
            self._progress = told

    def on_phase(self, phase: str) -> None:
        """Keep what is being done."""
        with self._lock:
            self._progress = {"seconds": round(monotonic() - self._began, 3), "phase": phase}

    def on_rota(self, rota: Rota) -> None:
        """Keep the best rota."""
        with self._lock:
            self._rota = rota

    def should_stop(self) -> str | None:
        """What the solver is told: why to stop, if it should."""
        if self.wanted is None and self._drain.is_set():
            self.wanted = HAND_BACK
        return {None: None, "finish": "finish"}.get(self.wanted, "cancel")

    def _follow(self) -> None:
        asks = tells = 0.0
        step = min(self._pace.ask, self._pace.told)
        while not self._over.wait(step):
            asks, tells = asks + step, tells + step
            if asks >= self._pace.ask:
                asks = 0.0
                self._ask()
            if tells >= self._pace.told:
                tells = 0.0
                self._tell()
        self._tell()

    def _ask(self) -> None:
        try:
            wanted = self._ledger.asked(self._claimed)
        except (Refused, DBAPIError):
            LOG.warning("what is wanted of a job cannot be read", job=self._claimed.job)
            return
        if wanted is not None:
            self.wanted = wanted

    def _tell(self) -> None:
        with self._lock:
            progress, rota = self._progress, self._rota
            self._progress = self._rota = None
        if progress is None and rota is None:
            return
        try:
            self._ledger.tell(self._claimed, progress, to_json(rota) if rota else None)
        except (Refused, DBAPIError):
            with self._lock:
                self._keep(progress, rota)

    def _keep(self, progress: dict[str, Any] | None, rota: Rota | None) -> None:
        """Have what could not be told told later, unless there is something newer by then."""
        self._progress = self._progress or progress
        self._rota = self._rota or rota
