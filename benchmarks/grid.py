"""Which races there are: sizes x flavours x seeds x peers, most telling first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from solver.make.flavours import FLAVOURS

SIZES: dict[tuple[int, int], float] = {(8, 240): 5.0, (20, 700): 15.0, (60, 2000): 45.0, (200, 7000): 240.0}
"""Clinicians and appointments, and the wall time in seconds that every peer gets: the size's goal."""

USUAL = "mixed"
"""The flavour that is raced first."""

SEEDS = (1, 2, 3, 4, 5)

QUICK = ("ours", "clerk")
"""Peers that are raced on every instance before the others are."""

LARGE = 1000
"""Appointments from which one seed is raced before the others of all sizes are."""


@dataclass(frozen=True, order=True)
class Key:
    """One race: an instance, a peer, a time limit in seconds."""

    clinicians: int
    appointments: int
    flavour: str
    seed: int
    peer: str
    limit: float

    @property
    def instance(self) -> tuple[int, int, str, int]:
        """What was asked, whoever answers."""
        return self.clinicians, self.appointments, self.flavour, self.seed

    @property
    def size(self) -> tuple[int, int]:
        """Clinicians and appointments."""
        return self.clinicians, self.appointments


def keys(
    sizes: Sequence[tuple[int, int]],
    flavours: Sequence[str],
    seeds: Sequence[int],
    peers: Sequence[str],
    limit: float | None = None,
) -> list[Key]:
    """The races of a grid, in the order in which they are run.

    Parameters
    ----------
    limit
        Seconds for every race; None for each size's own.
    """
    found = product(seeds, flavours, sizes, peers)
    made = [Key(*size, f, seed, p, _limit(size, limit)) for seed, f, size, p in found]
    return sorted(made, key=lambda key: _turn(key, peers))


def _limit(size: tuple[int, int], limit: float | None) -> float:
    """A size's limit; one that has none gets about a second for 40 appointments."""
    return limit if limit is not None else SIZES.get(size, max(2.0, size[1] / 40))


def _turn(key: Key, peers: Sequence[str]) -> tuple[int, ...]:
    late = (key.flavour != USUAL) + (key.peer not in QUICK)
    slow = key.seed if key.appointments >= LARGE else 1
    flavour = (*FLAVOURS, key.flavour).index(key.flavour)
    return late + (slow > 1), key.seed, flavour, key.appointments, peers.index(key.peer)


def parsed_sizes(text: str) -> list[tuple[int, int]]:
    """``8/240,20/700`` as pairs.

    Raises
    ------
    ValueError
        If it is no such list.
    """
    return [(int(a), int(b)) for a, _, b in (part.partition("/") for part in text.split(","))]


def parsed_seeds(text: str) -> list[int]:
    """``1,3`` or ``1-5`` as numbers.

    Raises
    ------
    ValueError
        If it is neither.
    """
    return list(_seeds(text))


def _seeds(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, dash, last = part.partition("-")
        yield from range(int(first), int(last if dash else first) + 1)
