"""What a call's signals say to one expression, and how strong that is.

Weak evidence is a role that was inferred on one channel, a match by sound alone, or a hesitation
without words: enough for a verdict, not for a verdict that fails the call by itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.detectors.table import DETECTORS
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.expressions import Expression, Leaf, leaves
from qa_pipeline.scorecard.model import Scorecard
from qa_pipeline.scoring.bound import with_anchors
from qa_pipeline.scoring.logic import Answer, Outcomes, Truth, answer, deciding, truth, without
from qa_pipeline.scoring.sentences import findings_of, joined, sentence
from qa_pipeline.texts import Text

_SHORT_SOUND = NotMeasured(
    Text(
        en="heard only by sound, and too short to be sure",
        zh="仅按读音匹配，且词句过短，无法确认",
    )
)


@dataclass(frozen=True, slots=True)
class Heard:
    """An expression's truth in a call, the sentences and findings it rests on.

    `strong` is the truth that strong evidence alone gives; None where it gives none.
    """

    truth: Truth
    strong: Truth
    why: Text
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals of a scorecard as detected in a call."""

    card: Scorecard
    call: Call
    outcomes: Outcomes

    def hear(self, expression: Expression, *, required: bool) -> Heard:
        """Return what the call says to `expression`; `required` for a `pass_if`."""
        answers = {
            leaf: self._answer(leaf, is_wanted=required and not negated)
            for leaf, negated in leaves(expression)
        }

        def of(leaf: Leaf) -> Truth:
            return answers[leaf].truth

        decided = deciding(expression, of)
        names = dict.fromkeys(d.leaf.signal for d in decided)
        return Heard(
            truth=truth(expression, of),
            strong=truth(expression, lambda leaf: self._strong(leaf, answers[leaf])),
            why=joined(
                [
                    sentence(
                        d,
                        answers[d.leaf],
                        self.card.signals[d.leaf.signal],
                        findings_of(self.outcomes[d.leaf.signal]),
                    )
                    for d in decided
                ]
            ),
            findings=self.findings(names),
        )

    def findings(self, signals: Iterable[str]) -> tuple[Finding, ...]:
        """Return the findings of `signals`, each once, in order of the call."""
        return in_order(f for name in signals for f in findings_of(self.outcomes[name]))

    def _answer(self, leaf: Leaf, *, is_wanted: bool) -> Answer:
        said = answer(leaf, self.outcomes[leaf.signal])
        if is_wanted and said.truth and self._without(leaf, _is_short_sound).truth is False:
            return Answer(None, _SHORT_SOUND)
        return said

    def _without(self, leaf: Leaf, weak: Callable[[Finding], bool]) -> Answer:
        return answer(leaf, without(self.outcomes[leaf.signal], weak))

    def _strong(self, leaf: Leaf, said: Answer) -> Truth:
        if self.call.roles_inferred and not self.card.fatal_on_mono and self._has_role(leaf.signal):
            return None
        if any(_is_weak(f) for name in self._anchors(leaf) for f in self.findings((name,))):
            return None
        sure = self._without(leaf, _is_weak)
        return said.truth if sure.truth == said.truth else None

    def _anchors(self, leaf: Leaf) -> Iterable[str]:
        """Return the signals that the leaf's own hangs on: what follows a weak find is no surer."""
        return set(with_anchors(self.card.signals, (leaf.signal,))) - {leaf.signal}

    def _has_role(self, signal: str) -> bool:
        """Whether the signal, or what it hangs on, depends on who is agent and who customer.

        The telephone system's facts do not: nobody inferred them from a voice.
        """
        signals = self.card.signals
        names = with_anchors(signals, (signal,))
        hangs_on = [(signals[name], DETECTORS[signals[name].detector].needs) for name in names]
        return any(
            (one.role != "any" and "metadata" not in needs) or needs & {"roles", "speech_per_role"}
            for one, needs in hangs_on
        )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in order of the call, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=_order))


def _is_weak(finding: Finding) -> bool:
    return finding.match == "sound" or finding.kind == "uncovered"


def _is_short_sound(finding: Finding) -> bool:
    return finding.match == "sound" and finding.kind == "short"


def _order(finding: Finding) -> tuple[float, int]:
    start_s = -1.0 if finding.start_s is None else finding.start_s
    return start_s, -1 if finding.turn is None else finding.turn
