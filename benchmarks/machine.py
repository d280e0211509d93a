"""Where and with what something was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent


def provenance() -> dict[str, str | int | None]:
    """Date, machine and versions: all that a figure needs beside its command.

    ``load`` is the mean number of processes that wanted a core in the last minute, ours among them: well over
    the number of cores, and every time here is too long.
    """
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "cores": os.cpu_count(),
        "load": f"{os.getloadavg()[0]:.1f}",
        "processor": processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "ortools": version("ortools"),
        "scipy": version("scipy"),
    }


def processor() -> str:
    """The processor's name, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def commit() -> str | None:
    """The commit that is checked out, with a plus where the tree differs from it; None outside a clone."""
    try:
        head = _git("rev-parse", "--short", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--", "solver") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def solver_tree() -> str | None:
    """What the solver's code is, whatever else was committed; with a plus, or None, as for `commit`."""
    try:
        tree = _git("rev-parse", "--short", "HEAD:solver")
        return tree + ("+" if _git("status", "--porcelain", "--", "solver") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*words: str) -> str:
    said = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return said.stdout.strip()
