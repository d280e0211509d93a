"""Questions that are never answered, for the tests of what ends them."""

from __future__ import annotations

import os
import time

from solver.search.line import Line


def talk(_: object, line: Line) -> None:
    line.send("a word")
    time.sleep(3600)


def fail(given: object, _: Line) -> None:
    raise ValueError(f"{given} could not be seen")


def die(_: object, line: Line) -> None:
    os._exit(3)
