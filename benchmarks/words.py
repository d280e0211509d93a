"""What the child of a race says to its parent."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import cast

from solver.rota import Rota


@dataclass(frozen=True, slots=True)
class Said:
    """What a peer told, and when: seconds since it was given the request; either may be None."""

    seconds: float
    pickled: bytes | None = None
    """The rota, left as it came: the parent of a race has no time to unpack it meanwhile."""
    bound: float | None = None

    @classmethod
    def of(cls, seconds: float, rota: Rota | None = None, bound: float | None = None) -> Said:
        """A word with its rota packed."""
        return cls(seconds, None if rota is None else pickle.dumps(rota, pickle.HIGHEST_PROTOCOL), bound)

    def rota(self) -> Rota | None:
        """The rota, unpacked."""
        return None if self.pickled is None else cast("Rota", pickle.loads(self.pickled))


@dataclass(frozen=True, slots=True)
class Began:
    """The imports are done and the request is about to be read."""


@dataclass(frozen=True, slots=True)
class Done:
    """The peer has nothing more to try."""

    seconds: float
