"""`talk_share`: how much of all speech is one party's."""

from qa_pipeline.detectors.reasons import NOBODY_SPEAKS
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.records import Call, Role
from qa_pipeline.scorecard.timing_signals import TalkShareSignal
from qa_pipeline.spans import total_s

_ROLES: tuple[Role, ...] = ("agent", "customer")


def measure_talk_share(call: Call, signal: TalkShareSignal, scope: Scope) -> Found | NotMeasured:
    """Measure the share (0-1) of all speech that is the role's; there are no findings.

    Seconds of the role's speech by seconds of both parties' speech, inside `first_s`/`last_s` where
    given. Where both speak at once each has that time, so the two shares add up to 1. Does not
    count: silence, music and ringing, on either side; pauses within a turn that speech activity
    leaves out. Back-channels are speech. Where nobody speaks there is no share: not measured.

    Examples
    --------
    The agent has six of ten seconds:

        share: {detector: talk_share, role: agent}
        agent 0-4: 您好，请问有什么可以帮您？
        customer 6-10: 我想退货
        agent 12-14: 好的，请您稍等。
        finds: nothing
        value: 0.6

    The same in English:

        share: {detector: talk_share, role: agent}
        agent 0-4: Hello, how may I help you?
        customer 6-10: I want to return a kettle.
        agent 12-14: Of course.
        finds: nothing
        value: 0.6
    """
    spoken_s = {role: total_s(scope.inside(call.speech_of(role) or ())) for role in _ROLES}
    all_s = sum(spoken_s.values())
    return Found((), value=spoken_s[signal.role] / all_s) if all_s else NOBODY_SPEAKS
