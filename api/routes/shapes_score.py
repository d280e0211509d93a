"""The score taken apart, and two rotas side by side: the answers' JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.routes.shapes import Answer
from api.routes.shapes_judged import BreachDocument
from api.routes.shapes_why import PlacedAt, TermChanged
from solver.answer.figures import DiaryFigures, ServiceFigures

_EXACT = "As a fraction, `12` or `37/4`."


class Costs(Answer):
    """What something costs."""

    cost: float = Field(description="The nearest double.")
    exact_cost: str = Field(description=_EXACT)


class ScoredTerm(Costs):
    """A term of the score."""

    name: str
    unit: str
    amount: float
    weight: float


class ScoredShare(Costs):
    """What one of them costs; null is what no single one bears."""

    name: str | None


class ExactPart(Answer):
    """The same without rounding."""

    amount: str = Field(description=_EXACT)
    cost: str = Field(description=_EXACT)


class ScoredPart(Answer):
    """A part of one term, and where it arises."""

    term: str
    unit: str
    amount: float
    cost: float
    exact: ExactPart
    appointment: str | None
    clinician: str | None
    date: str | None = Field(description="Local.")


class ScoreDocument(Costs):
    """The score taken apart; terms, parts and each of the sums add up to the whole exactly."""

    rota: str
    version: int
    terms: list[ScoredTerm]
    by_clinician: list[ScoredShare] = Field(description="The dearest first.")
    by_date: list[ScoredShare]
    by_appointment: list[ScoredShare]
    parts: list[ScoredPart]


class Version(Answer):
    """One of the rotas of a week."""

    rota: str
    version: int


class CostBeside(Answer):
    """What both cost, by the request of the second."""

    before: float
    after: float


class TermBeside(TermChanged):
    """A term in both rotas."""

    weight: float


class BreachesBeside(Answer):
    """Where each of the two breaks a rule."""

    before: list[BreachDocument]
    after: list[BreachDocument]


class RiskBeside(Answer):
    """What may come of both."""

    before: ServiceFigures
    after: ServiceFigures


class MovedBooking(Answer):
    """An appointment that stands elsewhere; null is: not booked."""

    appointment: str
    before: PlacedAt | None
    after: PlacedAt | None


class Felt(Answer):
    """What changes for the patient of an appointment, by its own terms."""

    appointment: str
    cost_change: float


class WeekBeside(Answer):
    """One clinician's week in both."""

    clinician: str
    verdict: Literal["gains", "loses", "mixed", "same"]
    better: list[str] = Field(description="Names of figures.")
    worse: list[str]
    before: DiaryFigures
    after: DiaryFigures


class ComparisonDocument(Answer):
    """What changes from one rota of a week to another."""

    before: Version = Field(description="The one that it is compared with.")
    after: Version
    same_request: bool = Field(description="Whether both answer the same; if not, the second's counts.")
    left_out: list[str] = Field(description="Appointments of the first that are not asked for any more.")
    cost: CostBeside
    cost_change: float
    terms: list[TermBeside]
    breaches: BreachesBeside
    risk: RiskBeside
    moved: list[MovedBooking]
    gains: list[Felt] = Field(description="Those better served, most first.")
    loses: list[Felt]
    clinicians: list[WeekBeside]
