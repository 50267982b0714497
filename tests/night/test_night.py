from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import polars as pl
import pytest

from qa_pipeline.errors import DocumentRefused, EngineMissing
from qa_pipeline.pipeline import rescore
from qa_pipeline.pipeline.jobs import Job
from qa_pipeline.pipeline.night import open_night, run_night
from qa_pipeline.pipeline.progress import Progress
from qa_pipeline.pipeline.rescore import Rescore, run_rescore
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store, StoredCall, Writer
from qa_pipeline.store.ledger import Ledger
from qa_pipeline.store.locks import StoreBusy
from qa_pipeline.store.work import WorkRow
from qa_pipeline.texts import same
from tests.night.scripted import CARD, Made, ScriptedEngines, made_night, tone

DIALOGUE = "agent 0-2: 您好，请讲。\ncustomer 2-4: 我要投诉。\n"


def read(made: Made, table: str) -> pl.DataFrame:
    with Store.open(made.root / "store") as store:
        return store.read(table)  # type: ignore[arg-type]


def test_a_night_hears_judges_and_stores(made: Made) -> None:
    seen: list[Progress] = []
    report = run_night(made.night(), seen.append)
    assert (report.n_calls, report.n_heard, report.n_evaluated, report.exit_code) == (2, 2, 2, 0)
    assert read(made, "evaluations")["passed"].to_list() == [True, True]
    assert read(made, "calls")["local_date"].dt.to_string().to_list() == ["2026-10-31"] * 2
    (group,) = report.groups
    assert (group.group, group.n_evaluations, group.n_passed) == ("east", 2, 2)
    heard = [p for p in seen if p.stage == "hear"]
    assert [(p.n_done, p.n_total) for p in heard] == [(0, 2), (1, 2), (2, 2)]
    assert heard[1].eta_s is not None
    assert heard[2].eta_s == 0


def test_the_second_night_hears_nothing(made: Made) -> None:
    run_night(made.night())
    report = run_night(made.night())
    assert made.n_heard == 2
    assert (report.n_heard, report.n_evaluated, report.n_reused) == (0, 0, 2)
    assert read(made, "evaluations").height == 2


def test_the_key_is_content_not_a_path(made: Made) -> None:
    run_night(made.night())
    (made.root / "in" / "00.wav").rename(made.root / "in" / "moved.wav")
    made.rewrite("00.wav", "moved.wav")
    assert run_night(made.night()).n_reused == 2
    assert made.n_heard == 2


def test_another_model_hears_again_and_the_first_comes_back_for_nothing(made: Made) -> None:
    run_night(made.night())
    assert run_night(made.night(version="2")).n_heard == 2
    assert read(made, "calls").height == read(made, "evaluations").height == 2
    newest = set(read(made, "calls")["fingerprint"])
    report = run_night(made.night(version="1"))
    assert (made.n_heard, report.n_heard) == (4, 0)
    assert set(read(made, "calls")["fingerprint"]).isdisjoint(newest)
    assert run_night(made.night(version="1")).n_reused == 2


def test_a_broken_file_costs_only_itself(made: Made) -> None:
    good = (made.root / "in" / "00.wav").read_bytes()
    (made.root / "in" / "00.wav").write_bytes(good[:30])
    report = run_night(made.night())
    assert (report.n_evaluated, report.exit_code) == (1, 3)
    (failure,) = report.failures
    row = read(made, "failures").row(0, named=True)
    assert row["call_id"] == failure.call_id == "c00"
    assert (row["group"], row["recording"], row["code"]) == ("east", "00.wav", failure.code)
    assert "fix: " in row["message_en"]
    assert "修复：" in row["message_zh"]
    assert run_night(made.night()).exit_code == 3, "a failure is told every night"
    assert read(made, "failures").height == 1

    (made.root / "in" / "00.wav").write_bytes(good)
    assert run_night(made.night()).exit_code == 0
    assert read(made, "failures").is_empty(), "a later success settles it"
    assert read(made, "evaluations").height == 2


