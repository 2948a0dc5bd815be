"""The two lists of the national practice; needs that are there are on the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from matcher.store.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_DAY = {
    "sqlite": "date(updated_at, '+8 hours')",
    "postgresql": "CAST(updated_at AT TIME ZONE 'Asia/Shanghai' AS DATE)",
}
"""The day in China on which a need was last changed: nothing older is known of when it came."""


def upgrade() -> None:
    """Make it, and put the needs that are there onto the first list."""
    op.create_table(
        "listing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applied", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("compliant_operation", sa.Boolean(), nullable=True),
        sa.Column("fixed_premises", sa.Boolean(), nullable=True),
        sa.Column("real_need", sa.Boolean(), nullable=True),
        sa.Column("good_credit", sa.Boolean(), nullable=True),
        sa.Column("compliant_use", sa.Boolean(), nullable=True),
        sa.Column("contacted", sa.Date(), nullable=True),
        sa.Column("recommended", sa.Date(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decided", sa.Date(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["need.id"], name=op.f("fk_listing_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_listing_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_applied"), ["applied"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_stage"), ["stage"], unique=False)
    day = _DAY[op.get_bind().dialect.name]
    op.execute(
        "INSERT INTO listing (id, applied, stage, due_on, version, updated_at) "
        f"SELECT id, COALESCE(received, {day}), 'applied', '9999-12-31', 1, updated_at FROM need"
    )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_stage"))
        batch_op.drop_index(batch_op.f("ix_listing_due_on"))
        batch_op.drop_index(batch_op.f("ix_listing_applied"))

    op.drop_table("listing")
