"""One made-up store and its month, made once."""

from pathlib import Path

import pytest

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.aggregate.month import month_of
from qa_pipeline.pipeline.month import month_tables
from qa_pipeline.pipeline.samples import draw_sample
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from tests.month.made_up import BEFORE, PERIOD, fill, review


@pytest.fixture(scope="session")
def drawn_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months with their samples drawn and reviewed. Tests must not write into it."""
    path = fill(tmp_path_factory.mktemp("month") / "store")
    for period in (BEFORE, PERIOD):
        review(path, draw_sample(path, period, Settings()).rows)
    return path


@pytest.fixture(scope="session")
def month(drawn_store: Path) -> Month:
    """The figures of that store's second month."""
    with Store.open(drawn_store) as store:
        return month_of(month_tables(store, PERIOD), month_tables(store, BEFORE))
