r"""Reserve: the second patient of a double never costs protected time.

.. math:: \Pr[ W > 0 \text{ where a protected entry starts, or a shift ends} ] \le \varepsilon_c

``W`` is work owed in minutes (day recursion, booked durations), ``epsilon`` is ``max_unreserved_risk``, a
probability, for each clinician-day. At 0, the default, everyone counts as attending and each double has
its time in the diary: a ``reserve`` entry at least as long as the shorter booking starts where the
slot ends. Source: problem, sections 2 and 4; the recursion is `solver.risk.backlog`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from solver.diaries import HeldSlot, doubles, entries, shift_entries
from solver.model.day import DayModel, cells
from solver.model.week import FrameKey
from solver.question.clinic import Clinic, Clinician, Shift, Span
from solver.question.when import when
from solver.risk.backlog import touch_probability
from solver.risk.law import exceeds
from solver.rota import Entry, Rota
from solver.rules.rule import Breach

NAME = "reserve"
STATEMENT = "If both patients of a double come, the second is seen in time kept free for that."


def breaches(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    """Doubles without their reserve, and clinician-days whose protected time may be touched."""
    rows = entries(rota)
    for slot in doubles(clinic, rota):
        if slot.clinician.policy.whole_reserve:
            yield from _unreserved(clinic, slot, rows.get(slot.clinician.index, []))
    yield from _touched(clinic, rota)


def _unreserved(clinic: Clinic, slot: HeldSlot, rows: Sequence[Entry]) -> Iterator[Breach]:
    due = slot.booked_minutes - (slot.end - slot.start)
    kept = max((e.minutes for e in rows if e.kind == "reserve" and e.start == slot.end), default=0)
    if kept < due:
        text = (
            f"The double of {slot.clinician.id} at {when(clinic, slot.start)} has {kept} minutes of reserve"
        )
        text = f"{text} from {when(clinic, slot.end)}, {due} are due."
        yield Breach(NAME, slot.clinician.id, slot.shift.day if slot.shift else None, text)


def _touched(clinic: Clinic, rota: Rota) -> Iterator[Breach]:
    for clinician, day, shifts, rows in _days(clinic, rota):
        policy = clinician.policy
        chance = touch_probability(rows, shifts, clinic.appointments, everyone=policy.whole_reserve)
        if exceeds(chance, policy.max_unreserved_risk):
            text = f"Protected time of {clinician.id} is touched with probability {chance:.6g}"
            if policy.whole_reserve:
                text = f"Protected time of {clinician.id} is touched if everyone comes"
            yield Breach(NAME, clinician.id, day, f"{text}, limit {policy.max_unreserved_risk:.6g}.")


def _days(clinic: Clinic, rota: Rota) -> Iterator[tuple[Clinician, int, list[Shift], list[Entry]]]:
    found: dict[tuple[int, int], tuple[list[Shift], list[Entry]]] = defaultdict(lambda: ([], []))
    for clinician, shift, rows in shift_entries(clinic, rota):
        shifts, day_rows = found[clinician.index, shift.day]
        shifts.append(shift)
        day_rows.extend(rows)
    for (index, day), (shifts, day_rows) in sorted(found.items(), key=lambda item: item[0]):
        yield clinic.clinicians[index], day, shifts, day_rows


def post_day(day: DayModel) -> None:
    """With a limit of 0: behind each double a reserve entry as long as the shorter booking.

    A positive limit is a law, not a row: the layout's own search keeps it, or a cut of one layout does.
    """
    for key in day.bookings:
        if day.clinician(key).policy.whole_reserve:
            for start, (first, x), (second, y) in day.pairs(key):
                shorter, longer = sorted((day.appointment(first).minutes, day.appointment(second).minutes))
                _post_pair(day, key, Span(start + longer, start + longer + shorter), x, y)


def _post_pair(day: DayModel, key: FrameKey, kept: Span, x: int, y: int) -> None:
    for cell in cells(kept):
        if ("reserve", key, cell) not in day.on:
            day.programme.row(NAME, [(1, x), (1, y)], upper=1)
            continue
        on, begins = day.on["reserve", key, cell], day.begins["reserve", key, cell]
        day.programme.row(NAME, [(1, x), (1, y), (-1, on)], upper=1)
        sign = -1 if cell == kept.start else 1
        day.programme.row(NAME, [(1, x), (1, y), (sign, begins)], upper=1 if sign < 0 else 2)
