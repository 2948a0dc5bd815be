"""Rounds leads events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from matcher.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_anonymous", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_table(
        "case_event",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_case_event")),
        sa.UniqueConstraint("sha256", name=op.f("uq_case_event_sha256")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_event_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_event_enterprise_id"), ["enterprise_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_event_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_case_event_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_event_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "chain_head",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("public_key", sa.String(length=400), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("declared_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["account.id"], name=op.f("fk_conflict_declared_by")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_conflict_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_conflict_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint(
            "institution_id", "enterprise_id", name=op.f("uq_conflict_institution_id_enterprise_id")
        ),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_conflict_enterprise_id"), ["enterprise_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_conflict_institution_id"), ["institution_id"], unique=False
        )

    op.create_table(
        "idempotency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.String(length=4000000), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_idempotency_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_idempotency_account_id_key")),
    )
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idempotency_created_at"), ["created_at"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("seed_salt", sa.String(length=64), nullable=False),
        sa.Column("seed_commitment", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_round_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_created_at"), ["created_at"], unique=False)

    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("secret", sa.String(length=128), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("sent_number", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_webhook_account_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_webhook_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_institution_id"), ["institution_id"], unique=False
        )

    op.create_table(
        "capacity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= capacity", name="ck_capacity_within"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_capacity_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_capacity_round_id_name")),
    )
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capacity_round_id"), ["round_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_event_created_by")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_event_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("key", name=op.f("uq_event_key")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_round_id"), ["round_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("plan_sha256", sa.String(), nullable=False),
        sa.Column("market_sha256", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("overrides", sa.Text(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("checked_at", Instant(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", Instant(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_plan_created_by")),
        sa.ForeignKeyConstraint(
            ["market_sha256"], ["blob.sha256"], name=op.f("fk_plan_market_sha256")
        ),
        sa.ForeignKeyConstraint(["plan_sha256"], ["blob.sha256"], name=op.f("fk_plan_plan_sha256")),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_plan_proposed_by")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_plan_published_by")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_plan_round_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_plan_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_plan_round_id_number")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_state"), ["state"], unique=False)
        batch_op.create_index(
            "ux_plan_live",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.create_table(
        "attendance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("participant", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("name_en", sa.String(length=500), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("is_expected", sa.Boolean(), nullable=False),
        sa.Column("checked_in_at", Instant(), nullable=True),
        sa.Column("checked_in_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checked_in_by"], ["account.id"], name=op.f("fk_attendance_checked_in_by")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_attendance_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_attendance_event_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_attendance_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "event_id", "participant", name=op.f("uq_attendance_event_id_participant")
        ),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendance_enterprise_id"), ["enterprise_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attendance_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attendance_institution_id"), ["institution_id"], unique=False
        )

    op.create_table(
        "lead",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("is_alive", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("offered_fen", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("respond_by", sa.Date(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("record_number", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("draws", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_lead_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_lead_institution_id")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_lead_need_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_lead_plan_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_lead_product_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_lead_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
    )
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_amount_fen"), ["amount_fen"], unique=False)
        batch_op.create_index("ix_lead_best", ["institution_id", "score", "id"], unique=False)
        batch_op.create_index(
            "ix_lead_changed", ["institution_id", "record_number", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lead_decide_by"), ["decide_by"], unique=False)
        batch_op.create_index("ix_lead_due", ["institution_id", "due_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lead_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lead_is_alive"), ["is_alive"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_needed_by"), ["needed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_proposed_at"), ["proposed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_record_number"), ["record_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_respond_by"), ["respond_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_score"), ["score"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_updated_at"), ["updated_at"], unique=False)
        batch_op.create_index(
            "ux_lead_alive",
            ["round_id", "need_id", "product_id"],
            unique=True,
            sqlite_where=sa.text("is_alive"),
            postgresql_where=sa.text("is_alive"),
        )

    op.create_table(
        "timetable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Uuid(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_timetable_created_by")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_timetable_event_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_timetable_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_timetable_event_id_number")),
    )
    with op.batch_alter_table("timetable", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timetable_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            "ux_timetable_live",
            ["event_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_column("is_anonymous")
    with op.batch_alter_table("timetable", schema=None) as batch_op:
        batch_op.drop_index(
            "ux_timetable_live",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_timetable_event_id"))

    op.drop_table("timetable")
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_index(
            "ux_lead_alive", sqlite_where=sa.text("is_alive"), postgresql_where=sa.text("is_alive")
        )
        batch_op.drop_index(batch_op.f("ix_lead_updated_at"))
        batch_op.drop_index(batch_op.f("ix_lead_status"))
        batch_op.drop_index(batch_op.f("ix_lead_score"))
        batch_op.drop_index(batch_op.f("ix_lead_round_id"))
        batch_op.drop_index(batch_op.f("ix_lead_respond_by"))
        batch_op.drop_index(batch_op.f("ix_lead_region"))
        batch_op.drop_index(batch_op.f("ix_lead_record_number"))
        batch_op.drop_index(batch_op.f("ix_lead_proposed_at"))
        batch_op.drop_index(batch_op.f("ix_lead_product_id"))
        batch_op.drop_index(batch_op.f("ix_lead_plan_id"))
        batch_op.drop_index(batch_op.f("ix_lead_needed_by"))
        batch_op.drop_index(batch_op.f("ix_lead_need_id"))
        batch_op.drop_index(batch_op.f("ix_lead_is_alive"))
        batch_op.drop_index(batch_op.f("ix_lead_institution_id"))
        batch_op.drop_index(batch_op.f("ix_lead_enterprise_id"))
        batch_op.drop_index(batch_op.f("ix_lead_due_on"))
        batch_op.drop_index("ix_lead_due")
        batch_op.drop_index(batch_op.f("ix_lead_decide_by"))
        batch_op.drop_index("ix_lead_changed")
        batch_op.drop_index("ix_lead_best")
        batch_op.drop_index(batch_op.f("ix_lead_amount_fen"))

    op.drop_table("lead")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_institution_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_event_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_enterprise_id"))

    op.drop_table("attendance")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(
            "ux_plan_live",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_plan_state"))
        batch_op.drop_index(batch_op.f("ix_plan_round_id"))
        batch_op.drop_index(batch_op.f("ix_plan_created_at"))

    op.drop_table("plan")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_round_id"))
        batch_op.drop_index(batch_op.f("ix_event_kind"))
        batch_op.drop_index(batch_op.f("ix_event_day"))

    op.drop_table("event")
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_capacity_round_id"))

    op.drop_table("capacity")
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_institution_id"))

    op.drop_table("webhook")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_created_at"))

    op.drop_table("round")
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_created_at"))
        batch_op.drop_index(batch_op.f("ix_idempotency_account_id"))

    op.drop_table("idempotency")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_institution_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_enterprise_id"))

    op.drop_table("conflict")
    op.drop_table("chain_head")
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_event_subject_id"))
        batch_op.drop_index(batch_op.f("ix_case_event_kind"))
        batch_op.drop_index(batch_op.f("ix_case_event_institution_id"))
        batch_op.drop_index(batch_op.f("ix_case_event_enterprise_id"))
        batch_op.drop_index(batch_op.f("ix_case_event_at"))

    op.drop_table("case_event")
