"""Measured races, kept as JSON lines: appended as soon as each ends, so that a run can go on later."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic

from benchmarks.grid import Key
from benchmarks.machine import provenance, solver_tree
from benchmarks.peers import peer
from benchmarks.race import race, trail
from solver.make import request_bytes

Point = tuple[float, float | None, float | None]
"""Seconds, best cost so far, best own bound so far."""


@dataclass(frozen=True)
class Cell:
    """One race's figures; times in seconds from the request's bytes, memory in MB of the peer's processes."""

    key: Key
    points: tuple[Point, ...]
    seconds: float | None
    """Until the peer had nothing more to try; None where it had to be killed."""
    memory_mb: int
    held_up: float
    error: str | None
    broken: tuple[str, ...]
    """Rules that rotas broke; those rotas count for nothing."""
    solver: str | None
    """The tree of the solver that was measured."""
    measured: dict[str, str | int | None]

    @property
    def cost(self) -> float | None:
        """The cost of the best rota, None without one."""
        return self.points[-1][1] if self.points else None

    @property
    def bound(self) -> float | None:
        """The peer's own last bound that holds for the whole problem."""
        return self.points[-1][2] if self.points else None


def measured(key: Key) -> Cell:
    """Run one race."""
    request = request_bytes(key.clinicians, key.appointments, key.seed, key.flavour)
    chosen = peer(key.peer)
    run = race(key.peer, request, key.limit, chosen.CLOCKED)
    worth = trail(request, run.said, chosen.PROVES)
    return Cell(
        key,
        worth.points,
        run.seconds,
        run.memory_mb,
        run.held_up,
        run.error,
        worth.broken,
        solver_tree(),
        provenance(),
    )


def append(path: Path, cell: Cell) -> None:
    """Keep a cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as kept:
        kept.write(json.dumps(asdict(cell)) + "\n")


def read(path: Path) -> list[Cell]:
    """The cells of a file, of each race the last; none without a file. A line cut short is passed over."""
    if not path.exists():
        return []
    found: dict[Key, Cell] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            told = json.loads(line)
        except json.JSONDecodeError:
            continue
        key = Key(**told.pop("key"))
        points = tuple((t, cost, bound) for t, cost, bound in told.pop("points"))
        found[key] = Cell(key, points, broken=tuple(told.pop("broken")), **told)
    return list(found.values())


def missing(keys: Sequence[Key], known: Iterable[Cell], tree: str | None) -> list[Key]:
    """The races still to be run: those not known at all, and ours where the solver has changed since."""
    current = {cell.key for cell in known if cell.solver == tree or not _depends(cell.key)}
    return [key for key in keys if key not in current]


def _depends(key: Key) -> bool:
    """Whether a peer's figures hang on the solver's code."""
    return key.peer.startswith("ours")


def run(keys: Sequence[Key], path: Path, budget: float | None = None, again: bool = False) -> int:
    """Run what is missing, and keep each; the number of races left over.

    Parameters
    ----------
    budget
        Seconds after which no race is started that could not end within them; None for no limit.
    again
        Whether to run what is known too.
    """
    began = monotonic()
    todo = list(keys) if again else missing(keys, read(path), solver_tree())
    for done, key in enumerate(todo):
        if budget is not None and monotonic() - began + key.limit > budget:
            return len(todo) - done
        cell = measured(key)
        append(path, cell)
        print(told(cell), flush=True)
    return 0


def told(cell: Cell) -> str:
    """A cell in a line."""
    key = cell.key
    what = f"{key.clinicians}/{key.appointments} {key.flavour} {key.seed} {key.peer}"
    cost = "no rota" if cell.cost is None else f"cost {cell.cost:,.1f}"
    bound = "" if cell.bound is None else f", bound {cell.bound:,.1f}"
    trouble = f" ({cell.error})" if cell.error else ""
    seconds = "killed" if cell.seconds is None else f"{cell.seconds:.1f} s"
    return f"{what}: {cost}{bound}, {seconds}, {cell.memory_mb} MB{trouble}"
