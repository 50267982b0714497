"""Made-up reviewers: people who listen to the sample and know what really happened.

They say of each criterion what was planted in the call, slip now and then, and judge what only
people judge by the agent's manners. Every review says in its comment that it is made up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from qa_pipeline.demo.centre import centre
from qa_pipeline.demo.history import PastCall
from qa_pipeline.records import Outcome
from qa_pipeline.store import ReviewRow

COMMENT = "made up by qa demo / 由 qa demo 虚构"
#: How often a reviewer's verdict is not what happened; never where it fails a call at once.
SLIP = 0.01
#: How often people are content with what only people judge: with an agent who was rude, with
#: others, and where one failure fails the call.
CONTENT_WITH_RUDE, CONTENT, CONTENT_WITH_FATAL = 0.5, 0.97, 0.998
RUDE = frozenset({"forbidden", "insult", "no_apology", "bare_hello"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the score sheet that a reviewer fills in, and what the machine said there."""

    criterion: str
    machine: Outcome
    points: float
    fatal: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score sheet of one call under one scorecard."""

    scorecard_id: str
    scorecard_version: int
    pass_mark: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears a call, whether the machine's verdicts are hidden, and when."""

    reviewer: str
    blind: bool
    at: datetime


def review(call: PastCall, sheet: Sheet, hearing: Hearing) -> ReviewRow:
    """Return a reviewer's review of a call, the same on any machine."""
    rng = Random(f"review|{call.call_id}|{sheet.scorecard_id}|{hearing.reviewer}")
    verdicts = {line.criterion: _verdict(call, sheet, line, rng) for line in sheet.lines}
    return ReviewRow(
        call_id=call.call_id,
        scorecard_id=sheet.scorecard_id,
        scorecard_version=sheet.scorecard_version,
        reviewer=hearing.reviewer,
        revision=1,
        blind=hearing.blind,
        passed=_passed(sheet, verdicts),
        verdicts=verdicts,
        comment=COMMENT,
        created_at=hearing.at,
    )


def truth_of(call: PastCall, scorecard_id: str) -> Mapping[str, bool]:
    """Return whether the call really meets each criterion that faults can be planted for."""
    planted = call.conversation.planted
    return {
        criterion: planted.isdisjoint(faults)
        for criterion, faults in centre().criteria[scorecard_id].items()
    }


def _verdict(call: PastCall, sheet: Sheet, line: Line, rng: Random) -> Outcome:
    """Return what a person says: the truth where it is known, with slips."""
    truth = truth_of(call, sheet.scorecard_id)
    if line.machine == "not_applicable":
        return "not_applicable"
    if line.criterion in truth:
        is_right = truth[line.criterion]
    elif line.machine in ("pass", "fail"):
        is_right = line.machine == "pass"
    else:
        is_rude = not call.conversation.planted.isdisjoint(RUDE)
        content = CONTENT_WITH_RUDE if is_rude else CONTENT
        is_right = rng.random() < (CONTENT_WITH_FATAL if line.fatal else content)
    slips = rng.random() < SLIP and not line.fatal
    return "pass" if is_right != slips else "fail"


def _passed(sheet: Sheet, verdicts: Mapping[str, Outcome]) -> bool:
    """Add up a person's verdicts as the scorecard adds up the machine's."""
    judged: Sequence[Line] = [x for x in sheet.lines if verdicts[x.criterion] in ("pass", "fail")]
    won = sum(x.points for x in judged if verdicts[x.criterion] == "pass")
    is_fatal = any(x.fatal and verdicts[x.criterion] == "fail" for x in judged)
    return not is_fatal and 100 * won >= sheet.pass_mark * sum(x.points for x in judged)
