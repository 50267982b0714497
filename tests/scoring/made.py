"""Hand-made evidence: signals as if detected, so that judging is tested without detectors."""

from dataclasses import replace

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.records import Call, Finding, Match, Role, Tier, Verdict
from qa_pipeline.scorecard.load import LoadedScorecard, read_scorecard
from qa_pipeline.scoring import bind
from qa_pipeline.scoring.evidence import Evidence
from qa_pipeline.scoring.judge import verdict
from qa_pipeline.texts import Text

UNHEARD = NotMeasured(Text(en="nobody listened", zh="无人聆听"))

HEAD = """\
scorecard: made
version: 1
language: {language}
pass_mark: 80
severities:
  A: {{title: A, fatal: true}}
  B: {{title: B}}
signals:
  a: {{detector: phrase, role: agent, any_of: [您好]}}
  b: {{detector: phrase, role: agent, any_of: [喂]}}
  c: {{detector: phrase, role: customer, any_of: [投诉]}}
  d: {{detector: phrase, any_of: [再见], after: c}}
  silence: {{detector: dead_air, min_s: 8}}
  rate: {{detector: speech_rate, role: agent, max: 300}}
count: [a, b, c, d, silence, rate]
{top}sections:
  - id: all
    criteria:
      - {{id: other, severity: B, points: 1, pass_if: a}}
      - {{id: it, {criterion}}}
"""


def card(criterion: str, *, top: str = "", language: str = "zh") -> LoadedScorecard:
    """Return a scorecard whose criterion `it` is what the test is about."""
    text = HEAD.format(criterion=criterion, top=top, language=language)
    return read_scorecard(text.encode(), "made.yaml")


def finding(
    signal: str = "a",
    start_s: float | None = 1.0,
    length_s: float = 1.0,
    *,
    quote: str | None = "您好",
    match: Match | None = "text",
    role: Role | None = "agent",
    turn: int | None = 0,
    kind: str | None = None,
) -> Finding:
    end_s = None if start_s is None else start_s + length_s
    return Finding(signal, "phrase", role, start_s, end_s, quote, match, kind=kind, turn=turn)


def found(
    *findings: Finding,
    value: float | None = None,
    speech_s: float | None = 60.0,
    talk_s: float | None = 100.0,
) -> Detected:
    return Detected("a", findings, value, speech_s, talk_s)


NOTHING = found()


def heard(tier: Tier = "dual_channel") -> Call:
    call = parse_dialogue("agent 0-4: 您好\ncustomer 5-9: 你好", "made", "zh")
    return replace(call, tier=tier)


def judged(
    loaded: LoadedScorecard,
    outcomes: dict[str, Detected | NotMeasured],
    call: Call | None = None,
) -> Verdict:
    """Return the verdict of the criterion `it`; signals that are not given found nothing."""
    signals = loaded.scorecard.signals
    all_outcomes = {name: outcomes.get(name, NOTHING) for name in signals}
    evidence = Evidence(loaded.scorecard, call or heard(), all_outcomes)
    it = next(c for c in bind(loaded).criteria if c.criterion.id == "it")
    return verdict(it, evidence)
