"""A solve behind everybody else in the queue for the processors."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def nicely(niceness: int, call: Callable[P, T]) -> Callable[P, T]:
    """A call in a thread that yields to others, and so do the processes that it starts.

    On Linux niceness belongs to a thread and is inherited by what the thread starts. So the worker itself
    stays quick: it shows life and stores rotas while its solvers wait for the processors.
    """

    def nice(*args: P.args, **named: P.kwargs) -> T:
        with ThreadPoolExecutor(1, "solve", os.nice, (niceness,)) as thread:
            return thread.submit(call, *args, **named).result()

    return nice
