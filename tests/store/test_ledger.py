import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from qa_pipeline.errors import WrongUse
from qa_pipeline.store import ReviewRow, SampleRow, Store, review_tables
from qa_pipeline.store import tables as t
from qa_pipeline.store.migrate import HEAD
from tests.store.calls import put, result

DRAWN = SampleRow(
    period="2026-11",
    batch="2026-11-01",
    stratum="华东|fail",
    call_id="call-1",
    purpose="random",
    u_hex="0983bfc396cc5fb7",
    u=0.037166581393,
    n_population=40,
    n_drawn=5,
    inclusion_probability=0.125,
    drawn_at=datetime(2026, 11, 2, 1, tzinfo=UTC),
)
REVIEW = ReviewRow(
    call_id="call-1",
    scorecard_id="order-line",
    scorecard_version=3,
    reviewer="li",
    revision=1,
    blind=True,
    passed=None,
    verdicts={"greeting": "pass", "warmth": "fail"},
    comment="语气平淡",
    created_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
)


def test_samples_come_back_in_the_order_of_their_draw(store: Store) -> None:
    later = replace(DRAWN, call_id="call-2", u=0.5, u_hex="8" + "0" * 15)
    store.ledger.save_sample([later, DRAWN])
    assert store.ledger.samples("2026-11") == (DRAWN, later)
    assert store.ledger.samples("2026-10") == ()


def test_drawing_again_changes_nothing(store: Store) -> None:
    store.ledger.save_sample([DRAWN])
    store.ledger.save_sample([replace(DRAWN, drawn_at=datetime(2026, 12, 1, tzinfo=UTC))])
    assert store.ledger.samples("2026-11") == (DRAWN,)


def test_a_frozen_batch_is_not_drawn_otherwise(store: Store) -> None:
    store.ledger.save_sample([DRAWN])
    with pytest.raises(WrongUse, match="frozen"):
        store.ledger.save_sample([replace(DRAWN, call_id="call-2")])
    assert store.ledger.samples("2026-11") == (DRAWN,)


def test_reviews_are_revisions_of_which_the_last_counts(store: Store) -> None:
    put(store, result())
    store.ledger.save_review(REVIEW)
    second = replace(REVIEW, revision=2, passed=True, verdicts={"greeting": "fail"})
    store.ledger.save_reviews([second, replace(REVIEW, reviewer="wang")])
    assert store.ledger.reviews("2026-11") == (second, replace(REVIEW, reviewer="wang"))
    assert len(store.ledger.reviews("2026-11", latest=False)) == 3
    assert store.ledger.reviews("2026-10") == ()


@pytest.mark.parametrize(
    ("review", "says"),
    [
        pytest.param(replace(REVIEW, revision=1), "next revision is 2", id="saved-meanwhile"),
        pytest.param(replace(REVIEW, revision=3), "next revision is 2", id="skips-one"),
        pytest.param(replace(REVIEW, call_id="call-9"), "no such call", id="unknown-call"),
    ],
)
def test_a_review_that_would_overwrite_or_hang_in_the_air_is_refused(
    store: Store, review: ReviewRow, says: str
) -> None:
    put(store, result())
    store.ledger.save_review(REVIEW)
    with pytest.raises(WrongUse, match=says):
        store.ledger.save_reviews([replace(REVIEW, reviewer="wang"), review])
    assert store.ledger.reviews() == (REVIEW,), "all or none"


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="aware"):
        store.ledger.save_sample([replace(DRAWN, drawn_at=datetime(2026, 11, 2))])


def test_the_migrations_make_exactly_the_tables_declared(store: Store) -> None:
    engine = sa.create_engine(f"sqlite:///{store.path / 'ledger.sqlite'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, review_tables.metadata) == []
    engine.dispose()
    named = {
        "runs", "work", "samples", "assignments", "reviews", "appeals", "coaching", "levels",
        "users", "audit", "scorecards", "files", "batches", "training", "audit_head",
        "calibrations", "login_failures", "marks", "publications", "resolutions", "review_comments",
        "sessions", "user_groups",
    }  # fmt: skip
    assert set(t.metadata.tables) == named


def test_the_newest_migration_is_the_one_that_opening_expects() -> None:
    folder = Path(t.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def _at_revision(path: Path, revision: str) -> None:
    connection = sqlite3.connect(path / "ledger.sqlite")
    connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.commit()
    connection.close()


def test_a_newer_ledger_is_refused_with_a_fix_and_left_alone(store: Store) -> None:
    _at_revision(store.path, "9999")
    with pytest.raises(WrongUse, match=r"newer version .*9999.*\n.*pip install"):
        Store.open(store.path)
    with pytest.raises(WrongUse, match="newer version"):
        Store.open(store.path, create=True)


def test_the_ledger_waits_for_other_writers_instead_of_losing_their_rows(store: Store) -> None:
    journal = sqlite3.connect(store.path / "ledger.sqlite")
    assert journal.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    journal.close()


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgresql+nodriver://u:secret@host/db", id="no-such-driver"),
        pytest.param("not a url secret", id="no-url"),
    ],
)
def test_a_useless_database_url_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(WrongUse) as refused:
        Store.open(tmp_path / "s", create=True, database_url=url)
    assert "secret" not in refused.value.say("en") + refused.value.say("zh")


def test_the_schema_compiles_for_postgresql() -> None:
    from sqlalchemy.dialects import postgresql

    made = [
        str(sa.schema.CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        for table in t.metadata.sorted_tables
    ]
    assert any("id BIGSERIAL" in ddl for ddl in made)
