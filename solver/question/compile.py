"""From the request as it arrives to the plain question: minutes of the week, places in lists, exact caps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.question import policy, request
from solver.question.calendar import Calendar
from solver.question.clinic import (
    FULL,
    WEIGHTS,
    Appointment,
    Clinic,
    Clinician,
    Commitment,
    Place,
    Policy,
    Shift,
    Slot,
    Span,
)
from solver.question.moment import clock_minutes


def compile_clinic(asked: request.Request) -> Clinic:
    """The plain question of a request.

    Parameters
    ----------
    asked
        A request in which every reference is known (see `solver.question.reading`).

    Returns
    -------
    Clinic
        Times in elapsed minutes since the week began, attendance in 1/1000, limits that are compared
        exactly as fractions of their shortest decimal. Windows and commitments are cut to the week.

    Raises
    ------
    KeyError
        If a reference is unknown.
    """
    calendar = Calendar.of(asked.week.start, asked.week.timezone)
    service = plain_policy(asked.policy)
    places = {clinician.id: index for index, clinician in enumerate(asked.clinicians)}
    reader = _Reader(calendar, places, {p.appointment: p for p in asked.published})
    return Clinic(
        start=calendar.start,
        timezone=asked.week.timezone,
        clinicians=tuple(_clinician(calendar, i, c, service) for i, c in enumerate(asked.clinicians)),
        appointments=tuple(reader.appointment(i, a) for i, a in enumerate(asked.appointments)),
        rooms={rooms.site: rooms.rooms for rooms in asked.rooms},
        policy=service,
        weights={name: exact(getattr(asked.weights, name)) for name in WEIGHTS},
    )


def exact(value: float) -> Fraction:
    """The shortest decimal that means a double, exactly: ``exact(0.1)`` is 1/10."""
    return Fraction(Decimal(str(value)))


def plain_policy(asked: policy.Policy) -> Policy:
    """The service's caps, exact."""
    plain = {name: getattr(asked, name) for name in policy.Policy.model_fields if name != "overrun"}
    overrun = tuple((o.extra_minutes, o.probability) for o in asked.overrun)
    return Policy(**_exact_limits(plain), overrun=overrun)


def tightened(service: Policy, own: policy.ClinicianPolicy) -> Policy:
    """The tighter of the service's caps and a clinician's own, field by field."""
    changes = _exact_limits({name: value for name, value in own if value is not None})
    return replace(
        service, **{name: _tighter(name, getattr(service, name), changes[name]) for name in changes}
    )


def _tighter(name: str, first: Any, second: Any) -> Any:  # noqa: ANN401 (numbers and times of day alike)
    return max(first, second) if name in policy.HIGHER_IS_TIGHTER else min(first, second)


def _exact_limits(fields: Mapping[str, Any]) -> dict[str, Any]:
    exact_ones = {"max_collision", "max_booked_ratio"}
    return {name: exact(value) if name in exact_ones else value for name, value in fields.items()}


def _clinician(calendar: Calendar, index: int, asked: request.Clinician, service: Policy) -> Clinician:
    own = tightened(service, asked.policy)
    target, ceiling = asked.target_minutes, asked.ceiling_minutes
    return Clinician(
        id=asked.id,
        index=index,
        target=target,
        ceiling=target * 11 // 10 if ceiling is None else ceiling,
        shifts=tuple(sorted(_shift(calendar, shift, own) for shift in asked.shifts)),
        commitments=tuple(sorted(_commitments(calendar, asked.commitments))),
        slots=None
        if asked.slots is None
        else tuple(sorted(Slot(calendar.minute(s.start), s.minutes) for s in asked.slots)),
        skills=frozenset(asked.skills),
        languages=None if asked.languages is None else frozenset(asked.languages),
        modes=None if asked.modes is None else frozenset[str](asked.modes),
        role=asked.role,
        policy=own,
    )


def _shift(calendar: Calendar, asked: request.Shift, own: Policy) -> Shift:
    start, end = calendar.minute(asked.start), calendar.minute(asked.end)
    day = calendar.day(start)
    opens, closes = (calendar.wall(day, clock_minutes(t)) for t in (own.lunch_earliest, own.lunch_latest))
    return Shift(start, end, day, asked.site, Span(opens, closes))


def _commitments(calendar: Calendar, asked: Iterable[request.Commitment]) -> Iterable[Commitment]:
    for commitment in asked:
        span = _in_week(calendar, commitment)
        if span.start < span.end:
            yield Commitment(span.start, span.end, commitment.kind)


def _in_week(calendar: Calendar, stretch: request.Stretch) -> Span:
    start, end = calendar.minute(stretch.start), calendar.minute(stretch.end)
    return Span(max(start, 0), min(end, calendar.minutes))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads appointments: needs the clinicians' places and what is published."""

    calendar: Calendar
    places: Mapping[str, int]
    published: Mapping[str, request.Published]

    def appointment(self, index: int, asked: request.Appointment) -> Appointment:
        return Appointment(
            id=asked.id,
            index=index,
            patient=asked.patient,
            minutes=asked.minutes,
            attendance=int(exact(asked.attendance) * FULL),
            admin=asked.admin_minutes,
            kind=asked.kind,
            skills=frozenset(asked.skills),
            language=asked.language,
            mode=asked.mode,
            site=asked.site,
            clinician=None if asked.clinician is None else self.places[asked.clinician],
            preferred=frozenset(self.places[name] for name in asked.preferred_clinicians),
            excluded=frozenset(self.places[name] for name in asked.excluded_clinicians),
            windows=tuple(sorted(_in_week(self.calendar, window) for window in asked.windows)),
            priority=asked.priority,
            waiting_days=asked.waiting_days,
            intense=asked.intense,
            double_bookable=asked.double_bookable,
            group=asked.group,
            pin=self._place(asked.pin),
            published=self._place(self.published.get(asked.id)),
        )

    def _place(self, asked: request.Place | None) -> Place | None:
        return (
            None if asked is None else Place(self.places[asked.clinician], self.calendar.minute(asked.start))
        )
