"""The match rule, the script's marks and the layout, at their borders."""

import pytest

from benchmarks.truth.frozen import Dialogue, Label, Said, call_of
from benchmarks.truth.layout import lay_out
from benchmarks.truth.peers import PEERS
from benchmarks.truth.scoring import Hit, count, fits
from benchmarks.truth.script import parse_scripts
from qa_pipeline.scorecard.signals import SIGNALS

SAID = Label("filler", "agent", 10.0, 10.4)
SILENCE = Label("dead_air", None, 10.0, 20.0)
WHOLE = Label("ring", None, None, None)
STEP = Label("steps", None, None, None, "missing-name")


@pytest.mark.parametrize(
    ("label", "hit"),
    [
        pytest.param(SAID, Hit("filler", "agent", 10.0, 10.4), id="same"),
        pytest.param(SAID, Hit("filler", None, 10.0, 10.4), id="a find of nobody's"),
        pytest.param(SAID, Hit("filler", "agent", 10.9, 11.3), id="half a second late"),
        pytest.param(SAID, Hit("filler", "agent", 9.1, 9.5), id="half a second early"),
        pytest.param(SILENCE, Hit("dead_air", None, 15.0, 20.0), id="half of the silence"),
        pytest.param(SILENCE, Hit("dead_air", None, 0.0, 20.0), id="twice the silence"),
        pytest.param(STEP, Hit("steps", "agent", 3.0, 9.0, "missing-name"), id="step, no times"),
        pytest.param(
            Label("ring", None, None, None), Hit("ring", None, None, None), id="whole call"
        ),
    ],
)
def test_a_find_that_is_of_the_label(label: Label, hit: Hit) -> None:
    assert fits(label, hit)


@pytest.mark.parametrize(
    ("label", "hit"),
    [
        pytest.param(SAID, Hit("filler", "customer", 10.0, 10.4), id="the other's"),
        pytest.param(SAID, Hit("filler", "agent", 10.91, 11.3), id="too late"),
        pytest.param(SAID, Hit("filler", "agent", 9.0, 9.49), id="too early"),
        pytest.param(SILENCE, Hit("dead_air", None, 15.1, 20.0), id="less than half"),
        pytest.param(SILENCE, Hit("dead_air", None, 10.0, 30.1), id="more than twice"),
        pytest.param(STEP, Hit("steps", "agent", 3.0, 9.0, "misplaced-name"), id="other fault"),
    ],
)
def test_a_find_that_is_not(label: Label, hit: Hit) -> None:
    assert not fits(label, hit)


def drawn(text: str) -> Dialogue:
    return lay_out(parse_scripts("== x\n" + text)[0], "zh", "made")


def test_a_label_is_found_once_and_a_trap_is_no_label() -> None:
    dialogue = drawn("agent: [filler|嗯]，[!filler|这个]好。")
    (label,), (trap,) = dialogue.labels, dialogue.traps
    hit = Hit("filler", "agent", label.start_s, label.end_s)
    fallen = Hit("filler", "agent", trap.start_s, trap.end_s)
    counted = count(dialogue, "filler", [hit, hit, fallen])
    assert (counted.n_found, counted.n_missed, counted.n_false) == (1, 0, 2)
    assert (counted.n_traps, counted.n_fell) == (1, 1)
    missed = count(dialogue, "filler", [])
    assert (missed.n_found, missed.n_missed, missed.n_false, missed.n_fell) == (0, 1, 0, 0)
    assert missed.precision is None
    assert missed.recall is not None
    assert missed.recall.value == 0


def test_marks_become_text_times_and_labels() -> None:
    dialogue = drawn(
        "#! find ring\ncustomer: 你好。\n"
        "agent gap=5 level=-44 find=slow_answer: 先<0.6>看[drawn_out|那~]边。"
    )
    drawn_out, slow, ring = dialogue.labels
    said = dialogue.turns[1]
    assert "".join(text for _, _, text in said.pieces) == "先看那边。"
    assert said.level_dbfs == -44
    assert said.pieces[1][0] - said.pieces[0][1] == pytest.approx(0.6, abs=0.011)
    assert (drawn_out.start_s, drawn_out.end_s) == said.pieces[2][:2]
    assert 1.1 <= said.pieces[2][1] - said.pieces[2][0] <= 1.5
    assert (slow.start_s, slow.end_s) == (dialogue.turns[0].pieces[-1][1], said.pieces[0][0])
    assert (slow.end_s or 0) - (slow.start_s or 0) == pytest.approx(5, abs=0.011)
    assert (ring.signal, ring.start_s) == ("ring", None)


@pytest.mark.parametrize(
    "line",
    [
        "agent：你好",
        "agent gap=3 你好",
        "agent tone=3: 你好",
        "agent: [filler|嗯",
        "operator: 你好",
    ],
)
def test_a_line_that_is_nothing_known_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"no line of a script|unknown keys|not closed"):
        parse_scripts(f"== x\n{line}")


def test_every_detector_has_a_peer() -> None:
    assert PEERS.keys() == SIGNALS.keys()


def test_the_peers_are_as_plain_as_they_are_said_to_be() -> None:
    call = call_of(
        Dialogue(
            "x",
            "zh",
            "made",
            "service",
            30.0,
            (
                Said("agent", -22.0, ((1.0, 4.0, "您不清楚的话我这个号码是多少？"),)),
                Said("customer", -22.0, ((12.0, 14.0, "一二三四五"),)),
                Said("agent", -22.0, ((14.5, 16.0, "幺二三四五"),)),
            ),
            (),
            (),
        )
    )
    keys = {
        "phrase": {"role": "agent", "any_of": ["不清楚"]},
        "filler": {"role": "agent", "lexicon": [], "ambiguous": ["这个"]},
        "dead_air": {"min_s": 8},
        "read_back": {"role": "agent"},
    }
    for name, given in keys.items():
        signal = SIGNALS[name].model_validate({"detector": name, **given})
        assert len(list(PEERS[name](call, signal))) == 1, name
