"""A process that crashes leaves no core file: it would have patients in it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from benchmarks.machine import ROOT
from benchmarks.service.databases import migrated
from solver.search.box import Failed, Grace, Job, box

NONE = (0, 0)
CRASHES = (signal.SIGABRT, signal.SIGSEGV)

PROGRAMS = {
    "service": "from api.serve import Settings, serve; serve(Settings({url!r}, port=0, workers=0))",
    "worker": "from api.jobs import settings as s, worker; worker.work({url!r}, s.Worker())",
}


def with_cores() -> None:
    """What a process is started with here: cores of any size, as far as the system lets us."""
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))


def started(place: Path, program: str) -> subprocess.Popen[bytes]:
    """A program in a directory of its own, which would leave cores there."""
    command = [sys.executable, "-c", program.format(url=f"sqlite:///{place / 'rota.db'}")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        command,
        cwd=place,
        env=environment,
        stderr=nowhere,
        preexec_fn=with_cores,  # noqa: PLW1509
    )


def until(true: Callable[[], bool]) -> None:
    limit = monotonic() + 60
    while not true():
        assert monotonic() < limit
        sleep(0.05)


def dumped(process: subprocess.Popen[bytes], how: signal.Signals) -> bool:
    """Whether a process leaves a core when it is ended like this."""
    os.kill(process.pid, how)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -os.WTERMSIG(status)
    assert process.returncode == -how
    return os.WCOREDUMP(status)


def limit_of(pid: int) -> tuple[int, int]:
    return psutil.Process(pid).rlimit(psutil.RLIMIT_CORE)


@pytest.mark.parametrize(("name", "how"), [("service", signal.SIGABRT), ("worker", signal.SIGSEGV)])
def test_a_process_of_the_service_that_crashes_leaves_no_core(
    tmp_path: Path, name: str, how: signal.Signals
) -> None:
    migrated(f"sqlite:///{tmp_path / 'rota.db'}")
    process = started(tmp_path, PROGRAMS[name])
    until(lambda: limit_of(process.pid) == NONE)
    assert not dumped(process, how)
    assert list(tmp_path.glob("core*")) == []


@pytest.mark.parametrize("how", CRASHES)
def test_a_solver_process_that_crashes_leaves_no_core(how: signal.Signals) -> None:
    with box([Job("tests.boxed:sleep", 60.0, None, 2000)], Grace()) as running:
        said = running.events()
        pid = next(told[1] for told in said if told is not None)
        assert isinstance(pid, int)
        place = Path(psutil.Process(pid).cwd())
        before = set(place.glob("core*"))
        assert limit_of(pid) == NONE
        os.kill(pid, how)
        last = [told[1] for told in said if told is not None][-1]
    assert isinstance(last, Failed)
    assert last.detail == f"signal {int(how)}"
    assert set(place.glob("core*")) == before
