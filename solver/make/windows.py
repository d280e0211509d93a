"""When a synthetic patient can come: mornings, after work, particular days, or the usual hour."""

from __future__ import annotations

from solver.make.dice import Dice
from solver.make.week import HOUR, Stretch

DAY = (8 * HOUR, 19 * HOUR)
PARTS = {
    "mornings": (8 * HOUR, 12 * HOUR + 30),
    "afternoons": (12 * HOUR + 30, 17 * HOUR + 30),
    "after_work": (15 * HOUR + 30, 19 * HOUR),
    "days": DAY,
}


def windows(dice: Dice, shifts: tuple[Stretch, ...], *, weekly: bool) -> tuple[Stretch, ...]:
    """When a patient can come, each time on a day on which the likely clinician works.

    Parameters
    ----------
    dice
        Decides.
    shifts
        The likely clinician's; not empty.
    weekly
        Whether the patient may have a usual hour: a window of two hours on one day.
    """
    if weekly and dice.happens(30):
        shift = dice.one(shifts)
        begins = dice.one(range(shift.start, shift.end - 2 * HOUR + 1, 30))
        return (Stretch(shift.day, begins, begins + 2 * HOUR),)
    part = dice.weighted([("mornings", 30), ("afternoons", 25), ("after_work", 20), ("days", 25)])
    days = [shift.day for shift in shifts]
    most = 2 if part == "days" else 4
    chosen = dice.some(days, min(len(days), dice.between(1, most)))
    return tuple(Stretch(day, *PARTS[part]) for day in sorted(chosen))
