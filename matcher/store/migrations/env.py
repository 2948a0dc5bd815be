"""Run migrations on the connection that `matcher.store.schema` hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from matcher.store.tables import METADATA

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    # SQLite cannot alter most things in place: alembic copies the table instead.
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
