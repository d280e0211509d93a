"""A week's cost where others are still to come: its own, and what it is thought to leave to the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from solver.search.linear import Vector
from solver.search.part import Part

FINE = 100
"""What is left to the rest is counted in hundredths of a unit of cost."""


@dataclass(frozen=True)
class Tangent:
    """What is left to the rest costs at least ``slope @ point + constant``."""

    slope: Vector
    constant: float


@dataclass(frozen=True)
class Ahead:
    """Cost of a point: ``cost @ point`` and the greatest of the tangents."""

    cost: Vector
    tangents: tuple[Tangent, ...]
    inside: NDArray[np.bool_]
    """Variables that may be used."""
    start: Vector | None = None
    """A point to start from."""

    def taught(self, tangent: Tangent, start: Vector) -> Ahead:
        """With one tangent more, and another point to start from."""
        return replace(self, tangents=(*self.tangents, tangent), start=start)

    def on(self, part: Part) -> Part:
        """A part with one variable more, for what is left to the rest, and a row for each tangent."""
        slopes = np.array([np.rint(FINE * t.slope[part.variables]) for t in self.tangents])
        constants = np.array([np.floor(FINE * t.constant) for t in self.tangents])
        most = float(np.abs(slopes).sum(axis=1).max() + np.abs(constants).max())
        count, rows = len(self.tangents), part.matrix.shape[0]
        below = hstack([csr_array(slopes), csr_array(np.full((count, 1), -1.0))])
        return Part(
            np.append(part.variables, -1),
            np.append(part.cost, 1 / FINE),
            np.append(part.lower, -most),
            np.append(part.upper, most),
            csr_array(vstack([hstack([part.matrix, csr_array((rows, 1))]), below])),
            np.append(part.least, np.full(count, -np.inf)),
            np.append(part.most, -constants),
        )

    def rest(self, point: Vector) -> float:
        """The further variable at a point."""
        return float(np.ceil(FINE * max(float(t.slope @ point) + t.constant for t in self.tangents)))
