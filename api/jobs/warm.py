"""What the end of a worker's first job would wait for, loaded while the worker waits for jobs."""

from __future__ import annotations

from importlib import import_module
from threading import Thread

_LATER = ("scipy.fft", "scipy.special")


def warm_up() -> None:
    """Load it in a thread of its own."""
    Thread(target=_load, name="warm-up", daemon=True).start()


def _load() -> None:
    for name in _LATER:
        import_module(name)
