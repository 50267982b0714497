"""What a scorecard is refused for, where, and with which advice."""

import os
from pathlib import Path

import pytest

from qa_pipeline.errors import DocumentRefused, WrongUse
from qa_pipeline.scorecard.load import load_directory, load_scorecard
from qa_pipeline.scorecard.signals import PhraseSignal
from tests.scorecard.cards import CARD, edited, load, marked, told


def one(text: str) -> tuple[str, str, str | None, str]:
    [fault] = told(text)
    return fault


def test_the_card_loads() -> None:
    card = load(CARD)
    greeting = card.scorecard.signals["greeting"]
    assert isinstance(greeting, PhraseSignal)
    assert greeting.any_of == ("您好",)
    assert card.scorecard.min_coverage == 0.8
    assert card.warnings == ()


def test_the_hash_is_of_the_bytes_as_read(tmp_path: Path) -> None:
    file = tmp_path / "card.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + CARD.encode())
    with_mark = load_scorecard(file)
    assert with_mark.scorecard == load(CARD).scorecard
    assert with_mark.sha256 != load(CARD).sha256
    assert with_mark.where == str(file)


def test_a_word_stands_for_a_list_of_one() -> None:
    card = load(edited(("any_of: [投诉]", "any_of: 投诉")))
    signal = card.scorecard.signals["complaint"]
    assert isinstance(signal, PhraseSignal)
    assert signal.any_of == ("投诉",)


def test_unquoted_words_of_yaml_1_1_are_words() -> None:
    card = load(edited(("language: zh", "language: en"), ("any_of: [投诉]", "any_of: [no, on, y]")))
    signal = card.scorecard.signals["complaint"]
    assert isinstance(signal, PhraseSignal)
    assert signal.any_of == ("no", "on", "y")


