"""The slot-level week: its literals, and what of it is linear.

``x[a, c, t]``: appointment ``a`` starts with ``c`` at ``t``; ``slot[c, t, L]``: a slot of ``L`` minutes with
one booking; ``pair[c, t, L, R]``: a double whose longer booking takes ``L`` minutes and whose shorter ``R``,
with its reserve; ``rest`` and ``lunch``: one begins there. Times are minutes since the week began.

Left out, and said so in benchmarks/README.md: the ``inequity`` term, a positive ``max_unreserved_risk``
(refused), and a double of two patients in person counts as two rooms.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from solver.model.programme import Programme
from solver.question.clinic import STEP, Appointment, Clinic, Clinician, Span
from solver.question.day import ShiftDay, days, gaps
from solver.question.eligibility import eligible_starts, windows_hold


@dataclass(frozen=True, slots=True)
class Stay:
    """One shift of a clinician, as both plain models see it."""

    clinician: int
    day: int
    number: int
    """Its place among all shifts of the week."""
    shift: ShiftDay

    @property
    def span(self) -> Span:
        """From its start to its end."""
        return Span(self.shift.shift.start, self.shift.shift.end)

    def cells(self) -> Iterator[tuple[Span, int]]:
        """Every free stretch with each of its cells of 5 minutes."""
        for stretch in self.shift.free:
            for cell in range(stretch.start, stretch.end, STEP):
                yield stretch, cell


@dataclass
class PlainWeek:
    """The literals of a week, by number in ``programme``."""

    clinic: Clinic
    programme: Programme = field(default_factory=Programme)
    stays: list[Stay] = field(default_factory=list)
    unplaced: list[int] = field(default_factory=list)
    x: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """By appointment, shift's number and start."""
    of_clinician: dict[int, list[tuple[Appointment, int]]] = field(default_factory=lambda: defaultdict(list))
    """Every literal of a clinician's week with its appointment."""
    at: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """By shift's number and start: pairs (appointment, literal)."""
    slot: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """By shift's number, start and length."""
    pair: dict[tuple[int, int, int, int], int] = field(default_factory=dict)
    """By shift's number, start, longer and shorter length."""
    shared: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """As ``x``: 1 where the booking shares its slot."""
    rest: dict[tuple[int, int], int] = field(default_factory=dict)
    lunch: dict[tuple[int, int], int] = field(default_factory=dict)
    run: dict[tuple[int, int], int] = field(default_factory=dict)
    """By shift's number and start: minutes of contact since the last break, once `rows` has posted them."""
    _starts: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def over(cls, clinic: Clinic) -> PlainWeek:
        """The literals of a clinic's week, with no rule posted yet.

        Raises
        ------
        NotImplementedError
            If the reserve rule has a positive limit, which is a law and no row.
        """
        if any(not c.policy.whole_reserve for c in clinic.clinicians):
            raise NotImplementedError("a positive max_unreserved_risk")
        week = cls(clinic)
        week.unplaced = [week.programme.variable(upper=0 if a.pin else 1) for a in clinic.appointments]
        for clinician in clinic.clinicians:
            for day in days(clinician):
                for shift in day.shifts:
                    week._add_stay(Stay(clinician.index, day.day, len(week.stays), shift))
        for clinician in clinic.clinicians:
            week._add_starts(clinician)
        week._add_slots()
        return week

    def _add_stay(self, stay: Stay) -> None:
        self.stays.append(stay)
        policy = self.clinician(stay).policy
        for stretch, cell in stay.cells():
            if cell + policy.break_minutes <= stretch.end:
                self.rest[stay.number, cell] = self.programme.variable()
            if any(place.holds(cell, cell + policy.lunch_minutes) for place in stay.shift.lunch_places):
                self.lunch[stay.number, cell] = self.programme.variable()

    def _add_starts(self, clinician: Clinician) -> None:
        mine = [s for s in self.stays if s.clinician == clinician.index and s.shift.takes_bookings]
        for appointment in self.clinic.appointments:
            starts = eligible_starts(appointment, clinician)
            for stay in mine if starts else ():
                whole = stay.span
                for start in starts[bisect_left(starts, whole.start) : bisect_left(starts, whole.end)]:
                    literal = self.programme.variable()
                    self.x[appointment.index, stay.number, start] = literal
                    self.at[stay.number, start].append((appointment.index, literal))
                    self.of_clinician[clinician.index].append((appointment, literal))

    def _add_slots(self) -> None:
        for (number, start), here in self.at.items():
            appointments = [self.clinic.appointments[a] for a, _ in here]
            for minutes in sorted({a.minutes for a in appointments}):
                self.slot[number, start, minutes] = self.programme.variable()
            if self.clinician(self.stays[number]).policy.max_per_slot > 1:
                self._add_pairs(number, start, [a for a in appointments if a.double_bookable])

    def _add_pairs(self, number: int, start: int, bookable: list[Appointment]) -> None:
        lengths = sorted({a.minutes for a in bookable}, reverse=True)
        free = self.stays[number].shift.free
        for place, longer in enumerate(lengths):
            for shorter in lengths[place:]:
                if any(span.holds(start, start + longer + shorter) for span in free):
                    self.pair[number, start, longer, shorter] = self.programme.variable()
        for a in bookable:
            if windows_hold(a, start, start + a.minutes + lengths[-1]):
                self.shared[a.index, number, start] = self.programme.variable()

    def clinician(self, stay: Stay) -> Clinician:
        """The clinician of a shift."""
        return self.clinic.clinicians[stay.clinician]

    def scope(self, stay: Stay) -> tuple[int, int | None]:
        """Where a shift's admin counts: its clinician's day, or (day None) week."""
        weekly = self.clinician(stay).policy.admin_scope == "week"
        return stay.clinician, None if weekly else stay.day

    def due(self) -> dict[tuple[int, int | None], int]:
        """Minutes of admin due whatever is booked, by scope."""
        found: dict[tuple[int, int | None], int] = defaultdict(int)
        for clinician in self.clinic.clinicians:
            for day in days(clinician):
                weekly = clinician.policy.admin_scope == "week"
                found[clinician.index, None if weekly else day.day] += day.admin_base
        return found

    def taken(self, stay: Stay) -> tuple[Span, ...]:
        """What commitments take of a shift."""
        return gaps(stay.span, stay.shift.free)

    def taking(self) -> Iterator[tuple[int, int, int, int]]:
        """What takes time out of a shift: its number, start, minutes, literal."""
        for (number, start, minutes), literal in self.slot.items():
            yield number, start, minutes, literal
        for (number, start, longer, shorter), literal in self.pair.items():
            yield number, start, longer + shorter, literal
        for (number, cell), literal in self.rest.items():
            yield number, cell, self.clinician(self.stays[number]).policy.break_minutes, literal
        for (number, cell), literal in self.lunch.items():
            yield number, cell, self.clinician(self.stays[number]).policy.lunch_minutes, literal

    def starts(self, number: int) -> list[int]:
        """The starts of a shift at which anything may be booked, in order."""
        if not self._starts:
            for place, start in sorted(self.at):
                self._starts.setdefault(place, []).append(start)
        return self._starts.get(number, [])
