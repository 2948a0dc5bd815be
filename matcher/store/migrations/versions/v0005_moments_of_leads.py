"""When each step of a lead that figures count was taken, beside the record that says it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from matcher.store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_STEPS = {
    "accept": "accepted_at",
    "decline": "declined_at",
    "approve": "approved_at",
    "disburse": "disbursed_at",
}
_INDEX = "ix_lead_counted"
_COUNTED = ["need_id", "institution_id", "offered_fen", "proposed_at", *_STEPS.values()]
_EVENTS = sa.table(
    "case_event",
    sa.column("number", sa.BigInteger()),
    sa.column("kind", sa.String()),
    sa.column("subject_id", sa.Uuid()),
    sa.column("at", Instant()),
    sa.column("content", sa.Text()),
)
_LEADS = sa.table(
    "lead", sa.column("id", sa.Uuid()), *(sa.column(name, Instant()) for name in _STEPS.values())
)


def upgrade() -> None:
    """Add them, and fill in what the record says of the leads that are there."""
    with op.batch_alter_table("lead", schema=None) as batch_op:
        for name in _STEPS.values():
            batch_op.add_column(sa.Column(name, Instant(), nullable=True))
        batch_op.create_index(_INDEX, _COUNTED, unique=False)
    first: dict[Any, dict[str, Any]] = {}
    for lead_id, column, at in _told():
        first.setdefault(lead_id, {}).setdefault(column, at)
    for lead_id, values in first.items():
        op.execute(_LEADS.update().where(_LEADS.c.id == lead_id).values(**values))


def _told() -> Iterator[tuple[Any, str, Any]]:
    """Yield lead, column and moment of every step, in the order of the record."""
    events = sa.select(_EVENTS.c.subject_id, _EVENTS.c.at, _EVENTS.c.content)
    query = events.where(_EVENTS.c.kind == "case").order_by(_EVENTS.c.number)
    for lead_id, at, content in op.get_bind().execute(query).all():
        told = json.loads(content)
        if told["action"] in _STEPS and told["details"].get("part") is None:
            yield lead_id, _STEPS[told["action"]], at


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_index(_INDEX)
        for name in reversed(_STEPS.values()):
            batch_op.drop_column(name)
