from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qa_pipeline.store import Store
from qa_pipeline.store.review.queue import Assignment, Queue
from tests.review.office import TODAY, assign
from tests.store.calls import FULL, put, result


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", create=True) as opened:
        put(opened, result())
        yield opened


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def given(store: Store) -> Assignment:
    """The call `call-1`, given to li."""
    assign(store, FULL.call_id, "li")
    found = Queue(store.ledger.database).assignment(1)
    assert found is not None
    return found
