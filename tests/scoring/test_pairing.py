"""Judging by two scorecards at once gives what judging by each gives, with less to look for."""

from collections.abc import Callable

import pytest

from qa_pipeline.demo.history import past_calls
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.language import asked
from qa_pipeline.records import Call
from qa_pipeline.scorecard.load import read_scorecard
from qa_pipeline.scoring import Bound, bind, judge
from qa_pipeline.scoring.pairing import judge_both, pair
from qa_pipeline.settings import SCORECARDS_DIR
from tests.scorecard.cards import CARD, edited, load

SHIPPED = (SCORECARDS_DIR / "order-line.zh.yaml").read_text("utf-8")


def bound(text: str) -> Bound:
    return bind(read_scorecard(text.encode(), "new.yaml"))


def typed() -> list[Call]:
    """Return some of the demo's made-up Mandarin calls, as typed dialogues."""
    made = [c for c in past_calls() if c.manifest["language"] == "zh"][:12]
    return [
        parse_dialogue(
            "\n".join(
                f"{t.role} {t.start_s:.2f}-{t.end_s:.2f}: {t.text}" for t in c.conversation.turns
            ),
            "dialogue",
            "zh",
        )
        for c in made
    ]


def swap(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return edit


EDITS: dict[str, Callable[[str], str]] = {
    "nothing": str,
    "pass-mark": swap("pass_mark: 80", "pass_mark: 95"),
    "points": swap("points: 10", "points: 3"),
    "class": swap("severity: C", "severity: A"),
    "limit": swap("silence.longest_s < 12", "silence.longest_s < 2"),
    "phrases": swap("[您好, 你好]", "[您好, 早上好]"),
    "anchor": swap("any_of: [投诉, ", "any_of: [谢谢, "),
    "window": swap("first_s: 15", "first_s: 1"),
    "rename": swap("silence", "quiet"),
    "every-signal": swap("role: agent", "role: any"),
}


@pytest.mark.parametrize("name", EDITS)
def test_both_are_judged_as_alone(name: str) -> None:
    old, new = bound(SHIPPED), bound(EDITS[name](SHIPPED))
    both = pair(old, new)
    for call in typed():
        before, now = judge_both(call, both)
        alone = judge(call, old), judge(call, new)
        assert (before.verdicts, now.verdicts) == (alone[0].verdicts, alone[1].verdicts)
        assert (before.passed, now.passed) == (alone[0].passed, alone[1].passed)
        assert (before.score, now.score) == (alone[0].score, alone[1].score)


def test_the_dialogues_reach_every_kind_of_outcome() -> None:
    seen = {v.outcome for c in typed() for v in judge(c, bound(SHIPPED)).verdicts}
    assert {"pass", "fail", "not_applicable", "pending"} <= seen


def test_equal_scorecards_are_looked_for_and_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from qa_pipeline.scoring import pairing

    both = pair(bound(SHIPPED), bound(SHIPPED + "# a comment\n"))
    assert len(both.signals) == len({*both.old.looked_for})
    assert len(both.alike) == len(both.old.bound.criteria)
    asked: list[str] = []
    verdict = pairing.verdict

    def counted(criterion, evidence):  # type: ignore[no-untyped-def]
        asked.append(criterion.criterion.id)
        return verdict(criterion, evidence)

    monkeypatch.setattr(pairing, "verdict", counted)
    judge_both(typed()[0], both)
    assert len(asked) == len(both.alike)


@pytest.mark.parametrize(
    ("change", "not_alike", "n_more"),
    [
        pytest.param(("[投诉]", "[退款]"), {"apology"}, 2, id="an-anchor-and-what-hangs-on-it"),
        pytest.param(("min_s: 8", "min_s: 9"), {"silence"}, 1, id="a-threshold-of-a-detector"),
        pytest.param(("points: 5", "points: 6"), set(), 0, id="points-are-no-verdict"),
        pytest.param(("pass_mark: 80", "pass_mark: 1"), set(), 0, id="nor-is-the-pass-mark"),
        pytest.param(("count <= 1", "count <= 2"), {"silence"}, 0, id="a-limit-needs-no-new-look"),
        pytest.param(
            ("id: greeting, severity: B", "id: greeting, severity: A"),
            {"greeting"},
            0,
            id="fatal-asks-for-stronger-evidence",
        ),
    ],
)
def test_only_what_changed_is_looked_for_and_judged_twice(
    change: tuple[str, str], not_alike: set[str], n_more: int
) -> None:
    both = pair(bind(load(CARD)), bind(load(edited(change))))
    assert {"greeting", "apology", "silence"} - both.alike == not_alike
    assert len(both.signals) == 4 + n_more


def test_a_signal_keeps_its_own_name_in_findings_and_reasons() -> None:
    call = parse_dialogue("customer 0-2: 我要退款。\nagent 3-4: 抱歉。\n", "dialogue", "zh")
    new = edited(("[投诉]", "[退款]"), ("complaint", "unhappy"), ("complaint", "unhappy"),
                 ("complaint", "unhappy"))  # fmt: skip
    _, now = judge_both(call, pair(bind(load(CARD)), bind(load(new))))
    apology = now.verdicts[1]
    assert apology.outcome == "pass"
    assert [f.signal for f in apology.findings] == ["unhappy", "apology"]


def test_an_anchor_that_could_not_be_heard_is_told_by_its_own_name() -> None:
    call = parse_dialogue("customer 0-2: …\nagent 3-4: 抱歉。\n", "dialogue", "zh")
    card = edited(("when: complaint, ", ""))
    both = pair(bind(load(card)), bind(load(card.replace("[投诉]", "[退款]"))))
    assert "new complaint" in both.signals
    before, now = judge_both(call, both)
    assert now.verdicts[1].outcome == "not_measured"
    assert now.verdicts[1].reason == before.verdicts[1].reason
    assert "complaint" in now.verdicts[1].reason
    assert "new " not in now.verdicts[1].reason


def test_one_look_serves_both(monkeypatch: pytest.MonkeyPatch) -> None:
    n_made = 0
    passage = asked.Passage

    def counted(*facts):  # type: ignore[no-untyped-def]
        nonlocal n_made
        n_made += 1
        return passage(*facts)

    monkeypatch.setattr(asked, "Passage", counted)
    call = typed()[0]
    judge_both(call, pair(bound(SHIPPED), bound(EDITS["every-signal"](SHIPPED))))
    assert 0 < n_made <= len(call.turns or ())
