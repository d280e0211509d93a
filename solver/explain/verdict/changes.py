"""The changes whose gain is measured: each one thing in the request, each a lever somebody holds.

Those that would take from a clinician's protection are marked, stand last, and are never applied by us.
How much is changed is our judgement: a day, ten referrals, an hour, five minutes.

References
----------
Text reminders: I. Gurol-Urganci et al., "Mobile phone messaging reminders for attendance at healthcare
appointments", Cochrane Database of Systematic Reviews 2013, CD007458: attendance 1.14 times that without
reminders (95 % interval 1.03 to 1.26). Three points are what a service that reminds already might still gain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from solver.explain.verdict.kinds import Kind, short_kinds, usual_need
from solver.explain.verdict.without import policies
from solver.question.clinic import FULL, Appointment, Clinic, Clinician, Shift, Slot, Span
from solver.question.when import when
from solver.rota import Rota

KINDS = 3
"""Kinds of clinician for whom a day, or referrals, are tried: those that miss most."""

POINTS = 30
"""Attendance in 1/1000."""

REFERRALS = 10
WIDER = 60
ADMIN = 5
"""Minutes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed in a week; ``lever`` is a stable name, ``detail`` a sentence for people."""

    lever: str
    detail: str
    clinic: Clinic
    weakens_protection: bool = False


def changes(clinic: Clinic, rota: Rota, binding: tuple[str, ...] = ()) -> tuple[Change, ...]:
    """Every change worth measuring, those that weaken protection last.

    Parameters
    ----------
    rota
        What is reached now: who is short decides which days and referrals are tried.
    binding
        Rules that are known to bind: protective ones are tried a little looser, marked.
    """
    kinds = short_kinds(clinic, rota)[:KINDS]
    found = [_one_more_day(clinic, kind) for kind in kinds]
    found += [change for kind in kinds if (change := _more_referrals(clinic, kind)) is not None]
    found += [_attendance(clinic), *_windows(clinic), *_rooms(clinic)]
    different = {change.detail: change for change in found}
    return (*different.values(), *_less_protection(clinic, binding))


def _one_more_day(clinic: Clinic, kind: Kind) -> Change:
    """A day of one more clinician, as a colleague works it, without the colleague's commitments."""
    model = kind.model
    shift = max(model.shifts, key=lambda s: (s.minutes, -s.start))
    present = sum(s.minutes for s in model.shifts)
    target = max(5, model.target * shift.minutes // present)
    extra = replace(
        model,
        id=_unused("one_more_day", {c.id for c in clinic.clinicians}),
        index=len(clinic.clinicians),
        target=target,
        ceiling=max(target, model.ceiling * shift.minutes // present),
        shifts=(shift,),
        commitments=(),
        slots=_inside(model, shift),
    )
    hours = f"{when(clinic, shift.start)} to {when(clinic, shift.end)}"
    detail = (
        f"One more clinician-day ({kind.named}), {hours} as {model.id} works it, without meetings, "
        f"with a target of {target} minutes of its own."
    )
    return Change("clinician_day", detail, replace(clinic, clinicians=(*clinic.clinicians, extra)))


def _inside(model: Clinician, shift: Shift) -> tuple[Slot, ...] | None:
    if model.slots is None:
        return None
    return tuple(s for s in model.slots if shift.holds(s.start, s.start + s.minutes))


def _more_referrals(clinic: Clinic, kind: Kind) -> Change | None:
    like = usual_need(clinic, kind)
    if like is None:
        return None
    ids, patients = {a.id for a in clinic.appointments}, set(clinic.by_patient)
    first = len(clinic.appointments)
    added = tuple(
        replace(
            like,
            index=first + number,
            id=_unused(f"one_more_{number + 1}", ids),
            patient=_unused(f"one_more_{number + 1}", patients),
        )
        for number in range(REFERRALS)
    )
    skills = ", ".join(sorted(like.skills)) or "no particular skill"
    detail = (
        f"{REFERRALS} more referrals that need {skills}: {like.minutes} minutes each at attendance "
        f"{like.attendance / FULL:g}, at any time."
    )
    return Change("more_referrals", detail, replace(clinic, appointments=(*clinic.appointments, *added)))


def _attendance(clinic: Clinic) -> Change:
    detail = (
        "Attendance 3 points higher for everyone, as a programme of reminders might give "
        "(Gurol-Urganci et al., Cochrane CD007458)."
    )
    raised = tuple(replace(a, attendance=min(FULL, a.attendance + POINTS)) for a in clinic.appointments)
    return Change("attendance", detail, replace(clinic, appointments=raised))


def _windows(clinic: Clinic) -> Iterator[Change]:
    if any(a.windows for a in clinic.appointments):
        detail = "Every patient's windows open an hour earlier and close an hour later."
        wider = tuple(replace(a, windows=_wider(a)) for a in clinic.appointments)
        yield Change("wider_windows", detail, replace(clinic, appointments=wider))


def _wider(appointment: Appointment) -> tuple[Span, ...]:
    return tuple(Span(max(0, w.start - WIDER), w.end + WIDER) for w in appointment.windows)


def _rooms(clinic: Clinic) -> Iterator[Change]:
    if clinic.rooms and any(a.in_person for a in clinic.appointments):
        sites = ", ".join(sorted(clinic.rooms))
        detail = f"One more room at each site that counts its rooms ({sites})."
        more = {site: rooms + 1 for site, rooms in clinic.rooms.items()}
        yield Change("more_rooms", detail, replace(clinic, rooms=more))


def _less_protection(clinic: Clinic, binding: tuple[str, ...]) -> Iterator[Change]:
    """What takes from somebody's protection."""
    if any(a.admin for a in clinic.appointments):
        detail = f"{ADMIN} admin minutes less for each contact; only if the notes do take that much less."
        less = tuple(replace(a, admin=max(0, a.admin - ADMIN)) for a in clinic.appointments)
        yield Change("less_admin", detail, replace(clinic, appointments=less), weakens_protection=True)
    if "contacts" in binding:
        most = max(c.policy.max_contacts_per_day for c in clinic.clinicians) + 1
        detail = f"Up to {most} contacts a day for everyone: it tires."
        yield Change(
            "more_contacts", detail, policies(max_contacts_per_day=most)(clinic), weakens_protection=True
        )
    if "breaks" in binding:
        most = max(c.policy.max_contact_run_minutes for c in clinic.clinicians) + 30
        detail = f"Up to {most} minutes of contact without a break: it tires."
        yield Change(
            "longer_runs", detail, policies(max_contact_run_minutes=most)(clinic), weakens_protection=True
        )


def _unused(name: str, taken: set[str]) -> str:
    """The name, longer if it is taken."""
    while name in taken:
        name += "_"
    return name
