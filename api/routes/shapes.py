"""The answers' JSON, one definition each; the OpenAPI document comes from here."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from solver.answer.figures import DiaryFigures, RotaFigures
from solver.answer.shape import Entry, RotaDocument, Term, Verdict

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
    links: dict[str, str] = Field(description="Addresses of what can be read or asked next.")


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


class AllAttend(Answer):
    """What a diary is if every patient comes, with every protected minute where it stands."""

    delivered_minutes: int
    breaks_kept: bool
    longest_contact_run_minutes: int = Field(description="Contact without a break or lunch between.")


class DiaryDocument(Answer):
    """One clinician's week."""

    clinician: str
    week: str
    rota: str = Field(description="Id of the rota that it is from.")
    version: int
    publication: Publication
    target_minutes: int
    ceiling_minutes: int
    entries: list[Entry]
    risk: DiaryFigures
    if_everyone_attends: AllAttend


class KeyDocument(Answer):
    """A program's key, without the secret."""

    id: str
    name: str
    roles: list[str]
    created: str
    expires: str | None
    revoked: str | None


class NewKey(KeyDocument):
    """A program's key; the secret is told this once."""

    key: str | None = Field(description="Null when the same Idempotency-Key comes again.")


class KeyList(Answer):
    """The team's keys."""

    keys: list[KeyDocument]


class FeedDocument(Answer):
    """A calendar's address, without its token."""

    id: str
    clinician: str
    created: str
    revoked: str | None


class NewFeed(FeedDocument):
    """A calendar's address; its token is told this once."""

    token: str | None = Field(description="Null when the same Idempotency-Key comes again.")
    url: str | None


class FeedList(Answer):
    """The feeds that whoever asks may know of."""

    feeds: list[FeedDocument]


class AuditRecord(Answer):
    """Somebody did something."""

    seq: int = Field(description="Its number, over all teams; without gaps.")
    at: str
    actor: str = Field(description="Who: a token's `sub`, or `key:` or `feed:` and an id.")
    action: str = Field(description="The operation's id.")
    object: str = Field(description="To what: a kind and an id, `rota:...`.")
    detail: str = Field(description="Ids and stable words; never a patient, never an appointment.")
    hash: str = Field(description="Binds it to all records before it.")


class AuditList(Answer):
    """What was done in the team, newest first."""

    records: list[AuditRecord]
    next: str | None = Field(description="Address of the next page.")


class BatchDocument(Answer):
    """Many jobs that were asked for at once, and how far they are."""

    id: str
    created: str
    states: dict[State, int] = Field(description="How many jobs are in each state.")
    done: bool = Field(description="Whether all have ended.")
    rotas: list[JobSummary]
    links: dict[str, str]


class ProblemMeaning(Answer):
    """What a problem's type means."""

    type: str
    code: str
    status: int
    title: str
    meaning: str


class Health(Answer):
    """Whether the process is alive."""

    status: Literal["ok"]


class Readiness(Answer):
    """Whether the service can do its work."""

    status: Literal["ready"]
    workers: int


Plain = dict[str, Any]
