"""What a simulated clinician lived through, week by week."""

from __future__ import annotations

from dataclasses import dataclass

from solver.simulate.draws import Bools, Ints
from solver.simulate.timetable import Timetable


@dataclass(frozen=True, slots=True, eq=False)
class Lived:
    """One clinician in every simulated week; minutes, of shape (weeks,) unless said otherwise.

    ``came`` and ``waits`` have shape (weeks, bookings), in the order of the timetable's appointments; a
    wait stands only where the patient came, and is 0 elsewhere. ``days`` are the days of the columns of
    ``touched``, shape (weeks, days): whether any promised time of that day was worked into.
    """

    timetable: Timetable
    came: Bools
    waits: Ints
    delivered: Ints
    break_lost: Ints
    admin_lost: Ints
    overtime: Ints
    days: tuple[int, ...]
    touched: Bools
