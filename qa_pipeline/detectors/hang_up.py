"""`hang_up`: the agent hangs up before the customer does."""

from qa_pipeline.detectors.reasons import NO_HANGUP
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.timing_signals import HangUpSignal

_KNOWN = ("agent", "customer", "system")


def find_hang_up(call: Call, _: HangUpSignal, scope: Scope) -> Found | NotMeasured:
    """Find that the agent hung up, as the manifest's `hangup_by` says: `agent`.

    The finding stands at the end of the call and has no length. Does not count: the customer's or
    the system's hanging up; what was heard (a click, 再见): only the telephone system knows. Any
    other value, and none, is not measured. An agent may be bound to hang up on whoever does not:
    `after: goodbye` and the like are for that.

    Examples
    --------
    The telephone system's fact comes with the manifest, or as a comment of the dialogue:

        hung_up: {detector: hang_up}
        # hangup_by: agent
        agent 0-4: 您好，请问有什么可以帮您？
        customer 5-9: 我再想想
        finds: 9-9

    The system's hanging up is nobody's fault:

        hung_up: {detector: hang_up}
        # hangup_by: system
        agent 0-4: Hello, how may I help you?
        finds: nothing
    """
    hangup_by = call.metadata.get("hangup_by")
    if hangup_by not in _KNOWN:
        return NO_HANGUP
    if hangup_by != "agent" or not scope.admits(call.duration_s, None):
        return Found(())
    return Found(
        (Finding(scope.signal, "hang_up", "agent", call.duration_s, call.duration_s),),
    )
