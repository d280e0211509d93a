"""The policy as it arrives: the service's caps, and what one clinician may tighten."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from solver.question.fields import Clock, Frozen, Minutes, Probability

Grid = Annotated[Minutes, Field(ge=5, le=240)]
PerSlot = Annotated[int, Field(ge=1, le=2)]
DoublesADay = Annotated[int, Field(ge=0, le=50)]
DoublesAWeek = Annotated[int, Field(ge=0, le=200)]
Ratio = Annotated[float, Field(ge=0, le=10)]
Contacts = Annotated[int, Field(ge=0, le=100)]
Run = Annotated[int, Field(ge=0, le=1440)]
Break = Annotated[Minutes, Field(ge=5, le=120)]
LunchOver = Annotated[int, Field(ge=0, le=360)]
"""The legal floor: a break is due in a day of more than 6 hours (Working Time Regulations 1998, reg. 12)."""
Lunch = Annotated[Minutes, Field(ge=20, le=240)]
"""The legal floor: that break is at least 20 minutes (the same)."""
AdminBlock = Annotated[Minutes, Field(ge=5, le=240)]
Admin = Annotated[Minutes, Field(le=960)]

SAYS = {
    "max_per_slot": "Most bookings in one slot: 1 or 2.",
    "max_collision": "Greatest probability that both patients of a double come.",
    "max_doubles_per_day": "Most doubles a clinician's day.",
    "max_doubles_per_week": "Most doubles a clinician's week.",
    "max_unreserved_risk": "Greatest probability that protected time of a clinician's day is touched.",
    "max_booked_ratio": "Booked minutes of a week over target minutes, at most.",
    "max_overload_risk": "Greatest probability that delivered minutes pass the ceiling.",
    "max_contacts_per_day": "Most bookings a clinician's day.",
    "max_intense_per_day": "Most bookings marked intense, a clinician's day.",
    "max_contact_run_minutes": "Most minutes of contact between two breaks.",
    "break_minutes": "Length of a break, in minutes, at least.",
    "lunch_if_over_minutes": "A shift longer than this many minutes, less its leave, has a lunch.",
    "lunch_minutes": "Length of lunch, in minutes, at least; also the least between two shifts of a day.",
    "lunch_earliest": "Local time at which the lunch window opens.",
    "lunch_latest": "Local time at which the lunch window closes.",
    "admin_daily_minutes": "Minutes of admin a day, beside that of the day's appointments.",
}
"""What each field means that both the service and a clinician may set."""


def says(name: str) -> str:
    """The description of a field in a clinician's own policy."""
    return f"{SAYS[name]} Tighter than the service's, or as tight; null: the service's."


class Overrun(Frozen):
    """One way in which a session runs over."""

    extra_minutes: Annotated[Minutes, Field(le=240)] = Field(description="Minutes beyond those booked.")
    probability: Probability = Field(description="How likely, 0 to 1; all of them add up to 1.")


class Policy(Frozen):
    """The service's caps."""

    grid_minutes: Grid = Field(15, description="Minutes between candidate starts, from a shift's start.")
    max_per_slot: PerSlot = Field(1, description=SAYS["max_per_slot"])
    max_collision: Probability = Field(0.5, description=SAYS["max_collision"])
    max_doubles_per_day: DoublesADay = Field(1, description=SAYS["max_doubles_per_day"])
    max_doubles_per_week: DoublesAWeek = Field(2, description=SAYS["max_doubles_per_week"])
    max_unreserved_risk: Probability = Field(0.0, description=SAYS["max_unreserved_risk"])
    max_booked_ratio: Ratio = Field(1.25, description=SAYS["max_booked_ratio"])
    max_overload_risk: Probability = Field(0.10, description=SAYS["max_overload_risk"])
    tolerance_minutes: int = Field(30, ge=0, le=10080, description="Minutes off target that cost nothing.")
    max_contacts_per_day: Contacts = Field(8, description=SAYS["max_contacts_per_day"])
    max_intense_per_day: Contacts = Field(3, description=SAYS["max_intense_per_day"])
    max_contact_run_minutes: Run = Field(90, description=SAYS["max_contact_run_minutes"])
    break_minutes: Break = Field(10, description=SAYS["break_minutes"])
    lunch_if_over_minutes: LunchOver = Field(360, description=SAYS["lunch_if_over_minutes"])
    lunch_minutes: Lunch = Field(30, description=SAYS["lunch_minutes"])
    lunch_earliest: Clock = Field("11:30", description=SAYS["lunch_earliest"])
    lunch_latest: Clock = Field("14:30", description=SAYS["lunch_latest"])
    admin_block_minutes: AdminBlock = Field(15, description="Length of an admin entry, in minutes, at least.")
    admin_daily_minutes: Admin = Field(0, description=SAYS["admin_daily_minutes"])
    admin_scope: Literal["day", "week"] = Field(
        "day", description="Whether admin minutes are due day by day, or the week's sums count."
    )
    overrun: tuple[Overrun, ...] = Field(
        (Overrun(extra_minutes=0, probability=1.0),),
        min_length=1,
        max_length=50,
        description="How sessions run over, in minutes; it changes risk figures and no rule.",
    )


class ClinicianPolicy(Frozen):
    """A clinician's own caps: each tightens the service's, never loosens it; null or absent leaves it."""

    max_per_slot: PerSlot | None = Field(None, description=says("max_per_slot"))
    max_collision: Probability | None = Field(None, description=says("max_collision"))
    max_doubles_per_day: DoublesADay | None = Field(None, description=says("max_doubles_per_day"))
    max_doubles_per_week: DoublesAWeek | None = Field(None, description=says("max_doubles_per_week"))
    max_unreserved_risk: Probability | None = Field(None, description=says("max_unreserved_risk"))
    max_booked_ratio: Ratio | None = Field(None, description=says("max_booked_ratio"))
    max_overload_risk: Probability | None = Field(None, description=says("max_overload_risk"))
    max_contacts_per_day: Contacts | None = Field(None, description=says("max_contacts_per_day"))
    max_intense_per_day: Contacts | None = Field(None, description=says("max_intense_per_day"))
    max_contact_run_minutes: Run | None = Field(None, description=says("max_contact_run_minutes"))
    break_minutes: Break | None = Field(None, description=says("break_minutes"))
    lunch_if_over_minutes: LunchOver | None = Field(None, description=says("lunch_if_over_minutes"))
    lunch_minutes: Lunch | None = Field(None, description=says("lunch_minutes"))
    lunch_earliest: Clock | None = Field(None, description=says("lunch_earliest"))
    lunch_latest: Clock | None = Field(None, description=says("lunch_latest"))
    admin_daily_minutes: Admin | None = Field(None, description=says("admin_daily_minutes"))


HIGHER_IS_TIGHTER = frozenset({"break_minutes", "lunch_minutes", "lunch_earliest", "admin_daily_minutes"})
"""Of the fields that a clinician may set; of all others lower is tighter."""

SERVICE_ONLY = frozenset(Policy.model_fields) - frozenset(ClinicianPolicy.model_fields)
"""Fields that are the service's alone."""
