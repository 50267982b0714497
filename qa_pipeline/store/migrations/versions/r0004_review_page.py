"""The review page: sessions and groups of users, marks, publications, calibrations, audit chain."""

import sqlalchemy as sa
from alembic import op

from qa_pipeline.store.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what the review page writes."""
    _widen()
    _of_users()
    _of_reviews()
    _of_leads()


def _widen() -> None:
    with op.batch_alter_table("assignments") as table:
        table.add_column(
            sa.Column("place", sa.String(length=16), nullable=False, server_default="")
        )
        table.add_column(sa.Column("holder", sa.String(length=128)))
        table.add_column(sa.Column("leased_until", Moment()))
        table.add_column(sa.Column("done_at", Moment()))
        table.add_column(sa.Column("done_by", sa.String(length=128)))
    op.execute(
        "UPDATE assignments SET place = COALESCE(CAST(due_on AS VARCHAR(10)), '9999-12-31') || ' 5'"
    )
    heard = (
        "FROM reviews WHERE reviews.call_id = assignments.call_id "
        "AND reviews.reviewer = assignments.reviewer"
    )
    op.execute(
        f"UPDATE assignments SET done_by = reviewer, done_at = (SELECT MIN(created_at) {heard}) "
        f"WHERE EXISTS (SELECT 1 {heard})"
    )
    queue = ["reviewer", "done_at", "place", "id"]
    op.create_index("ix_assignments_queue", "assignments", queue)
    op.create_index("ix_assignments_open", "assignments", ["done_at", "place", "id"])
    op.create_index("ix_assignments_done", "assignments", ["done_by", "done_at"])
    for column in ("reason", "agent_id"):
        columns = ["reviewer", "done_at", column, "place", "id"]
        op.create_index(f"ix_assignments_{column.removesuffix('_id')}", "assignments", columns)
    op.create_index("ix_assignments_holder", "assignments", ["holder"])
    op.create_index("ix_assignments_group", "assignments", ["group"])
    with op.batch_alter_table("reviews") as table:
        table.add_column(sa.Column("author", sa.String(length=128)))
        table.add_column(sa.Column("correction", sa.Text()))
        table.add_column(sa.Column("score", sa.Double()))
        table.add_column(sa.Column("assignment_id", _ID))
        table.add_column(sa.Column("idempotency_key", sa.String(length=160)))
        table.create_unique_constraint("uq_reviews_idempotency_key", ["idempotency_key"])
    op.add_column("users", sa.Column("language", sa.String(length=2)))
    op.add_column(
        "users", sa.Column("one_time", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def _of_users() -> None:
    op.create_table(
        "user_groups",
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("group", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.user"]),
        sa.PrimaryKeyConstraint("user", "group"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.user"]),
        sa.PrimaryKeyConstraint("token_sha256"),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])
    op.create_table(
        "login_failures",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_login_failures_user", "login_failures", ["user"])
    op.create_index("ix_login_failures_address", "login_failures", ["address"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n_rows", _ID, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.bulk_insert(head, [{"id": 1, "n_rows": 0, "hash": "0" * 64}])


def _of_reviews() -> None:
    op.create_table(
        "marks",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("assignment_id", _ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("scorecard_id", sa.String(length=128)),
        sa.Column("criterion", sa.String(length=128)),
        sa.Column("outcome", sa.String(length=16)),
        sa.Column("text", sa.Text()),
        sa.Column("at_s", sa.Double()),
        sa.Column("undoes", sa.Integer()),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assignment_id", "idempotency_key"),
        sa.UniqueConstraint("assignment_id", "seq"),
    )
    op.create_index("ix_marks_assignment_id", "marks", ["assignment_id"])
    op.create_table(
        "review_comments",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("review_id", _ID, nullable=False),
        sa.Column("criterion", sa.String(length=128)),
        sa.Column("at_s", sa.Double()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_review_comments_review_id", "review_comments", ["review_id"])
    op.create_table(
        "publications",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("review_id", _ID, nullable=False),
        sa.Column("published_by", sa.String(length=128), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("review_id"),
    )


def _of_leads() -> None:
    op.create_table(
        "resolutions",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("scorecard_id", sa.String(length=128), nullable=False),
        sa.Column("criterion", sa.String(length=128), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("resolved_by", sa.String(length=128), nullable=False),
        sa.Column("resolved_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_resolutions_call_id", "resolutions", ["call_id"])
    op.create_table(
        "calibrations",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("call_id", sa.String(length=255), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("opened_by", sa.String(length=128), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment()),
        sa.PrimaryKeyConstraint("id"),
    )
