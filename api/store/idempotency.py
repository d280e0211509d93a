"""A key makes one thing, however often it is sent.

In one transaction: `claim`, then make the thing, then `keep` the answer. Of any number of askers at once one
claims the key; the others wait for its commit and are given its answer. If it fails, nothing is left of its
claim.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from api.problems import Refused
from api.store.inserting import insert_new
from api.store.moment import now
from api.store.tables import Idempotency


class Answer(NamedTuple):
    """What was answered: HTTP status, ``Location``, and the JSON of the body."""

    status: int
    location: str
    answer: dict[str, Any]


def claim(s: Session, team: str, subject: str, key: str, digest: str) -> Answer | None:
    """Take a key; None if it is the caller's to use now, else what was answered to it before.

    Parameters
    ----------
    digest
        SHA-256, in hexadecimal, of what is asked.

    Raises
    ------
    Refused
        ``idempotency_key_reused`` if something else was asked with the key before; ``key_in_use`` if its
        answer is still being made.
    """
    row = {"team": team, "subject": subject, "key": key, "digest": digest, "at": now()}
    if insert_new(s, Idempotency, row):
        return None
    found = s.get(Idempotency, (team, subject, key), populate_existing=True)
    if found is not None and found.digest != digest:
        raise Refused("idempotency_key_reused")
    if found is None or found.status is None:
        raise Refused("key_in_use", headers={"Retry-After": "1"})
    return Answer(found.status, found.location or "", found.answer or {})


def known(s: Session, team: str, subject: str, key: str) -> bool:
    """Whether a key was claimed before, for whatever."""
    return s.get(Idempotency, (team, subject, key)) is not None


def keep(
    s: Session, team: str, subject: str, key: str, status: int, location: str, answer: dict[str, Any]
) -> None:
    """Keep what is answered to a key that `claim` gave to the caller."""
    own = (Idempotency.team == team, Idempotency.subject == subject, Idempotency.key == key)
    told = {"status": status, "location": location, "answer": answer}
    s.execute(update(Idempotency).where(*own).values(told).execution_options(synchronize_session=False))
