"""`ring`: the call rang for too long before it was answered."""

import math

from qa_pipeline.detectors.reasons import NO_RING
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.records import Call, Finding
from qa_pipeline.scorecard.timing_signals import RingSignal


def find_late_answer(call: Call, signal: RingSignal, scope: Scope) -> Found | NotMeasured:
    """Find that the call was answered later than `max_s`, as the manifest's `ring_s` says.

    The value, of signal and finding, is the seconds of ringing; the finding stands at the start of
    the recording and has no length. Does not count: ringing that is heard in the recording, waiting
    in a queue, menus before the agent's telephone rings. A `ring_s` that is absent or no number of
    seconds is not measured.

    Examples
    --------
    The telephone system's fact comes with the manifest, or as a comment of the dialogue:

        late: {detector: ring, max_s: 10}
        # ring_s: 12.5
        agent 0-4: 您好，请问有什么可以帮您？
        finds: 0-0
        value: 12.5

    Ten seconds are not later than ten:

        late: {detector: ring, max_s: 10}
        # ring_s: 10
        agent 0-4: Hello, how may I help you?
        finds: nothing
        value: 10
    """
    ring_s = call.metadata.get("ring_s")
    if isinstance(ring_s, bool) or not isinstance(ring_s, int | float):
        return NO_RING
    if not 0 <= ring_s < math.inf:
        return NO_RING
    late = Finding(scope.signal, "ring", "agent", 0.0, 0.0, value=float(ring_s))
    return Found((late,) if ring_s > signal.max_s + TOLERANCE_S else (), value=float(ring_s))
