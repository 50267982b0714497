"""What changed between two versions, in sentences of both languages."""

import pytest

from qa_pipeline.scorecard.diff import differences
from qa_pipeline.scorecard.load import scorecard_files
from qa_pipeline.settings import SCORECARDS_DIR
from tests.scorecard.cards import CARD, edited, load

BASE = edited(
    ("language: zh", "language: zh\napplies_to: {queue: [orders]}"),
    ("any_of: [您好]", "all_of: [[您好, 你好], [请问]]"),
    ("any_of: [投诉]", "any_of: [投诉, 太差], except: [如果]"),
)
CALM = "{id: calm, severity: B, points: 1, judged_by: human}"
SAID: dict[str, tuple[tuple[str, str], str, str]] = {
    "version": (("version: 3", "version: 4"), "version 3 → 4", "版本 3 → 4"),
    "pass-mark": (("pass_mark: 80", "pass_mark: 82.5"), "pass mark 80 → 82.5", "合格分 80 → 82.5"),
    "coverage": (
        ("pass_mark: 80", "pass_mark: 80\nmin_coverage: 0.7"),
        "least coverage 0.8 → 0.7",
        "最低覆盖率 0.8 → 0.7",
    ),
    "date": (
        ("pass_mark: 80", "pass_mark: 80\neffective_from: 2026-10-01"),
        "in force from 2026-10-01, none before",
        "生效日期 新设为 2026-10-01",
    ),
    "applies-to-more": (
        ("[orders]", "[orders, vip]"),
        "applies to queue added: vip",
        "适用范围 queue 增加：vip",
    ),
    "applies-to-another-column": (
        ("{queue: [orders]}", "{queue: [orders], segment: retail}"),
        "applies to segment retail, none before",
        "适用范围 segment 新设为 retail",
    ),
    "fatal": (
        ("fatal: true", "fatal: false"),
        "severity A (致命): fatal yes → no",
        "严重程度 A（致命）：致命 是 → 否",
    ),
    "severity-of-a-criterion": (
        ("id: silence, severity: B", "id: silence, severity: A"),
        "criterion silence: severity B → A",
        "标准 silence：严重程度 B → A",
    ),
    "points": (
        ("points: 5", "points: 7.5"),
        "criterion silence: points 5 → 7.5",
        "标准 silence：分值 5 → 7.5",
    ),
    "limit": (
        ("count <= 1", "count <= 2"),
        "criterion silence: limit of silence.count <= 1 → <= 2",
        "标准 silence：silence.count 的界限 <= 1 → <= 2",
    ),
    "expression": (
        ("pass_if: greeting", "pass_if: greeting or apology"),
        "criterion greeting: pass_if greeting → greeting or apology",
        "标准 greeting：pass_if greeting → greeting or apology",
    ),
    "when-taken-out": (
        ("when: complaint, ", ""),
        "criterion apology: when taken out (was complaint)",
        "标准 apology：when 取消（原为 complaint）",
    ),
    "phrase-added": (
        ("[投诉, 太差]", "[投诉, 太差, 骗人]"),
        "signal complaint: phrases added: 骗人",
        "信号 complaint：词句 增加：骗人",
    ),
    "phrase-removed": (
        ("[投诉, 太差]", "[投诉]"),
        "signal complaint: phrases removed: 太差",
        "信号 complaint：词句 删去：太差",
    ),
    "phrase-order": (
        ("[投诉, 太差]", "[太差, 投诉]"),
        "signal complaint: phrases in another order",
        "信号 complaint：词句顺序改变",
    ),
    "phrase-of-a-group": (
        ("[您好, 你好]", "[您好]"),
        "signal greeting: phrases of group 1 removed: 你好",
        "信号 greeting：第 1 组词句 删去：你好",
    ),
    "exception-taken-out": (
        (", except: [如果]", ""),
        "signal complaint: exceptions taken out (was 如果)",
        "信号 complaint：例外词句 取消（原为 如果）",
    ),
    "key-of-a-signal": (
        ("min_s: 8", "min_s: 6"),
        "signal silence: min_s 8 → 6",
        "信号 silence：min_s 8 → 6",
    ),
    "another-detector": (
        ("{detector: dead_air, min_s: 8}", "{detector: filler}"),
        "signal silence: detector dead_air → filler",
        "信号 silence：检测器 dead_air → filler",
    ),
    "new-criterion": (
        ("    criteria:\n", f"    criteria:\n      - {CALM}\n"),
        "criterion calm: new",
        "标准 calm：新增",
    ),
    "new-section": (
        ("sections:\n", f"sections:\n  - id: more\n    criteria: [{CALM}]\n"),
        "section more: new",
        "分类 more：新增",
    ),
    "title": (
        ("id: silence, ", "id: silence, title: 冷场, "),
        "criterion silence (冷场): title 冷场, none before",
        "标准 silence（冷场）：标题 新设为 冷场",
    ),
    "examples": (
        ("pass_if: greeting", 'pass_if: greeting, examples: {pass: "agent: 您好"}'),
        "criterion greeting: examples changed (0 → 1)",
        "标准 greeting：示例改变（0 → 1）",
    ),
}  # fmt: skip


