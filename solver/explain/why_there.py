"""Why not there? For one appointment and any start: what allows it, or what forbids it, and what it changes.

All other bookings keep their clinicians and starts. A start *stands* if the booking fits in the diary as it
is, taking only free time and admin time beyond what is due; it is *laid_out* if breaks, lunch and admin of
that day (with a weekly admin scope: of that week) have to find new places first; it is *forbidden* by the
rules that are named, each of which would be broken. What was broken before is not held against a start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from solver.explain.why_change import RiskChange, TermChange, with_booking
from solver.explain.why_day import day_of
from solver.explain.why_fit import Fit
from solver.explain.why_obstacles import Obstacle, Obstacles
from solver.explain.why_standing import Standing
from solver.question.clinic import Appointment
from solver.question.eligibility import eligible_starts
from solver.rota import Booking, Diary, Rota

ALLOWED = frozenset({"booked", "stands", "laid_out"})


@dataclass(frozen=True, slots=True)
class There:
    """One appointment at one start: ``fit`` is booked, stands, laid_out, forbidden or not_settled.

    ``diaries`` are the new diaries of those whom it touches, where it is allowed. ``terms`` say what it would
    change whether it is allowed or not.
    """

    appointment: int
    clinician: int
    start: int
    fit: str
    obstacles: tuple[Obstacle, ...]
    diaries: tuple[Diary, ...]
    terms: tuple[TermChange, ...]

    @property
    def allowed(self) -> bool:
        """Whether a rota with the booking there keeps every rule that it kept before."""
        return self.fit in ALLOWED

    @property
    def cost(self) -> Fraction:
        """What the rota would cost more; negative where it would cost less."""
        return sum((term.cost for term in self.terms), Fraction(0))

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that forbid it, each once."""
        return tuple(dict.fromkeys(o.rule for o in self.obstacles))

    @property
    def booking(self) -> Booking:
        """The booking that is spoken of."""
        return Booking(self.appointment, self.clinician, self.start)


class Placing:
    """One appointment tried anywhere in a rota; what does not depend on the start is found once."""

    def __init__(self, standing: Standing, appointment: Appointment) -> None:
        self.standing, self.clinic, self.appointment = standing, standing.clinic, appointment
        self.now = standing.place.get(appointment.index)
        self.obstacles = Obstacles(standing, appointment)

    def there(self, clinician: int, start: int, *, blame: bool = True) -> There:
        """What would come of a start, in minutes since the week began.

        Parameters
        ----------
        blame
            Whether to find out which rules a day breaks that cannot be laid out; else that is `LAYOUT`.
        """
        booking = Booking(self.appointment.index, clinician, start)
        if self.now == booking:
            return There(*_at(booking), "booked", (), (), self.standing.ledger.changes(booking))
        obstacles, movable = self.obstacles.at(self.clinic.clinicians[clinician], start)
        fit = Fit(self.standing, self.appointment, self.now, booking) if movable else None
        found = fit.found(blame=blame) if fit else None
        if found is not None:
            obstacles += tuple(Obstacle(r.rule, r.text) for r in found.reasons)
        diaries = found.diaries if found is not None and not obstacles else ()
        how = "forbidden" if obstacles or found is None else found.how
        return There(*_at(booking), how, obstacles, diaries, self.standing.ledger.changes(booking))

    def everywhere(self) -> Iterator[There]:
        """Every start that is open to the appointment, by clinician and time."""
        yield from (self.there(*at) for at in self.starts())

    def hopeful(self, starts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Those of some starts (clinician, minute) which neither week, day nor other slots forbid."""
        for clinician, start in starts:
            day = day_of(self.clinic.clinicians[clinician], start)
            if day is None or self.barred(clinician, day.day):
                continue
            if not any(True for _ in self.obstacles.overlaps((clinician, day.day), start)):
                yield clinician, start

    def starts(self) -> Iterator[tuple[int, int]]:
        """Every start that is open to the appointment, as (clinician, minute)."""
        for clinician in self.clinic.clinicians:
            for start in eligible_starts(self.appointment, clinician):
                yield clinician.index, start

    def barred(self, clinician: int, day: int) -> bool:
        """Whether the clinician's week, or that day, takes no more of it at whatever time."""
        return self.obstacles.barred(clinician, day)

    @property
    def behind(self) -> tuple[Obstacle, ...]:
        """Those who come first in the queue, if anybody does."""
        return self.obstacles.behind

    def risks(self, there: There) -> tuple[RiskChange, ...]:
        """Every risk figure of those whom an allowed start touches, before and after."""
        return self.standing.ledger.risk_changes(there.diaries)


def applied(rota: Rota, there: There) -> Rota:
    """The rota with the booking made at an allowed start."""
    new = {diary.clinician: diary for diary in there.diaries}
    diaries = tuple(new.pop(d.clinician, d) for d in rota.diaries) + tuple(new.values())
    left = tuple(u for u in rota.unplaced if u.appointment != there.appointment)
    return replace(rota, bookings=with_booking(rota, there.booking), unplaced=left, diaries=diaries)


def _at(booking: Booking) -> tuple[int, int, int]:
    return booking.appointment, booking.clinician, booking.start
