"""The request as it arrives: the one definition, from which its JSON schema comes.

Times are text (RFC 3339 with an offset) and minutes; what they mean in one week is for
`solver.question.compile`, and what must hold between fields for `solver.question.checks`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from solver.question.fields import (
    MOST_APPOINTMENTS,
    MOST_CLINICIANS,
    Attendance,
    Frozen,
    Identifier,
    Label,
    Minutes,
    Moment,
    Monday,
    Probability,
    Weight,
    Zone,
)
from solver.question.policy import ClinicianPolicy, Policy

Mode = Literal["telephone", "video", "in_person"]
Length = Annotated[Minutes, Field(ge=5, le=480)]

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Week(Frozen):
    """The week that the rota is for."""

    start: Monday = Field(description="Local date of its Monday.")
    timezone: Zone = Field(description="IANA name of the one time zone.")


class Stretch(Frozen):
    """A stretch of time."""

    start: Moment = Field(description="RFC 3339 time, a multiple of 5 minutes.")
    end: Moment = Field(description="RFC 3339 time after the start, a multiple of 5 minutes.")


class Shift(Stretch):
    """A stretch of a clinician's presence, inside the week."""

    site: Label | None = Field(None, description="Where; null: at no site.")


class Commitment(Stretch):
    """Time of a clinician that is given to something else."""

    kind: Literal["supervision", "meeting", "training", "leave", "other"] = Field(
        "other", description="What it is given to; leave shortens the shift as lunch and the 48 hours see it."
    )


class Window(Stretch):
    """A stretch of time in which a patient can come."""


class Slot(Frozen):
    """A given start, inside a shift."""

    start: Moment = Field(description="RFC 3339 time, a multiple of 5 minutes.")
    minutes: Length = Field(description="Longest booking that it takes, in minutes.")


class Clinician(Frozen):
    """One clinician's week."""

    id: Identifier = Field(description="Unique among clinicians.")
    role: Label | None = Field(None, description="A label; no rule reads it.")
    target_minutes: int = Field(ge=0, le=2880, description="Minutes of appointments to be delivered.")
    ceiling_minutes: int | None = Field(
        None,
        ge=0,
        le=10080,
        description="Delivered minutes that should seldom be passed; null: floor(1.1 x target).",
    )
    skills: tuple[Label, ...] = Field((), max_length=200, description="What they can do; absent: none.")
    languages: tuple[Label, ...] | None = Field(None, max_length=200, description="Null: any.")
    modes: tuple[Mode, ...] | None = Field(None, max_length=3, description="Null: any.")
    shifts: tuple[Shift, ...] = Field(max_length=50, description="Presence; 48 hours less leave at most.")
    commitments: tuple[Commitment, ...] = Field((), max_length=500, description="They take no bookings.")
    slots: tuple[Slot, ...] | None = Field(
        None, max_length=2000, description="Given starts; null: the grid; an empty list: none."
    )
    policy: ClinicianPolicy = Field(ClinicianPolicy(), description="Caps tighter than the service's.")


class Place(Frozen):
    """Where a booking stands."""

    clinician: Identifier = Field(description="Id of a clinician of this request.")
    start: Moment = Field(description="RFC 3339 time in the week, a multiple of 5 minutes.")


class Published(Place):
    """Where an appointment stands in the rota that is out."""

    appointment: Identifier = Field(description="Id of an appointment of this request.")


class Appointment(Frozen):
    """A need for one contact this week."""

    id: Identifier = Field(description="Unique among appointments.")
    patient: Identifier = Field(description="A pseudonym; a patient has at most one booking a day.")
    kind: Label | None = Field(None, description="A label; alike appointments have the same.")
    minutes: Length = Field(description="How long it is booked for, in minutes.")
    admin_minutes: Minutes = Field(0, le=480, description="Admin that it makes on its day, in minutes.")
    attendance: Attendance = Field(description="Probability that the patient comes, a multiple of 1/1000.")
    skills: tuple[Label, ...] = Field((), max_length=200, description="The clinician has all of these.")
    language: Label | None = Field(None, description="The clinician speaks it; null: any.")
    mode: Mode | None = Field(None, description="Null: any, not in person, no room.")
    site: Label | None = Field(None, description="Where, if in person; null: anywhere.")
    clinician: Identifier | None = Field(None, description="The only clinician (continuity); null: any.")
    preferred_clinicians: tuple[Identifier, ...] = Field(
        (), max_length=MOST_CLINICIANS, description="Others cost `not_preferred`; empty: no preference."
    )
    excluded_clinicians: tuple[Identifier, ...] = Field(
        (), max_length=MOST_CLINICIANS, description="Clinicians who may not see the patient."
    )
    windows: tuple[Window, ...] = Field((), max_length=500, description="Empty: any time.")
    priority: Literal["routine", "soon", "urgent"] = Field("routine", description="Urgency 1, 3 or 10.")
    waiting_days: int = Field(0, ge=0, le=36500, description="Days waited so far; they count up to 126.")
    intense: bool = Field(False, description="Counts towards max_intense_per_day.")
    double_bookable: bool = Field(False, description="Whether it may share a slot.")
    group: Label | None = Field(None, description="Opaque label for the audit of fairness; null: none.")
    pin: Place | None = Field(None, description="Where it must stand; null: anywhere eligible.")


class SiteRooms(Frozen):
    """How many rooms a site has."""

    site: Label = Field(description="A site, once in the list; a site that is not listed has no limit.")
    rooms: int = Field(ge=0, le=10_000, description="In-person slots that can be in progress at once.")


class Weights(Frozen):
    """What each soft term costs a unit; multiples of 1/1000."""

    unplaced: Weight = Field(1.0, description="Cost of a minute x urgency that is not booked.")
    below_target: Weight = Field(2.0, description="Cost of a minute expected below target.")
    above_target: Weight = Field(4.0, description="Cost of a minute expected above target.")
    uneven: Weight = Field(0.1, description="Cost of 1/1000 between largest and smallest share of target.")
    not_preferred: Weight = Field(0.2, description="Cost of a minute with a clinician not preferred.")
    late: Weight = Field(0.1, description="Cost of a day x minute x urgency / 5 after Monday.")
    moved: Weight = Field(1.0, description="Cost of a published minute that moves.")
    inequity: Weight = Field(
        0.0, description="Cost of 1/1000 appointments between groups' shares in doubles."
    )


class Effort(Frozen):
    """How hard to try."""

    seconds: float = Field(30.0, gt=0, le=3600, description="Time limit, in seconds.")
    workers: int = Field(2, ge=1, le=64, description="Processes that search at once.")
    seed: int = Field(0, ge=0, le=2_147_483_647, description="Seed of every random choice.")
    gap: Probability = Field(0.001, description="Stop at (cost - bound) / max(1, cost) of this, 0 to 1.")
    reproducible: bool = Field(False, description="Same answer on every machine, at the price of speed.")


class Request(Frozen):
    """Everything the solver is told about one week of one service."""

    week: Week
    clinicians: tuple[Clinician, ...] = Field((), max_length=MOST_CLINICIANS)
    appointments: tuple[Appointment, ...] = Field((), max_length=MOST_APPOINTMENTS)
    rooms: tuple[SiteRooms, ...] = Field((), max_length=500)
    policy: Policy = Policy()
    weights: Weights = Weights()
    effort: Effort = Effort()
    published: tuple[Published, ...] = Field((), max_length=MOST_APPOINTMENTS)


def json_schema() -> dict[str, Any]:
    """JSON schema of a request, draft 2020-12; what holds between fields is not in it."""
    return {"$schema": SCHEMA} | Request.model_json_schema()
