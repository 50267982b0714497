"""A recogniser that invents thanks on silence does not pass a missing closing."""

from pathlib import Path

import pytest

from qa_pipeline.records import Evaluation
from qa_pipeline.scorecard.load import read_scorecard
from qa_pipeline.scoring import bind, judge
from tests.pipeline.heard import channel, heard, words, write

CARD = """\
scorecard: made
version: 1
language: zh
pass_mark: 80
severities: {B: {title: 严重}}
signals:
  thanks: {detector: phrase, role: agent, last_turns: 2, any_of: [感谢您的来电], match: sound}
  closing:
    detector: steps
    role: agent
    steps: [{id: hello, any_of: [您好]}, {id: thanks, any_of: [感谢您的来电]}]
sections:
  - id: all
    criteria:
      - {id: thanks, severity: B, points: 1, pass_if: thanks}
      - {id: closing, severity: B, points: 1, pass_if: not closing}
"""
HELLO, ASKED = (1, 4, "您好,请问有什么可以帮您。"), (5, 8, "我想订一个锅。")
THANKS = "感谢您的来电,再见。"


def judged(
    path: Path, thanks_at: tuple[float, float], *agent_talks: tuple[float, float]
) -> Evaluation:
    agent = channel(30, [(1, 4), *agent_talks], hz=120, seed=1)
    customer = channel(30, [(5, 8), (20, 24)], hz=220, seed=9)
    recording = write(path / "call.wav", agent, customer)
    said = words(HELLO, (*thanks_at, THANKS))
    call = heard(recording, said, words(ASKED, (20, 24, "那就这样。")), agent_channel=0).call
    return judge(call, bind(read_scorecard(CARD.encode(), "made.yaml")))


@pytest.mark.parametrize(
    "thanks_at",
    [
        pytest.param((12, 14), id="on silence"),
        pytest.param((21, 23), id="while the customer speaks"),
        pytest.param((26, 29), id="after the last word of the call"),
    ],
)
def test_thanks_where_the_agent_is_silent_do_not_count(
    tmp_path: Path, thanks_at: tuple[float, float]
) -> None:
    verdicts = judged(tmp_path, thanks_at).verdicts
    assert [verdict.outcome for verdict in verdicts] == ["fail", "fail"]
    assert [finding.kind for finding in verdicts[1].findings] == ["missing:thanks"]


def test_the_same_thanks_count_where_the_agent_speaks(tmp_path: Path) -> None:
    verdicts = judged(tmp_path, (26, 29), (26, 29)).verdicts
    assert [verdict.outcome for verdict in verdicts] == ["pass", "pass"]
