"""Two rotas made one: the weeks of each in which it is the better.

Two searches that improve different clinicians' weeks need not choose between their rotas (path relinking;
Glover, Laguna and Marti, Control and Cybernetics 29, 2000). Clinicians whose weeks differ fall into groups:
two of them are together where a patient is with the one here and with the other there. So the weeks of a
whole group can be exchanged and everybody is still seen once at most; what else ties clinicians together
(rooms, queues, patients of several appointments) has to be judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from solver.search.linear import Indices, Vector
from solver.search.prepare import Prepared
from solver.search.standing import Standing

NOBODY = -1


@dataclass(frozen=True)
class Stand:
    """A legal rota, and the point of the week's model that it is."""

    standing: Standing
    values: Vector


def united(ready: Prepared, best: Stand, other: Stand) -> Vector | None:
    """The better of two rotas with those weeks of the other that cost less, as a point that may break a rule.

    Returns
    -------
    Vector or None
        The point; None where none of them helps.
    """
    group = _groups(ready, best.standing, other.standing)
    of_variable = _by_variable(ready, group, best.standing, other.standing)
    gained = ready.given.cost * (other.values - best.values)
    inside = of_variable != NOBODY
    change = np.bincount(of_variable[inside], gained[inside], int(group.max(initial=NOBODY)) + 1)
    cheaper = np.flatnonzero(change < 0)
    if not len(cheaper):
        return None
    return np.where(np.isin(of_variable, cheaper), other.values, best.values)


def _groups(ready: Prepared, one: Standing, other: Standing) -> Indices:
    """By clinician: the group, or `NOBODY` where both weeks are the same."""
    count = len(ready.week.clinic.clinicians)
    differ = np.zeros(count, bool)
    pairs = []
    for appointment in one.chosen.keys() | other.chosen.keys():
        here, there = one.chosen.get(appointment), other.chosen.get(appointment)
        if here is not there:
            who = [column.clinician for column in (here, there) if column is not None]
            differ[who] = True
            pairs.append((who[0], who[-1]))
    for key in one.layouts:
        differ[key[0]] |= one.layouts[key].doubles != other.layouts[key].doubles
    ties = np.array(pairs, np.int64).reshape(-1, 2)
    tied = csr_array((np.ones(len(ties)), (ties[:, 0], ties[:, 1])), shape=(count, count))
    _, label = connected_components(tied, directed=False)
    return np.where(differ, label, NOBODY)


def _by_variable(ready: Prepared, group: Indices, one: Standing, other: Standing) -> Indices:
    """By variable of the week: the group that it changes with."""
    block = ready.split.block
    found = np.where(block >= 0, group[np.maximum(block, 0)], NOBODY)
    found[ready.week.unplaced] = NOBODY
    for column in (*one.chosen.values(), *other.chosen.values()):
        found[ready.week.unplaced[column.appointment]] = group[column.clinician]
    return np.asarray(found, np.int64)
