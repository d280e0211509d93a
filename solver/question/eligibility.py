r"""Who may see whom, and when: the part of the rules that the question alone decides.

.. math:: x_{act} \text{ exists} \iff \text{may\_see}(a, c) \wedge [t, t + d_a) \subseteq
          \text{one shift, one window, no commitment} \wedge (t \in T_c \vee (c, t) = \text{pin}_a)

``d[a]`` minutes, ``T[c]`` the clinician's given slots (each with its longest booking) or, where none
are given, the grid from each shift's start. Source: problem, section 1.

A shift whose commitments leave no place for a due lunch is not barred here: that is the rule `lunch`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from functools import lru_cache

from solver.question.clinic import Appointment, Clinician, Place
from solver.question.day import ShiftDay, days


def may_see(appointment: Appointment, clinician: Clinician) -> bool:
    """Whether the clinician may see the patient at all, whatever the time."""
    return _barred(appointment, clinician) is None and _unable(appointment, clinician) is None


def needs(appointment: Appointment) -> tuple[Hashable, ...]:
    """All that `may_see` looks at: whoever may see one appointment may see any other with the same needs."""
    a = appointment
    return a.clinician, a.excluded, a.skills, a.language, a.mode, needed_site(a)


def needed_site(appointment: Appointment) -> str | None:
    """The site where the appointment has to be, if it is in person and says so."""
    return appointment.site if appointment.in_person else None


def eligible_starts(appointment: Appointment, clinician: Clinician) -> tuple[int, ...]:
    """Every start at which the appointment may be booked with the clinician, in order.

    Parameters
    ----------
    appointment : Appointment
        With a pin, its own start is the only one.
    clinician : Clinician
        A clinician of the same week.

    Returns
    -------
    tuple of int
        Minutes since the week began; exactly the starts for which `fits` finds no fault, and that the pin
        (if any) allows.
    """
    if not may_see(appointment, clinician):
        return ()
    if appointment.pin is not None:
        return _pinned_start(appointment, clinician, appointment.pin)
    starts = _starts(clinician, appointment.minutes, needed_site(appointment))
    if not appointment.windows:
        return starts
    return inside_windows(appointment, starts)


def fits(appointment: Appointment, clinician: Clinician, start: int) -> str | None:
    """Why the appointment may not be booked with the clinician at ``start``; None if it may."""
    return (
        _barred(appointment, clinician)
        or _unable(appointment, clinician)
        or _untimely(appointment, clinician, start)
        or _off_slot(appointment, clinician, start)
    )


def windows_hold(appointment: Appointment, start: int, end: int) -> bool:
    """Whether one of the patient's windows holds ``[start, end)``; no windows hold any time."""
    return not appointment.windows or any(w.holds(start, end) for w in appointment.windows)


def inside_windows(appointment: Appointment, starts: Sequence[int]) -> tuple[int, ...]:
    """Those of some sorted starts at which one of the patient's windows holds the appointment."""
    found: set[int] = set()
    for window in appointment.windows:
        first = bisect_left(starts, window.start)
        last = bisect_right(starts, window.end - appointment.minutes)
        found.update(starts[first:last])
    return tuple(sorted(found))


def _barred(appointment: Appointment, clinician: Clinician) -> str | None:
    if appointment.clinician is not None and appointment.clinician != clinician.index:
        return "it belongs to another clinician"
    if clinician.index in appointment.excluded:
        return "the clinician is excluded for it"
    return None


def _unable(appointment: Appointment, clinician: Clinician) -> str | None:
    if not appointment.skills <= clinician.skills:
        return f"the clinician lacks {', '.join(sorted(appointment.skills - clinician.skills))}"
    language, mode = appointment.language, appointment.mode
    if language is not None and clinician.languages is not None and language not in clinician.languages:
        return f"the clinician does not speak {language}"
    if mode is not None and clinician.modes is not None and mode not in clinician.modes:
        return f"the clinician does not work by {mode}"
    site = needed_site(appointment)
    if site is not None and all(shift.site != site for shift in clinician.shifts):
        return f"the clinician has no shift at site {site}"
    return None


def _untimely(appointment: Appointment, clinician: Clinician, start: int) -> str | None:
    end = start + appointment.minutes
    shift = _shift_holding(clinician, start, end)
    if shift is None:
        return f"its {appointment.minutes} minutes do not lie inside one shift"
    site = needed_site(appointment)
    if site is not None and shift.shift.site != site:
        return f"the shift is not at site {site}"
    if not any(free.holds(start, end) for free in shift.free):
        return f"its {appointment.minutes} minutes touch a commitment"
    if not windows_hold(appointment, start, end):
        return f"none of the patient's windows holds its {appointment.minutes} minutes"
    return None


def _off_slot(appointment: Appointment, clinician: Clinician, start: int) -> str | None:
    if appointment.pin == Place(clinician.index, start):
        return None
    longest = _candidates(clinician).get(start)
    if longest is None:
        return "it does not start at a slot of the clinician"
    if longest < appointment.minutes:
        return f"the slot takes at most {longest} minutes and it needs {appointment.minutes}"
    return None


def _shift_holding(clinician: Clinician, start: int, end: int) -> ShiftDay | None:
    return next((s for day in days(clinician) for s in day.shifts if s.shift.holds(start, end)), None)


def _pinned_start(appointment: Appointment, clinician: Clinician, pin: Place) -> tuple[int, ...]:
    stands = pin.clinician == clinician.index and fits(appointment, clinician, pin.start) is None
    return (pin.start,) if stands else ()


@lru_cache(maxsize=4096)
def _candidates(clinician: Clinician) -> dict[int, int]:
    """The candidate starts, in order, and the longest booking in minutes that each takes."""
    if clinician.slots is not None:
        return {slot.start: slot.minutes for slot in sorted(clinician.slots)}
    return {
        start: shift.end - start
        for shift in sorted(clinician.shifts)
        for start in range(shift.start, shift.end, clinician.policy.grid_minutes)
    }


@lru_cache(maxsize=65536)
def _starts(clinician: Clinician, minutes: int, site: str | None) -> tuple[int, ...]:
    """The candidate starts with ``minutes`` of free time in one shift (at ``site``, if one is given)."""
    free = [
        span
        for day in days(clinician)
        for shift in day.shifts
        if site is None or shift.shift.site == site
        for span in shift.free
    ]
    return tuple(
        start
        for start, longest in _candidates(clinician).items()
        if minutes <= longest and any(span.holds(start, start + minutes) for span in free)
    )
