"""What went wrong in a solver process, in words that carry nothing of what it was given.

A request names patients, and an exception's text may quote them. Of that text only the words stay that
stand as literals in the code it came through; the rest becomes an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import CodeType, TracebackType

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"…[^a-zA-Z]*…")
_LONGEST = 300


def described(fault: BaseException) -> str:
    """Type, text and place: ``ValueError: clinician … has no shift (solver.search.plan:41)``."""
    known: set[str] = set()
    place = ""
    for code, module, line in _frames(fault.__traceback__):
        known.update(_words(code))
        place = f" ({module}:{line})"
    text = _WORD.sub(lambda word: word[0] if word[0] in known else "…", str(fault)[:_LONGEST])
    while (shorter := _GAP.sub("…", text)) != text:
        text = shorter
    return f"{type(fault).__name__}{': ' if text else ''}{' '.join(text.split())}{place}"


def _frames(trace: TracebackType | None) -> Iterator[tuple[CodeType, str, int]]:
    while trace is not None:
        frame = trace.tb_frame
        yield frame.f_code, str(frame.f_globals.get("__name__", "?")), trace.tb_lineno
        trace = trace.tb_next


def _words(code: CodeType) -> Iterator[str]:
    for literal in code.co_consts:
        if isinstance(literal, str):
            yield from _WORD.findall(literal)
