"""A question that is never answered, for the tests of what ends it."""

from __future__ import annotations

import time

from solver.search.line import Line


def talk(_: object, line: Line) -> None:
    line.send("a word")
    time.sleep(3600)
