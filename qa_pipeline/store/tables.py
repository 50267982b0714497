"""The ledger's SQL tables: what runs have done and what people decide.

Facts about calls are parquet; only what changes or must be transactional stands here. The schema
is made by the migrations in `migrations/`; a test keeps the two equal.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class Moment(sa.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC also where the database forgets offsets."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a naive time: nobody could say later which zone it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("the ledger keeps aware datetimes only")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the time back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = sa.MetaData()
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key() -> sa.Column[int]:
    return sa.Column("id", _ID, primary_key=True, autoincrement=True)


runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run", sa.String(16), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # running | done | stopped
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("pipeline_version", sa.String(64), nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("counts", sa.JSON, nullable=False),
)

#: A parquet file counts once it stands here; `n` gives the order of writing.
files = sa.Table(
    "files",
    metadata,
    sa.Column("n", _ID, primary_key=True, autoincrement=True),
    sa.Column("path", sa.String(255), nullable=False, unique=True),
    sa.Column("shard", sa.String(32), nullable=False, index=True),
    sa.Column("run", sa.String(16), sa.ForeignKey("runs.run"), nullable=False),
    sa.Column("table_name", sa.String(32), nullable=False),
    sa.Column("period", sa.String(7), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("n_rows", sa.Integer, nullable=False),
    sa.Column("committed_at", Moment, nullable=False),
    sa.Index("ix_files_table_name_period", "table_name", "period"),
)

#: What is done: state `done` is the newest of its call and stage, `superseded` an older one whose
#: rows still stand in `shard`, `failed` a recording that could not be evaluated.
work = sa.Table(
    "work",
    metadata,
    sa.Column("call_id", sa.String(255), primary_key=True),
    sa.Column("stage", sa.String(160), primary_key=True),  # measure, judge/<id>, ...
    sa.Column("fingerprint", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("content_sha256", sa.String(64), nullable=False),
    sa.Column("period", sa.String(7), nullable=False),
    sa.Column("shard", sa.String(32), nullable=False, index=True),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Index("ix_work_stage_period", "stage", "period", "state"),
)

scorecards = sa.Table(
    "scorecards",
    metadata,
    sa.Column("scorecard_id", sa.String(128), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("first_used_at", Moment, nullable=False),
)

samples = sa.Table(
    "samples",
    metadata,
    sa.Column("period", sa.String(7), primary_key=True),
    sa.Column("batch", sa.String(64), primary_key=True),
    sa.Column("purpose", sa.String(32), primary_key=True),
    sa.Column("call_id", sa.String(255), primary_key=True),
    sa.Column("stratum", sa.String(255), nullable=False),
    sa.Column("u_hex", sa.String(16), nullable=False),
    sa.Column("u", sa.Double, nullable=False),
    sa.Column("n_population", sa.Integer, nullable=False),
    sa.Column("n_drawn", sa.Integer, nullable=False),
    sa.Column("inclusion_probability", sa.Double, nullable=False),
    sa.Column("drawn_at", Moment, nullable=False),
    sa.Column("reason", sa.String(16)),  # random | focus | flagged | back_check; none for a frame
    sa.Column("double", sa.Boolean, nullable=False, server_default=sa.false()),
)

#: A closed batch: the calls up to `until` that no batch before it knew, and the plan's bytes.
batches = sa.Table(
    "batches",
    metadata,
    sa.Column("period", sa.String(7), primary_key=True),
    sa.Column("batch", sa.String(64), primary_key=True),
    sa.Column("until", sa.Date),
    sa.Column("n_calls", sa.Integer, nullable=False),
    sa.Column("n_wanted", sa.Integer, nullable=False),
    sa.Column("plan_sha256", sa.String(64), nullable=False),
    sa.Column("drawn_at", Moment, nullable=False),
)

assignments = sa.Table(
    "assignments",
    metadata,
    _key(),
    sa.Column("call_id", sa.String(255), nullable=False, index=True),
    sa.Column("period", sa.String(7), nullable=False, index=True),
    sa.Column("batch", sa.String(64), nullable=False),
    sa.Column("purpose", sa.String(32), nullable=False),
    sa.Column("reviewer", sa.String(128), nullable=False, index=True),
    sa.Column("blind", sa.Boolean, nullable=False),
    sa.Column("assigned_at", Moment, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("reason", sa.String(16), nullable=False, server_default="random"),
    sa.Column("group", sa.String(255)),
    sa.Column("agent_id", sa.String(128)),
    sa.Column("language", sa.String(8)),
    sa.Column("expected_min", sa.Double, nullable=False, server_default="0"),
    # What becomes of it at the review page. `place` sorts a queue: due date, then reason.
    sa.Column("place", sa.String(16), nullable=False, server_default=""),
    sa.Column("holder", sa.String(128)),
    sa.Column("leased_until", Moment),
    sa.Column("done_at", Moment),
    sa.Column("done_by", sa.String(128)),
    sa.UniqueConstraint("call_id", "batch", "purpose", "reviewer"),
    sa.Index("ix_assignments_queue", "reviewer", "done_at", "place", "id"),
    sa.Index("ix_assignments_open", "done_at", "place", "id"),
    sa.Index("ix_assignments_done", "done_by", "done_at"),
    sa.Index("ix_assignments_reason", "reviewer", "done_at", "reason", "place", "id"),
    sa.Index("ix_assignments_agent", "reviewer", "done_at", "agent_id", "place", "id"),
    sa.Index("ix_assignments_holder", "holder"),
    sa.Index("ix_assignments_group", "group"),
)

#: Revisions: rows are inserted, never updated.
reviews = sa.Table(
    "reviews",
    metadata,
    _key(),
    sa.Column("call_id", sa.String(255), nullable=False),
    sa.Column("scorecard_id", sa.String(128), nullable=False),
    sa.Column("scorecard_version", sa.Integer, nullable=False),
    sa.Column("reviewer", sa.String(128), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("blind", sa.Boolean, nullable=False),
    sa.Column("passed", sa.Boolean),
    sa.Column("verdicts", sa.JSON, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    # Who wrote this revision where it was not the reviewer (a lead's correction), and why.
    sa.Column("author", sa.String(128)),
    sa.Column("correction", sa.Text),
    sa.Column("score", sa.Double),
    sa.Column("assignment_id", _ID),
    sa.Column("idempotency_key", sa.String(160), unique=True),
    sa.UniqueConstraint("call_id", "scorecard_id", "reviewer", "revision"),
)

appeals = sa.Table(
    "appeals",
    metadata,
    _key(),
    sa.Column("review_id", _ID, sa.ForeignKey("reviews.id"), nullable=False, index=True),
    sa.Column("criterion", sa.String(128)),
    sa.Column("raised_by", sa.String(128), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("raised_at", Moment, nullable=False),
    sa.Column("decision", sa.String(16)),
    sa.Column("decided_by", sa.String(128)),
    sa.Column("decision_note", sa.Text),
    sa.Column("decided_at", Moment),
)

coaching = sa.Table(
    "coaching",
    metadata,
    _key(),
    sa.Column("agent_id", sa.String(128), nullable=False, index=True),
    sa.Column("criterion", sa.String(128)),
    sa.Column("call_id", sa.String(255)),
    sa.Column("coach", sa.String(128), nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("planned_at", Moment, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("checked_at", Moment),
    sa.Column("period", sa.String(7), index=True),
    sa.Column("scorecard_id", sa.String(128)),
    sa.Column("evidence", sa.JSON, nullable=False, server_default="{}"),
)

#: Criteria that fail everywhere: one need a month and criterion.
training = sa.Table(
    "training",
    metadata,
    _key(),
    sa.Column("period", sa.String(7), nullable=False),
    sa.Column("scorecard_id", sa.String(128), nullable=False),
    sa.Column("criterion", sa.String(128), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("planned_at", Moment, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text),
    sa.Column("checked_at", Moment),
    sa.UniqueConstraint("period", "scorecard_id", "criterion"),
)

#: Inspection levels: every switch is a row with its reason.
levels = sa.Table(
    "levels",
    metadata,
    _key(),
    sa.Column("subject_kind", sa.String(16), nullable=False),  # agent | group
    sa.Column("subject", sa.String(128), nullable=False),
    sa.Column("level", sa.String(16), nullable=False),  # full | half | sampled | exempt
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("overridden_by", sa.String(128)),
    sa.Column("decided_at", Moment, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_levels_subject", "subject_kind", "subject"),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("user", sa.String(128), primary_key=True),
    sa.Column("display_name", sa.String(255), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),  # reviewer | lead | admin
    sa.Column("password_hash", sa.String(255)),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("language", sa.String(2)),
    sa.Column("one_time", sa.Boolean, nullable=False, server_default=sa.false()),
)

#: Append-only; `hash` is SHA-256 over `previous_hash` and the row, so that a change shows.
audit = sa.Table(
    "audit",
    metadata,
    _key(),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(255), nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
)

#: The end of the audit chain: its one row is locked while a row is added, and shows a cut tail.
audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("n_rows", _ID, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
