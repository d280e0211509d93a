"""What becomes of solver processes when their parent is a plain script, is interrupted, or is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[1]

SCRIPT = """\
import sys
from solver.search.box import Job, box
print("script", flush=True)
with box([Job("tests.boxed:" + sys.argv[1], int(sys.argv[2]), None, 2000)]) as running:
    for said in running.events():
        if said is not None:
            print(said[1], flush=True)
"""


@contextmanager
def a_script(tmp_path: Path, target: str, payload: int) -> Iterator[subprocess.Popen[str]]:
    """A script without ``if __name__ == "__main__"``, in a process group of its own."""
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(path), target, str(payload)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as script:
        try:
            yield script
        finally:
            script.kill()


def said(script: subprocess.Popen[str]) -> str:
    assert script.stdout is not None
    return script.stdout.readline().strip()


def is_gone(pid: int, seconds: float) -> bool:
    """Whether a process has ended by then; one that only waits to be reaped has."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_a_plain_script_needs_no_guard_and_runs_once(tmp_path: Path) -> None:
    with a_script(tmp_path, "count", 2) as script:
        out, err = script.communicate(timeout=20)
    assert out.splitlines() == ["script", "0", "1", "Ended(index=0, value=2)"]
    assert err == ""


def test_a_thread_that_fails_in_a_child_prints_nothing_of_the_payload(tmp_path: Path) -> None:
    with a_script(tmp_path, "fail_in_a_thread", 271828) as script:
        out, err = script.communicate(timeout=20)
    assert out.splitlines() == ["script", "Ended(index=0, value='went on')"]
    assert err.startswith("ValueError: clinician … has no shift (tests.boxed:")
    assert "271828" not in err


@pytest.mark.parametrize("target", ["sleep", "hold_everything"])
def test_a_child_does_not_outlive_a_parent_that_was_killed(tmp_path: Path, target: str) -> None:
    with a_script(tmp_path, target, 30) as script:
        assert said(script) == "script"
        child = int(said(script))
        server = psutil.Process(child).ppid()
        assert not is_gone(child, 0.2)
        script.kill()
        assert is_gone(child, 2.0)
        assert is_gone(server, 2.0)


def test_ctrl_c_is_the_parents_to_handle_and_leaves_no_child(tmp_path: Path) -> None:
    with a_script(tmp_path, "sleep", 30) as script:
        assert said(script) == "script"
        child = int(said(script))
        os.killpg(script.pid, signal.SIGINT)
        _, err = script.communicate(timeout=5)
        assert is_gone(child, 0.5)
    # one traceback, the parent's
    assert err.count("Traceback") == 1
    assert err.strip().endswith("KeyboardInterrupt")


def test_a_box_whose_server_was_killed_says_so_and_the_next_one_works(tmp_path: Path) -> None:
    with a_script(tmp_path, "sleep", 30) as script:
        assert said(script) == "script"
        child = int(said(script))
        psutil.Process(psutil.Process(child).ppid()).kill()
        out, err = script.communicate(timeout=5)
        assert is_gone(child, 0.5)
    assert out.strip() == "Failed(index=0, kind='died', detail='exit 255')"
    assert err == ""