def test_a_row_that_was_wrong_for_a_night_leaves_no_failure(made: Made) -> None:
    run_night(made.night())
    made.rewrite("01.wav,,c01,", "none.wav,,c01,")
    assert run_night(made.night()).exit_code == 3
    assert set(read(made, "failures")["code"]) == {"file_absent"}
    made.rewrite("none.wav,,c01,", "01.wav,,c01,")
    assert run_night(made.night()).exit_code == 0
    assert read(made, "failures").height == 0
    assert made.n_heard == 2


def test_a_recording_without_an_id_that_is_exported_again_leaves_no_failure(made: Made) -> None:
    made.rewrite(",c00,", ",,")
    good = (made.root / "in" / "00.wav").read_bytes()
    (made.root / "in" / "00.wav").write_bytes(good[:3000])
    (failure,) = run_night(made.night()).failures
    assert (failure.call_id, failure.code) == ("file:00.wav", "truncated")
    (made.root / "in" / "00.wav").write_bytes(good)
    assert run_night(made.night()).exit_code == 0
    assert read(made, "failures").height == 0


@pytest.mark.parametrize("call_id", ["c00", ""])
def test_a_recording_still_being_written_waits_for_the_next_night(made: Made, call_id: str) -> None:
    made.rewrite(",c00,", f",{call_id},")
    with open_night(made.night()) as session:
        tone(made.root / "in" / "00.wav", 500)
        for portion in session.portions():
            session.process(portion)
        (failure,) = session.report().failures
    assert failure.code == "changed"
    report = run_night(made.night())
    assert (report.exit_code, report.n_evaluated, report.n_reused) == (0, 1, 1)
    assert read(made, "failures").height == 0


def test_rows_and_files_that_do_not_fit_become_failures(tmp_path: Path) -> None:
    more = ["gone.wav,,x1,2026-10-31T10:00:00,A1,east,orders,zh,0", "00.wav,,x2,yesterday,A1,e,o,,"]
    made = made_night(tmp_path / "made", 1, more=more)
    tone(made.root / "in" / "stray.wav", 900)
    report = run_night(made.night())
    codes = {f.recording: f.code for f in report.failures}
    assert codes["gone.wav"] == "file_absent"
    assert codes["stray.wav"] == "not_in_manifest"
    assert len(report.failures) == 3
    assert report.n_evaluated == 1
    assert read(made, "failures").height == 3

    rows = (made.root / "manifest.csv").read_text().splitlines()[:2]
    rows.append("stray.wav,,x3,2026-10-31T11:00:00,A1,east,orders,zh,0")
    (made.root / "manifest.csv").write_text("\n".join(rows) + "\n")
    assert run_night(made.night()).exit_code == 0
    left = set(read(made, "failures")["recording"])
    assert "stray.wav" not in left, "the recording has found its call"


def test_recordings_of_earlier_nights_may_stay_in_the_folder(made: Made) -> None:
    run_night(made.night())
    rows = (made.root / "manifest.csv").read_text().splitlines()
    (made.root / "manifest.csv").write_text("\n".join([rows[0], rows[2]]) + "\n")
    report = run_night(made.night())
    assert (report.n_calls, report.n_reused, report.exit_code) == (1, 1, 0)
    (made.root / "in" / "new.wav").write_bytes(b"never heard")
    (failure,) = run_night(made.night()).failures
    assert (failure.recording, failure.code) == ("new.wav", "not_in_manifest")


