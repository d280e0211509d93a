r"""Where a standing rota loses: what each clinician's week costs above what the relaxation proves.

With duals ``y`` of the relaxation and reduced costs :math:`d = c - y A`, a point ``x`` costs exactly

.. math:: \sum_j \left( d_j x_j - \min(d_j l_j, d_j u_j) \right) + \sum_i y_i (A_i x - b_i)

more than the bound that the duals prove, and no term is negative. Terms of a clinician's own variables and
rows are that clinician's; those of an appointment that several could see are shared by them.
"""

from __future__ import annotations

import numpy as np

from solver.search.blocks import LINK
from solver.search.linear import Vector
from solver.search.prepare import Prepared


class Losses:
    """The loss of each clinician; 0 everywhere without a relaxation."""

    def __init__(self, ready: Prepared) -> None:
        self.ready, self.count = ready, len(ready.week.clinic.clinicians)
        if ready.relaxed is None:
            return
        given, block = ready.given, ready.split.block
        self.duals = given.signed(ready.relaxed.duals)
        self.reduced = given.cost - given.matrix.T @ self.duals
        self.least = np.minimum(self.reduced * given.lower, self.reduced * given.upper)
        able = {a: sorted({c.clinician for c in cs}) for a, cs in ready.week.of_appointment.items()}
        shared = [(u, able.get(a, [])) for a, u in enumerate(ready.week.unplaced) if block[u] == LINK]
        self.nobodys = np.array([u for u, who in shared for _ in who], np.int64)
        self.who = np.array([c for _, who in shared for c in who], np.int64)
        self.part = np.array([1 / len(who) for _, who in shared for _ in who])

    def of(self, values: Vector) -> Vector:
        """Loss of each clinician, in units of cost.

        Parameters
        ----------
        values
            A point of the week's model.
        """
        if self.ready.relaxed is None:
            return np.zeros(self.count)
        given, split = self.ready.given, self.ready.split
        lost = np.maximum(0.0, self.reduced * values - self.least)
        slack = np.maximum(0.0, self.duals * (given.matrix @ values - given.bounds))
        variables, rows = split.block != LINK, split.row_block != LINK
        return np.asarray(
            np.bincount(split.block[variables], lost[variables], self.count)
            + np.bincount(split.row_block[rows], slack[rows], self.count)
            + np.bincount(self.who, lost[self.nobodys] * self.part, self.count)
        )
