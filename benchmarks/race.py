"""One race: a peer in a process of its own, under a clock and a watch over memory, and what it is worth.

Rotas are checked and priced here, after the peer has ended, by the product's own checker and terms.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import BinaryIO

from benchmarks.machine import ROOT
from benchmarks.memory import MemoryWatch
from benchmarks.words import Began, Done, Said
from solver.check import breaches
from solver.question.clinic import Clinic
from solver.question.reading import read_request
from solver.rota import Rota
from solver.rules import cost

GRACE = 10.0
"""Seconds past its limit after which a peer is killed."""

UNCLOCKED = 900.0
"""Seconds that a peer without a clock gets instead of the limit."""

LATE = 2.0
"""Seconds past the limit up to which what a peer tells still counts."""

STARTING = 60.0
"""Seconds that a peer's imports may take; they are not counted."""

MOST_MB = 8000
"""Memory at which a peer is killed, its children included."""


@dataclass
class Race:
    """What came of one peer on one request; times in seconds since it was given the request's bytes."""

    said: list[Said] = field(default_factory=list)
    seconds: float | None = None
    """Wall time until it had nothing more to try, None where it never ended by itself."""
    memory_mb: int = 0
    held_up: float = 0.0
    error: str | None = None


def race(name: str, request: bytes, limit: float, clocked: bool = True) -> Race:
    """Run a peer on a request; whatever it starts is gone afterwards."""
    limit = limit if clocked else UNCLOCKED
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "request.json"
        path.write_bytes(request)
        with (Path(scratch) / "stderr").open("w+b") as stderr:
            words = [sys.executable, "-m", "benchmarks.runner", name, str(path), str(limit)]
            with subprocess.Popen(
                words, cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True
            ) as child:
                return _followed(child, limit, stderr)


def _followed(child: subprocess.Popen[bytes], limit: float, stderr: BinaryIO) -> Race:
    found, words = Race(), _Words(child)
    with MemoryWatch(pid=child.pid) as watch:
        try:
            found.error = words.follow(limit, watch)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            words.join()
    found.said = [word for word in words.heard if isinstance(word, Said) and word.seconds <= limit + LATE]
    found.seconds = next((word.seconds for word in words.heard if isinstance(word, Done)), None)
    found.memory_mb, found.held_up = watch.tree_mb, watch.held_up
    if found.error is None and found.seconds is None:
        found.error = _last_line(stderr) or f"exit {child.returncode}"
    return found


class _Words:
    """What a child says, read as it comes."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self.child = child
        self.heard: list[object] = []
        self.began: float | None = None
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.child.stdout is not None
        while True:
            try:
                word = pickle.load(self.child.stdout)
            except (EOFError, OSError, pickle.UnpicklingError):
                return
            if isinstance(word, Began):
                self.began = monotonic()
            self.heard.append(word)

    def follow(self, limit: float, watch: MemoryWatch) -> str | None:
        """Wait for the end; why it was brought about, None where the child ended by itself."""
        started = monotonic()
        while self.child.poll() is None:
            over = monotonic() - (self.began or started)
            if over > (limit + GRACE if self.began else STARTING):
                return "killed: it did not stop in time"
            if watch.tree_mb > MOST_MB:
                return f"killed: more than {MOST_MB} MB"
            self._thread.join(0.05)
        return None

    def join(self) -> None:
        """Let the last words come in."""
        self._thread.join()


def _last_line(stderr: BinaryIO) -> str | None:
    stderr.seek(0)
    lines = stderr.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else None


@dataclass(frozen=True)
class Trail:
    """What a race is worth: points (seconds, cost, bound), each better than the one before in cost or bound.

    ``broken`` names the rules that rotas broke; those rotas count for nothing.
    """

    points: tuple[tuple[float, float | None, float | None], ...]
    broken: tuple[str, ...]


MANY = 50
"""Rotas that are all checked and priced; of more than that some are passed over (see `thinned`)."""


def thinned(said: list[Said]) -> list[Said]:
    """What was told; of many rotas without those that came less than a tenth later than the one before.

    The last one stays. A large week has hundreds of rotas, and to check each would take longer than to find
    it; a time to a gap may come out a tenth too long for that, never too short.
    """
    rotas = [word for word in said if word.pickled is not None]
    if len(rotas) <= MANY:
        return said
    kept, after = {id(rotas[-1])}, 0.0
    for word in rotas:
        if word.seconds >= after:
            kept.add(id(word))
            after = 1.1 * word.seconds
    return [
        word if word.pickled is None or id(word) in kept else replace(word, pickled=None) for word in said
    ]


def trail(request: bytes, said: list[Said], proves: bool = True) -> Trail:
    """Check and price what was told, in the order in which it was told."""
    clinic = read_request(request).clinic
    best: float | None = None
    bound: float | None = None
    points: list[tuple[float, float | None, float | None]] = []
    broken: set[str] = set()
    for word in thinned(said):
        before = (best, bound)
        if word.bound is not None and proves:
            bound = word.bound if bound is None else max(bound, word.bound)
        if (rota := word.rota()) is not None:
            priced, faults = _worth(clinic, rota, best)
            broken.update(faults)
            best = priced if best is None else min(best, priced if priced is not None else best)
        if (best, bound) != before:
            points.append((word.seconds, best, bound))
    return Trail(tuple(points), tuple(sorted(broken)))


def _worth(clinic: Clinic, rota: Rota, best: float | None) -> tuple[float | None, Iterator[str]]:
    """The cost of a rota, None where it is no better or breaks a rule; and the rules that it breaks."""
    priced = float(cost(clinic, rota))
    if best is not None and priced >= best:
        return None, iter(())
    found = breaches(clinic, rota)
    return (None if found else priced), (breach.rule for breach in found)