def test_a_portion_that_is_done_again_is_told_once(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    (made.root / "in" / "00.wav").write_bytes(b"no audio at all")
    with open_night(made.night()) as session:
        (portion,) = session.portions()
        commit = Writer.commit

        def full(*_: object, **__: object) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(Writer, "commit", full)
        with pytest.raises(OSError, match="disk full"):
            session.process(portion)
        monkeypatch.setattr(Writer, "commit", commit)
        session.process(portion)
        report = session.report()
    assert (report.n_heard, report.n_evaluated, len(report.failures)) == (2, 1, 1)


def test_transcripts_are_read_without_engines(tmp_path: Path) -> None:
    more = ["in.txt,t1", "in2.txt,t2"]
    made = made_night(tmp_path / "made", 0)
    rows = [f",{name},2026-10-31T10:00:00,A1,east,orders,zh,".replace(",t", ",t") for name in more]
    with (made.root / "manifest.csv").open("a") as manifest:
        manifest.write("\n".join(rows) + "\n")
    (made.root / "in" / "in.txt").write_text(DIALOGUE)
    (made.root / "in" / "in2.txt").write_text("这不是对话\n")
    report = run_night(made.night())
    assert (report.n_evaluated, report.n_heard) == (1, 0)
    assert [f.call_id for f in report.failures] == ["t2"]
    assert "这不是对话" not in report.failures[0].message_en + report.failures[0].message_zh
    assert run_night(made.night()).n_reused == 1
    assert read(made, "calls")["tier"].to_list() == ["imported"]


@pytest.mark.parametrize("recording", ["", "00.wav"])
def test_facts_that_a_transcript_brings_outlive_a_new_scorecard(
    tmp_path: Path, recording: str
) -> None:
    made = made_night(tmp_path / "made", 0)
    with (made.root / "manifest.csv").open("a") as manifest:
        manifest.write(f"{recording},t.txt,t1,2026-10-31T10:00:00,A1,east,orders,zh,0\n")
    (made.root / "in" / "t.txt").write_text("# hangup_by: agent\n" + DIALOGUE)
    tone(made.root / "in" / "00.wav", 300)
    run_night(made.night())
    made.rewrite("version: 1", "version: 2", name="cards/line.yaml")
    run_night(made.night())
    made.rewrite(",A1,", ",A2,")
    run_night(made.night())
    with Store.open(made.root / "store") as store:
        metadata = store.call("t1").metadata
    assert (metadata["hangup_by"], metadata["agent_id"]) == ("agent", "A2")


def test_a_call_that_no_scorecard_judges_is_heard_once_and_told_every_night(made: Made) -> None:
    made.rewrite("c01,2026-10-31T23:01:00,A1,east,orders", "c01,2026-10-31T23:01:00,A1,east,other")
    for _ in range(2):
        report = run_night(made.night())
        assert [f.code for f in report.failures] == ["no_scorecard"]
        assert report.exit_code == 3
    assert made.n_heard == 2
    assert read(made, "failures").height == 1
    assert read(made, "calls").height == 2


def test_a_corrected_label_needs_no_second_hearing(made: Made) -> None:
    run_night(made.night())
    made.rewrite("2026-10-31T23:00:00,A1,east", "2026-11-01T00:00:00,A2,west")
    report = run_night(made.night())
    assert (made.n_heard, report.n_heard, report.n_evaluated, report.n_reused) == (2, 0, 1, 1)
    rows = read(made, "evaluations").sort("call_id").select("agent_id", "group", "period").rows()
    assert rows == [("A2", "west", "2026-11"), ("A1", "east", "2026-10")]
    assert read(made, "calls").height == 2


def test_a_call_moves_to_the_day_that_it_has_in_another_time_zone(made: Made) -> None:
    made.rewrite("2026-10-31T23:00:00,", "2026-10-31T23:00:00+08:00,")
    run_night(made.night())
    for _ in range(2):
        run_night(replace(made.night(), settings=Settings(time_zone="Pacific/Auckland")))
        for table in ("calls", "evaluations"):
            (row,) = read(made, table).filter(pl.col("call_id") == "c00").iter_rows(named=True)
            assert (row["period"], f"{row['local_date']}") == ("2026-11", "2026-11-01"), table
    assert made.n_heard == 2


def test_a_call_that_left_its_scorecard_has_no_evaluation_left(made: Made) -> None:
    run_night(made.night())
    made.rewrite("c00,2026-10-31T23:00:00,A1,east,orders", "c00,2026-10-31T23:00:00,A1,east,other")
    assert [f.code for f in run_night(made.night()).failures] == ["no_scorecard"]
    assert read(made, "evaluations")["call_id"].to_list() == ["c01"]


def test_a_changed_scorecard_needs_a_new_version(made: Made) -> None:
    run_night(made.night())
    made.rewrite("points: 10", "points: 20", name="cards/line.yaml")
    with pytest.raises(DocumentRefused, match=r"changed since.*\n.*raise its version to 2"):
        run_night(made.night())
    made.rewrite("version: 1", "version: 2", name="cards/line.yaml")
    report = run_night(made.night())
    assert (made.n_heard, report.n_heard, report.n_evaluated) == (2, 0, 2)
    evaluations = read(made, "evaluations")
    assert evaluations["scorecard_version"].to_list() == [2, 2]
    assert read(made, "verdicts")["points"].to_list() == [20, 20]


def test_rescore_judges_stored_calls_after_the_audio_is_gone(made: Made) -> None:
    run_night(made.night())
    (made.root / "in").rename(made.root / "away")
    made.rewrite("version: 1", "version: 2", name="cards/line.yaml")
    made.rewrite("[您好]", "[再见]", name="cards/line.yaml")
    again = Rescore(made.root / "store", "2026-10", made.root / "cards", n_workers=0)
    report = run_rescore(again)
    assert (report.n_evaluated, report.n_reused, made.n_heard) == (2, 0, 2)
    assert read(made, "evaluations")["passed"].to_list() == [False, False]
    second = run_rescore(again)
    assert (second.n_evaluated, second.n_reused) == (0, 2)
    (group,) = second.groups
    assert group.n_failed == 2


class Dying:
    """Workers that end on every job."""

    def __init__(self, *_given: object) -> None: ...

    def __class_getitem__(cls, _types: object) -> type["Dying"]:
        return cls

    def __enter__(self) -> "Dying":
        return self

    def __exit__(self, *_error: object) -> None: ...

    def work(self, chunks: Iterable[Sequence[Job]]) -> Iterator[tuple[Job, None]]:
        return ((job, None) for chunk in chunks for job in chunk)


def test_a_stored_call_that_ends_its_worker_is_told_with_its_labels(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_night(made.night())
    made.rewrite("version: 1", "version: 2", name="cards/line.yaml")
    monkeypatch.setattr(rescore, "Workers", Dying)
    again = Rescore(made.root / "store", "2026-10", made.root / "cards", n_workers=2)
    assert [f.code for f in run_rescore(again).failures] == ["worker_died"] * 2
    with Store.open(made.root / "store") as store:
        assert store.read("failures", "2026-10")["group"].to_list() == ["east", "east"]


def test_a_stored_call_that_its_shard_lacks_ends_no_night(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_night(made.night())
    made.rewrite("version: 1", "version: 2", name="cards/line.yaml")
    measured = Store.measured

    def all_but_the_first(store: Store, work: Iterable[WorkRow]) -> Iterator[StoredCall]:
        return islice(measured(store, work), 1, None)

    monkeypatch.setattr(Store, "measured", all_but_the_first)
    report = run_rescore(Rescore(made.root / "store", "2026-10", made.root / "cards", n_workers=0))
    assert (report.n_evaluated, [f.code for f in report.failures]) == (1, ["unexpected"])


def test_only_the_scorecard_that_changed_judges_again(made: Made) -> None:
    (made.root / "cards" / "two.yaml").write_text(CARD.replace("scorecard: line", "scorecard: two"))
    run_night(made.night())
    before = read(made, "evaluations").filter(pl.col("scorecard_id") == "line")["shard"].to_list()
    made.rewrite("version: 1", "version: 2", name="cards/two.yaml")
    run_night(made.night())
    after = read(made, "evaluations")
    assert after.filter(pl.col("scorecard_id") == "line")["shard"].to_list() == before
    assert after.filter(pl.col("scorecard_id") == "two")["scorecard_version"].to_list() == [2, 2]


def test_other_bytes_under_a_stored_call_id_are_quarantined(made: Made) -> None:
    run_night(made.night())
    tone(made.root / "in" / "00.wav", 1000)
    report = run_night(made.night())
    assert [f.code for f in report.failures] == ["duplicate_call_id"]
    assert made.n_heard == 2
    assert read(made, "calls").height == 2


def test_one_recording_under_two_names_is_one_call(made: Made) -> None:
    (made.root / "in" / "01.wav").write_bytes((made.root / "in" / "00.wav").read_bytes())
    made.rewrite("c00", "")
    made.rewrite("c01", "")
    report = run_night(made.night())
    assert (report.n_calls, report.n_heard) == (1, 1)
    assert len(read(made, "calls")["call_id"][0]) == 16


@pytest.mark.parametrize("call_id", ["../../outside", "/etc/x", "a/b", "..", "c\x1b[2J", "x" * 300])
def test_a_hostile_call_id_is_refused_and_leaves_no_trace(made: Made, call_id: str) -> None:
    made.rewrite("c00", call_id)
    report = run_night(made.night())
    assert report.exit_code == 3
    assert read(made, "calls")["call_id"].to_list() == ["c01"]
    beside = {path.name for path in made.root.iterdir()}
    assert beside == {"in", "cards", "store", "manifest.csv", "heard.log"}
    stored = {path.name for path in (made.root / "store").iterdir()}
    assert not any("outside" in name for name in stored)


def test_a_second_run_at_the_same_time_says_who_holds_the_store(made: Made) -> None:
    night = made.night()
    with (
        Store.open(night.store, create=True) as store,
        store.writing("night", night.settings.zone, "0"),
        pytest.raises(StoreBusy, match=r"held by process \d+ since"),
    ):
        run_night(night)
    assert run_night(night).n_evaluated == 2


def test_a_crash_before_the_commit_leaves_nothing_half_done(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as cut:
        cut.setattr(Ledger, "commit", crash)
        with pytest.raises(OSError, match="power cut"):
            run_night(made.night())
    tables = made.root / "store" / "tables"
    assert list(tables.glob("calls/*/*.parquet")), "the files were there already"
    assert read(made, "calls").is_empty(), "but nobody reads what the ledger does not name"
    run_night(made.night())
    named = len(list(tables.glob("calls/*/*.parquet")))
    assert (named, read(made, "calls").height) == (1, 2), "and the next run removed them"


def test_files_of_unknown_runs_are_left_where_they_are(made: Made) -> None:
    run_night(made.night())
    (one,) = (made.root / "store" / "tables").glob("calls/*/*.parquet")
    foreign = one.with_name("ffffffff-000001.parquet")
    foreign.write_bytes(one.read_bytes())
    run_night(made.night())
    assert foreign.exists()
    assert read(made, "calls").height == 2


def test_a_missing_engine_ends_the_night_before_it_begins(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: ScriptedEngines) -> str:
        raise EngineMissing("models/x", same("not there"), same("bring it"))

    monkeypatch.setattr(ScriptedEngines, "fingerprint", missing)
    with pytest.raises(EngineMissing):
        run_night(made.night())
    assert made.n_heard == 0


def test_an_engine_that_goes_missing_keeps_what_is_finished(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa_pipeline.pipeline import worker

    measure, n_asked = worker.measure, 0

    def once(*args: object, **kwargs: object) -> object:
        nonlocal n_asked
        n_asked += 1
        if n_asked == 2:
            raise EngineMissing("models/x", same("gone"), same("bring it back"))
        return measure(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "measure", once)
    with pytest.raises(EngineMissing):
        run_night(made.night())
    assert read(made, "calls")["call_id"].to_list() == ["c00"]


def test_a_fault_of_ours_is_told_without_its_words(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa_pipeline.pipeline import worker

    def fault(*_: object, **__: object) -> None:
        raise KeyError("客户说的话")

    monkeypatch.setattr(worker, "measure", fault)
    report = run_night(made.night())
    assert [f.code for f in report.failures] == ["unexpected"] * 2
    assert "KeyError at " in report.failures[0].message_en
    assert "客户说的话" not in report.failures[0].message_en + report.failures[0].message_zh