SHARE = (
    """{detector: dead_air, min_s: 8}
sections:
  - id: language
    criteria:
      - {id: greeting, severity: B, points: 10, pass_if: greeting}
      - {id: apology, severity: B, points: 10, when: complaint, pass_if: apology}
      - {id: silence, severity: B, points: 5, pass_if: silence.count <= 1}
""",
    """{detector: talk_share, role: agent}
sections:
  - id: language
    criteria:
      - {id: greeting, severity: B, points: 10, pass_if: greeting}
      - {id: apology, severity: B, points: 10, when: complaint, pass_if: apology}
      - {id: silence, severity: B, points: 5, pass_if: ‸silence}
""",
)
#: The caret stands where the fault is told.
REFUSED: dict[str, tuple[tuple[str, str], str]] = {
    "unknown-top-key": (("pass_mark: 80", "pass_mark: 80\n‸pasmark: 3"), "unknown key"),
    "missing-top-key": (("pass_mark: 80\n", ""), "the key pass_mark is missing"),
    "missing-language": (("language: zh\n", ""), "the key language is missing"),
    "language-of-nobody": (("language: zh", "language: ‸fr"), "not one of the valid values"),
    "id-with-capitals": (("order-line", "‸Order"), "the spelling"),
    "version-zero": (("version: 3", "version: ‸0"), "must be >= 1"),
    "version-a-text": (("version: 3", 'version: ‸"3"'), "a whole number is needed"),
    "pass-mark-over-100": (("pass_mark: 80", "pass_mark: ‸101"), "must be <= 100"),
    "not-a-number": (("pass_mark: 80", "pass_mark: ‸.nan"), "not a number"),
    "infinite-points": (("points: 5", "points: ‸.inf"), "a number is needed"),
    "negative-points": (("points: 5", "points: ‸-5"), "must be >= 0"),
    "date-that-is-none": (
        ("pass_mark: 80", "effective_from: ‸2026-02-30\npass_mark: 80"),
        "not a date",
    ),
    "unknown-detector": (("detector: dead_air", "detector: ‸deadair"), "unknown detector"),
    "no-detector": (("{detector: dead_air, min_s", "{‸min_s"), "the key detector is missing"),
    "missing-parameter": (
        ("detector: dead_air, min_s: 8", "‸detector: dead_air"),
        "the key min_s is missing",
    ),
    "unknown-parameter": (("min_s: 8", "min_s: 8, ‸mins: 9"), "unknown key"),
    "parameter-of-another-detector": (("min_s: 8", "min_s: 8, ‸any_of: [x]"), "unknown key"),
    "parameter-out-of-range": (("min_s: 8", "min_s: ‸-8"), "must be > 0"),
    "window-of-no-turns": (("first_s: 15", "first_turns: ‸0"), "must be >= 1"),
    "confidence-over-1": (("first_s: 15", "min_confidence: ‸1.5"), "must be <= 1"),
    "empty-phrase": (("[投诉]", '[投诉, ‸""]'), "empty, or too short"),
    "phrase-of-marks": (("[投诉]", '[‸"？！"]'), "a phrase without letters or digits"),
    "phrase-a-number": (("[投诉]", "[‸400]"), "a text is needed"),
    "no-phrases": (("any_of: [投诉]", "any_of: ‸[]"), "empty, or too short"),
    "phrase-over-two-sentences": (("[投诉]", "[投诉。‸退款]"), "no match crosses"),
    "any-of-and-all-of": (
        ("any_of: [投诉]", "any_of: [投诉], all_of: ‸[[a]]"),
        "any_of together with all_of",
    ),
    "neither-any-of-nor-all-of": (
        ("{detector: phrase, role: customer, any_of: [投诉]}", "{‸detector: phrase}"),
        "a phrase signal without phrases",
    ),
    "within-without-anchor": (
        ("after: complaint, within_s: 30", "within_s: ‸30"),
        "within_s without an anchor",
    ),
    "speech-rate-without-limits": (
        ("detector: dead_air, min_s: 8", "‸detector: speech_rate"),
        "speech_rate without min and max",
    ),
    "speech-rate-upside-down": (
        ("detector: dead_air, min_s: 8", "detector: speech_rate, min: ‸9, max: 3"),
        "min is not below max",
    ),
    "level-upside-down": (
        ("detector: dead_air, min_s: 8", "detector: loudness, min_dbfs: ‸-9, max_dbfs: -30"),
        "min_dbfs is not below max_dbfs",
    ),
    "level-over-full-scale": (
        ("dead_air, min_s: 8", "loudness, max_dbfs: ‸3"),
        "must be <= 0",
    ),
    "window-of-what-rang-before": (
        ("dead_air, min_s: 8", "ring, max_s: 9, first_s: ‸5"),
        "first_s means nothing to ring",
    ),
    "turns-of-hanging-up": (
        ("dead_air, min_s: 8", "hang_up, last_turns: ‸1"),
        "last_turns means nothing to hang_up",
    ),
    "anchor-of-a-share": (
        ("dead_air, min_s: 8", "talk_share, role: agent, after: ‸greeting"),
        "after means nothing to talk_share",
    ),
    "share-of-nobody": (
        ("{detector: dead_air, min_s: 8}", "{‸detector: talk_share}"),
        "the key role is missing",
    ),
    "share-that-is-true": (SHARE, "this signal measures; it is neither"),
    "share-that-is-counted": (
        (SHARE[0], SHARE[1].replace("‸silence", "‸silence.share <= 0.7")),
        "this signal measures a value",
    ),
    "share-in-reports": (
        (SHARE[0], SHARE[1].replace("pass_if: ‸silence", "pass_if: greeting, hints: ‸silence")),
        "this signal measures a value",
    ),
    "announced-by-marks": (
        ("dead_air, min_s: 8", "hold, announced_by: [‸……]"),
        "a phrase without letters or digits",
    ),
    "signal-id-with-capitals": (("  silence: {d", "  ‸Silence: {d"), "the spelling"),
    "signal-named-not": (("  silence: {d", "  ‸not: {d"), "and, or, not cannot be names"),
    "criterion-id-with-hyphen": (("id: silence", "id: ‸si-lence"), "the spelling"),
    "criterion-named-or": (("id: silence", "id: ‸or"), "and, or, not cannot be names"),
    "duplicate-criterion": (("id: silence", "id: ‸apology"), "this id stands here"),
    "duplicate-section": (
        ("sections:\n", "sections:\n  - {id: language, criteria: []}\n"),
        "this id stands here",
    ),
    "duplicate-key": (("version: 3", "version: 3\n‸version: 4"), "the key stands here"),
    "duplicate-signal": (("  silence: {d", "  ‸apology: {d"), "the key stands here"),
    "unknown-severity": (("silence, severity: B", "silence, severity: ‸C"), "unknown severity"),
    "unknown-signal": (("pass_if: greeting", "pass_if: ‸greting"), "unknown signal"),
    "unknown-signal-later": (
        ("pass_if: greeting", "pass_if: greeting and not ‸hello"),
        "unknown signal",
    ),
    "unknown-signal-in-when": (("when: complaint", "when: ‸complant"), "unknown signal"),
    "unknown-anchor": (("after: complaint", "after: [complaint, ‸silense]"), "unknown signal"),
    "unknown-counted": (("sections:", "count: [‸wishes]\nsections:"), "unknown signal"),
    "unknown-hint": (
        ("pass_if: greeting", "pass_if: greeting, hints: ‸wishes"),
        "unknown signal",
    ),
    "unknown-measure": (("silence.count", "silence.‸cout"), "unknown measure"),
    "thanked-of-no-hold": (("silence.count", "‸silence.thanked"), "thanked is a measure"),
    "cut-off-expression": (("silence.count <= 1", "silence.count <=‸"), "a number is needed"),
    "anchored-on-itself": (("after: complaint", "after: ‸apology"), "anchors that go round"),
    "anchored-in-a-circle": (
        (
            "any_of: [投诉]}\n  apology: {detector: phrase, role: agent, any_of: [抱歉], after: ",
            "any_of: [投诉], before: apology}\n"
            "  apology: {detector: phrase, role: agent, any_of: [抱歉], after: ‸",
        ),
        "anchors that go round",
    ),
    "unused-signal": (
        ("signals:\n", "signals:\n  ‸wait: {detector: dead_air, min_s: 3}\n"),
        "a signal that nothing uses",
    ),
    "no-judge": (
        (
            "{id: greeting, severity: B, points: 10, pass_if:",
            "{‸id: greeting, severity: B, points: 10, hints:",
        ),
        "a criterion that nobody judges",
    ),
    "two-judges": (
        ("pass_if: silence", "judged_by: human, pass_if: ‸silence"),
        "judged_by: human together",
    ),
    "human-with-examples": (
        ("pass_if: silence.count <= 1", "judged_by: human, hints: silence, examples: ‸{pass: [x]}"),
        "examples of a criterion that people judge",
    ),
    "no-severities": (
        ("severities:\n  A: {title: 致命, fatal: true}\n  B: {title: 严重}", "severities: ‸{}"),
        "empty, or too short",
    ),
    "section-without-criteria": (
        ("sections:\n", "sections:\n  - {id: none, criteria: ‸[]}\n"),
        "empty, or too short",
    ),
    "title-in-another-language": (
        ("id: language", "id: language\n    title: {‸en: Language}"),
        "the text is missing",
    ),
    "severity-title-in-another-language": (
        ("B: {title: 严重}", "B: {title: {‸en: Major}}"),
        "the text is missing",
    ),
    "sound-of-one-syllable": (
        ("any_of: [投诉]", "any_of: [‸喂], match: sound"),
        "one syllable is too little",
    ),
    "sound-in-english": (
        ("language: zh", "language: en"),
        "match: sound is for Chinese alone",
    ),
    "pattern-that-looks-around": (
        ("any_of: [投诉]", "any_of: ['投诉‸(?!建议)'], match: regex"),
        "look-around",
    ),
    "pattern-that-refers-back": (
        ("any_of: [投诉]", "any_of: ['(.)‸\\1'], match: regex"),
        "back-references",
    ),
    "word-border-beside-han": (
        ("any_of: [投诉]", "any_of: ['‸\\b投诉'], match: regex"),
        "\\b beside a Chinese character",
    ),
    "pattern-that-is-none": (("any_of: [投诉]", "any_of: ['‸(投诉'], match: regex"), "RE2"),
    "example-that-cannot-be": (
        ("pass_if: greeting", 'pass_if: greeting, examples: {‸not_applicable: ["agent: 好"]}'),
        "not_applicable examples",
    ),
    "tag": (("language: zh", "language: ‸!x zh"), "tags"),
    "anchor": (("language: zh", "language: ‸&l zh"), "anchors and aliases"),
}
#: Faults that are told where the change is not.
ELSEWHERE = {
    "missing-top-key": ("scorecard:", "‸scorecard:"),
    "missing-language": ("scorecard:", "‸scorecard:"),
    "duplicate-section": ("  - id: language", "  - id: ‸language"),
    "sound-in-english": ("[投诉]", "[complaint], match: ‸sound"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_fault_is_told_once_at_its_place(name: str) -> None:
    change, what = REFUSED[name]
    changes = (change, ELSEWHERE[name]) if name in ELSEWHERE else (change,)
    text, where = marked(edited(*changes))
    found = [fault for fault in told(text) if fault[1].startswith(what)]
    assert [fault[0] for fault in found] == [where]


def test_a_misspelt_signal_is_one_fault_with_the_nearest_name() -> None:
    text, where = marked(edited(("pass_if: greeting", "pass_if: ‸greting")))
    assert one(text) == (where, "unknown signal", '"greting"', "did you mean greeting?")


def test_a_pattern_may_be_marks_alone() -> None:
    card = load(edited(("any_of: [投诉]", "any_of: ['[？?]'], match: regex"))).scorecard
    assert card.signals["complaint"].any_of == ("[？?]",)  # type: ignore[attr-defined]


def test_no_points_at_all() -> None:
    card = CARD.replace("points: 10", "points: 0").replace("points: 5", "points: 0")
    assert one(card)[:2] == ("13:1", "all criteria together have 0 points")


def test_points_of_people_are_points() -> None:
    card = CARD.replace("points: 10", "points: 0").replace("points: 5", "points: 0")
    human = "\n      - {id: warmth, severity: B, points: 1, judged_by: human}\n"
    assert load(card.rstrip() + human).scorecard.sections[0].criteria[-1].points == 1


def test_an_expression_over_lines_is_placed_in_its_line() -> None:
    text, where = marked(
        CARD
        + "      - id: polite\n        severity: B\n        points: 1\n"
        + "        pass_if: >-\n          greeting and\n          not ‸hello\n"
    )
    assert one(text)[:2] == (where, "unknown signal")


def test_all_faults_of_form_shape_and_rules_come_in_order_of_place() -> None:
    card = edited(
        ("version: 3", "version: 3\nversion: 4"),
        ("pass_mark: 80", "pass_mark: 800"),
        ("after: complaint", "after: complant"),
        ("silence.count", "silence.cout"),
        ("pass_if: greeting", "pass_if: greting"),
    )
    assert [(fault[0].split(":")[0], fault[1]) for fault in told(card)] == [
        ("3", "the key stands here for the second time"),
        ("5", "must be <= 100"),
        ("12", "unknown signal"),
        ("17", "unknown signal"),
        ("19", "unknown measure"),
    ]


def test_warnings_name_what_is_probably_not_meant() -> None:
    card = load(
        edited(
            ("pass_if: silence.count <= 1", "pass_if: silence and silence.value < 3"),
            ("any_of: [投诉]", "any_of: [投诉], match: sound"),
            ("pass_if: greeting", "pass_if: greeting and not complaint"),
        )
    )
    assert [(w.where.split(":")[1], w.what.en) for w in card.warnings] == [
        ("16", "a forbidden phrase that is found by sound"),
        ("18", "passes when a fault was found"),
        ("18", "this detector has no value: never true"),
    ]


@pytest.mark.parametrize(
    "pass_if",
    ["not silence", "silence.count <= 1", "not (silence or greeting)"],
)
def test_a_fault_that_is_denied_or_compared_is_no_warning(pass_if: str) -> None:
    assert load(edited(("silence.count <= 1", pass_if))).warnings == ()


@pytest.mark.parametrize(
    "change",
    [
        ("scorecard: order-line", f"scorecard: {'a' * 65}"),
        ("- id: language", f"- id: {'a' * 65}"),
        ("  silence: {", f"  silence: {{detector: ring, max_s: 9}}\n  {'a' * 65}: {{"),
    ],
    ids=["scorecard", "section", "signal"],
)
def test_a_long_id_is_told_in_both_languages(change: tuple[str, str]) -> None:
    with pytest.raises(DocumentRefused) as caught:
        load(edited(change))
    first = caught.value.errors[0]
    assert (first.what.en, first.what.zh) == ("more than 64 characters", "超过 64 个字符")
    assert (first.fix.en, first.fix.zh) == ("write at most 64 characters", "请写不超过 64 个字符")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("B: {title: 严重}", "B: {title: ‸''}"),
        ("version: 3", "version: 3\ntitle: ‸''"),
        ("points: 5,", "points: 5, guidance: ‸'',"),
    ],
    ids=["severity", "scorecard", "guidance"],
)
def test_an_empty_text_is_told_once(old: str, new: str) -> None:
    text, place = marked(edited((old, new)))
    assert told(text) == [(place, "an empty text", '""', "write the text, or delete the key")]


