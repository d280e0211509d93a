"""A rota judged and a request looked through: the answers' JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.routes.shapes import Answer
from solver.answer.figures import RotaFigures
from solver.answer.shape import Term


class BreachDocument(Answer):
    """Where a rota breaks a rule."""

    rule: str
    clinician: str | None
    day: str | None = Field(description="Local date; null where it is the week's.")
    text: str


class Evaluation(Answer):
    """What the checker and the mathematics say of a rota; no solver had a hand in it."""

    obeys: bool = Field(description="Whether no rule is broken.")
    breaches: list[BreachDocument]
    cost: float
    terms: list[Term]
    figures: RotaFigures


class FaultTold(Answer):
    """One thing that is wrong with a request."""

    code: str
    place: Literal["body", "query", "path", "header"] = Field(alias="in")
    pointer: str
    title: str


class Validation(Answer):
    """Whether a request can be solved."""

    valid: bool
    sha256: str | None = Field(description="Of the canonical form of a valid request.")
    faults: list[FaultTold]
