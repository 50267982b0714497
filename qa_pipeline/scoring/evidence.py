"""What a call's signals say to one expression, and how strong that is.

Weak evidence is a role that was inferred on one channel, a match by sound alone, or a hesitation
without words: enough for a verdict, not for a verdict that fails the call by itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import lt
from typing import NamedTuple

from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.expressions import Leaf
from qa_pipeline.scorecard.model import Scorecard
from qa_pipeline.scoring.asked import Asked, Use
from qa_pipeline.scoring.logic import Answer, Outcomes, Truth, answer, deciding, truth, without
from qa_pipeline.scoring.sentences import findings_of, joined, sentence
from qa_pipeline.texts import Text

_SHORT_SOUND = NotMeasured(
    Text(
        en="heard only by sound, and too short to be sure",
        zh="仅按读音匹配，且词句过短，无法确认",
    )
)


class Heard(NamedTuple):
    """An expression's truth in a call, the sentences and findings it rests on.

    `why` is in the scorecard's language; `answers` are what its uses of signals came to, in their
    order.
    """

    truth: Truth
    why: str
    findings: tuple[Finding, ...]
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals of a scorecard as detected in a call."""

    card: Scorecard
    call: Call
    outcomes: Outcomes

    def hear(self, asked: Asked, *, required: bool) -> Heard:
        """Return what the call says to an expression; `required` for a `pass_if`."""
        uses, language = asked.uses, self.card.language
        if len(uses) == 1:  # as most are
            use = uses[0]
            said, found = self._answer(use, required=required), self._found(use)
            why = sentence(use.wording, said, found, language)
            return Heard(_turned(said.truth, use.negated), why, in_order(found), (said,))
        answers = [self._answer(use, required=required) for use in uses]
        of = _by_leaf(uses, [said.truth for said in answers])
        decided = {id(one.leaf) for one in deciding(asked.expression, of)}
        told = [pair for pair in zip(uses, answers, strict=True) if id(pair[0].leaf) in decided]
        return Heard(
            truth=truth(asked.expression, of),
            why=joined(
                [sentence(use.wording, said, self._found(use), language) for use, said in told],
                language,
            ),
            findings=self.findings(dict.fromkeys(use.leaf.signal for use, _ in told)),
            answers=answers,
        )

    def strong(self, asked: Asked, heard: Heard) -> Truth:
        """Return the truth that strong evidence alone gives; None where it gives none."""
        uses = asked.uses
        strong = [self._strong(*pair) for pair in zip(uses, heard.answers, strict=True)]
        return truth(asked.expression, _by_leaf(uses, strong))

    def findings(self, signals: Iterable[str]) -> tuple[Finding, ...]:
        """Return the findings of `signals`, each once, in order of the call."""
        return in_order([f for name in signals for f in findings_of(self.outcomes[name])])

    def _found(self, use: Use) -> tuple[Finding, ...]:
        return findings_of(self.outcomes[use.leaf.signal])

    def _answer(self, use: Use, *, required: bool) -> Answer:
        outcome = self.outcomes[use.leaf.signal]
        said = answer(use.leaf, outcome)
        if (
            required
            and said.truth
            and not use.negated
            and _has_short_sound(findings_of(outcome))
            and self._without(use.leaf, _is_short_sound).truth is False
        ):
            return Answer(None, _SHORT_SOUND)
        return said

    def _without(self, leaf: Leaf, weak: Callable[[Finding], bool]) -> Answer:
        return answer(leaf, without(self.outcomes[leaf.signal], weak))

    def _strong(self, use: Use, said: Answer) -> Truth:
        if use.has_role and self.call.roles_inferred and not self.card.fatal_on_mono:
            return None
        # what follows a weak find is no surer
        if any(_is_weak(f) for name in use.anchors for f in findings_of(self.outcomes[name])):
            return None
        sure = self._without(use.leaf, _is_weak)
        return said.truth if sure.truth == said.truth else None


def _by_leaf(uses: Iterable[Use], truths: Iterable[Truth]) -> Callable[[Leaf], Truth]:
    """Return what tells the truth of the leaves that stand in `uses`, by where they are in memory.

    To look at their values takes longer than all that is done with them.
    """
    found = {id(use.leaf): truth for use, truth in zip(uses, truths, strict=True)}
    return lambda leaf: found[id(leaf)]


def _turned(found: Truth, negated: bool) -> Truth:
    return not found if negated and found is not None else found


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings in order of the call, each once."""
    if len(findings) <= 1:
        return tuple(findings)
    starts_s = [-1.0 if f.start_s is None else f.start_s for f in findings]
    if all(map(lt, starts_s, starts_s[1:])):
        return tuple(findings)  # as detectors mostly give them
    return tuple(sorted(dict.fromkeys(findings), key=_order))


def _is_weak(finding: Finding) -> bool:
    return finding.match == "sound" or finding.kind == "uncovered"


def _has_short_sound(findings: tuple[Finding, ...]) -> bool:
    return "short" in [finding.kind for finding in findings] and any(map(_is_short_sound, findings))


def _is_short_sound(finding: Finding) -> bool:
    return finding.match == "sound" and finding.kind == "short"


def _order(finding: Finding) -> tuple[float, int]:
    start_s = -1.0 if finding.start_s is None else finding.start_s
    return start_s, -1 if finding.turn is None else finding.turn
