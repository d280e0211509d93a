"""What is kept, table by table. Constraints and triggers that make it safe stand in `api.store.migrations`.

A `team` is a plain name in every row; nobody outside it sees the row. Patients stand in `request` and nowhere
else: bookings name appointments, and the audit names neither.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from api.store.moment import Moment

JOB_STATES = ("queued", "running", "cancelling", "done", "cancelled", "failed")
RECOMMEND = "recommend"
"""The kind of a job that makes no rota: it looks for what would help one."""

ENDED = frozenset({"done", "cancelled", "failed"})
ROTA_STATES = ("draft", "published", "superseded")

_ID = String(64)
_HASH = String(64)


class Table(DeclarativeBase):
    """Every table; constraints have names, so that a migration can speak of them."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        date: Date(),
        dict[str, Any]: JSON(none_as_null=True),
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Request(Table):
    """A question as canonical JSON, kept once a team."""

    __tablename__ = "request"
    team: Mapped[str] = mapped_column(_ID, primary_key=True)
    sha256: Mapped[str] = mapped_column(_HASH, primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept: Mapped[datetime]


class Batch(Table):
    """Many jobs that were asked for at once."""

    __tablename__ = "batch"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    team: Mapped[str] = mapped_column(_ID)
    created_by: Mapped[str] = mapped_column(String(255))
    created: Mapped[datetime]


class Job(Table):
    """Something that was asked for, and how it went; its rota, once there is one, has the same id.

    A job of the kind `RECOMMEND` is about the rota of its ``parent``; what it finds is its ``result``.

    ``asked`` is what somebody wants of a job under way (``cancel`` or ``finish``), ``state`` what it does.
    ``progress`` and ``incumbent`` are the last told; ``attempts`` counts how often it was started.
    """

    __tablename__ = "job"
    __table_args__ = (
        ForeignKeyConstraint(["team", "request"], ["request.team", "request.sha256"]),
        CheckConstraint(f"state in {JOB_STATES}", name="state"),
        CheckConstraint("asked in ('cancel', 'finish')", name="asked"),
        CheckConstraint("kind in ('solve', 'replan', 'recommend')", name="kind"),
        CheckConstraint("priority between 0 and 9", name="priority"),
        Index("ix_job_queue", "state", "team", "priority", "created"),
        Index("ix_job_list", "team", "created", "id"),
    )
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    team: Mapped[str] = mapped_column(_ID)
    request: Mapped[str] = mapped_column(_HASH)
    kind: Mapped[str] = mapped_column(String(16), default="solve")
    parent: Mapped[str | None] = mapped_column(_ID, ForeignKey("job.id"))
    batch: Mapped[str | None] = mapped_column(_ID, ForeignKey("batch.id"), index=True)
    week: Mapped[date]
    state: Mapped[str] = mapped_column(String(16), default="queued")
    outcome: Mapped[str | None] = mapped_column(String(16))
    stop_reason: Mapped[str | None] = mapped_column(String(32))
    error_code: Mapped[str | None] = mapped_column(String(64))
    asked: Mapped[str | None] = mapped_column(String(16))
    priority: Mapped[int] = mapped_column(SmallInteger, default=5)
    seconds: Mapped[float]
    deadline: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(_ID)
    created_by: Mapped[str] = mapped_column(String(255))
    created: Mapped[datetime]
    started: Mapped[datetime | None]
    ended: Mapped[datetime | None]
    progress: Mapped[dict[str, Any] | None]
    incumbent: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]


class Event(Table):
    """What a job has told, in order; the oldest are pruned."""

    __tablename__ = "event"
    job: Mapped[str] = mapped_column(_ID, ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Seat(Table):
    """A clinician of a team under a number, so that one range can stand for a stretch of one diary."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("team", "clinician"), CheckConstraint("id > 0", name="id"))
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    team: Mapped[str] = mapped_column(_ID)
    clinician: Mapped[str] = mapped_column(_ID)


class Week(Table):
    """What is published for a team's week has changed ``revision`` times; every ETag of the week holds it."""

    __tablename__ = "week"
    team: Mapped[str] = mapped_column(_ID, primary_key=True)
    start: Mapped[date] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)


class Rota(Table):
    """A finished rota, never changed but for its state. ``version`` counts a team's rotas of one week."""

    __tablename__ = "rota"
    __table_args__ = (
        UniqueConstraint("id", "state"),
        UniqueConstraint("team", "week", "version"),
        ForeignKeyConstraint(["team", "week"], ["week.team", "week.start"]),
        CheckConstraint(f"state in {ROTA_STATES}", name="state"),
        CheckConstraint("(published is null) = (state = 'draft')", name="published"),
    )
    id: Mapped[str] = mapped_column(_ID, ForeignKey("job.id"), primary_key=True)
    team: Mapped[str] = mapped_column(_ID)
    week: Mapped[date]
    version: Mapped[int]
    parent: Mapped[str | None] = mapped_column(_ID, ForeignKey("rota.id"))
    state: Mapped[str] = mapped_column(String(16), default="draft")
    document: Mapped[dict[str, Any]]
    created: Mapped[datetime]
    published: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(255))


