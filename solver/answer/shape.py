"""The rota as it is given out: the one definition, from which its JSON schema comes.

Fields stand in the order in which they are written. Nothing is rounded except integers; probabilities are
0 to 1, give or take the last bit. It names appointments and clinicians, and never a patient.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from solver.answer.figures import BookingFigures, DiaryFigures, ServiceFigures
from solver.question.fields import Frozen, Identifier, Moment
from solver.question.request import SCHEMA

Kind = Literal["appointment", "admin", "break", "lunch", "reserve", "commitment", "free"]
Outcome = Literal["optimal", "feasible", "none"]
Stopped = Literal["gap_reached", "time_limit", "work_limit", "cancelled", "finished_early", "solver_failed"]


class Booking(Frozen):
    """An appointment placed in a slot."""

    appointment: Identifier
    clinician: Identifier
    start: Moment
    end: Moment = Field(description="The start plus the appointment's own minutes.")
    double: bool = Field(description="Whether another booking shares its slot.")
    risk: BookingFigures


class Unplaced(Frozen):
    """An appointment that is not booked."""

    appointment: Identifier
    code: str = Field(description="Stable, in snake_case.")
    reason: str = Field(description="A sentence for people.")


class Entry(Frozen):
    """A stretch of a diary."""

    kind: Kind
    start: Moment
    end: Moment
    appointments: tuple[Identifier, ...] | None = Field(
        None, description="Of a slot, in the order in which they are seen; absent in any other entry."
    )


class Diary(Frozen):
    """One clinician's week; its entries cover every shift exactly, in order."""

    clinician: Identifier
    target_minutes: int
    ceiling_minutes: int
    entries: tuple[Entry, ...]
    risk: DiaryFigures


class Term(Frozen):
    """A part of the cost."""

    name: str
    unit: str
    amount: float
    weight: float
    cost: float = Field(description="weight x amount.")


class Shortfall(Frozen):
    """How far one clinician stays below target."""

    clinician: Identifier
    shortfall_minutes: float = Field(description="Target less min(target, expected delivered).")


class Lever(Frozen):
    """One change, and what it would gain; measured by solving again."""

    lever: str = Field(description="Stable, in snake_case.")
    detail: str = Field(description="What exactly was changed, for people.")
    gain_minutes: float
    gain_bound_minutes: float
    weakens_protection: bool = Field(description="Such levers stand last, and are never applied by us.")
    measured: bool = Field(
        True, description="False: no search found out what it gains; the gain is then 0, and the bound holds."
    )


class Verdict(Frozen):
    """Whether the targets can be met under the rules with this list, and if not, what is short."""

    attainable: bool | None = Field(description="Null: neither is proven.")
    target_minutes: int
    attainable_minutes: float | None = Field(
        description="Sum of min(expected delivered, target), the best found; null: nothing was found."
    )
    attainable_bound_minutes: float | None = Field(
        description="No rota that keeps the rules reaches more; null: nothing is proven."
    )
    shortfall_minutes: float | None = Field(description="Target less attainable.")
    clinicians: tuple[Shortfall, ...]
    binding: tuple[str, ...] = Field(description="Rules whose removal alone would raise what is attainable.")
    not_binding: tuple[str, ...] = Field(
        (),
        description="Rules whose removal alone, as far as the request's figures can remove them, is proven "
        "not to raise it. Of a rule in neither list nothing is proven.",
    )
    levers: tuple[Lever, ...]


class Provenance(Frozen):
    """What made the rota: the same request, seed, solver and version may be run again."""

    request_sha256: str
    seed: int
    solver: str
    version: str


class RotaDocument(Frozen):
    """A rota, with what it costs, what may come of it, and what could not be had."""

    outcome: Outcome = Field(
        description="`optimal`: the gap is at or under the one asked for; `none`: the solver failed."
    )
    stop_reason: Stopped
    cost: float | None
    bound: float | None = Field(description="Proven: no rota that keeps the rules costs less.")
    gap: float | None = Field(description="(cost - bound) / max(1, cost).")
    bookings: tuple[Booking, ...]
    unplaced: tuple[Unplaced, ...]
    diaries: tuple[Diary, ...]
    terms: tuple[Term, ...]
    risk: ServiceFigures
    verdict: Verdict
    provenance: Provenance


def json_schema() -> dict[str, Any]:
    """JSON schema of a rota, draft 2020-12."""
    return {"$schema": SCHEMA} | RotaDocument.model_json_schema()
