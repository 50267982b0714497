"""The ledger's SQL tables of the review page: sessions, marks, and what leads decide.

Marks, comments, publications, resolutions and the audit are only ever added to.
"""

import sqlalchemy as sa

from qa_pipeline.store.tables import Moment, metadata

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key() -> sa.Column[int]:
    return sa.Column("id", _ID, primary_key=True, autoincrement=True)


#: The groups whose calls a user may see; "*" is every group.
user_groups = sa.Table(
    "user_groups",
    metadata,
    sa.Column("user", sa.String(128), sa.ForeignKey("users.user"), primary_key=True),
    sa.Column("group", sa.String(255), primary_key=True),
)

#: Server-side sessions: a cookie holds the token, the ledger only its hash.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_sha256", sa.String(64), primary_key=True),
    sa.Column("user", sa.String(128), sa.ForeignKey("users.user"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)

login_failures = sa.Table(
    "login_failures",
    metadata,
    _key(),
    sa.Column("user", sa.String(128), nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
)

#: One row a click. An undo is a row too; the draft is what the rows add up to.
marks = sa.Table(
    "marks",
    metadata,
    _key(),
    sa.Column("assignment_id", _ID, sa.ForeignKey("assignments.id"), nullable=False, index=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("idempotency_key", sa.String(64), nullable=False),
    sa.Column("author", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # verdict | comment | undo
    sa.Column("scorecard_id", sa.String(128)),
    sa.Column("criterion", sa.String(128)),
    sa.Column("outcome", sa.String(16)),
    sa.Column("text", sa.Text),
    sa.Column("at_s", sa.Double),
    sa.Column("undoes", sa.Integer),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("assignment_id", "idempotency_key"),
    sa.UniqueConstraint("assignment_id", "seq"),
)

review_comments = sa.Table(
    "review_comments",
    metadata,
    _key(),
    sa.Column("review_id", _ID, sa.ForeignKey("reviews.id"), nullable=False, index=True),
    sa.Column("criterion", sa.String(128)),
    sa.Column("at_s", sa.Double),
    sa.Column("text", sa.Text, nullable=False),
)

publications = sa.Table(
    "publications",
    metadata,
    _key(),
    sa.Column("review_id", _ID, sa.ForeignKey("reviews.id"), nullable=False, unique=True),
    sa.Column("published_by", sa.String(128), nullable=False),
    sa.Column("published_at", Moment, nullable=False),
)

#: A lead's answer where reviewers, or reviewer and machine, disagree.
resolutions = sa.Table(
    "resolutions",
    metadata,
    _key(),
    sa.Column("call_id", sa.String(255), nullable=False, index=True),
    sa.Column("scorecard_id", sa.String(128), nullable=False),
    sa.Column("criterion", sa.String(128), nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("resolved_by", sa.String(128), nullable=False),
    sa.Column("resolved_at", Moment, nullable=False),
)

#: The same call for several people; each has an assignment of the batch `calibration-<id>`.
calibrations = sa.Table(
    "calibrations",
    metadata,
    _key(),
    sa.Column("title", sa.String(255), nullable=False),
    sa.Column("call_id", sa.String(255), nullable=False),
    sa.Column("period", sa.String(7), nullable=False),
    sa.Column("opened_by", sa.String(128), nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
)
