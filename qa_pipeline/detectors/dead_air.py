"""`dead_air`: nobody speaks."""

from collections.abc import Iterator

from qa_pipeline.detectors.needs import unheard
from qa_pipeline.detectors.reasons import words_unmeasured
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.back_channels import is_back_channel
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S, Passage
from qa_pipeline.language.search import Place, search
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.signals import DeadAirSignal
from qa_pipeline.spans import Span, gaps

#: How long before a silence its excuse may end (SCORECARD.md).
_EXCUSED_FOR_S = 10.0


def find_dead_air(call: Call, signal: DeadAirSignal, scope: Scope) -> Found | NotMeasured:
    """Find silences of `min_s` or longer between the call's first and last speech.

    `value` is the length in seconds; `kind` "silence", or "excess" for what goes beyond
    `excused_max_s`. Silence is what speech activity says, whatever the words' times: ringing,
    music and noise are silence. Does not count: silence before the first or after the last
    speech, and silence excused by whoever says `excused_by` within 10 s before it, with nothing
    but back-channels in between. A customer who reports having been told to wait excuses nothing.
    The signal's role does not matter: a silence is everyone's.

    Examples
    --------
    The first silence was announced, the second was not:

        silence: {detector: dead_air, min_s: 8, excused_by: [请您稍等]}
        agent 0-2: 请您稍等。
        agent 20-22: 让您久等了。
        customer 32-33: 好的
        finds: 22-32 [silence]
    """
    silences = [
        gap
        for gap in gaps(call.speech_of(None) or ())
        if gap.duration_s >= signal.min_s - TOLERANCE_S
    ]
    if silences and signal.excused_by:
        if call.turns_of(None) is None:
            return words_unmeasured(call, None)
        if deaf := unheard(call, None):
            return deaf
    findings = []
    for silence in silences:
        counted, kind = silence, "silence"
        if signal.excused_by and _excused(call, signal.excused_by, scope, silence):
            if signal.excused_max_s is None:
                continue
            if silence.duration_s <= signal.excused_max_s + TOLERANCE_S:
                continue
            counted, kind = Span(silence.start_s + signal.excused_max_s, silence.end_s), "excess"
        if scope.admits(counted.start_s, None):
            findings.append(_finding(scope, counted, kind))
    return Found(tuple(findings))


def _finding(scope: Scope, span: Span, kind: str) -> Finding:
    return Finding(
        signal=scope.signal,
        detector="dead_air",
        role=None,
        start_s=span.start_s,
        end_s=span.end_s,
        value=span.duration_s,
        kind=kind,
    )


def _excused(call: Call, phrases: tuple[str, ...], scope: Scope, silence: Span) -> bool:
    """Return whether somebody asks for patience shortly before `silence`."""
    for index, passage, place in _said(call, phrases, scope, silence):
        _, end_s = passage.span_s(place.start, place.end)
        recent = silence.start_s - _EXCUSED_FOR_S - TOLERANCE_S <= end_s
        if recent and not _reported(passage, place) and _only_back_channels(call, index, silence):
            return True
    return False


def _said(
    call: Call, phrases: tuple[str, ...], scope: Scope, silence: Span
) -> Iterator[tuple[int, Passage, Place]]:
    """Yield the excuses said before `silence` begins."""
    for index, turn in call.turns_of(None) or ():
        if turn.start_s > silence.start_s or turn.end_s < silence.start_s - _EXCUSED_FOR_S - 1:
            continue
        passage = scope.passage(index)
        for place in search(passage, phrases, "text"):
            if passage.span_s(place.start, place.end)[0] < silence.start_s + TOLERANCE_S:
                yield index, passage, place


def _reported(passage: Passage, place: Place) -> bool:
    """Return whether a customer reports what he was told (你让我稍等), not what he does."""
    if passage.role == "agent":
        return False
    start, _ = passage.sentence(place.start, place.end)
    told = search(passage, lexicon(passage.language).reported, "text")
    return any(start <= one.start <= place.start for one in told)


def _only_back_channels(call: Call, excuse: int, silence: Span) -> bool:
    """Return whether every turn between the excuse's turn and `silence` is a back-channel."""
    turns = call.turns or ()
    return all(
        is_back_channel(turn.text, call.language) or not turn.words
        for turn in turns[excuse + 1 :]
        if turn.start_s < silence.start_s
    )
