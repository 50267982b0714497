"""Why a call is heard, which calls two people hear, and the plan that each batch was drawn by."""

import sqlalchemy as sa
from alembic import op

from qa_pipeline.store.tables import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the reasons, the facts that assignments are shared out by, and the batches."""
    op.add_column("samples", sa.Column("reason", sa.String(length=16)))
    op.add_column(
        "samples", sa.Column("double", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE samples SET reason = 'random' WHERE purpose = 'random'")
    for column in (
        sa.Column("reason", sa.String(length=16), nullable=False, server_default="random"),
        sa.Column("group", sa.String(length=255)),
        sa.Column("agent_id", sa.String(length=128)),
        sa.Column("language", sa.String(length=8)),
        sa.Column("expected_min", sa.Double(), nullable=False, server_default="0"),
    ):
        op.add_column("assignments", column)
    op.create_index("ix_assignments_period", "assignments", ["period"])
    op.create_table(
        "batches",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("n_calls", sa.Integer(), nullable=False),
        sa.Column("n_wanted", sa.Integer(), nullable=False),
        sa.Column("plan_sha256", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("period", "batch"),
    )
