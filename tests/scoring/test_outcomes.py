"""The outcome table: which row holds, why in words, and on what evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Outcome, Tier
from qa_pipeline.scoring.evidence import in_order
from tests.scoring.made import NOTHING, UNHEARD, card, finding, found, heard, judged

A = found(finding("a"))
B = found(finding("b", 3.0, quote="喂"))
C = found(finding("c", 5.0, quote="投诉", role="customer"))

ROWS: dict[str, tuple[str, dict[str, Detected | NotMeasured], Outcome]] = {
    "holds": ("pass_if: a", {"a": A}, "pass"),
    "does-not-hold": ("pass_if: a", {}, "fail"),
    "forbidden-found": ("pass_if: a and not b", {"a": A, "b": B}, "fail"),
    "when-is-false": ("when: c, pass_if: a", {}, "not_applicable"),
    "when-is-true": ("when: c, pass_if: a", {"c": C}, "fail"),
    "when-is-unmeasured": ("when: c, pass_if: a", {"c": UNHEARD, "a": A}, "not_measured"),
    "when-is-false-whatever-is-unmeasured": (
        "when: c and b, pass_if: a",
        {"c": UNHEARD, "b": NOTHING},
        "not_applicable",
    ),
    "the-decider-is-unmeasured": ("pass_if: a", {"a": UNHEARD}, "not_measured"),
    "another-decides": ("pass_if: a or b", {"a": UNHEARD, "b": B}, "pass"),
    "another-decides-against": ("pass_if: a and b", {"a": UNHEARD}, "fail"),
    "a-count-within": ("pass_if: silence.count <= 1", {"silence": A}, "pass"),
    "a-count-beyond": ("pass_if: silence.count < 1", {"silence": A}, "fail"),
    "absent-is-false": ("pass_if: a.first_start_s < 99", {}, "fail"),
    "absent-is-false-either-way": ("pass_if: a.first_start_s >= 99", {}, "fail"),
    "not-absent-is-true": ("pass_if: not a.first_start_s < 99", {}, "pass"),
    "human": ("judged_by: human", {}, "pending"),
    "human-does-not-apply": ("judged_by: human, when: c", {}, "not_applicable"),
    "human-applies": ("judged_by: human, when: c", {"c": C}, "pending"),
    "human-unknown-whether": ("judged_by: human, when: c", {"c": UNHEARD}, "not_measured"),
}


@pytest.mark.parametrize(("rule", "outcomes", "expected"), ROWS.values(), ids=ROWS.keys())
def test_the_first_row_that_holds(
    rule: str, outcomes: dict[str, Detected | NotMeasured], expected: Outcome
) -> None:
    said = judged(card(f"severity: B, points: 10, {rule}"), outcomes)
    assert said.outcome == expected
    won = {"pass": 10.0, "fail": 0.0}
    assert said.points_won == won.get(expected)
    assert said.reason


TIERS: list[tuple[Tier, str, Outcome]] = [
    ("dual_channel", "dual_channel", "pass"),
    ("mono_diarised", "dual_channel", "not_measured"),
    ("mono_diarised", "mono_diarised", "pass"),
    ("imported", "mono_diarised", "not_measured"),
    ("imported", "imported", "pass"),
    ("mono_undiarised", "imported", "not_measured"),
]


@pytest.mark.parametrize(("tier", "min_tier", "expected"), TIERS)
def test_evidence_below_the_tier_is_not_measured(
    tier: Tier, min_tier: str, expected: Outcome
) -> None:
    loaded = card(f"severity: B, points: 10, min_tier: {min_tier}, pass_if: a")
    assert judged(loaded, {"a": A}, heard(tier)).outcome == expected


def test_what_does_not_apply_does_not_ask_for_a_tier() -> None:
    loaded = card("severity: B, points: 1, min_tier: dual_channel, when: c, pass_if: a")
    assert judged(loaded, {}, heard("imported")).outcome == "not_applicable"


class TestFatal:
    """A fatal criterion never fails a call on weak evidence alone."""

    FORBIDDEN = "severity: A, points: 10, pass_if: not b"

    def test_inferred_roles_are_weak(self) -> None:
        said = judged(card(self.FORBIDDEN), {"b": B}, heard("mono_diarised"))
        assert said.outcome == "not_measured"
        assert [f.quote for f in said.findings] == ["喂"]
        assert said.fatal

    def test_roles_that_were_given_are_not(self) -> None:
        for tier in ("dual_channel", "imported"):
            assert judged(card(self.FORBIDDEN), {"b": B}, heard(tier)).outcome == "fail"

    def test_the_scorecard_may_lift_it(self) -> None:
        loaded = card(self.FORBIDDEN, top="fatal_on_mono: true\n")
        assert judged(loaded, {"b": B}, heard("mono_diarised")).outcome == "fail"

    def test_a_pass_is_a_pass(self) -> None:
        assert judged(card(self.FORBIDDEN), {}, heard("mono_diarised")).outcome == "pass"

    def test_other_severities_fail(self) -> None:
        loaded = card("severity: B, points: 10, pass_if: not b")
        assert judged(loaded, {"b": B}, heard("mono_diarised")).outcome == "fail"

    def test_a_signal_of_anyone_needs_no_roles(self) -> None:
        loaded = card("severity: A, points: 10, pass_if: not silence")
        assert judged(loaded, {"silence": A}, heard("mono_diarised")).outcome == "fail"

    def test_a_signal_of_anyone_that_hangs_on_a_role_does(self) -> None:
        loaded = card("severity: A, points: 10, pass_if: not d")
        assert judged(loaded, {"d": A}, heard("mono_diarised")).outcome == "not_measured"

    def test_strong_evidence_beside_weak_fails(self) -> None:
        loaded = card("severity: A, points: 10, pass_if: not b and not silence")
        both = judged(loaded, {"b": B, "silence": A}, heard("mono_diarised"))
        assert both.outcome == "fail"

    def test_a_condition_on_inferred_roles_is_weak(self) -> None:
        loaded = card("severity: A, points: 10, when: c, pass_if: not silence")
        said = judged(loaded, {"c": C, "silence": A}, heard("mono_diarised"))
        assert said.outcome == "not_measured"

    def test_sound_alone_is_weak(self) -> None:
        by_sound = found(finding("b", quote="神经兵啊", match="sound"))
        assert judged(card(self.FORBIDDEN), {"b": by_sound}).outcome == "not_measured"

    def test_sound_beside_text_is_not(self) -> None:
        both = found(finding("b", match="sound"), finding("b", 7.0))
        assert judged(card(self.FORBIDDEN), {"b": both}).outcome == "fail"

    def test_what_hangs_on_a_sound_is_weak(self) -> None:
        loaded = card("severity: A, points: 10, pass_if: not d")
        by_sound = found(finding("c", 5.0, quote="头诉", match="sound", role="customer"))
        later = found(finding("d", 7.0, quote="再见"))
        assert judged(loaded, {"c": by_sound, "d": later}).outcome == "not_measured"
        assert judged(loaded, {"c": C, "d": later}).outcome == "fail"

    def test_a_count_that_needs_the_sound_is_weak(self) -> None:
        loaded = card("severity: A, points: 10, pass_if: b.count < 2")
        both = found(finding("b", match="sound"), finding("b", 7.0))
        assert judged(loaded, {"b": both}).outcome == "not_measured"

    WORDLESS = finding("b", 5.0, 0.4, quote=None, match=None)._replace(kind="uncovered")

    def test_a_hesitation_without_words_is_weak(self) -> None:
        said = judged(card(self.FORBIDDEN), {"b": found(self.WORDLESS)})
        assert said.outcome == "not_measured"
        assert said.findings == (self.WORDLESS,)

    def test_a_count_that_needs_a_hesitation_without_words_is_weak(self) -> None:
        both = found(finding("b"), self.WORDLESS)
        fatal = card("severity: A, points: 10, pass_if: b.count < 2")
        assert judged(fatal, {"b": both}).outcome == "not_measured"
        minor = card("severity: B, points: 10, pass_if: b.count < 2")
        assert judged(minor, {"b": both}).outcome == "fail"

    def test_a_reason_says_how_many_have_no_words(self) -> None:
        counting = "severity: B, points: 10, pass_if: b.count < 2"
        both = {"b": found(finding("b"), self.WORDLESS)}
        assert "其中 1 处有声无词" in judged(card(counting), both).reason
        assert "1 without words" in judged(card(counting, language="en"), both).reason
        alone = {"b": found(self.WORDLESS, self.WORDLESS)}
        assert "有声无词" not in judged(card(counting), alone).reason


class TestShortSound:
    """A required phrase under four syllables, met by sound only, is not measured."""

    def test_short(self) -> None:
        loaded = card("severity: B, points: 10, pass_if: a")
        said = judged(loaded, {"a": found(finding(quote="年好", match="sound", kind="short"))})
        assert said.outcome == "not_measured"
        assert "读音" in said.reason

    def test_long_enough(self) -> None:
        loaded = card("severity: B, points: 10, pass_if: a")
        assert (
            judged(loaded, {"a": found(finding(quote="甘谢来电", match="sound"))}).outcome == "pass"
        )

    def test_text_beside_it(self) -> None:
        loaded = card("severity: B, points: 10, pass_if: a")
        both = found(finding(quote="年好", match="sound", kind="short"), finding())
        assert judged(loaded, {"a": both}).outcome == "pass"

    def test_forbidden_phrases_are_another_matter(self) -> None:
        loaded = card("severity: B, points: 10, pass_if: not b")
        said = judged(loaded, {"b": found(finding("b", quote="为", match="sound", kind="short"))})
        assert said.outcome == "fail"


class TestReasons:
    """Which signal decided, with counts, times and measured values against thresholds."""

    def say(
        self, rule: str, outcomes: dict[str, Detected | NotMeasured], language: str = "en"
    ) -> str:
        loaded = card(f"severity: B, points: 10, {rule}", language=language)
        return judged(loaded, outcomes).reason

    def test_said(self) -> None:
        assert self.say("pass_if: a", {"a": A}) == 'the agent said "您好" (0:01) [a]'
        assert self.say("pass_if: a", {"a": A}, "zh") == "客服说了“您好”（0:01）〔a〕"

    def test_not_said(self) -> None:
        assert self.say("pass_if: a", {}) == 'the agent did not say "您好" [a]'
        assert self.say("pass_if: a", {}, "zh") == "客服没有说“您好”〔a〕"

    def test_not_said_after(self) -> None:
        assert self.say("pass_if: d", {}) == 'nobody said "再见" after c [d]'

    def test_all_that_decided_and_nothing_else(self) -> None:
        said = self.say("pass_if: a and not b and silence.count < 9", {"a": A, "b": B})
        assert said == 'the agent said "喂" (0:03) [b]'

    def test_compared(self) -> None:
        silences = found(
            finding("silence", 62.4, 12.26, quote=None), finding("silence", 90, 9, quote=None)
        )
        assert self.say("pass_if: silence.longest_s < 12", {"silence": silences}) == (
            "dead air: longest 12.3 s, asked < 12 s (12.3 s from 1:02, 9 s from 1:30) [silence]"
        )

    def test_compared_under_not_asks_for_the_opposite(self) -> None:
        said = self.say("pass_if: not silence.count > 1", {"silence": A})
        assert said.startswith("dead air: count 1, asked ≤ 1")

    def test_as_many_decimals_as_tell_the_value_from_its_limit(self) -> None:
        busy = found(*(finding(start_s=float(n)) for n in range(121)), speech_s=1814.0)
        said = self.say("pass_if: a.per_minute <= 4", {"a": busy})
        assert "per minute of speech 4.002, asked ≤ 4" in said

    def test_a_share_is_a_percentage(self) -> None:
        said = self.say("pass_if: silence.share < 0.005", {"silence": A})
        assert "share of the talk 1 %, asked < 0.5 %" in said

    def test_nothing_to_compare_is_said(self) -> None:
        said = self.say("pass_if: rate.value < 300", {})
        assert said == (
            "the agent's rate of speech: there is nothing to compare (value < 300) [rate]"
        )

    def test_why_not_measured(self) -> None:
        said = self.say("pass_if: a", {"a": UNHEARD}, "zh")
        assert said == "无法检查话术：无人聆听〔a〕"

    def test_what_two_comparisons_have_in_common_is_said_once(self) -> None:
        said = self.say("pass_if: a.count > 0 and a.share < 1", {"a": UNHEARD})
        assert said == "the phrase could not be looked for: nobody listened [a]"

    def test_a_dialogue_without_times_counts_lines(self) -> None:
        untimed = found(finding(start_s=None, turn=2))
        assert self.say("pass_if: a", {"a": untimed}) == 'the agent said "您好" (line 3) [a]'

    def test_many_are_not_all_listed(self) -> None:
        many = found(*(finding(start_s=float(n * 10)) for n in range(5)))
        said = self.say("pass_if: not a", {"a": many})
        assert said.endswith('"您好" (0:20) and 2 more [a]')

    def test_guidance_stands_in_for_a_reason(self) -> None:
        said = self.say("judged_by: human, guidance: {en: Listen to the tone.}", {})
        assert said == "for people to judge: Listen to the tone."


def test_findings_are_of_what_decided_and_of_the_condition_in_order_of_the_call() -> None:
    loaded = card("severity: B, points: 1, when: c, pass_if: a and b")
    said = judged(loaded, {"a": A, "b": B, "c": C})
    assert [f.signal for f in said.findings] == ["a", "b", "c"]


def test_a_persons_hints_come_with_their_findings() -> None:
    loaded = card("severity: B, points: 1, judged_by: human, hints: [b, a]")
    said = judged(loaded, {"a": A, "b": B})
    assert [f.signal for f in said.findings] == ["a", "b"]


starts = st.none() | st.integers(0, 3).map(float)


@given(st.lists(st.tuples(starts, st.none() | st.integers(0, 1), st.sampled_from("xy"))))
def test_findings_stand_in_order_of_the_call_each_once(
    made: list[tuple[float | None, int | None, str]],
) -> None:
    findings = [finding(start_s=start_s, turn=turn, quote=quote) for start_s, turn, quote in made]
    plain = sorted(
        dict.fromkeys(findings),
        key=lambda f: (-1.0 if f.start_s is None else f.start_s, -1 if f.turn is None else f.turn),
    )
    assert in_order(findings) == tuple(plain)
