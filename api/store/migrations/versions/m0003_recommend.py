"""A kind of job more, and the place for what such a job finds.

SQLite cannot change a constraint, and a table that others refer to cannot be made anew within a transaction
without their rows. So its text is changed where SQLite keeps it, as its manual says for constraints:
https://www.sqlite.org/lang_altertable.html, section 7. The new column makes every connection read it again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_BEFORE = "kind in ('solve', 'replan')"
_AFTER = "kind in ('solve', 'replan', 'recommend')"


def upgrade() -> None:
    """Let jobs be of the kind ``recommend``, with a result."""
    if op.get_bind().dialect.name == "sqlite":
        _rewritten()
    else:
        op.drop_constraint(op.f("ck_job_kind"), "job", type_="check")
        op.create_check_constraint(op.f("ck_job_kind"), "job", _AFTER)
    op.add_column("job", sa.Column("result", sa.JSON(none_as_null=True), nullable=True))


def _rewritten() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    change = sa.text(
        "update sqlite_master set sql = replace(sql, :before, :after)"
        " where type = 'table' and name = 'job' and instr(sql, :before) > 0"
    )
    changed = connection.execute(change, {"before": _BEFORE, "after": _AFTER}).rowcount
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
    if changed != 1:
        raise RuntimeError("the table of jobs is not as the first migration makes it")
