"""What a service is put through, in the sizes of CI; `python -m benchmarks.service NAME` runs larger ones.

How long things take is measured there, on a machine with nothing else to do, and only bounded here.
"""

from __future__ import annotations

import pytest

from benchmarks.service import dead_worker, disk_full, kill9, pg_restart, scale_out

pytestmark = pytest.mark.slow

NOTHING_WRONG = {"lost": 0, "half": 0, "doubled": 0}


def part(figures: dict[str, float | int], names: dict[str, int]) -> dict[str, float | int]:
    """The figures of these names."""
    return {name: figures[name] for name in names}


def test_nothing_accepted_is_lost_whoever_is_killed() -> None:
    figures = kill9.run(20)
    assert part(figures, NOTHING_WRONG) == NOTHING_WRONG
    assert figures["jobs"] >= 20


def test_a_dead_workers_job_runs_again_elsewhere_and_ends_once() -> None:
    figures = dead_worker.run(5)
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
