"""Keys, feeds and the audit: the answers' JSON."""

from __future__ import annotations

from pydantic import Field

from api.routes.shapes import Answer


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