class Diary(Table):
    """Whose diaries a rota holds, also where nobody is booked."""

    __tablename__ = "diary"
    rota: Mapped[str] = mapped_column(_ID, ForeignKey("rota.id", ondelete="CASCADE"), primary_key=True)
    seat: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True, index=True)


class Slot(Table):
    """A stretch of a diary in which one appointment, or two, are booked.

    ``[starts, ends)`` are minutes since the epoch. ``state`` is its rota's: the database keeps it so, and
    lets no two published slots of a seat overlap.
    """

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("id", "rota"),
        ForeignKeyConstraint(
            ["rota", "state"], ["rota.id", "rota.state"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["rota", "seat"], ["diary.rota", "diary.seat"]),
        CheckConstraint("0 <= starts and starts < ends and ends < 4294967296", name="minutes"),
        Index("ix_slot_seat", "seat", "state", "starts"),
        Index("ix_slot_rota", "rota"),
    )
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    rota: Mapped[str] = mapped_column(_ID)
    state: Mapped[str] = mapped_column(String(16))
    seat: Mapped[int]
    starts: Mapped[int] = mapped_column(BigInteger)
    ends: Mapped[int] = mapped_column(BigInteger)


class Booking(Table):
    """An appointment in a slot, in its first or second place."""

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("slot", "place"),
        ForeignKeyConstraint(["slot", "rota"], ["slot.id", "slot.rota"], ondelete="CASCADE"),
        CheckConstraint("place in (1, 2)", name="place"),
    )
    rota: Mapped[str] = mapped_column(_ID, primary_key=True)
    appointment: Mapped[str] = mapped_column(_ID, primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    place: Mapped[int] = mapped_column(SmallInteger)


class Idempotency(Table):
    """What was answered to a key of somebody's; without a status the answer is still being made."""

    __tablename__ = "idempotency"
    team: Mapped[str] = mapped_column(_ID, primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    digest: Mapped[str] = mapped_column(_HASH)
    status: Mapped[int | None]
    location: Mapped[str | None] = mapped_column(String(1024))
    answer: Mapped[dict[str, Any] | None]
    at: Mapped[datetime] = mapped_column(index=True)


class ApiKey(Table):
    """A program's key: only its SHA-256 is kept."""

    __tablename__ = "api_key"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    sha256: Mapped[str] = mapped_column(_HASH, unique=True)
    team: Mapped[str] = mapped_column(_ID, index=True)
    name: Mapped[str] = mapped_column(String(255))
    roles: Mapped[str] = mapped_column(String(255))
    created_by: Mapped[str] = mapped_column(String(255))
    created: Mapped[datetime]
    expires: Mapped[datetime | None]
    revoked: Mapped[datetime | None]


class Feed(Table):
    """A calendar's address: only the SHA-256 of its token is kept."""

    __tablename__ = "feed"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    sha256: Mapped[str] = mapped_column(_HASH, unique=True)
    team: Mapped[str] = mapped_column(_ID, index=True)
    clinician: Mapped[str] = mapped_column(_ID)
    created_by: Mapped[str] = mapped_column(String(255))
    created: Mapped[datetime]
    revoked: Mapped[datetime | None]

    @property
    def subject(self) -> str:
        """Who asks with its token."""
        return f"feed:{self.id}"


class Audit(Table):
    """Who did what to which thing: appended, never changed, each row bound to the one before by its hash."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(_ID, index=True)
    actor: Mapped[str] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(String(255), index=True)
    detail: Mapped[str] = mapped_column(String(1024))
    previous: Mapped[str] = mapped_column(_HASH)
    hash: Mapped[str] = mapped_column(_HASH)


class WorkerBeat(Table):
    """A process that solves, and when it last said so."""

    __tablename__ = "worker_beat"
    worker: Mapped[str] = mapped_column(_ID, primary_key=True)
    started: Mapped[datetime]
    seen: Mapped[datetime] = mapped_column(index=True)
    draining: Mapped[bool] = mapped_column(default=False)


class Tally(Table):
    """How many values of a figure fell into a bucket, named by its upper bound, and their sum."""

    __tablename__ = "tally"
    name: Mapped[str] = mapped_column(_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    bucket: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[float] = mapped_column(default=0.0)
