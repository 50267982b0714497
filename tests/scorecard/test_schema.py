"""The published JSON Schema says what the loader says, as far as a schema can."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from qa_pipeline.documents import read_leniently
from qa_pipeline.scorecard.load import scorecard_files
from qa_pipeline.scorecard.schema import scorecard_schema
from qa_pipeline.settings import SCORECARDS_DIR
from tests.scorecard.cards import CARD, edited, load, told

SCHEMA = scorecard_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def accepts(text: str) -> bool:
    return bool(VALIDATOR.is_valid(read_leniently(text.encode(), "card.yaml").data))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_published_file_is_the_schema_of_the_code() -> None:
    file = SCORECARDS_DIR / "scorecard.schema.json"
    assert json.loads(file.read_text("utf-8")) == SCHEMA, "qa scorecard schema > that file"


@pytest.mark.parametrize("path", scorecard_files(SCORECARDS_DIR), ids=lambda p: p.name)
def test_shipped_scorecards_are_valid_and_name_the_schema(path: Any) -> None:
    text = path.read_text("utf-8")
    assert accepts(text)
    assert text.splitlines()[0] == "# yaml-language-server: $schema=scorecard.schema.json"


VALID = {
    "plain": ("pass_mark: 80", "pass_mark: 80"),
    "title-a-text": ("language: zh", "language: zh\ntitle: 订购"),
    "title-in-two": ("language: zh", "language: zh\ntitle: {zh: 订购, en: Orders}"),
    "date": ("language: zh", "language: zh\neffective_from: 2026-10-01"),
    "applies-to-one": ("language: zh", "language: zh\napplies_to: {queue: orders, line: 4}"),
    "applies-to-many": ("language: zh", "language: zh\napplies_to: {queue: [orders, 7]}"),
    "half-a-mark": ("pass_mark: 80", "pass_mark: 79.5"),
    "groups": ("any_of: [投诉]", "all_of: [[投诉, 退款], 经理]"),
    "excused": ("any_of: [投诉]", "any_of: 投诉, except: 不投诉, except_within: hit"),
    "anchors": ("after: complaint", "after: [complaint, silence]"),
    "human": ("pass_if: silence.count <= 1", "judged_by: human, hints: [silence]"),
    "tier": ("pass_if: silence", "min_tier: mono_diarised, pass_if: silence"),
    "zero-points": ("points: 5", "points: 0"),
    "examples": ("pass_if: greeting", 'pass_if: greeting, examples: {pass: "agent: 您好"}'),
    "filler": ("dead_air, min_s: 8", "filler, lexicon: 嗯, ambiguous: [这个]"),
    "speech-rate": ("dead_air, min_s: 8", "speech_rate, max: 300"),
    "interruption": ("dead_air, min_s: 8", "interruption, min_overlap_s: 0.4"),
    "slow-answer": ("dead_air, min_s: 8", "slow_answer, min_s: 3, line_checks: [喂]"),
    "drawn-out": ("dead_air, min_s: 8", "drawn_out, min_s: 0.6"),
    "loudness": ("dead_air, min_s: 8", "loudness, min_dbfs: -45, max_dbfs: -9.5"),
    "loudness-of-clipping": ("dead_air, min_s: 8", "loudness"),
    "hold": ("dead_air, min_s: 8", "hold, announced_by: 稍等, thanked_by: [], unthanked: true"),
    "hang-up": ("dead_air, min_s: 8", "hang_up, role: agent, after: greeting, last_s: 5"),
    "ring": ("dead_air, min_s: 8", "ring, max_s: 12.5"),
    "talk-share": (
        "{detector: dead_air, min_s: 8}\n",
        "{detector: dead_air, min_s: 8}\n"
        "  share: {detector: talk_share, role: agent, first_s: 60}\n",
    ),
}
INVALID = {
    "unknown-key": ("pass_mark: 80", "pass_mark: 80\npasmark: 3"),
    "no-pass-mark": ("pass_mark: 80\n", ""),
    "language": ("language: zh", "language: fr"),
    "id": ("scorecard: order-line", "scorecard: Order"),
    "version": ("version: 3", "version: 0"),
    "version-text": ("version: 3", 'version: "3"'),
    "pass-mark": ("pass_mark: 80", "pass_mark: 101"),
    "coverage": ("pass_mark: 80", "pass_mark: 80\nmin_coverage: 80"),
    "date": ("language: zh", "language: zh\neffective_from: tomorrow"),
    "empty-title": ("language: zh", "language: zh\ntitle: {}"),
    "title-of-french": ("language: zh", "language: zh\ntitle: {fr: x, zh: y}"),
    "no-severities": ("  A: {title: 致命, fatal: true}\n  B: {title: 严重}\n", ""),
    "fatal-a-word": ("fatal: true", "fatal: yes"),
    "detector": ("detector: dead_air", "detector: deadair"),
    "no-detector": ("{detector: dead_air, min_s: 8}", "{min_s: 8}"),
    "no-parameter": ("dead_air, min_s: 8", "dead_air"),
    "parameter-of-another": ("min_s: 8", "min_s: 8, any_of: [x]"),
    "negative": ("min_s: 8", "min_s: -8"),
    "empty-phrase": ("[投诉]", '[""]'),
    "no-phrases": ("any_of: [投诉]", "any_of: []"),
    "phrase-a-number": ("[投诉]", "[400]"),
    "both-lists": ("any_of: [投诉]", "any_of: [投诉], all_of: [[a]]"),
    "neither-list": (", any_of: [投诉]", ""),
    "within-without-anchor": ("after: complaint, within_s: 30", "within_s: 30"),
    "signal-id": ("  silence: {d", "  Silence: {d"),
    "signal-not": ("  silence: {d", "  not: {d"),
    "criterion-id": ("id: silence", "id: si-lence"),
    "criterion-or": ("id: silence", "id: or"),
    "points": ("points: 5", "points: -5"),
    "no-judge": (", pass_if: silence.count <= 1", ", hints: silence"),
    "two-judges": ("pass_if: silence", "judged_by: human, pass_if: silence"),
    "tier": ("pass_if: silence", "min_tier: stereo, pass_if: silence"),
    "no-criteria": ("sections:\n", "sections:\n  - {id: none, criteria: []}\n"),
    "rate-without-limits": ("dead_air, min_s: 8", "speech_rate"),
    "slow-answer-without-min": ("dead_air, min_s: 8", "slow_answer"),
    "drawn-out-without-min": ("dead_air, min_s: 8", "drawn_out"),
    "ring-without-max": ("dead_air, min_s: 8", "ring"),
    "ring-in-a-window": ("dead_air, min_s: 8", "ring, max_s: 9, first_s: 5"),
    "ring-after-something": ("dead_air, min_s: 8", "ring, max_s: 9, after: greeting"),
    "hang-up-in-turns": ("dead_air, min_s: 8", "hang_up, last_turns: 1"),
    "hang-up-of-customers": ("dead_air, min_s: 8", "hang_up, role: customer"),
    "share-of-anyone": ("dead_air, min_s: 8", "talk_share"),
    "share-of-any": ("dead_air, min_s: 8", "talk_share, role: any"),
    "level-over-full-scale": ("dead_air, min_s: 8", "loudness, max_dbfs: 3"),
    "clipped-percent": ("dead_air, min_s: 8", "loudness, max_clipped_share: 5"),
    "hold-announced-by-nothing": ("dead_air, min_s: 8", "hold, announced_by: []"),
}


@pytest.mark.parametrize("name", VALID)
def test_both_accept(name: str) -> None:
    text = edited(VALID[name])
    if name == "talk-share":
        text = edited(("silence.count <= 1", "silence.count <= 1 and share.value < 0.7"), card=text)
    load(text)
    assert accepts(text)


@pytest.mark.parametrize("change", INVALID.values(), ids=INVALID.keys())
def test_both_refuse(change: tuple[str, str]) -> None:
    text = edited(change)
    assert told(text)
    assert not accepts(text)


def properties(node: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and "required" not in node.get("if", {}):
            for name, key in node["properties"].items():
                if isinstance(key, dict) and "const" not in key:
                    yield name, key
        for child in node.values():
            yield from properties(child)
    elif isinstance(node, list):
        for child in node:
            yield from properties(child)


def test_every_key_is_described_in_both_languages() -> None:
    described = list(properties(SCHEMA))
    assert len(described) > 50
    for name, key in described:
        text = key.get("description", "")
        assert any("\u4e00" <= c <= "\u9fff" for c in text), name
        assert any("a" <= c <= "z" for c in text), name


def test_the_schema_knows_nothing_that_the_card_has_not() -> None:
    assert accepts(CARD)
