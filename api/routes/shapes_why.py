"""Why an appointment stands where it does: the answer's JSON."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.routes.shapes import Answer
from solver.answer.figures import DiaryFigures


class PlacedAt(Answer):
    """An appointment at a start with a clinician."""

    appointment: str
    clinician: str
    start: str


class RuleBroken(Answer):
    """A rule that would be broken, and how."""

    rule: str
    text: str


class TermChanged(Answer):
    """A term of the cost before and after."""

    name: str
    unit: str
    before: float
    after: float
    cost_change: float = Field(description="Negative where it saves.")


class RiskChanged(Answer):
    """What may come of a clinician's week, before and after."""

    clinician: str
    before: DiaryFigures
    after: DiaryFigures


class StartTried(PlacedAt):
    """What would come of an appointment at one start, all others staying where they are."""

    fit: Literal["booked", "stands", "laid_out", "forbidden", "not_settled"] = Field(
        description="`stands`: the diary takes it as it is; `laid_out`: breaks, lunch and admin move for it."
    )
    forbidden_by: list[RuleBroken] = Field(description="Empty unless it is forbidden.")
    cost_change: float = Field(description="What the rota would cost more, allowed or not.")
    terms: list[TermChanged] = Field(description="Those that change.")
    risks: list[RiskChanged] = Field(description="Of whom it touches; told where it is allowed.")


class PatchStep(Answer):
    """One operation of an RFC 6902 patch on the request with every field filled in."""

    op: Literal["add", "replace"]
    path: str
    value: Any


class ChangeProposed(Answer):
    """A change of the request that places the appointment; applied and checked before it is told."""

    kind: str = Field(description="Stable, in snake_case.")
    text: str
    patch: list[PatchStep]
    cost_change: float
    placed: list[PlacedAt]
    moved: list[PlacedAt] = Field(description="Other bookings that stand elsewhere then.")


class WhyUnplaced(Answer):
    """Why an appointment is not booked, and what would place it."""

    code: str = Field(description="Stable, in snake_case.")
    reason: str
    open_starts: int = Field(description="Starts that its wishes leave open.")
    allowed: int = Field(description="How many of those no rule forbids beside this rota.")
    forbidden_by: dict[str, int] = Field(description="How many of those each rule forbids.")
    nearest: list[StartTried] = Field(description="Forbidden by the fewest rules, then the cheapest.")
    proposals: list[ChangeProposed] = Field(
        description="Smallest change first, at most one a kind; none takes from a clinician's protection."
    )
    complete: bool = Field(description="Whether every kind was looked for; false: the time was over.")


class StartsTried(Answer):
    """Every start that is open to an appointment."""

    open_starts: int
    allowed: int
    forbidden_by: dict[str, int]
    starts: list[StartTried] = Field(description="By clinician and time; without risks.")


class WhyDocument(Answer):
    """Why an appointment stands where it does; `about` says which of the last three is there."""

    rota: str
    version: int
    appointment: str
    booked: PlacedAt | None = Field(description="Where it stands; null if it is not booked.")
    about: Literal["unplaced", "place", "starts"]
    unplaced: WhyUnplaced | None
    place: StartTried | None
    starts: StartsTried | None
