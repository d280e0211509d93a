"""Who used the processors: a benchmark's own processes, or others that it had to share with."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import psutil


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of processors: of some processes and all below them, and of all others."""

    own: float
    others: float

    def __sub__(self, before: Self) -> Used:
        """What was used since."""
        return Used(self.own - before.own, self.others - before.others)


def used(pids: Iterable[int]) -> Used:
    """What these processes have used so far, and everything else on this machine."""
    own = sum(_of(pid) for pid in pids)
    times = psutil.cpu_times()
    return Used(own, sum(times) - times.idle - getattr(times, "iowait", 0.0) - own)


def _of(pid: int) -> float:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        below = process.children(recursive=True)
        return sum(_seconds(each) for each in [process, *below])
    return 0.0


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        told = process.cpu_times()
        return float(told.user + told.system)
    return 0.0
