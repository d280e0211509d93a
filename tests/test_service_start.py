"""What the processes of a service load before they are ready: no more than they need, or they start late."""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = frozenset({"alembic", "matplotlib", "ortools", "pandas", "scipy.special", "scipy.optimize", "simpy"})


@pytest.mark.parametrize("modules", ["api.serve, api.answering, api.jobs.tickets", "api.jobs.worker"])
def test_a_process_loads_nothing_slow_before_it_is_ready(modules: str) -> None:
    code = f"import sys, {modules}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert SLOW & set(said.stdout.split()) == set()