def test_a_pipe_and_a_folder_are_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "card.yaml"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(WrongUse, match="not a file") as caught:
            load_scorecard(path)
        assert caught.value.fix.zh != caught.value.fix.en


@pytest.mark.parametrize("name", ["none.yaml", "n" * 300], ids=["none", "too-long-a-name"])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        load_scorecard(tmp_path / name)


def test_a_directory_is_read_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(edited(("order-line", "b")), "utf-8")
    (tmp_path / "a.yml").write_text(edited(("order-line", "a")), "utf-8")
    (tmp_path / "notes.txt").write_text("not a scorecard", "utf-8")
    assert [card.scorecard.scorecard for card in load_directory(tmp_path)] == ["a", "b"]


def test_a_directory_tells_the_faults_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(edited(("version: 3", "version: x")), "utf-8")
    (tmp_path / "b.yaml").write_text(edited(("version: 3", "version: y")), "utf-8")
    with pytest.raises(DocumentRefused) as caught:
        load_directory(tmp_path)
    assert [Path(e.where).name for e in caught.value.errors] == ["a.yaml:2:10", "b.yaml:2:10"]


@pytest.mark.parametrize("key", ["effective_from: 2026-10-01\n", ""], ids=["dated", "undated"])
def test_two_of_one_date_are_refused(tmp_path: Path, key: str) -> None:
    (tmp_path / "a.yaml").write_text(CARD + key, "utf-8")
    (tmp_path / "b.yaml").write_text(edited(("version: 3", "version: 4")) + key, "utf-8")
    with pytest.raises(DocumentRefused, match="takes effect on the same date"):
        load_directory(tmp_path)


def test_two_of_one_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CARD, "utf-8")
    (tmp_path / "b.yaml").write_text(CARD + "effective_from: 2026-10-01\n", "utf-8")
    with pytest.raises(DocumentRefused, match="has the same id and version"):
        load_directory(tmp_path)


def test_a_directory_without_scorecards(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no scorecards here"):
        load_directory(tmp_path)
