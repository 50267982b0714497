"""`loudness`: somebody is too quiet or too loud in the recording, or distorted."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from qa_pipeline.detectors.levels import SpokenTurn, dbfs, mean_power, spoken_turns, track_of
from qa_pipeline.detectors.reasons import NO_HEALTH, NO_ROLES, NO_TRACKS, SHARED_CHANNEL
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.records import Call, Finding, Speech, Turn
from qa_pipeline.scorecard.timing_signals import LoudnessSignal
from qa_pipeline.spans import Span, union

#: Levels are kept to 0.1 dB.
_TOLERANCE_DB = 1e-6


def find_loudness(call: Call, signal: LoudnessSignal, scope: Scope) -> Found | NotMeasured:
    """Find the role's turns below `min_dbfs` or above `max_dbfs`, and its clipped channels.

    A turn's level is the mean power of its active frames, in dB re full scale (a full-scale sine is
    -3): the 0.1 s frames of the level track of the party's own channel whose middle lies in the
    party's speech, and in nobody else's on that channel. `kind` is "quiet" or "loud" with the level
    as `value`, or "clipped" where more than `max_clipped_share` of a channel's samples are
    flattened tops (value: that share; span: from the first to the last speech on it). The signal's
    value is the level over all its turns. Does not count: turns with under 0.5 s of speech;
    silence, noise and ringing between them; how loud it was at the ear: gain control of lines and
    recorders comes in between, so compare calls of one recorder. Dialogues and transcripts without
    audio have no levels: not measured. So is clipping that could be either party's.

    Examples
    --------
    A dialogue has no levels:

        level: {detector: loudness, role: agent, min_dbfs: -40}
        agent 0-4: 您好，请问有什么可以帮您？
        finds: not measured

    Nor has an English one:

        level: {detector: loudness, role: agent, min_dbfs: -40}
        agent 0-4: Hello, how may I help you?
        finds: not measured
    """
    if call.speech_of(scope.role) is None or call.speech is None:
        return NO_ROLES
    parties = tuple(s for s in call.speech if scope.role in (None, s.role) and s.spans)
    findings: list[Finding] = []
    heard: list[SpokenTurn] = []
    for party in parties:
        track = track_of(call, party)
        if track is None:
            return NO_TRACKS
        spoken = spoken_turns(call, party, track)
        turn_at = _turn_of(_own_turns(call, party))
        turns = [one for one in spoken if scope.admits(one.span.start_s, turn_at(one.span))]
        heard += turns
        findings += (_finding(call, scope, party, *out) for out in _outside(turns, signal))
    clipped = _clipped(call, signal, scope, parties)
    if isinstance(clipped, NotMeasured):
        return clipped
    ordered = sorted((*findings, *clipped), key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))
    return Found(tuple(ordered), value=dbfs(mean_power(heard)) if heard else None)


def _own_turns(call: Call, party: Speech) -> Sequence[tuple[int, Turn]]:
    turns = call.turns_of(party.role) or ()
    return [one for one in turns if one[1].channel in (None, party.channel)]


def _turn_of(own: Sequence[tuple[int, Turn]]) -> Callable[[Span], int | None]:
    """Return what tells in which of a party's turns a stretch of its speech lies; None: in none.

    Its middle surely does: speech begins a little before its turn's words.
    """
    begins_s = [turn.start_s for _, turn in own]

    def turn_at(speech: Span) -> int | None:
        begun = bisect_right(begins_s, (speech.start_s + speech.end_s) / 2)
        return own[begun - 1][0] if begun else None

    return turn_at


def _outside(turns: list[SpokenTurn], signal: LoudnessSignal) -> Iterator[tuple[Span, float, str]]:
    """Yield the turns outside the limits: span, level in dBFS, kind."""
    powers = [turn.power / turn.n_active for turn in turns]
    if not powers or not (_kind(min(powers), signal) or _kind(max(powers), signal)):
        return  # as mostly
    for turn, power in zip(turns, powers, strict=True):
        if kind := _kind(power, signal):
            yield turn.span, dbfs(power), kind


def _kind(power: float, signal: LoudnessSignal) -> str | None:
    """Return how a turn of such a mean power is outside the limits."""
    level_dbfs = dbfs(power)
    if signal.min_dbfs is not None and level_dbfs < signal.min_dbfs - _TOLERANCE_DB:
        return "quiet"
    if signal.max_dbfs is not None and level_dbfs > signal.max_dbfs + _TOLERANCE_DB:
        return "loud"
    return None


def _finding(
    call: Call, scope: Scope, party: Speech, span: Span, level_dbfs: float, kind: str
) -> Finding:
    own = _own_turns(call, party)
    said = max(own, key=lambda one: one[1].span.overlap_s(span), default=None)
    index, turn = said if said and said[1].span.overlap_s(span) > 0 else (None, None)
    return Finding(
        signal=scope.signal,
        detector="loudness",
        role=party.role,
        start_s=span.start_s,
        end_s=span.end_s,
        quote=turn.text if turn and turn.text else None,
        value=level_dbfs,
        kind=kind,
        turn=index,
    )


def _clipped(
    call: Call, signal: LoudnessSignal, scope: Scope, parties: tuple[Speech, ...]
) -> list[Finding] | NotMeasured:
    """Return the channels of the parties that are clipped; whose they are must be known."""
    found: list[Finding] = []
    if signal.max_clipped_share >= 1:
        return found
    clipped_share = {health.channel: health.clipped_share for health in call.channels}
    on_channel: dict[int | None, list[Speech]] = {}
    for party in call.speech or ():
        track = track_of(call, party)
        on_channel.setdefault(None if track is None else track.channel, []).append(party)
    for channel, sharing in on_channel.items():
        if not any(party in parties for party in sharing):
            continue
        if channel not in clipped_share:
            return NO_HEALTH
        if clipped_share[channel] <= signal.max_clipped_share:
            continue
        if scope.role is not None and len(sharing) > 1:
            return SHARED_CHANNEL
        spans = union(span for party in sharing for span in party.spans)
        start_s, end_s = spans[0].start_s, spans[-1].end_s
        role = sharing[0].role if len(sharing) == 1 else None
        if scope.admits(start_s, _turn_of(call.turns_of(role) or ())(spans[0])):
            found.append(
                Finding(
                    signal=scope.signal,
                    detector="loudness",
                    role=role,
                    start_s=start_s,
                    end_s=end_s,
                    value=clipped_share[channel],
                    kind="clipped",
                )
            )
    return found
