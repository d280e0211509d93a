"""Runs migrations on the connection, and in the transaction, that `api.store.migrate` gives."""

from __future__ import annotations

from alembic import context

from api.store.tables import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()
