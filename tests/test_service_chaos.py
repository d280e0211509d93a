"""What a service is put through, in the sizes of CI; `python -m benchmarks.service NAME` runs larger ones.

How long things take is measured there, on a machine with nothing else to do, and only bounded here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from benchmarks.service import dead_worker, disk_full, kill9, pg_restart, scale_out
from benchmarks.service.databases import migrated
from benchmarks.service.queue import Queue
from benchmarks.service.served import served
from benchmarks.service.weeks import a_week

pytestmark = pytest.mark.slow

NOTHING_WRONG = {"lost": 0, "half": 0, "doubled": 0}


def part(figures: dict[str, float | int], names: dict[str, int]) -> dict[str, float | int]:
    """The figures of these names."""
    return {name: figures[name] for name in names}


def test_nothing_accepted_is_lost_whoever_is_killed() -> None:
    figures = kill9.run(20, seconds=1.0)
    assert part(figures, NOTHING_WRONG) == NOTHING_WRONG
    assert figures["jobs"] >= 20


def test_a_dead_workers_job_runs_again_elsewhere_and_ends_once() -> None:
    figures = dead_worker.run(5, seconds=1.0, dead_after=3.0)
    assert part(figures, NOTHING_WRONG) == NOTHING_WRONG
    assert figures["rerun_seconds_worst"] <= 15


def test_clients_wait_out_a_restart_of_postgresql_and_lose_nothing() -> None:
    figures = pg_restart.run(2)
    right = {**NOTHING_WRONG, "without_retry_after": 0, "other_answers": 0, "taken": int(figures["keys"])}
    assert part(figures, right) == right


def test_a_full_disk_tears_nothing_and_heals() -> None:
    figures = disk_full.run(20)
    assert (figures["rude"], figures["torn"], figures["unhealed"]) == (0, 0, 0)
    assert figures["refused"] >= 10


def test_two_workers_do_twice_as_much() -> None:
    figures = scale_out.run(3, seconds=1.0, fleets=(1, 2))
    assert figures["linear_2"] >= 0.8


def alive(process: psutil.Process) -> bool:
    """Whether a process still runs: one that has ended and was not reaped yet does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ended(processes: Sequence[psutil.Process], within: float) -> bool:
    """Whether all have ended after so many seconds at most; the last dies with the pipe of the first."""
    until = monotonic() + within
    while any(alive(process) for process in processes):
        if monotonic() > until:
            return False
        sleep(0.05)
    return True


def test_a_service_told_to_stop_leaves_its_job_to_the_next(tmp_path: Path) -> None:
    url = migrated(f"sqlite:///{tmp_path / 'rota.db'}")
    queue = Queue(url)
    with served(url, "--drain-seconds", "0") as service:
        queue.accepted.append(service.ask("POST", "/v1/rotas", a_week(60.0)).json["id"])
        queue.wait(60, until=["running"])
        below = service.below()
        assert service.drain() == 0
        assert ended(below, within=10.0)
    (stood,) = queue.stand()
    assert (stood.state, stood.worker, stood.attempts) == ("queued", None, 0)
    assert queue.alive() == []
    queue.close()
