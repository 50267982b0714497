"""Small scorecards for tests: a card that loads, and ways to say what a broken one is told."""

import pytest

from qa_pipeline.errors import DocumentRefused
from qa_pipeline.scorecard.load import LoadedScorecard, read_scorecard

CARD = """\
scorecard: order-line
version: 3
language: zh
pass_mark: 80
severities:
  A: {title: 致命, fatal: true}
  B: {title: 严重}
signals:
  greeting: {detector: phrase, role: agent, first_s: 15, any_of: [您好]}
  complaint: {detector: phrase, role: customer, any_of: [投诉]}
  apology: {detector: phrase, role: agent, any_of: [抱歉], after: complaint, within_s: 30}
  silence: {detector: dead_air, min_s: 8}
sections:
  - id: language
    criteria:
      - {id: greeting, severity: B, points: 10, pass_if: greeting}
      - {id: apology, severity: B, points: 10, when: complaint, pass_if: apology}
      - {id: silence, severity: B, points: 5, pass_if: silence.count <= 1}
"""


def load(text: str) -> LoadedScorecard:
    return read_scorecard(text.encode(), "card.yaml")


def edited(*changes: tuple[str, str], card: str = CARD) -> str:
    """Return the card with each `old` replaced by `new`; every `old` must be there."""
    for old, new in changes:
        assert old in card, old
        card = card.replace(old, new, 1)
    return card


def marked(text: str) -> tuple[str, str]:
    """Return the text without its one caret ‸, and the caret's place as line:column."""
    assert text.count("‸") == 1
    before = text[: text.index("‸")]
    line = before.count("\n") + 1
    return text.replace("‸", ""), f"{line}:{len(before) - before.rfind(chr(10))}"


def told(text: str) -> list[tuple[str, str, str | None, str]]:
    """Return (line:column, what, got, fix) of every fault."""
    with pytest.raises(DocumentRefused) as caught:
        load(text)
    errors = caught.value.errors
    return [(e.where.removeprefix("card.yaml:"), e.what.en, e.got, e.fix.en) for e in errors]
