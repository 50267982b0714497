"""`qa bench asr` from manifest to report, with scripted ears."""

import json
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from qa_pipeline.bench.documents import asr_document
from qa_pipeline.bench.grouped import grouped, phrase_figures
from qa_pipeline.bench.page import asr_page
from qa_pipeline.bench.phrases import Listed
from qa_pipeline.bench.scores import Errors, Finds
from qa_pipeline.cli.main import app
from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Language
from tests.bench.bench_run import asr, manifest, mono, said, stereo
from tests.month.page import Page
from tests.pipeline.heard import words

HELLO = said(("您", 1.2, 1.6), ("好", 1.6, 2.0), role="agent")
REPLY = said(("嗯", 4.2, 4.6), ("买", 4.6, 5.0), ("茶", 5.0, 5.4), role="customer")
TRUTH = {"words": HELLO + REPLY, "speech": {"agent": [[1, 3]], "customer": [[4, 6]]}}
HEARD = (
    words((1.25, 1.6, "您"), (1.6, 2.0, "号")),
    words((4.25, 4.6, "嗯"), (4.6, 5.0, "买"), (5.0, 5.4, "茶")),
)
HOSTILE = "<script>alert(1)</script>"


def test_each_channel_is_held_against_its_own_truth(tmp_path: Path) -> None:
    stereo(tmp_path / "a.wav")
    truth = manifest(
        tmp_path,
        {"recording": "a.wav", "language": "zh", "agent_channel": 0, "transcript": TRUTH},
    )
    report = asr(truth, *HEARD)
    (one,) = report.scored
    assert one.is_stereo
    assert one.figures.errors == Errors(5, 1, 0, 0)
    assert one.figures.fillers == Finds(1, 1, 0)
    assert one.figures.starts == pytest.approx((0.05, 0.05, 0.0, 0.0))
    assert report.exit_code == 0


def test_roles_find_their_channel_where_nobody_told_it(tmp_path: Path) -> None:
    stereo(tmp_path / "a.wav")
    swapped = {
        "words": [dict(w, role="customer") for w in HELLO] + [dict(w, role="agent") for w in REPLY]
    }
    truth = manifest(tmp_path, {"recording": "a.wav", "transcript": swapped})
    (one,) = asr(truth, *HEARD).scored
    assert one.figures.errors == Errors(5, 1, 0, 0)


