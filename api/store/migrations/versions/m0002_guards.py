"""What no statement may do, whoever sends it: the database itself refuses.

Two published slots of one seat never overlap. On PostgreSQL the two numbers seat and minute make one range,
so a single exclusion constraint does it, without any extension: seats are under 2^31 and minutes under 2^32,
so no two seats share a number of the range. SQLite has triggers; its writers come one after the other.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_FIXED = "id, team, week, version, document"

_POSTGRESQL = (
    """
    alter table slot add constraint ex_slot_published exclude using gist (
        int8range(seat::bigint * 4294967296 + starts, seat::bigint * 4294967296 + ends) with &&
    ) where (state = 'published')
    """,
    """
    create function rota_refuse() returns trigger language plpgsql as $$
    begin
        raise exception '% of % is not allowed', tg_op, tg_table_name
        using errcode = 'integrity_constraint_violation';
    end $$
    """,
    """
    create function rota_audit_follows() returns trigger language plpgsql as $$
    begin
        if new.seq is distinct from (select coalesce(max(seq), 0) + 1 from audit)
            or new.previous is distinct from
                coalesce((select hash from audit order by seq desc limit 1), repeat('0', 64)) then
            raise exception 'audit: does not follow the last row'
            using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end $$
    """,
    """
    create trigger audit_kept before update or delete or truncate on audit
    for each statement execute function rota_refuse()
    """,
    """
    create trigger audit_follows before insert on audit
    for each row execute function rota_audit_follows()
    """,
    f"""
    create trigger rota_fixed before update of {_FIXED} on rota
    for each statement execute function rota_refuse()
    """,
)

_OVERLAP = """
    select raise(abort, 'slot: overlaps a published one') where new.state = 'published' and exists (
        select 1 from slot where seat = new.seat and state = 'published' and id <> new.id
        and starts < new.ends and new.starts < ends
    );
    select raise(abort, 'slot: its state is not its rota''s')
    where new.state is not (select state from rota where id = new.rota);
"""

_SQLITE = (
    f"create trigger slot_inserted after insert on slot begin {_OVERLAP} end",
    f"create trigger slot_updated after update on slot begin {_OVERLAP} end",
    """
    create trigger rota_state after update of state on rota begin
        update slot set state = new.state where rota = new.id and state <> new.state;
    end
    """,
    f"""
    create trigger rota_fixed before update of {_FIXED} on rota begin
        select raise(abort, 'rota: a version does not change');
    end
    """,
    "create trigger audit_update before update on audit begin select raise(abort, 'audit: append only'); end",
    "create trigger audit_delete before delete on audit begin select raise(abort, 'audit: append only'); end",
    """
    create trigger audit_follows before insert on audit begin
        select raise(abort, 'audit: does not follow the last row')
        where new.seq is not (select coalesce(max(seq), 0) + 1 from audit)
        or new.previous is not coalesce(
            (select hash from audit order by seq desc limit 1),
            '0000000000000000000000000000000000000000000000000000000000000000'
        );
    end
    """,
)


def upgrade() -> None:
    """Add constraints and triggers."""
    statements = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for statement in statements:
        op.execute(statement)
