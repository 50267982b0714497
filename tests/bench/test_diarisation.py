"""`qa bench diarisation`: DER against pyannote.metrics and by hand, roles, hostile RTTMs."""

import json
from pathlib import Path
from typing import Any

import pytest

from qa_pipeline.bench.der import Der, diarisation_errors, role_time
from qa_pipeline.bench.diarisation import DiarisationBench, DiarisationReport, run_diarisation
from qa_pipeline.bench.page import diarisation_page
from qa_pipeline.bench.speaker_documents import diarisation_document
from qa_pipeline.bench.speakers import read_rttm
from qa_pipeline.errors import RecordingFailed, WrongUse
from qa_pipeline.spans import Span
from tests.bench.bench_run import Scripted, manifest, mono, stereo
from tests.month.page import Page
from tests.pipeline.heard import words

pytest.importorskip("pyannote.metrics", reason="the diarisation extra is not installed")

TWO = {"A": (Span(1, 3),), "B": (Span(4, 6),)}
RTTM = (
    "SPEAKER a 1 1.0 2.0 <NA> <NA> agent <NA> <NA>\n"
    "SPEAKER a 1 4.0 2.0 <NA> <NA> customer <NA> <NA>\n"
)


def run(truth: Path, told: Any, *scripts: Any, **options: Any) -> DiarisationReport:
    engines = Scripted(scripts, told)
    return run_diarisation(DiarisationBench(truth.parent, truth, engines=engines, **options))


@pytest.mark.parametrize(
    ("told", "strict", "lenient"),
    [
        pytest.param(TWO, Der(4, 0, 0, 0), Der(3, 0, 0, 0), id="right"),
        pytest.param(
            {"x": TWO["B"], "y": TWO["A"]}, Der(4, 0, 0, 0), Der(3, 0, 0, 0), id="other labels"
        ),
        pytest.param({"x": (Span(1, 6),)}, Der(4, 0, 1, 2), Der(3, 0, 0.5, 1.5), id="one speaker"),
        pytest.param({}, Der(4, 4, 0, 0), Der(3, 3, 0, 0), id="nobody"),
        pytest.param(
            {"A": (Span(1, 3.2),), "B": (Span(4, 6),)},
            Der(4, 0, 0.2, 0), Der(3, 0, 0, 0), id="inside the collar",
        ),
    ],
)  # fmt: skip
def test_errors_worked_by_hand(told: Any, strict: Der, lenient: Der) -> None:
    """The collar leaves 0.25 s on each side of the four boundaries out: 1 s of 4 s of speech."""
    found = diarisation_errors(TWO, told, duration_s=8)
    for ours, wanted in ((found.strict, strict), (found.lenient, lenient)):
        parts = ("speech_s", "missed_s", "false_alarm_s", "confusion_s")
        assert [getattr(ours, p) for p in parts] == pytest.approx(
            [getattr(wanted, p) for p in parts]
        )


def test_overlapping_speech_counts_for_both() -> None:
    both = {"A": (Span(0, 4),), "B": (Span(2, 6),)}
    found = diarisation_errors(both, {"A": (Span(0, 4),), "B": (Span(4, 6),)}, duration_s=8).strict
    assert (found.speech_s, found.missed_s) == pytest.approx((8, 2))
    assert found.rate == pytest.approx(0.25)


def test_role_time_counts_undecided_as_wrong() -> None:
    truth = {"agent": (Span(0, 6),), "customer": (Span(6, 10),)}
    told = role_time(truth, {"agent": (Span(0, 7),), "customer": (Span(7, 10),)})
    assert told.share == pytest.approx(0.9)
    nobody = role_time(truth, None)
    assert (nobody.share, nobody.n_undecided) == (0, 1)