def test_a_dialogue_on_one_channel_is_one_stream_without_word_times(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    truth = manifest(
        tmp_path, {"recording": "a.wav", "transcript": "客服 1-3: 您好\n客户 4-6: 嗯，买茶"}
    )
    (one,) = asr(truth, HEARD[0] + HEARD[1]).scored
    assert not one.is_stereo
    assert one.language == "zh"
    assert one.figures.errors == Errors(5, 1, 0, 0)
    assert one.figures.starts == ()


def test_words_where_nobody_spoke_are_invented(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    truth = manifest(tmp_path, {"recording": "a.wav", "transcript": {"words": []}})
    (one,) = asr(truth, words((1.5, 2.0, "谢谢"))).scored
    assert one.figures.errors == Errors(0, 0, 0, 2)
    assert one.figures.invented.n == 2
    assert one.figures.invented.quiet_s == pytest.approx(8.0)


def test_phrases_are_listed_worst_first_and_sound_is_text_in_the_truth(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    truth = manifest(
        tmp_path, {"recording": "a.wav", "transcript": "客服 1-3: 您好\n客户 4-6: 嗯，买茶"}
    )
    phrases = tuple(
        Listed(phrase, "text", "zh", ("card/signal",))
        for phrase in ("买茶", "您好", "您号", "再见")
    )
    report = asr(truth, HEARD[0] + HEARD[1], phrases=phrases)
    told = [(p.listed.phrase, p.finds) for p in phrase_figures(report.scored)]
    assert told == [
        ("您好", Finds(1, 0, 0)),
        ("买茶", Finds(1, 1, 0)),
        ("您号", Finds(0, 0, 1)),
    ]


def test_languages_are_never_summed_and_columns_break_figures_down(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav", "c.wav"):
        mono(tmp_path / name)
    truth = manifest(
        tmp_path,
        {"recording": "a.wav", "transcript": "客服 1-3: 您好\n", "kind": "open"},
        {"recording": "b.wav", "transcript": "agent 1-3: hello there\n", "kind": "open"},
        {"recording": "c.wav", "transcript": "客服 1-3: 再见\n", "kind": "pattern"},
    )
    report = asr(
        truth, words((1, 2, "您好")), words((1, 2, " hello")), words((1, 2, "再")), by=("kind",)
    )
    told = {
        (g.language, g.by, g.value): g.figures.errors for g in grouped(report.scored, report.by)
    }
    assert told == {
        ("zh", "all", None): Errors(4, 0, 1, 0),
        ("zh", "tier", "mono"): Errors(4, 0, 1, 0),
        ("zh", "kind", "open"): Errors(2, 0, 0, 0),
        ("zh", "kind", "pattern"): Errors(2, 0, 1, 0),
        ("en", "all", None): Errors(2, 0, 1, 0),
        ("en", "tier", "mono"): Errors(2, 0, 1, 0),
        ("en", "kind", "open"): Errors(2, 0, 1, 0),
    }


@pytest.mark.parametrize(
    ("row", "code", "where"),
    [
        pytest.param("{half", "malformed_row", "truth.jsonl:1", id="no JSON"),
        pytest.param({"transcript": "agent: hi\n"}, "missing_recording", "truth.jsonl:1", id="x"),
        pytest.param({"recording": "a.wav"}, "missing_transcript", "truth.jsonl:1", id="no text"),
        pytest.param(
            {"recording": "a.wav", "transcript": "agent 0-1: hi\nnobody"},
            "transcript_unreadable", "truth.jsonl:1:2", id="no turn",
        ),
        pytest.param(
            {"recording": "a.wav", "transcript": {"words": [{"text": "hi"}]}},
            "transcript_unreadable", "truth.jsonl:1", id="a word without times",
        ),
        pytest.param(
            {"recording": "../a.wav", "transcript": "agent: hi\n"},
            "outside_source", "../a.wav", id="out of the source",
        ),
        pytest.param(
            {"recording": "no.wav", "transcript": "agent: hi\n"}, "file_absent", "no.wav", id="gone"
        ),
        pytest.param(
            {"recording": "a.wav", "transcript": "my secret"},
            "file_absent", "truth.jsonl:1", id="a lone line without a role is a path, not told",
        ),
        pytest.param(
            {"recording": "a.wav", "transcript": "agent: hi\n", "language": "xx"},
            "bad_language", "truth.jsonl:1", id="language",
        ),
        pytest.param(
            {"recording": "a.wav", "transcript": "agent: hi\n", "agent_channel": 3},
            "bad_agent_channel", "truth.jsonl:1", id="channel",
        ),
    ],
)  # fmt: skip
def test_a_bad_row_is_a_failure_with_its_place_and_stops_nothing(
    tmp_path: Path, row: dict[str, object] | str, code: str, where: str
) -> None:
    mono(tmp_path / "a.wav")
    good = {"recording": "a.wav", "transcript": "agent 1-3: hi\n"}
    report = asr(manifest(tmp_path, row, good), words((1, 2, " hi")))
    (failed,) = report.failures
    assert (failed.error.code, failed.error.where) == (code, where)
    assert "secret" not in failed.error.say("en") + failed.error.say("zh")
    assert [one.recording for one in report.scored] == ["a.wav"]
    assert report.exit_code == 3


def test_a_damaged_recording_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF nothing")
    report = asr(manifest(tmp_path, {"recording": "a.wav", "transcript": "agent: hi\n"}))
    assert [failed.recording for failed in report.failures] == ["a.wav"]
    assert not report.scored


def test_a_fault_of_ours_is_a_failure_without_what_was_said(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    truth = manifest(tmp_path, {"recording": "a.wav", "transcript": "agent 1-3: secret\n"})
    (failed,) = asr(truth).failures  # the script has no words for this call: IndexError
    assert failed.error.code == "unexpected"
    assert "secret" not in failed.error.say("en") + failed.error.say("zh")


def test_an_empty_manifest_and_an_unknown_column_are_wrong_use(tmp_path: Path) -> None:
    mono(tmp_path / "a.wav")
    with pytest.raises(WrongUse, match="no row"):
        asr(manifest(tmp_path))
    truth = manifest(tmp_path, {"recording": "a.wav", "transcript": "agent: hi\n", "kind": "x"})
    with pytest.raises(WrongUse, match="--by one of: kind"):
        asr(truth, by=("kinds",))


_NUMBER = {"type": ["number", "null"]}
_ERRORS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["n_truth", "n_substituted", "n_deleted", "n_inserted", "rate"],
    "properties": {
        **{f"n_{k}": {"type": "integer"} for k in ("truth", "substituted", "deleted", "inserted")},
        "rate": _NUMBER,
    },
}
_FIGURES = {
    "n_recordings": {"type": "integer"},
    "duration_s": {"type": "number"},
    "real_time_factor": _NUMBER,
    "errors": _ERRORS,
    "errors_digits_folded": _ERRORS,
    "word_starts": {"type": ["object", "null"]},
    "invented": {"type": "object", "required": ["n", "quiet_s", "per_minute"]},
    "fillers": {"type": "object", "required": ["recall", "recall_low", "false_per_ten_minutes"]},
    "confidence": {"type": "object", "required": ["right", "wrong"]},
    **{name: {"type": "integer"} for name in ("n_sides", "n_unclear_sides", "n_dropped_words")},
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{name: {"type": "string"} for name in ("transcriber", "fingerprint", "activity")},
        "bench": {"const": "asr"},
        "recognition": {"type": "object"},
        "groups": {
            "type": "array",
            "items": {
                "additionalProperties": False,
                "required": ["language", "by", "value", *_FIGURES],
                "properties": {**_FIGURES, "language": {}, "by": {}, "value": {}},
            },
        },
        "phrases": {
            "type": "array",
            "items": {"required": ["phrase", "match", "signals", "measured", "n_truth", "recall"]},
        },
        "recordings": {
            "type": "array",
            "items": {"required": ["recording", "language", "tier", "columns", "texts", *_FIGURES]},
        },
        "failures": {
            "type": "array",
            "items": {"required": ["recording", "where", "stage", "code", "message_en"]},
        },
    },
}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    mono(tmp_path / "a.wav")
    return manifest(
        tmp_path,
        {"recording": "a.wav", "transcript": f"客服 1-3: 您好 {HOSTILE}\n", "kind": HOSTILE},
        {"recording": f"{HOSTILE}.wav", "transcript": "客服: 您好\n"},
    )


def test_json_keeps_its_shape_and_holds_text_only_where_asked(hostile: Path) -> None:
    report = asr(hostile, words((1, 2, "您好")), by=("kind",))
    for with_text in (False, True):
        document = json.loads(json.dumps(asr_document(report, with_text=with_text)))
        jsonschema.validate(document, {**SCHEMA, "required": list(SCHEMA["properties"])})  # type: ignore[call-overload]
        texts = document["recordings"][0]["texts"]
        assert (texts is not None) == with_text
    assert texts[0]["heard"] == "您好"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_errors_and_no_markup_of_others(hostile: Path, language: Language) -> None:
    html = asr_page(asr(hostile, words((1, 2, "您号")), by=("kind",)), language)
    page = Page(html)
    assert [attributes.get("type") for attributes, _ in page.scripts] == ["application/json"]
    assert HOSTILE in page.text
    assert "<del>好" in html
    assert "<ins>号</ins>" in html
    assert not {"src", "href", "style"} & {name for _, name, _ in page.attributes}
    assert "None" not in page.text
    assert {"zh": "原文与识别对照", "en": "Said and heard"}[language] in page.text


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--truth", "none.jsonl"], 2, id="no manifest"),
        pytest.param(["--truth", "truth.jsonl", "--model", "no/such"], 2, id="no model"),
        pytest.param(["--truth", "truth.jsonl", "--language", "fr"], 2, id="no such language"),
    ],
)
def test_wrong_use_is_told_before_anything_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    mono(tmp_path / "a.wav")
    manifest(tmp_path, {"recording": "a.wav", "transcript": "agent: hi\n"})
    monkeypatch.chdir(tmp_path)
    error = CliRunner().invoke(app, ["bench", "asr", *arguments]).exception
    assert getattr(error, "exit_code", None) == code
