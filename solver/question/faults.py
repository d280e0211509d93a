"""What is wrong with a request: every fault has a code, a place and a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

Part = str | int
"""A field's name, or a place in a list counted from 0."""

_SHOWN = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request.

    Parameters
    ----------
    code
        Stable, in snake_case; one of `solver.question.codes`.
    pointer
        RFC 6901 JSON pointer to it in the request; "" is the whole request.
    text
        A sentence for people. It may say numbers, and ids of clinicians and appointments; nothing else
        that was sent.
    """

    code: str
    pointer: str
    text: str


class BadRequest(ValueError):
    """A request that cannot be answered; ``faults`` has at least one, each only once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(fault.text for fault in self.faults))

    def __reduce__(self) -> tuple[type[BadRequest], tuple[tuple[Fault, ...]]]:
        """Pickled by its faults, so that it crosses to another process whole."""
        return BadRequest, (self.faults,)


def pointer(parts: Iterable[Part]) -> str:
    """RFC 6901 JSON pointer: ``pointer(("clinicians", 0, "id"))`` is ``/clinicians/0/id``."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def may_be_shown(name: str) -> bool:
    """Whether a name that was sent looks like an identifier, and not like what somebody wrote."""
    return _SHOWN.fullmatch(name) is not None


def shown_pointer(parts: Iterable[Part]) -> str:
    """A pointer that stops before the first name that may not be shown."""
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, str) and not may_be_shown(part):
            break
        kept.append(part)
    return pointer(kept)
