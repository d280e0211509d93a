"""Sets of pins and rules that cannot all hold, one after the other, none with a pin of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.explain.clashes.pinned import RULES, hold
from solver.explain.clashes.shrink import shrunk
from solver.question.clinic import Clinic

MOST = 20
"""Clashes that are looked for."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Pins and rules that cannot all hold.

    ``pins`` are appointments, ``targets`` clinicians, by their places in the request; ``rules`` names, those
    least to be blamed last. ``minimal``: without any one of them a rota was found; none can be spared.
    """

    pins: tuple[int, ...]
    rules: tuple[str, ...]
    minimal: bool
    targets: tuple[int, ...] = ()


def pin_clashes(clinic: Clinic, most: int = MOST) -> tuple[Clash, ...]:
    """Clashes of pins; those that are proven to be, until what is left is not known to clash."""
    return tuple(_one_by_one(clinic, most))


def _one_by_one(clinic: Clinic, most: int) -> Iterator[Clash]:
    left = [a.index for a in clinic.appointments if a.pin is not None]
    for _ in range(most):
        near = _narrowed(clinic, left)
        if near is None:
            return
        clash = _minimal(clinic, near)
        left = [index for index in left if index not in clash.pins]
        yield clash


def _narrowed(clinic: Clinic, pins: Sequence[int]) -> Sequence[int] | None:
    """The pins of one clinician where these clash already, else all if they do; None without a clash."""
    for clinician in clinic.clinicians:
        mine = [i for i in pins if _clinician(clinic, i) == clinician.index]
        if mine and hold(clinic, mine, RULES) is False:
            return mine
    return pins if pins and hold(clinic, pins, RULES) is False else None


def _clinician(clinic: Clinic, index: int) -> int | None:
    pin = clinic.appointments[index].pin
    return None if pin is None else pin.clinician


def _minimal(clinic: Clinic, pins: Sequence[int]) -> Clash:
    """The clash shrunk: rules first, protective ones first of all, then pins in the request's order."""
    few = shrunk(pins, lambda some: hold(clinic, some, RULES) is False)
    rules = tuple(reversed(shrunk(RULES, lambda some: hold(clinic, few, some) is False)))
    few = shrunk(few, lambda some: hold(clinic, some, rules) is False)
    return Clash(few, rules, is_minimal(clinic, few, rules))


def is_minimal(clinic: Clinic, pins: Sequence[int], rules: Sequence[str]) -> bool:
    """Whether a clash is gone, by a rota that shows it, once any one pin or rule is left out."""
    return all(
        [
            *(hold(clinic, [p for p in pins if p != gone], rules) is True for gone in pins),
            *(hold(clinic, pins, [r for r in rules if r != gone]) is True for gone in rules),
        ]
    )
