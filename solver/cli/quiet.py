"""Standard output is ours alone: what a solver's library prints by itself is dropped."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STANDARD_OUTPUT = 1


@contextmanager
def quiet() -> Iterator[None]:
    """Drop all that this process, and those that it starts meanwhile, write to the file of standard output.

    HiGHS has lines that no option of it turns off, and a rota may be on its way to the same file.
    """
    sys.stdout.flush()
    kept = os.dup(_STANDARD_OUTPUT)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), _STANDARD_OUTPUT)
        yield
    finally:
        os.dup2(kept, _STANDARD_OUTPUT)
        os.close(kept)
