"""The kinds of clinician that are short, by what they can do, and what such a kind's work looks like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median_low

from solver.diaries import expected_minutes
from solver.question.clinic import Appointment, Clinic, Clinician
from solver.rota import Rota


@dataclass(frozen=True, slots=True)
class Kind:
    """Clinicians with the same skills, how many minutes they miss together, and who misses most."""

    skills: frozenset[str]
    short: float
    model: Clinician

    @property
    def named(self) -> str:
        """Their skills, for people."""
        return ", ".join(sorted(self.skills)) or "no particular skill"


def short_kinds(clinic: Clinic, rota: Rota) -> tuple[Kind, ...]:
    """Kinds of clinician who miss their targets in a rota, the shortest first."""
    expected = expected_minutes(clinic, rota)
    missing = {
        c.index: max(0.0, float(c.target - expected[c.index]))
        for c in clinic.clinicians
        if c.target and c.shifts
    }
    return tuple(
        sorted(
            (
                kind
                for skills in dict.fromkeys(c.skills for c in clinic.clinicians)
                if (kind := _kind(clinic, skills, missing)) is not None
            ),
            key=lambda kind: -kind.short,
        )
    )


def _kind(clinic: Clinic, skills: frozenset[str], missing: Mapping[int, float]) -> Kind | None:
    members = [c for c in clinic.clinicians if c.skills == skills and c.index in missing]
    short = sum(missing[c.index] for c in members)
    if short <= 0:
        return None
    return Kind(skills, short, max(members, key=lambda c: (missing[c.index], -c.index)))


def usual_need(clinic: Clinic, kind: Kind) -> Appointment | None:
    """The commonest contact of a kind of clinician, anybody's and at any time; None where there is none."""
    seen = [a for a in clinic.appointments if a.skills <= kind.skills and a.skills]
    seen = seen or [a for a in clinic.appointments if a.skills <= kind.skills]
    if not seen:
        return None
    look = Counter((a.kind, a.minutes, a.admin, tuple(sorted(a.skills))) for a in seen).most_common(1)[0][0]
    like = [a for a in seen if (a.kind, a.minutes, a.admin, tuple(sorted(a.skills))) == look]
    return Appointment(
        id="",
        index=0,
        patient="",
        minutes=like[0].minutes,
        attendance=median_low(a.attendance for a in like),
        admin=like[0].admin,
        kind=like[0].kind,
        skills=like[0].skills,
    )
