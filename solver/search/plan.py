"""From a point of the week's model to days that can be worked: layouts, and cuts where there is none.

`Days` remembers every layout and every proof that there is none, by frame and bookings. What it
cannot lay out becomes a cut that every rota keeps (a combinatorial Benders cut; Codato and
Fischetti, Operations Research 54, 2006), first shrunk to a minimal set that does not fit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from solver.model.programme import Row, made_row
from solver.model.week import Column, FrameKey, WeekModel
from solver.question.clinic import Appointment, Span
from solver.search.gap import Frame, frames
from solver.search.layout import Layout, OutOfNodes, Task, lay_out, most_admin

Chosen = Mapping[FrameKey, tuple[Column, ...]]
"""The bookings of a week, by frame, in the order of their columns."""


@dataclass
class Days:
    """Layouts of a week's days, remembered."""

    week: WeekModel
    frames: dict[FrameKey, Frame] = field(default_factory=dict)
    known: dict[tuple[object, ...], Layout | None] = field(default_factory=dict)
    given_up: set[tuple[object, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for clinician in self.week.clinic.clinicians:
            for frame in frames(clinician):
                self.frames[frame.key] = frame

    def task(self, column: Column, full_rooms: tuple[Span, ...] = ()) -> Task:
        """A column as its day sees it."""
        appointment = self.week.appointment(column)
        starts = column.starts
        if full_rooms and appointment.in_person:
            length = appointment.minutes
            starts = tuple(s for s in starts if not any(f.touches(s, s + length) for f in full_rooms))
        return task_of(appointment, starts)

    def need(self, key: FrameKey, columns: Iterable[Column]) -> int:
        """Minutes of admin due in the day itself."""
        if self.frames[key].policy.admin_scope == "week":
            return 0
        return self.frames[key].day.admin_base + sum(self.week.appointment(c).admin for c in columns)

    def lay(
        self,
        key: FrameKey,
        columns: tuple[Column, ...],
        doubles: int = 0,
        full_rooms: tuple[Span, ...] = (),
        nodes: int = 3000,
    ) -> Layout | None:
        """A layout of a day, or None as a proof that there is none.

        Raises
        ------
        OutOfNodes
            If neither was found with the effort given.
        """
        frame = self.frames[key]
        signature = (key, frozenset(c.variable for c in columns), doubles, full_rooms)
        if signature in self.known:
            return self.known[signature]
        if (*signature, nodes) in self.given_up:
            raise OutOfNodes
        tasks = [self.task(column, full_rooms) for column in columns]
        try:
            if frame.policy.admin_scope == "week":
                layout = most_admin(frame, tasks, doubles, full_rooms)
            else:
                layout = lay_out(frame, tasks, self.need(key, columns), doubles, full_rooms, nodes)
        except OutOfNodes:
            self.given_up.add((*signature, nodes))
            raise
        self.known[signature] = layout
        return layout

    def fits(self, key: FrameKey, columns: tuple[Column, ...], doubles: int) -> bool:
        """Whether a layout was found; False also where the effort ran out."""
        try:
            return self.lay(key, columns, doubles) is not None
        except OutOfNodes:
            return False

    def proven_unfit(self, key: FrameKey, columns: tuple[Column, ...], doubles: int) -> bool:
        """Whether it is proven that no layout exists."""
        try:
            return self.lay(key, columns, doubles) is None
        except OutOfNodes:
            return False


def task_of(appointment: Appointment, starts: tuple[int, ...]) -> Task:
    """An appointment as its day sees it, with the starts that it may have there."""
    return Task(
        appointment.index,
        appointment.minutes,
        appointment.admin,
        appointment.attendance,
        starts,
        appointment.double_bookable,
        appointment.windows,
        appointment.in_person,
    )


def day_cut(days: Days, key: FrameKey, columns: tuple[Column, ...], doubles: int) -> Row:
    r"""A row that forbids a set that does not fit a day, shrunk and lifted.

    .. math:: \sum_{j \in E} y_j + M \sum_{j \in S \setminus K} y_j \le |K| - 1 + M |S \setminus K| + N z_k

    ``S`` is minimal: without any one of its bookings the day can (or may) be laid out. ``K`` are the most
    members of ``S`` that the day cannot tell apart, ``E`` every column of the day at least as hard as those:
    as long, as much notes, no start that they lack. If all of ``S`` but ``K`` is booked, ``|K|`` of ``E``
    could give their places to ``K``; else ``M``, the most contacts of a day less ``|K| - 1``, lifts the row.
    ``z_k`` is 1 if the day has more than ``k`` doubles, with which the set was not tried.
    """
    unfit = _shrunk(days, key, columns, doubles)
    plain = not days.week.doubles.get(key)
    alike: dict[Task, list[Column]] = defaultdict(list)
    for column in unfit:
        task = replace(days.task(column), appointment=0)
        if plain:
            task = replace(task, attendance=0, bookable=False, windows=(), in_person=False)
        alike[task].append(column)
    pattern, same = max(alike.items(), key=lambda item: len(item[1]))
    inside = {c.variable for c in unfit}
    rest = [c for c in unfit if c not in same]
    harder = [
        c
        for c in days.week.of_frame[key]
        if c.variable not in inside and _harder(days.task(c), pattern, plain=plain)
    ]
    most = days.frames[key].policy.max_contacts_per_day - len(same) + 1
    lifted = [*((1, c.variable) for c in (*same, *harder)), *((most, c.variable) for c in rest)]
    more = days.week.doubles.get(key, ())[doubles : doubles + 1]
    relief = [(-most * (len(rest) + 1), z) for z in more]
    return made_row("eligible", [*lifted, *relief], upper=len(same) - 1 + most * len(rest))


def _shrunk(days: Days, key: FrameKey, columns: tuple[Column, ...], doubles: int) -> list[Column]:
    """A set that does not fit, of which every member is needed for that (as far as the effort tells)."""
    unfit = list(columns)
    for column in columns:
        rest = tuple(c for c in unfit if c is not column)
        if rest and days.proven_unfit(key, rest, doubles):
            unfit = list(rest)
    return unfit


def _harder(task: Task, than: Task, *, plain: bool) -> bool:
    """Whether a day that holds one booking could hold the other in its place.

    Where the day may double, neither may be double-bookable, and the likelier patient is the harder one: the
    reserve rule's law grows with attendance.
    """
    if not plain and (task.bookable or than.bookable or task.attendance < than.attendance):
        return False
    return task.minutes >= than.minutes and task.admin >= than.admin and set(task.starts) <= set(than.starts)


def by_frame(columns: Iterable[Column]) -> dict[FrameKey, tuple[Column, ...]]:
    """Columns by the frame that they stand in, in order."""
    found: dict[FrameKey, list[Column]] = defaultdict(list)
    for column in columns:
        found[column.frame].append(column)
    return {key: tuple(sorted(mine, key=lambda c: c.variable)) for key, mine in sorted(found.items())}


def booked_columns(week: WeekModel, values: tuple[int, ...]) -> Iterator[Column]:
    """The columns that a point of the week's model chooses."""
    return (column for column in week.columns if values[column.variable])
