"""What changed between two versions, in sentences of both languages."""

import re
from typing import Any

import pytest

from qa_pipeline.scorecard.diff import differences
from qa_pipeline.scorecard.diff.signals import signal_changes
from qa_pipeline.scorecard.load import scorecard_files
from qa_pipeline.scorecard.signals import SIGNALS, Signal, Step
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
    "limit-by-very-little": (
        ("count <= 1", "count <= 1.0000001"),
        "criterion silence: limit of silence.count <= 1 → <= 1.0000001",
        "标准 silence：silence.count 的界限 <= 1 → <= 1.0000001",
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
    "excuses-added": (
        ("{detector: dead_air, min_s: 8}", "{detector: dead_air, min_s: 8, excused_by: 稍等}"),
        "signal silence: excuses 稍等, none before",
        "信号 silence：免责词句 新设为 稍等",
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


def test_a_renamed_signal_is_no_new_one_and_what_names_it_is_as_it_was() -> None:
    old = BASE.replace("sections:", "count: [silence]\nsections:").replace(
        "pass_if: apology", "pass_if: apology, hints: [silence]"
    )
    new = old.replace("silence:", "quiet:").replace("silence.", "quiet.")
    new = new.replace("[silence]", "[quiet]")
    assert said(old, new) == [
        ("signal quiet: renamed from silence", "信号 quiet：由 silence 改名")
    ]  # fmt: skip


def test_a_formula_with_a_renamed_signal_and_another_limit_says_the_limit() -> None:
    new = BASE.replace("silence:", "quiet:").replace("silence.count <= 1", "quiet.count <= 2")
    assert [en for en, _ in said(BASE, new)] == [
        "criterion silence: limit of quiet.count <= 1 → <= 2",
        "signal quiet: renamed from silence",
    ]


def test_a_renamed_anchor_leaves_alone_what_hangs_on_it() -> None:
    """`apology` hangs on `complaint`: renamed as well it is no new one, else it is as it was."""
    new = BASE.replace("complaint", "unhappy")
    assert [en for en, _ in said(BASE, new)] == ["signal unhappy: renamed from complaint"]
    both = BASE.replace("complaint", "unhappy").replace("apology:", "sorry:")
    both = both.replace("pass_if: apology", "pass_if: sorry")
    assert [en for en, _ in said(BASE, both)] == [
        "signal unhappy: renamed from complaint",
        "signal sorry: renamed from apology",
    ]


def test_two_signals_alike_are_renamed_each_to_one() -> None:
    old = BASE.replace("signals:\n", "signals:\n  a: {detector: filler}\n  b: {detector: filler}\n")
    old = old.replace("pass_if: greeting", "pass_if: greeting and a and b")
    new = old.replace("  a:", "  x:").replace("  b:", "  y:").replace("and a and b", "and x and y")
    assert [en for en, _ in said(old, new)] == [
        "signal x: renamed from a",
        "signal y: renamed from b",
    ]


def test_another_detector_does_not_hide_the_other_keys() -> None:
    drawl = "{detector: drawn_out, role: agent, min_s: 0.8}"
    new = edited(("{detector: dead_air, min_s: 8}", drawl), card=BASE)
    assert said(BASE, new) == [
        (f"signal silence: {en}", f"信号 silence：{zh}")
        for en, zh in (
            ("detector dead_air → drawn_out", "检测器 dead_air → drawn_out"),
            ("role any → agent", "role any → agent"),
            ("min_s 8 → 0.8", "min_s 8 → 0.8"),
        )
    ]
    steps = edited(("{detector: dead_air, min_s: 8}", STEPS), card=BASE)
    assert [en for en, _ in said(BASE, steps)][1:] == [
        "signal silence: role any → agent",
        "signal silence: min_s taken out (was 8)",
        "signal silence: steps hello, name, wish, bye, none before",
    ]


def test_words_of_ones_own_instead_of_the_built_in_ones_are_said_so() -> None:
    old = edited(("{detector: dead_air, min_s: 8}", "{detector: filler}"), card=BASE)
    new = edited(("{detector: filler}", "{detector: filler, lexicon: [嗯, 啊]}"), card=old)
    assert said(old, new) == [
        ("signal silence: words the built-in list → 嗯, 啊", "信号 silence：词表 自带词表 → 嗯、啊")
    ]


STEPS = (
    "{detector: steps, role: agent, steps: [{id: hello, any_of: [喂您好, 你好]}, "
    "{id: name, any_of: 贵姓}, {id: wish, any_of: 要订}, {id: bye, any_of: 再见, optional: true}]}"
)
NAME = "{id: name, any_of: 贵姓}, "
STEP_EDITS: dict[str, tuple[tuple[str, str], list[tuple[str, str]]]] = {
    "phrases": (
        ("[喂您好, 你好]", "[喂您好, 早上好]"),
        [
            ("phrases of step hello added: 早上好", "步骤 hello 的词句 增加：早上好"),
            ("phrases of step hello removed: 你好", "步骤 hello 的词句 删去：你好"),
        ],
    ),
    "added": (
        ("{id: wish", "{id: town, any_of: [哪里, 地址], optional: true}, {id: wish"),
        [
            (
                "step town added after name, optional: 哪里, 地址",
                "步骤 town 新增，位于 name 之后，可省略：哪里、地址",
            )
        ],
    ),
    "added-first": (
        ("[{id: hello", "[{id: ring, any_of: 喂}, {id: hello"),
        [("step ring added to the start: 喂", "步骤 ring 新增，位于最前：喂")],
    ),
    "removed": ((NAME, ""), [("step name removed", "步骤 name 删除")]),
    "optional": (
        ("any_of: 贵姓", "any_of: 贵姓, optional: true"),
        [("step name now optional", "步骤 name 改为可省略")],
    ),
    "required": (
        (", optional: true", ""),
        [("step bye now required", "步骤 bye 改为必须做到")],
    ),
    "moved": (
        (f"{NAME}{{id: wish, any_of: 要订}}, ", f"{{id: wish, any_of: 要订}}, {NAME}"),
        [("step wish moved after hello", "步骤 wish 移动，位于 hello 之后")],
    ),
    "phrases-in-another-order": (
        ("[喂您好, 你好]", "[你好, 喂您好]"),
        [("phrases of step hello in another order", "步骤 hello 的词句顺序改变")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STEP_EDITS)
def test_edited_steps_are_said_step_by_step(name: str) -> None:
    change, expected = STEP_EDITS[name]
    old = BASE.replace("{detector: dead_air, min_s: 8}", STEPS)
    assert said(old, edited(change, card=old)) == [
        (f"signal silence: {en}", f"信号 silence：{zh}") for en, zh in expected
    ]


#: Every key of every detector's own with a value that is not its default, and one to change it to.
OWN_KEYS: dict[str, dict[str, tuple[Any, Any]]] = {
    "phrase": {
        "any_of": (["甲"], ["乙"]), "all_of": ([["甲"], ["乙"]], [["甲"]]),
        "match": ("sound", "regex"), "inflect": (True, False), "except": (["甲"], ["乙"]),
        "except_within": ("hit", "sentence"),
    },
    "filler": {
        "lexicon": (["甲"], ["乙"]), "ambiguous": (["甲"], ["乙"]), "uncovered": (True, False),
    },
    "dead_air": {"min_s": (1, 2), "excused_by": (["甲"], ["乙"]), "excused_max_s": (1, 2)},
    "interruption": {
        "min_other_s": (3, 2), "min_overlap_s": (1, 2), "back_channels": (["甲"], ["乙"]),
    },
    "speech_rate": {"min": (1, 2), "max": (300, 400)},
    "slow_answer": {
        "min_s": (1, 2), "excused_by": (["甲"], ["乙"]), "excused_max_s": (1, 2),
        "back_channels": (["甲"], ["乙"]), "line_checks": (["甲"], ["乙"]),
    },
    "talk_share": {"role": ("agent", "customer")},
    "drawn_out": {"min_s": (1, 2)},
    "loudness": {"min_dbfs": (-50, -40), "max_dbfs": (-9, -8), "max_clipped_share": (0.1, 0.2)},
    "hold": {
        "min_s": (1, 2), "announced_by": (["甲"], ["乙"]), "thanked_by": (["甲"], ["乙"]),
        "unthanked": (True, False),
    },
    "hang_up": {"role": ("agent", "any")},
    "ring": {"max_s": (1, 2), "role": ("agent", "any")},
    "repeated_question": {
        "role": ("customer", "any"), "min_similarity": (0.5, 0.6),
        "question_words": (["甲"], ["乙"]), "ignored_words": (["甲"], ["乙"]),
        "not_heard": (["甲"], ["乙"]), "read_back_by": (["甲"], ["乙"]), "except": (["甲"], ["乙"]),
    },
    "steps": {
        "steps": (
            [{"id": "a", "any_of": ["甲"]}], [{"id": "b", "any_of": ["乙"], "optional": True}],
        ),
    },
    "read_back": {
        "role": ("customer", "any"), "of": (["甲"], ["乙"]), "tail": (4, None),
        "corrected_by": (["甲"], ["乙"]),
    },
    "sensitive_data": {"kinds": (["card"], ["phone", "email"])},
    "suggestion": {
        "role": ("agent", "any"), "phrases": (["甲"], ["乙"]), "except": (["甲"], ["乙"]),
    },
}  # fmt: skip
#: What every signal has.
SHARED_KEYS: dict[str, tuple[Any, Any]] = {
    "role": ("agent", "customer"), "first_s": (5, 6), "last_s": (5, 6), "first_turns": (1, 2),
    "last_turns": (1, 2), "after": (["a"], ["b"]), "before": (["a"], ["b"]), "within_s": (5, 6),
    "min_confidence": (0.5, 0.6),
}  # fmt: skip


def test_the_keys_are_all_of_them() -> None:
    for detector, kind in SIGNALS.items():
        fields = {field.alias or name for name, field in kind.model_fields.items()}
        assert fields == {"detector", *SHARED_KEYS, *OWN_KEYS[detector]}, detector


@pytest.mark.parametrize("detector", SIGNALS)
def test_no_key_is_said_in_python(detector: str) -> None:
    """Values are set without their checks: not every two keys may stand together."""
    keys = {**SHARED_KEYS, **OWN_KEYS[detector]}
    for key, (value, other) in keys.items():
        for was, now in ((value, other), (None, value), (value, None)):
            before, after = ({"s": _made(detector, key, one)} for one in (was, now))
            found = list(signal_changes(before, after, {}))
            assert found, f"{detector}.{key}: {was} -> {now}"
            for one in found:
                text = one.text.en + one.text.zh
                assert not re.search(r"[\[\]{}'\"]|None|True|False|\(\(|Step", text), text


def _made(detector: str, key: str, value: Any) -> Signal:
    kind = SIGNALS[detector]
    name = "except_" if key == "except" else key
    if value is None:  # left out: what a list without a default is then, nothing can be
        return kind.model_construct(detector=detector)
    if key == "steps":
        value = tuple(Step(**{**one, "any_of": tuple(one["any_of"])}) for one in value)
    if isinstance(value, list):
        value = tuple(tuple(v) if isinstance(v, list) else v for v in value)
    return kind.model_construct(**{"detector": detector, name: value})


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
