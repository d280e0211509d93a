"""Small changes that place one more appointment: decide it, ask the patient, open a room, stay longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from solver.explain.why_decided import ahead, by_pin, by_queue, off_grid
from solver.explain.why_new_time import more_time
from solver.explain.why_place import longer_shift, one_more_room
from solver.explain.why_proposal import KINDS, Now, Proposal
from solver.explain.why_rearranged import rearranged
from solver.explain.why_there import Placing
from solver.explain.why_wishes import other_clinician, other_mode, other_windows
from solver.question.clinic import Appointment


def proposals(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    """Verified proposals that place an appointment, at most one a kind, smallest change first."""
    for kind in KINDS:
        found = next(_WAYS[kind](now, appointment), None)
        if found is not None:
            yield found


def _rearranged(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    if not Placing(now.standing, appointment).behind:
        yield from rearranged(now, appointment)


def _more_time(now: Now, appointment: Appointment) -> Iterator[Proposal]:
    yield from more_time(now, [*ahead(now, appointment), appointment])


_WAYS: dict[str, Callable[[Now, Appointment], Iterator[Proposal]]] = {
    "pin": by_pin,
    "queue": by_queue,
    "off_grid": off_grid,
    "rearranged": _rearranged,
    "windows": other_windows,
    "mode": other_mode,
    "continuity": other_clinician,
    "room": one_more_room,
    "longer_shift": longer_shift,
    "more_time": _more_time,
}
