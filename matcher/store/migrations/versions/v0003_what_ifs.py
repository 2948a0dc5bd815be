"""What-ifs on the bench."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from matcher.store.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "what_if",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("baseline_id", sa.Uuid(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("asked_version", sa.Integer(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_what_if_account_id")),
        sa.ForeignKeyConstraint(["baseline_id"], ["run.id"], name=op.f("fk_what_if_baseline_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_what_if_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_if")),
    )
    with op.batch_alter_table("what_if", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_what_if_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_what_if_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_what_if_is_shared"), ["is_shared"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("what_if", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_what_if_is_shared"))
        batch_op.drop_index(batch_op.f("ix_what_if_created_at"))
        batch_op.drop_index(batch_op.f("ix_what_if_account_id"))

    op.drop_table("what_if")
