"""Starts that are tried for a proposal, and those of them that are allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from solver.explain.why_proposal import Proposal
from solver.explain.why_there import Placing, There

MOST_TRIED = 400
"""Starts tried a kind, and TRIES places verified a kind, before it is given up."""

TRIES = 4


def allowed(placing: Placing, starts: Iterable[tuple[int, int]]) -> Iterator[There]:
    """The starts (clinician, minute) that are allowed, of the first `MOST_TRIED` that may be hoped for."""
    tried = (placing.there(*at, blame=False) for at in islice(placing.hopeful(starts), MOST_TRIED))
    return (there for there in tried if there.allowed)


def at_most_one(found: Proposal | None) -> Iterator[Proposal]:
    """The proposal, if there is one."""
    if found is not None:
        yield found
