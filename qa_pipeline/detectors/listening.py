"""Speech that takes no turn: somebody only lets the other know that he is listening."""

from qa_pipeline.detectors.needs import unheard
from qa_pipeline.detectors.reasons import words_unmeasured
from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.language.back_channels import is_back_channel
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Role, Turn
from qa_pipeline.spans import Span

#: Sounds this long are speech, whether or not a word of them was recognised (SCORECARD.md).
SHORT_S = 1.5


def deaf(call: Call, role: Role) -> NotMeasured | None:
    """Return why no back-channel of `role` could be known as one."""
    return words_unmeasured(call, role) if call.turns_of(role) is None else unheard(call, role)


def is_short(span: Span) -> bool:
    """Return whether `span` is shorter than 1.5 s."""
    return span.duration_s < SHORT_S - TOLERANCE_S


def said_in(call: Call, role: Role | None, span: Span) -> str:
    """Return the words of `role` (None: of anyone) whose middle lies in `span`."""
    near = [
        turn
        for _, turn in call.turns_of(role) or ()
        if turn.start_s <= span.end_s and turn.end_s >= span.start_s
    ]
    return "".join(_said_in(turn, span) for turn in near)


def _said_in(turn: Turn, span: Span) -> str:
    if span.start_s <= turn.start_s and turn.end_s <= span.end_s:
        return turn.text
    return "".join(
        word.text
        for word in turn.words
        if span.start_s <= (word.start_s + word.end_s) / 2 <= span.end_s
    )


def only_listens(
    call: Call, role: Role | None, span: Span, back_channels: tuple[str, ...] | None = None
) -> bool:
    """Return whether `span` of that speech is back-channels alone, or short and without words.

    The words must have been measured. `back_channels` take the place of the shipped list.
    """
    text = said_in(call, role, span)
    return is_back_channel(text, call.language, back_channels) if text.strip() else is_short(span)
