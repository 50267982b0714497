"""`dead_air`: nobody speaks."""

from qa_pipeline.detectors.announcements import left_unexcused
from qa_pipeline.detectors.needs import unheard, unsure
from qa_pipeline.detectors.reasons import words_unmeasured
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.signals import DeadAirSignal
from qa_pipeline.spans import Span, gaps


def find_dead_air(call: Call, signal: DeadAirSignal, scope: Scope) -> Found | NotMeasured:
    """Find silences of `min_s` or longer between the call's first and last speech.

    `value` is the length in seconds; `kind` "silence", or "excess" for what goes beyond
    `excused_max_s`. Silence is what speech activity says, whatever the words' times: ringing,
    music and noise are silence. Does not count: silence before the first or after the last
    speech, and silence excused by whoever says `excused_by` within 10 s before it, with nothing
    but back-channels and replies like "thank you" in between. A customer who reports having been
    told to wait excuses nothing, nor do words below `min_confidence`. The signal's role does not
    matter: a silence is everyone's; with `first_turns` or `last_turns` it belongs to the role's
    turn that began last.

    Examples
    --------
    The first silence was announced, the second was not:

        silence: {detector: dead_air, min_s: 8, excused_by: [请您稍等]}
        agent 0-2: 请您稍等。
        agent 20-22: 让您久等了。
        customer 32-33: 好的
        finds: 22-32 [silence]

    The same in English:

        silence: {detector: dead_air, min_s: 8, excused_by: [one moment]}
        agent 0-2: One moment, please.
        agent 20-22: Thank you for waiting.
        customer 32-33: All right.
        finds: 22-32 [silence]
    """
    silences = gaps(call.speech_of(None) or (), at_least_s=signal.min_s - TOLERANCE_S)
    if silences and signal.excused_by:
        if call.turns_of(None) is None:
            return words_unmeasured(call, None)
        if doubt := unheard(call, None) or unsure(call, signal, None):
            return doubt
    findings = []
    for silence in silences:
        left = left_unexcused(call, scope, silence, signal.excused_by, signal.excused_max_s)
        if left is not None and scope.admits(left[0].start_s, None):
            findings.append(_finding(scope, *left))
    return Found(tuple(findings))


def _finding(scope: Scope, span: Span, is_excess: bool) -> Finding:
    return Finding(
        signal=scope.signal,
        detector="dead_air",
        role=None,
        start_s=span.start_s,
        end_s=span.end_s,
        value=span.duration_s,
        kind="excess" if is_excess else "silence",
    )
