"""The audit chain: every change to it shows."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa_pipeline.store import Store
from qa_pipeline.store.review import audit


def told(store: Store, n: int) -> None:
    for i in range(n):
        audit.record(store.ledger.database, "li", "viewed", f"call c-{i}", place="通话页", n=i)


def test_a_chain_that_nobody_touched_is_whole(store: Store) -> None:
    told(store, 5)
    found = audit.verify(store.ledger.database)
    assert (found.whole, found.n_rows) == (True, 5)
    assert [row.subject for row in audit.latest(store.ledger.database, 2)] == [
        "call c-4",
        "call c-3",
    ]


def test_an_empty_chain_is_whole(store: Store) -> None:
    assert audit.verify(store.ledger.database) == audit.Verified(0, audit.FIRST_HASH, None, False)


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        pytest.param("UPDATE audit SET actor = 'wang' WHERE id = 3", 3, id="changed"),
        pytest.param("UPDATE audit SET detail = '{}' WHERE id = 2", 2, id="detail"),
        pytest.param("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE id = 1", 1, id="time"),
        pytest.param("DELETE FROM audit WHERE id = 2", 3, id="removed"),
        pytest.param(
            "INSERT INTO audit SELECT 9, at, actor, action, subject, detail, previous_hash, 'x' "
            "FROM audit WHERE id = 5",
            9,
            id="inserted",
        ),
    ],
)
def test_a_change_shows_where_it_is(store: Store, change: str, broken_at: int) -> None:
    told(store, 5)
    with sqlite3.connect(store.path / "ledger.sqlite") as raw:
        raw.execute(change)
    found = audit.verify(store.ledger.database)
    assert (found.whole, found.broken_at) == (False, broken_at)


def test_a_cut_tail_shows_against_the_head_and_against_a_noted_hash(store: Store) -> None:
    told(store, 5)
    noted = audit.verify(store.ledger.database).head
    with sqlite3.connect(store.path / "ledger.sqlite") as raw:
        raw.execute("DELETE FROM audit WHERE id > 3")
    assert audit.verify(store.ledger.database).cut
    with sqlite3.connect(store.path / "ledger.sqlite") as raw:
        raw.execute(
            "UPDATE audit_head SET n_rows = 3, hash = (SELECT hash FROM audit WHERE id = 3)"
        )
    assert audit.verify(store.ledger.database).whole
    assert audit.verify(store.ledger.database, head=noted).cut


def test_many_writers_make_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: told(store, 5), range(8)))
    found = audit.verify(store.ledger.database)
    assert (found.whole, found.n_rows) == (True, 40)
