"""Whether a clinician's chosen week can be worked, and the cuts that say why not.

The overload rule is judged by its exact law, each day by its layout. What fails by proof becomes
a cut that every rota keeps; what only ran out of effort becomes a guess, of use to the search and
never to a bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.model.programme import Row, made_row
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Span
from solver.search.cover import cover_cut, overloaded
from solver.search.layout import Layout, OutOfNodes
from solver.search.plan import Chosen, Days, day_cut


@dataclass
class Judge:
    """Judges a clinician's week, and keeps what it learns, by clinician."""

    week: WeekModel
    days: Days
    cuts: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    guesses: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[FrameKey, int] = field(default_factory=dict)
    """Days that had no layout when they were judged last, with their bookings' number."""
    mine: dict[int, tuple[FrameKey, ...]] = field(default_factory=lambda: defaultdict(tuple))

    def __post_init__(self) -> None:
        for key in self.days.frames:
            self.mine[key[0]] = (*self.mine[key[0]], key)

    def frames_of(self, clinician: int) -> tuple[FrameKey, ...]:
        """The frames of a clinician's week."""
        return self.mine[clinician]

    def weigh(
        self,
        clinician: int,
        chosen: Chosen,
        doubles: Mapping[FrameKey, int],
        full_rooms: Mapping[FrameKey, tuple[Span, ...]] | None = None,
    ) -> dict[FrameKey, Layout] | None:
        """Layouts of a clinician's week, or None where something new was learnt instead."""
        mine = {key: chosen.get(key, ()) for key in self.frames_of(clinician)}
        flat = [column for columns in mine.values() for column in columns]
        if overloaded(self.week, clinician, flat):
            self.cuts[clinician].append(cover_cut(self.week, clinician, flat))
            return None
        layouts: dict[FrameKey, Layout] = {}
        for key, columns in mine.items():
            full = full_rooms.get(key, ()) if full_rooms else ()
            layout = self._lay(key, columns, doubles.get(key, 0), full)
            self.failed.pop(key, None)
            if layout is not None:
                layouts[key] = layout
            else:
                self.failed[key] = len(columns)
        if len(layouts) < len(mine) or not self._enough_admin(
            clinician, mine, layouts, doubles, any((full_rooms or {}).values())
        ):
            return None
        return layouts

    def _lay(
        self, key: FrameKey, columns: tuple[Column, ...], doubles: int, full: tuple[Span, ...]
    ) -> Layout | None:
        try:
            layout = self.days.lay(key, columns, doubles, full)
        except OutOfNodes:
            self.guesses[key[0]].append(_not_all(columns))
            return None
        if layout is None and full and not self.days.proven_unfit(key, columns, doubles):
            in_person = tuple(c for c in columns if self.week.appointment(c).in_person)
            self.guesses[key[0]].append(_not_all(in_person or columns))
            return None
        if layout is None:
            self.cuts[key[0]].append(day_cut(self.days, key, columns, doubles))
        return layout

    def _enough_admin(
        self,
        clinician: int,
        mine: Chosen,
        layouts: Mapping[FrameKey, Layout],
        doubles: Mapping[FrameKey, int],
        crowded: bool,
    ) -> bool:
        """With a weekly admin scope: whether the days together hold what is due."""
        if self.week.clinic.clinicians[clinician].policy.admin_scope != "week":
            return True
        columns = [column for mine_ in mine.values() for column in mine_]
        due = sum(self.days.frames[key].day.admin_base for key in mine)
        due += sum(self.week.appointment(column).admin for column in columns)
        if sum(layout.admin for layout in layouts.values()) >= due:
            return True
        more = [z for key in mine for z in self.week.doubles.get(key, ())[doubles.get(key, 0) :]]
        terms = [*((1, c.variable) for c in columns), *((-1, z) for z in more)]
        keep = self.guesses if crowded else self.cuts
        keep[clinician].append(made_row("admin", terms, upper=len(columns) - 1))
        return False


def fewer(week: WeekModel, key: FrameKey, bookings: int) -> Row:
    """A guess: a day that could not hold so many bookings is not tried with as many again."""
    return made_row("contacts", [(1, c.variable) for c in week.of_frame[key]], upper=bookings - 1)


def _not_all(columns: tuple[Column, ...]) -> Row:
    return made_row("eligible", [(1, column.variable) for column in columns], upper=len(columns) - 1)
