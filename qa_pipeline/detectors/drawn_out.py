"""`drawn_out`: somebody drags a syllable (拖音)."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from qa_pipeline.detectors.held_sounds import held_sounds, others_speech
from qa_pipeline.detectors.reasons import NO_TIMES
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.language.syllables import SYLLABLE_S, n_syllables_in
from qa_pipeline.records import Call, Finding, Speech, Turn
from qa_pipeline.scorecard.timing_signals import DrawnOutSignal
from qa_pipeline.spans import Span, difference, intersection
from qa_pipeline.words import Word

#: A held sound whose middle is this near to a word's times belongs to it: half of all recognised
#: words begin 0.06 s off or more (`models/demo-asr/README.md`).
_NEAR_S = 0.1


@dataclass(frozen=True, slots=True)
class _Long:
    """A word of turn `index` in which a syllable lasts `held_s`, and where that is."""

    index: int
    turn: Turn
    word: Word
    span: Span
    held_s: float


def find_drawn_out(call: Call, signal: DrawnOutSignal, scope: Scope) -> Found | NotMeasured:
    """Find syllables that are held for `min_s` or longer; `value` is for how many seconds.

    `kind` "stretched": a word lasts so much longer than its other syllables take at an ordinary
    pace (0.19 s in Mandarin, 0.16 s in English), and where there is audio, voice goes on in it for
    as long without a break: recognisers stretch words over pauses. The span is the word, inside the
    role's speech. `kind` "held": one sound, steady in pitch and spectrum, lasts as long in a word,
    whatever its times; the span is the sound. Words' times are rough, so ask for 0.8 s or longer of
    recognised words: in the demo's recordings, where nobody drawls, 0.6 s finds 13 in 8 minutes of
    agents' speech, 0.8 s one. Does not count: held sounds that are in no word (`filler` with
    `uncovered: true`), what is held without voice (sss), held sounds while the other speaks, words
    below `min_confidence`, masked numbers. A drawn-out 嗯 counts here and in `filler`. A word that
    a recogniser stretched over a hesitation or a word that it dropped beside it may count.

    Examples
    --------
    In a dialogue a line's characters share its time, so the second line holds its own:

        drawl: {detector: drawn_out, role: agent, min_s: 0.6}
        agent 0-2: 您好天云商城请讲
        customer 3-5: 我想退货
        agent 6-7.2: 行
        finds: 6-7.2 [stretched] 行

    In English the words of a line share its time:

        drawl: {detector: drawn_out, role: agent, min_s: 0.8}
        agent 0-3: Thank you for calling, how may I help?
        customer 4-6: My kettle leaks.
        agent 7-8.2: Right.
        finds: 7-8.2 [stretched] Right
    """
    if not call.timed:
        return NO_TIMES
    held = list(_held(call, signal, scope))
    known = {(one.index, one.word.start_s) for one in held}
    stretched = (
        one for one in _stretched(call, signal, scope) if (one.index, one.word.start_s) not in known
    )
    found = (*_findings(scope, held, "held"), *_findings(scope, stretched, "stretched"))
    return Found(tuple(sorted(found, key=_order)))


def _order(finding: Finding) -> tuple[float, float]:
    return finding.start_s or 0.0, finding.end_s or 0.0


def _held(call: Call, signal: DrawnOutSignal, scope: Scope) -> Iterator[_Long]:
    """Yield the held sounds that lie in words."""
    least_s = signal.min_s - TOLERANCE_S
    for party in call.speech or ():
        if party.role not in (None, scope.role) and scope.role is not None:
            continue
        held = held_sounds(call, party, lambda sound: sound.duration_s >= least_s)
        alone = difference(held, others_speech(call, party)) if held else ()
        sounds = [sound for sound in alone if sound.duration_s >= least_s]
        said = list(_words_of(call, party, scope)) if sounds else []
        starts_s = [word.start_s for _, _, word in said]
        for sound in sounds:
            middle_s = (sound.start_s + sound.end_s) / 2
            last = bisect_right(starts_s, middle_s + _NEAR_S)
            near = [one for one in said[max(0, last - 3) : last] if _reaches(one[2], middle_s)]
            for index, turn, word in near[-1:]:
                yield _Long(index, turn, word, sound, sound.duration_s)


def _reaches(word: Word, middle_s: float) -> bool:
    return word.start_s - _NEAR_S <= middle_s <= word.end_s + _NEAR_S


def _words_of(call: Call, party: Speech, scope: Scope) -> Iterator[tuple[int, Turn, Word]]:
    """Yield the party's words, each with its turn."""
    for index, turn in call.turns_of(scope.role) or ():
        if party.role in (None, turn.role) and turn.channel in (None, party.channel):
            for word in turn.words:
                yield index, turn, word


