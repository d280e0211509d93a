"""Who did what, in a chain that shows every change of it.

.. math:: h_n = SHA256(h_{n-1} \\| n \\| at \\| team \\| actor \\| action \\| object \\| detail)

The fields as a JSON list. The database refuses to change or remove a row; whoever gets round that breaks the
chain, and `verify` tells where. Rows cut off its end show only against a `Head` that was kept elsewhere.

Never a patient, an appointment or a word of a request: ids of jobs, clinicians, keys, feeds and batches only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from api.store.moment import now
from api.store.tables import Audit
from api.store.who import Who

_LOCK = 7_612_002
"""Of PostgreSQL's advisory locks, the one of the end of the chain."""

START = "0" * 64
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows, and the hash of the last."""

    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain does not hold: the number of the first row that is wrong or missing."""

    seq: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are looked for; None: whichever.

    ``since`` is a time in UTC as `note` writes it; rows of that moment and later ones are meant.
    """

    team: str | None = None
    object: str | None = None
    actor: str | None = None
    since: datetime | None = None

    def of(self, query: Select[Audit]) -> Select[Audit]:
        """Only those of a query."""
        if self.since is not None:
            query = query.where(Audit.at >= self.since.astimezone(UTC).isoformat())
        exact = {"team": self.team, "object": self.object, "actor": self.actor}
        return query.filter_by(**{name: value for name, value in exact.items() if value is not None})


def note(s: Session, who: Who, action: str, object: str, detail: str = "") -> None:  # noqa: A002
    """Write down what is being done, in the transaction that does it; the last thing to do in it.

    Until the transaction ends no other can note anything.

    Parameters
    ----------
    action
        The operation's id.
    object
        Kind and id, ``rota:1f...``.
    detail
        Stable words and ids; no more than 1024 characters.
    """
    s.flush()
    if s.get_bind().dialect.name == "postgresql":
        s.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = head(s)
    fields = (now().isoformat(), who.team, who.subject, action, object, detail)
    row = Audit(
        seq=last.rows + 1,
        at=fields[0],
        team=who.team,
        actor=who.subject,
        action=action,
        object=object,
        detail=detail,
        previous=last.hash,
        hash=_hash(last.hash, last.rows + 1, fields),
    )
    s.add(row)
    s.flush()


def head(s: Session) -> Head:
    """The end of the chain as it is now."""
    last = s.execute(select(Audit.seq, Audit.hash).order_by(Audit.seq.desc()).limit(1)).first()
    return Head(0, START) if last is None else Head(last.seq, last.hash)


def verify(s: Session, known: Head | None = None) -> Head | Broken:
    """Look through the whole chain, in a session that only reads.

    Parameters
    ----------
    known
        An end of the chain that was kept elsewhere, to be found in it again.

    Returns
    -------
    Head or Broken
        Its end; or where it does not hold.
    """
    before = Head(0, START)
    for row in _all(s):
        if not _follows(row, before) or (known and row.seq == known.rows and row.hash != known.hash):
            return Broken(before.rows + 1)
        before = Head(row.seq, row.hash)
    return Broken(before.rows + 1) if known and known.rows > before.rows else before


def list_(
    s: Session, team: str, *, limit: int = 100, before: int | None = None, wanted: Wanted | None = None
) -> list[Audit]:
    """What was done in a team, the newest first; older than a number if one is given."""
    query = replace(wanted or Wanted(), team=team).of(select(Audit)).order_by(Audit.seq.desc()).limit(limit)
    return list(s.scalars(query if before is None else query.where(Audit.seq < before)))


def found(s: Session, wanted: Wanted) -> Iterator[Audit]:
    """What was done, the oldest first, however much it is."""
    return _all(s, wanted)


def _all(s: Session, wanted: Wanted = Wanted()) -> Iterator[Audit]:
    seen = -(2**62)
    query = wanted.of(select(Audit)).order_by(Audit.seq).limit(_PAGE)
    while page := s.scalars(query.where(Audit.seq > seen)).all():
        yield from page
        seen = page[-1].seq
        s.expunge_all()


def _follows(row: Audit, before: Head) -> bool:
    fields = (row.at, row.team, row.actor, row.action, row.object, row.detail)
    expected = Head(before.rows + 1, _hash(before.hash, before.rows + 1, fields))
    return row.previous == before.hash and Head(row.seq, row.hash) == expected


def _hash(previous: str, seq: int, fields: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([previous, seq, *fields]).encode()).hexdigest()
