"""The first form of every table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("roles", sa.String(length=255), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_key_sha256")),
    )
    op.create_index(op.f("ix_api_key_team"), "api_key", ["team"], unique=False)
    op.create_table(
        "audit",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object", sa.String(length=255), nullable=False),
        sa.Column("detail", sa.String(length=1024), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_object"), "audit", ["object"], unique=False)
    op.create_index(op.f("ix_audit_team"), "audit", ["team"], unique=False)
    op.create_table(
        "batch",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("clinician", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("sha256", name=op.f("uq_feed_sha256")),
    )
    op.create_index(op.f("ix_feed_team"), "feed", ["team"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(length=1024), nullable=True),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "subject", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_at"), "idempotency", ["at"], unique=False)
    op.create_table(
        "request",
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "sha256", name=op.f("pk_request")),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("clinician", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id > 0", name=op.f("ck_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("team", "clinician", name=op.f("uq_seat_team_clinician")),
    )
    op.create_table(
        "week",
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team", "start", name=op.f("pk_week")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("worker", sa.String(length=64), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draining", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_beat")),
    )
    op.create_index(op.f("ix_worker_beat_seen"), "worker_beat", ["seen"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("batch", sa.String(length=64), nullable=True),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("stop_reason", sa.String(length=32), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("asked", sa.String(length=16), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=64), nullable=True),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("incumbent", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("asked in ('cancel', 'finish')", name=op.f("ck_job_asked")),
        sa.CheckConstraint("kind in ('solve', 'replan')", name=op.f("ck_job_kind")),
        sa.CheckConstraint(
            "state in ('queued', 'running', 'cancelling', 'done', 'cancelled', 'failed')",
            name=op.f("ck_job_state"),
        ),
        sa.CheckConstraint("priority between 0 and 9", name=op.f("ck_job_priority")),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_job_batch")),
        sa.ForeignKeyConstraint(["parent"], ["job.id"], name=op.f("fk_job_parent")),
        sa.ForeignKeyConstraint(
            ["team", "request"], ["request.team", "request.sha256"], name=op.f("fk_job_team_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_batch"), "job", ["batch"], unique=False)
    op.create_index("ix_job_list", "job", ["team", "created", "id"], unique=False)
    op.create_index("ix_job_queue", "job", ["state", "team", "priority", "created"], unique=False)
    op.create_table(
        "event",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job"], ["job.id"], name=op.f("fk_event_job"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job", "seq", name=op.f("pk_event")),
    )
    op.create_table(
        "rota",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=255), nullable=True),
        sa.CheckConstraint("(published is null) = (state = 'draft')", name=op.f("ck_rota_published")),
        sa.CheckConstraint("state in ('draft', 'published', 'superseded')", name=op.f("ck_rota_state")),
        sa.ForeignKeyConstraint(["id"], ["job.id"], name=op.f("fk_rota_id")),
        sa.ForeignKeyConstraint(["parent"], ["rota.id"], name=op.f("fk_rota_parent")),
        sa.ForeignKeyConstraint(
            ["team", "week"], ["week.team", "week.start"], name=op.f("fk_rota_team_week")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota")),
        sa.UniqueConstraint("id", "state", name=op.f("uq_rota_id_state")),
        sa.UniqueConstraint("team", "week", "version", name=op.f("uq_rota_team_week_version")),
    )
    op.create_table(
        "diary",
        sa.Column("rota", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rota"], ["rota.id"], name=op.f("fk_diary_rota"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["seat"], ["seat.id"], name=op.f("fk_diary_seat")),
        sa.PrimaryKeyConstraint("rota", "seat", name=op.f("pk_diary")),
    )
    op.create_index(op.f("ix_diary_seat"), "diary", ["seat"], unique=False)
    op.create_table(
        "slot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rota", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= starts and starts < ends and ends < 4294967296", name=op.f("ck_slot_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["rota", "seat"], ["diary.rota", "diary.seat"], name=op.f("fk_slot_rota_seat")
        ),
        sa.ForeignKeyConstraint(
            ["rota", "state"],
            ["rota.id", "rota.state"],
            name=op.f("fk_slot_rota_state"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("id", "rota", name=op.f("uq_slot_id_rota")),
    )
    op.create_index("ix_slot_rota", "slot", ["rota"], unique=False)
    op.create_index("ix_slot_seat", "slot", ["seat", "state", "starts"], unique=False)
    op.create_table(
        "booking",
        sa.Column("rota", sa.String(length=64), nullable=False),
        sa.Column("appointment", sa.String(length=64), nullable=False),
        sa.Column("slot", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("place in (1, 2)", name=op.f("ck_booking_place")),
        sa.ForeignKeyConstraint(
            ["slot", "rota"], ["slot.id", "slot.rota"], name=op.f("fk_booking_slot_rota"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rota", "appointment", name=op.f("pk_booking")),
        sa.UniqueConstraint("slot", "place", name=op.f("uq_booking_slot_place")),
    )