def _stretched(call: Call, signal: DrawnOutSignal, scope: Scope) -> Iterator[_Long]:
    """Yield the words of which, by their times and the voice in them, a syllable lasted long."""
    least_s = signal.min_s - TOLERANCE_S
    own, script = dict(call.turns_of(scope.role) or ()), scope.passage.script
    starts_s, ends_s = script.times_s
    for number in (ends_s - starts_s >= least_s).nonzero()[0].tolist():
        index = bisect_right(script.first_words, number) - 1
        turn = own.get(index)
        if turn is None:
            continue
        whole = Span(script.starts_s[number], script.ends_s[number])
        others_s = (n_syllables_in(script.texts[number]) - 1) * SYLLABLE_S[call.language]
        if others_s < 0 or whole.duration_s - others_s < least_s:
            continue
        spoken = _spoken(call, turn, whole)
        held_s = spoken.duration_s - others_s
        if held_s >= least_s and _may_be_voiced(call, turn, spoken, signal.min_s):
            word = turn.words[number - script.first_words[index]]
            yield _Long(index, turn, word, spoken, held_s)


def _may_be_voiced(call: Call, turn: Turn, span: Span, min_s: float) -> bool:
    """Return whether voice goes on in `span` for `min_s`, to one step of the pitch track.

    True where there is no pitch track: then times are all that is known.
    """
    tracks = (track for track in call.tracks or () if track.kind == "pitch_hz")
    on_channel = turn.channel is not None
    pitch = next(
        (t for t in tracks if (t.channel == turn.channel if on_channel else t.role == turn.role)),
        None,
    )
    if pitch is None:
        return True
    first, last = (round(at_s / pitch.hop_s) for at_s in (span.start_s, span.end_s))
    runs = groupby(value is not None for value in pitch.values[first : last + 1])
    longest = max((sum(1 for _ in run) for voiced, run in runs if voiced), default=0)
    return longest * pitch.hop_s >= min_s - pitch.hop_s - TOLERANCE_S


def _spoken(call: Call, turn: Turn, whole: Span) -> Span:
    """Return the longest stretch of a word's time in which its role speaks."""
    speech = call.speech_of(turn.role)
    parts = (whole,) if speech is None else intersection((whole,), speech)
    return max(parts, key=lambda part: part.duration_s, default=Span(whole.start_s, whole.start_s))


def _findings(scope: Scope, long: Iterable[_Long], kind: str) -> Iterator[Finding]:
    """Yield those that the signal's scope admits and trusts as evidence."""
    for one in long:
        if one.word.masked is not None or not scope.admits(one.span.start_s, one.index):
            continue
        if scope.min_confidence is None or (one.word.confidence or 0.0) >= scope.min_confidence:
            yield Finding(
                signal=scope.signal,
                detector="drawn_out",
                role=one.turn.role,
                start_s=one.span.start_s,
                end_s=one.span.end_s,
                quote=re.sub(r"^\W+|\W+$", "", one.word.text),
                value=one.held_s,
                kind=kind,
                turn=one.index,
            )
