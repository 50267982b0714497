"""What decided a level, and what a month's problems call for: coaching items and training needs."""

import sqlalchemy as sa
from alembic import op

from qa_pipeline.store.tables import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add evidence and notes, the period of coaching items, and the training needs."""
    op.add_column("levels", sa.Column("evidence", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("levels", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column("coaching", sa.Column("period", sa.String(length=7)))
    op.add_column("coaching", sa.Column("scorecard_id", sa.String(length=128)))
    op.add_column("coaching", sa.Column("evidence", sa.JSON(), nullable=False, server_default="{}"))
    op.create_index("ix_coaching_period", "coaching", ["period"])
    op.create_table(
        "training",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("scorecard_id", sa.String(length=128), nullable=False),
        sa.Column("criterion", sa.String(length=128), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("planned_at", Moment(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("checked_at", Moment()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("period", "scorecard_id", "criterion"),
    )
