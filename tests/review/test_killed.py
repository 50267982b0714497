"""Reviewers at work while the server is killed: nothing is lost, nothing is there twice."""

from pathlib import Path

import pytest

from benchmarks.review import kill


@pytest.mark.slow
def test_a_killed_server_loses_and_doubles_nothing(tmp_path: Path) -> None:
    figures = kill(tmp_path, n_reviewers=6, n_verdicts=60, n_kills=3)
    assert figures["errors"] == []
    assert figures["killed"] >= 1
    assert (figures["lost"], figures["doubled"], figures["unknown"]) == (0, 0, 0)
    assert figures["reviews"] == figures["reviews_wanted"]
    assert figures["reviews_that_differ"] == 0
    assert figures["audit_whole"]
