"""Which scorecard version judges a call, and what becomes of a judgement that is due no more."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from qa_pipeline.errors import DocumentRefused
from qa_pipeline.pipeline.night import run_night
from qa_pipeline.pipeline.rescore import Rescore, run_rescore
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from tests.night.scripted import CARD, Made
from tests.night.test_night import read


def again(made: Made, *, zone: str = "Asia/Shanghai") -> Rescore:
    return Rescore(
        made.root / "store", "2026-10", made.root / "cards", Settings(time_zone=zone), n_workers=0
    )


def judged(made: Made) -> list[tuple[str, str, int]]:
    rows = read(made, "evaluations").sort("call_id", "scorecard_id")
    columns = ("call_id", "scorecard_id", "scorecard_version")
    return list(rows.select(columns).iter_rows())


def version_2(made: Made, *changes: tuple[str, str]) -> None:
    """Add a second version, in force from 31 October, beside the first."""
    text = CARD.replace("version: 1", "version: 2\neffective_from: 2026-10-31")
    for old, new in changes:
        text = text.replace(old, new)
    (made.root / "cards" / "line-2.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("started_at", "zone", "version"),
    [
        ("2026-10-30T23:59:59", "Asia/Shanghai", 1),
        ("2026-10-31T00:00:00", "Asia/Shanghai", 2),
        ("2026-10-30T15:59:59+00:00", "Asia/Shanghai", 1),
        ("2026-10-30T16:00:00+00:00", "Asia/Shanghai", 2),
        ("2026-10-31T03:59:59+00:00", "America/New_York", 1),
        ("2026-10-31T04:00:00+00:00", "America/New_York", 2),
        ("2026-10-30T16:00:00+00:00", "UTC", 1),
        ("2026-10-31T00:00:00+00:00", "UTC", 2),
    ],
)
def test_the_local_date_of_the_call_picks_the_version(
    made: Made, started_at: str, zone: str, version: int
) -> None:
    version_2(made)
    made.rewrite("2026-10-31T23:00:00", started_at)
    night = replace(made.night(), settings=Settings(time_zone=zone))
    run_night(night)
    assert ("c00", "line", version) in judged(made)


def test_the_night_that_clocks_go_back_has_one_midnight(made: Made) -> None:
    """In New York 1 November 2026 has 1 o'clock twice, hours after its midnight (04:00 UTC)."""
    text = CARD.replace("version: 1", "version: 2\neffective_from: 2026-11-01")
    (made.root / "cards" / "line-2.yaml").write_text(text, "utf-8")
    made.rewrite("2026-10-31T23:00:00", "2026-11-01T03:59:00+00:00")
    made.rewrite("2026-10-31T23:01:00", "2026-11-01T06:30:00+00:00")
    run_night(replace(made.night(), settings=Settings(time_zone="America/New_York")))
    assert judged(made) == [("c00", "line", 1), ("c01", "line", 2)]


def test_another_scorecard_that_takes_over_withdraws_the_first(made: Made) -> None:
    run_night(made.night())
    version_2(made, ("queue: [orders]", "queue: [vip]"))
    (made.root / "cards" / "new.yaml").write_text(
        CARD.replace("scorecard: line", "scorecard: new"), "utf-8"
    )
    report = run_rescore(again(made))
    assert judged(made) == [("c00", "new", 1), ("c01", "new", 1)]
    assert (report.n_withdrawn, report.n_evaluated, report.exit_code) == (2, 2, 0)
    assert set(read(made, "verdicts")["scorecard_id"]) == {"new"}
    assert set(read(made, "findings")["scorecard_id"]) == {"new"}
    with Store.open(made.root / "store") as store:
        assert [e.scorecard_id for e in store.evaluations_of("c00")] == ["new"]
    assert run_rescore(again(made)).n_withdrawn == 0


def test_a_call_that_nothing_is_for_any_more_has_no_judgement(made: Made) -> None:
    run_night(made.night())
    version_2(made, ("queue: [orders]", "queue: [vip]"))
    report = run_rescore(again(made))
    assert judged(made) == []
    assert read(made, "verdicts").is_empty()
    assert report.n_withdrawn == 2
    assert {failure.code for failure in report.failures} == {"no_scorecard"}
    assert read(made, "calls").height == 2, "the calls themselves stay"
    assert run_rescore(again(made)).n_withdrawn == 0


def test_a_night_that_is_run_again_withdraws_too(made: Made) -> None:
    run_night(made.night())
    version_2(made, ("queue: [orders]", "queue: [vip]"))
    report = run_night(made.night())
    assert (judged(made), report.n_withdrawn, report.exit_code, made.n_heard) == ([], 2, 3, 2)
    assert run_night(made.night()).n_withdrawn == 0


@pytest.mark.parametrize("by", ["night", "rescore"])
def test_the_judgement_comes_back_with_its_scorecard(made: Made, by: str) -> None:
    run_night(made.night())
    version_2(made, ("queue: [orders]", "queue: [vip]"))
    run_rescore(again(made))
    (made.root / "cards" / "line-2.yaml").unlink()
    report = run_night(made.night()) if by == "night" else run_rescore(again(made))
    assert report.n_evaluated == 2
    assert judged(made) == [("c00", "line", 1), ("c01", "line", 1)]
    assert read(made, "failures").is_empty()


def test_a_scorecard_that_left_the_folder_judges_no_more(made: Made) -> None:
    (made.root / "cards" / "two.yaml").write_text(
        CARD.replace("scorecard: line", "scorecard: two"), "utf-8"
    )
    run_night(made.night())
    (made.root / "cards" / "two.yaml").unlink()
    before = read(made, "evaluations").filter(pl.col("scorecard_id") == "line")["shard"].to_list()
    assert run_rescore(again(made)).n_withdrawn == 2
    after = read(made, "evaluations")
    assert set(after["scorecard_id"]) == {"line"}
    assert after["shard"].to_list() == before, "what stays is not judged again"


@pytest.mark.parametrize("run", ["night", "rescore"])
def test_a_changed_version_is_refused_at_its_place(made: Made, run: str) -> None:
    run_night(made.night())
    made.rewrite("points: 10", "points: 20", name="cards/line.yaml")
    with pytest.raises(DocumentRefused) as caught:
        run_night(made.night()) if run == "night" else run_rescore(again(made))
    (error,) = caught.value.errors
    assert error.where == f"{made.root / 'cards' / 'line.yaml'}:2:10"
    assert error.got == "line version 1"
    assert error.fix.en == "raise its version to 2, or bring the old file back"
    assert error.fix.zh == "请将 version 提高到 2，或恢复原文件"


def test_the_fix_names_a_number_that_nobody_used(made: Made) -> None:
    run_night(made.night())
    version_2(made)
    run_rescore(again(made))
    made.rewrite("points: 10", "points: 20", name="cards/line.yaml")
    with pytest.raises(DocumentRefused, match="raise its version to 3"):
        run_rescore(again(made))


def test_a_comment_is_other_bytes(made: Made) -> None:
    run_night(made.night())
    (made.root / "cards" / "line.yaml").write_text(CARD + "# a comment\n", "utf-8")
    with pytest.raises(DocumentRefused, match="was changed since"):
        run_night(made.night())


def test_the_bytes_that_judged_are_kept(made: Made, tmp_path: Path) -> None:
    run_night(made.night())
    (made.root / "cards" / "line.yaml").unlink()
    with Store.open(made.root / "store") as store:
        assert store.scorecard("line", 1).raw == CARD.encode()
    kept = list((made.root / "store" / "scorecards").iterdir())
    assert len(kept) == 1
    assert not list(tmp_path.glob("**/*.tmp"))