def said(old: str, new: str) -> list[tuple[str, str]]:
    found = differences(load(old).scorecard, load(new).scorecard)
    return [(one.said().en, one.said().zh) for one in found]


@pytest.mark.parametrize("name", SAID)
def test_a_change_is_said_in_both_languages(name: str) -> None:
    change, en, zh = SAID[name]
    assert (en, zh) in said(BASE, edited(change, card=BASE))


@pytest.mark.parametrize("name", sorted(SAID.keys() - {"new-section"}))
def test_it_is_said_once_and_nothing_else(name: str) -> None:
    assert len(said(BASE, edited(SAID[name][0], card=BASE))) == 1


def test_a_removed_criterion_goes_with_its_signals() -> None:
    new = "".join(line for line in BASE.splitlines(True) if "silence" not in line)
    assert said(BASE, new) == [
        ("criterion silence: removed", "标准 silence：删除"),
        ("signal silence: removed", "信号 silence：删除"),
    ]


def test_a_criterion_in_another_place_is_moved() -> None:
    line = "      - {id: silence, severity: B, points: 5, pass_if: silence.count <= 1}\n"
    there = BASE.replace(line, "") + f"  - id: more\n    criteria:\n{line}"
    assert said(BASE, there)[1][0] == (
        "criterion silence: moved to another section: language → more"
    )
    up = BASE.replace(line, "").replace("    criteria:\n", f"    criteria:\n{line}")
    assert said(BASE, up) == [
        ("section language: criteria in another order", "分类 language：标准顺序改变")
    ]


def test_a_renamed_signal_is_no_new_one() -> None:
    (first, _), (second, _) = said(
        BASE, BASE.replace("silence:", "quiet:").replace("silence.", "quiet.")
    )
    assert first == "criterion silence: pass_if silence.count <= 1 → quiet.count <= 1"
    assert second == "signal quiet: renamed from silence"


@pytest.mark.parametrize(
    ("old", "new"),
    [("pass_if: greeting", "pass_if: ( greeting )"), ("language: zh", "# new\nlanguage: zh")],
    ids=["blanks-and-brackets", "comment"],
)
def test_layout_is_no_difference(old: str, new: str) -> None:
    assert said(BASE, edited((old, new), card=BASE)) == []


@pytest.mark.parametrize("path", scorecard_files(SCORECARDS_DIR), ids=lambda p: p.name)
def test_a_shipped_scorecard_does_not_differ_from_itself(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text("utf-8")
    assert said(text, text) == []


def test_the_base_is_an_edit_of_the_card() -> None:
    assert len(said(CARD, BASE)) == 5
