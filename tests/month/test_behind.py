"""The calls behind a figure are as many as the figure says."""

from pathlib import Path

import pytest

from qa_pipeline.aggregate.behind import Filters, calls_behind
from qa_pipeline.aggregate.figures import Month
from qa_pipeline.pipeline.month import month_tables
from qa_pipeline.store import Store
from tests.month.made_up import HOSTILE_GROUP, PERIOD


@pytest.fixture(scope="module")
def count(drawn_store: Path):  # type: ignore[no-untyped-def]
    with Store.open(drawn_store) as store:
        tables = month_tables(store, PERIOD)

        def n_calls(**filters: str | None) -> int:
            found = calls_behind(tables, Filters(**filters))
            assert found["call_id"].n_unique() == found.height
            return found.height

        yield n_calls


def test_rates(month: Month, count) -> None:  # type: ignore[no-untyped-def]
    for group in (month.overall, *month.groups):
        rate = group.machine
        assert count(group=group.group) == rate.n_calls
        assert count(group=group.group, outcome="fail") == rate.n_failed
        assert count(group=group.group, outcome="undecided") == rate.n_undecided
        assert count(group=group.group, heard="random") == group.raw.n_reviewed
        assert count(group=group.group, heard="targeted") == group.raw.n_targeted


def test_classes(month: Month, count) -> None:  # type: ignore[no-untyped-def]
    for found in month.overall.severities:
        assert count(severity=found.severity, outcome="fail") == found.n_calls


def test_criteria(month: Month, count) -> None:  # type: ignore[no-untyped-def]
    for c in month.criteria:
        named = {"scorecard": c.scorecard_id, "criterion": c.criterion}
        assert count(**named, outcome="fail") == c.n_failed
        assert count(**named, outcome="not_measured") == c.n_not_measured


def test_what_was_counted(month: Month, count) -> None:  # type: ignore[no-untyped-def]
    (wishes,) = month.counted
    assert count(signal=wishes.signal) == wishes.n_calls
    for group in wishes.groups:
        assert count(signal=wishes.signal, group=group.group) == group.n_calls


def test_agents_and_reviewers(month: Month, count) -> None:  # type: ignore[no-untyped-def]
    agent = next(a for a in month.recordings if a.group == HOSTILE_GROUP)
    assert count(agent=agent.agent_id, group=agent.group) >= agent.n_calls > 0
    (reviewer,) = month.calibration.reviewers
    assert count(reviewer=reviewer.reviewer) == reviewer.load.n_calls
    assert count(heard="any") == count(heard="blind") == reviewer.load.n_calls
    assert count(heard="twice") == month.calibration.n_double == 0


@pytest.mark.parametrize("filters", [{"heard": "never"}, {"outcome": "?"}, {"group": "' OR 1=1"}])
def test_filters_that_name_nothing_find_nothing(count, filters: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    assert count(**filters) == 0
