"""The answers' JSON, one definition each: of jobs, rotas and their versions, and what all others share.

The OpenAPI document comes from here and from the files that stand beside this one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from solver.answer.shape import RotaDocument, Verdict

State = Literal["queued", "running", "cancelling", "done", "cancelled", "failed"]
Publication = Literal["draft", "published", "superseded"]


class Answer(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


class Progress(Answer):
    """How far a solve has come."""

    cost: float | None = Field(None, description="Of the best rota so far.")
    bound: float | None = Field(None, description="Proven: no rota that keeps the rules costs less.")
    gap: float | None = Field(None, description="(cost - bound) / max(1, cost).")
    seconds: float | None = Field(None, description="Since the solve began.")
    phase: str | None = None


class Failure(Answer):
    """Why a job has no rota."""

    code: str = Field(description="Stable, in snake_case.")
    title: str


class JobSummary(Answer):
    """A job without its rota."""

    id: str
    kind: Literal["solve", "replan", "recommend"]
    state: State = Field(description="Of the job; what came of it is `outcome`.")
    outcome: Literal["optimal", "feasible", "none"] | None
    stop_reason: str | None
    asked: Literal["cancel", "finish"] | None = Field(description="What somebody wants of a job under way.")
    week: str = Field(description="Local date of its Monday.")
    priority: int = Field(description="0 to 9; a higher one is solved first within a team.")
    seconds: float = Field(description="Time limit of the solve.")
    deadline: str | None
    parent: str | None = Field(description="The rota that it revises, or is about.")
    batch: str | None
    created: str
    started: str | None
    ended: str | None
    error: Failure | None
    links: dict[str, str] = Field(
        description="Addresses to read or ask next; `why` needs `appointment`, and `compare` needs `with`."
    )


class JobDocument(JobSummary):
    """A job, and its rota once it is done."""

    queue_position: int | None = Field(description="1 is next; null unless queued.")
    progress: Progress | None
    version: int | None = Field(description="Of the rota, among those of its team and week.")
    publication: Publication | None = Field(description="Whether the rota holds.")
    rota: RotaDocument | None
    verdict: Verdict | None = Field(description="What would help: of a job of kind `recommend`, once done.")


class JobList(Answer):
    """Jobs of the team, newest first."""

    rotas: list[JobSummary]
    next: str | None = Field(description="Address of the next page.")


class PublishedDocument(Answer):
    """A rota that holds now."""

    id: str
    week: str
    version: int
    publication: Publication
    published: str | None
    published_by: str | None


class VersionSummary(Answer):
    """One of the rotas of a team's week."""

    id: str
    version: int
    parent: str | None
    publication: Publication
    outcome: str | None
    cost: float | None
    created: str
    published: str | None
    links: dict[str, str]


class VersionList(Answer):
    """Every rota of the same team and week, newest first."""

    week: str
    versions: list[VersionSummary]


class Place(Answer):
    """Where an appointment stands."""

    clinician: str
    start: str
    end: str


class Change(Answer):
    """An appointment that stands elsewhere; null is: not booked."""

    appointment: str
    kind: Literal["added", "removed", "moved_clinician", "moved_time", "moved_both"]
    before: Place | None
    after: Place | None


class Difference(Answer):
    """What differs between two rotas of one week."""

    before: str = Field(description="Id of the rota compared with.")
    after: str
    changes: list[Change]


class BatchDocument(Answer):
    """Many jobs that were asked for at once, and how far they are."""

    id: str
    created: str
    states: dict[State, int] = Field(description="How many jobs are in each state.")
    done: bool = Field(description="Whether all have ended.")
    rotas: list[JobSummary]
    links: dict[str, str]