def test_an_rttm_is_the_truth_of_one_channel(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    (tmp_path / "a.rttm").write_text(RTTM)
    truth = manifest(tmp_path, {"recording": "a.wav", "rttm": "a.rttm", "language": "zh"})
    (one,) = run(truth, TWO).scored
    assert one.figures.engine.strict.rate == pytest.approx(0)
    assert one.figures.engine.strict.speech_s == pytest.approx(4)
    assert one.figures.roles.share is None  # nobody asked for roles


def test_roles_are_told_by_what_is_said(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    truth = manifest(tmp_path, {"recording": "a.wav", "rttm": RTTM, "language": "zh"})
    script = words((1.1, 2.9, "很高兴为您服务工号"), (4.1, 5.9, "我要投诉"))
    (one,) = run(truth, TWO, script, with_roles=True).scored
    assert one.figures.roles.share is not None
    assert one.figures.roles.share > 0.95
    silent = words((1.1, 2.9, "啊"), (4.1, 5.9, "哦"))
    (undecided,) = run(truth, TWO, silent, with_roles=True).scored
    assert (undecided.figures.roles.right_s, undecided.figures.roles.n_undecided) == (0, 1)


def test_two_channels_are_their_own_truth_when_mixed(tmp_path: Path) -> None:
    stereo(tmp_path / "a.wav")
    truth = manifest(tmp_path, {"recording": "a.wav", "agent_channel": 1})
    (failed,) = run(truth, TWO).failures
    assert failed.error.code == "two_channels"
    (one,) = run(truth, TWO, mix=True).scored
    assert one.is_mixed
    assert one.figures.engine.strict.rate == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("raw", "code", "where"),
    [
        pytest.param("SPEAKER a 1 one 2.0 <NA> <NA> x", "rttm_unreadable", "t:1", id="no number"),
        pytest.param("\nSPEAKER a 1 1.0", "rttm_unreadable", "t:2", id="cut off"),
        pytest.param("SPEAKER a 1 1 -2 <NA> <NA> x", "rttm_unreadable", "t:1", id="backwards"),
        pytest.param("SPEAKER a 1 nan 2 <NA> <NA> x", "rttm_unreadable", "t:1", id="nan"),
        pytest.param("agent 0-1: hi", "rttm_other_file", "t", id="a dialogue"),
        pytest.param(
            "SPEAKER a 1 1 2 <NA> <NA> x\nSPEAKER b 1 1 2 <NA> <NA> x",
            "rttm_other_file", "t", id="of others",
        ),
    ],
)  # fmt: skip
def test_hostile_rttms_are_refused_with_their_line(raw: str, code: str, where: str) -> None:
    with pytest.raises(RecordingFailed) as refused:
        read_rttm(raw.encode(), "t", "call")
    assert (refused.value.code, refused.value.where) == (code, where)


def test_an_rttm_of_many_files_gives_this_one() -> None:
    raw = RTTM + RTTM.replace(" a 1 ", " b 1 ").replace("agent", "客服")
    assert read_rttm(raw.encode(), "t", "b") == {"agent": (Span(1, 3),), "customer": (Span(4, 6),)}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param({}, "missing_truth", id="nothing"),
        pytest.param({"transcript": "agent: hi\ncustomer: ho"}, "no_speakers", id="no times"),
        pytest.param({"rttm": "../x.rttm"}, "outside_source", id="out of the source"),
        pytest.param({"rttm": "none.rttm"}, "file_absent", id="absent"),
    ],
)
def test_a_row_without_speakers_is_a_failure(
    tmp_path: Path, row: dict[str, str], code: str
) -> None:
    mono(tmp_path / "a.wav")
    report = run(manifest(tmp_path, {"recording": "a.wav", **row}), TWO)
    assert [failed.error.code for failed in report.failures] == [code]
    assert report.exit_code == 3


def test_without_a_pipeline_it_is_wrong_use(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    with pytest.raises(WrongUse, match="--pipeline"):
        run(manifest(tmp_path, {"recording": "a.wav", "rttm": RTTM}), None)


def test_document_and_page_tell_the_same(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    truth = manifest(tmp_path, {"recording": "a.wav", "rttm": RTTM, "line": "<b>x</b>"})
    report = run(truth, {"x": (Span(1, 6),)}, by=("line",))
    document = json.loads(json.dumps(diarisation_document(report)))
    assert [(g["by"], g["value"]) for g in document["groups"]] == [
        ("all", None),
        ("line", "<b>x</b>"),
    ]
    rate = document["groups"][0]["engine"]["collar_0_s"]["rate"]
    assert rate == pytest.approx(0.75)
    assert set(document["recordings"][0]) >= {
        "recording",
        "mixed",
        "n_speakers",
        "journey",
        "roles",
    }
    for language, title in (("zh", "说话人分离实测"), ("en", "Diariser bench")):
        page = Page(diarisation_page(report, "zh" if language == "zh" else "en"))
        assert title in page.text
        assert "75.0%" in page.text
        assert "line = <b>x</b>" in page.text
        assert "None" not in page.text
