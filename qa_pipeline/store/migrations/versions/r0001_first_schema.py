"""The first schema: runs, files, work, samples, reviews and what people decide on them."""

import sqlalchemy as sa
from alembic import op

from qa_pipeline.store.tables import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table of the ledger."""
    _of_runs()
    _of_samples()
    _of_reviews()
    _of_people()


def _of_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("run", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("pipeline_version", sa.String(length=64), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("run"),
    )
    op.create_table(
        "files",
        sa.Column("n", _ID, autoincrement=True, nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("shard", sa.String(length=32), nullable=False),
        sa.Column("run", sa.String(length=16), nullable=False),
        sa.Column("table_name", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("committed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"],
            ["runs.run"],
        ),
        sa.PrimaryKeyConstraint("n"),
        sa.UniqueConstraint("path"),
    )
    op.create_index("ix_files_shard", "files", ["shard"])
    op.create_index("ix_files_table_name_period", "files", ["table_name", "period"])
    op.create_table(
        "work",
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("stage", sa.String(length=160), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("shard", sa.String(length=32), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "stage", "fingerprint"),
    )
    op.create_index("ix_work_shard", "work", ["shard"])
    op.create_index("ix_work_stage_period", "work", ["stage", "period", "state"])
    op.create_table(
        "scorecards",
        sa.Column("scorecard_id", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("first_used_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("scorecard_id", "version"),
    )


def _of_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("stratum", sa.String(length=255), nullable=False),
        sa.Column("u_hex", sa.String(length=16), nullable=False),
        sa.Column("u", sa.Double(), nullable=False),
        sa.Column("n_population", sa.Integer(), nullable=False),
        sa.Column("n_drawn", sa.Integer(), nullable=False),
        sa.Column("inclusion_probability", sa.Double(), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("period", "batch", "purpose", "call_id"),
    )
    op.create_table(
        "assignments",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("reviewer", sa.String(length=128), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_id", "batch", "purpose", "reviewer"),
    )
    op.create_index("ix_assignments_call_id", "assignments", ["call_id"])
    op.create_index("ix_assignments_reviewer", "assignments", ["reviewer"])


def _of_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("scorecard_id", sa.String(length=128), nullable=False),
        sa.Column("scorecard_version", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=128), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("passed", sa.Boolean()),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("call_id", "scorecard_id", "reviewer", "revision"),
    )
    op.create_table(
        "appeals",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("review_id", _ID, nullable=False),
        sa.Column("criterion", sa.String(length=128)),
        sa.Column("raised_by", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("decision", sa.String(length=16)),
        sa.Column("decided_by", sa.String(length=128)),
        sa.Column("decision_note", sa.Text()),
        sa.Column("decided_at", Moment()),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["reviews.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_appeals_review_id", "appeals", ["review_id"])
    op.create_table(
        "coaching",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("agent_id", sa.String(length=128), nullable=False),
        sa.Column("criterion", sa.String(length=128)),
        sa.Column("call_id", sa.String(length=255)),
        sa.Column("coach", sa.String(length=128), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("planned_at", Moment(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("checked_at", Moment()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_coaching_agent_id", "coaching", ["agent_id"])


def _of_people() -> None:
    op.create_table(
        "levels",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("overridden_by", sa.String(length=128)),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_levels_subject", "levels", ["subject_kind", "subject"])
    op.create_table(
        "users",
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("display_name", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.String(length=255)),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("user"),
    )
    op.create_table(
        "audit",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
