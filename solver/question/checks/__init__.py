"""What must hold between the fields of a request, beside what each field says for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from solver.question.checks import names, policies, shifts, slots, times
from solver.question.faults import Fault
from solver.question.sound import Sound

CHECKS: tuple[Callable[[Sound], Iterable[Fault]], ...] = (
    names.faults,
    policies.faults,
    times.faults,
    shifts.faults,
    slots.faults,
)


def faults(sound: Sound) -> Iterator[Fault]:
    """Every fault between fields, check by check."""
    for check in CHECKS:
        yield from check(sound)
