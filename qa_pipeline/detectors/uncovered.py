"""Hesitations that the recogniser dropped: held sounds inside a turn where no word was heard.

Only the signal `filler` uses this, with `uncovered: true`; `acoustics.sustained` says what is held.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

from qa_pipeline.detectors.held_sounds import held_sounds, others_speech
from qa_pipeline.detectors.reasons import NO_ROLES, NO_SUSTAINED, speech_unmeasured
from qa_pipeline.detectors.registry import NotMeasured, Scope
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S, Passage
from qa_pipeline.language.script import Script
from qa_pipeline.language.units import is_han
from qa_pipeline.language.wordings import says_only, whole, wordings
from qa_pipeline.records import Call, Finding, Speech
from qa_pipeline.spans import Span, difference

#: What counts (SCORECARD.md): shorter is any vowel, longer a tone, music or a song of one note.
_MIN_S, _MAX_S = 0.15, 1.5
_LEAST_S = _MIN_S - TOLERANCE_S
#: Words reach this far beyond their times, which are off by 0.1 s in half of the cases: wider
#: costs hesitations that stand close to words (`benchmarks/RESULTS.md`).
_MARGIN_S = 0.05
#: A word covers no more time than it takes to say, however long the recogniser makes it: Whisper's
#: words leave no pauses, and stretch over what it drops beside them. So much for a word, and more
#: for each of its characters, letters or digits: Chinese syllables last 0.2 s, 0.45 before a pause.
_HAN_WORD_S, _WORD_S, _HAN_S, _LETTER_S, _DIGIT_S = 0.25, 0.30, 0.2, 0.05, 0.3


def find_uncovered(call: Call, scope: Scope) -> list[Finding] | NotMeasured:
    """Find held sounds of 0.15 to 1.5 s in the role's turns that no word covers; kind "uncovered".

    A lower bound. A word covers its times, but no more than it takes to say (0.45 s for one
    character): recognisers stretch words over what they drop, so a drawn-out word (拖音) may count.
    Does not count: hesitations that move (那个, "you know"), unvoiced or gliding ones, laughter;
    what sounds while the other party speaks; turns of back-channels alone, and sounds in no turn
    with words. The ringing of lines, and music where speech activity takes it for none, are no
    held sounds. `min_confidence` does not apply: unsure words cover as sure ones do.
    """
    if call.sustained is None:
        return NO_SUSTAINED
    if call.speech_of(scope.role) is None or call.speech is None:
        return NO_ROLES if call.speech is not None else speech_unmeasured(call)
    parties = (s for s in call.speech if scope.role is None or s.role == scope.role)
    return [
        Finding(
            signal=scope.signal,
            detector="filler",
            role=party.role,
            start_s=span.start_s,
            end_s=span.end_s,
            kind="uncovered",
            turn=index,
        )
        for party in parties
        for index, span in _without_words(call, party, scope)
        if scope.admits(span.start_s, index)
    ]


def _without_words(call: Call, party: Speech, scope: Scope) -> Iterator[tuple[int, Span]]:
    """Yield the party's held sounds that no word covers, each with its turn's index."""
    own = [
        (i, turn)
        for i, turn in call.turns_of(scope.role) or ()
        if turn.role == party.role and turn.channel in (None, party.channel)
    ]
    told = _Told.of(scope.passage.script, [index for index, _ in own])
    held = held_sounds(call, party, lambda sound: bool(_beside(sound, told)))
    short = [sound for sound in held if sound.duration_s <= _MAX_S + TOLERANCE_S]
    alone = difference(short, others_speech(call, party)) if short else ()
    for span in [left for sound in alone for left in _apart(sound, told)]:
        for index, turn in own:
            is_in = turn.start_s - TOLERANCE_S <= span.start_s < turn.end_s
            if is_in and turn.words and not is_listening(scope.passage(index)):
                yield index, span
                break


class _Told(NamedTuple):
    """The words of some turns, in order of when they begin; times in seconds.

    `numbers` are the words' in `script`; `until_s` is when the last of all words so far ends.
    """

    script: Script
    masked: frozenset[int]
    numbers: Sequence[int]
    starts_s: Sequence[float]
    ends_s: Sequence[float]
    until_s: Sequence[float]

    @classmethod
    def of(cls, script: Script, turns: Sequence[int]) -> "_Told":
        """Return the words of those turns of the script."""
        firsts = script.first_words
        own = [slice(firsts[at], firsts[at + 1]) for at in turns]
        numbers = [*chain.from_iterable([range(part.start, part.stop) for part in own])]
        starts_s = [*chain.from_iterable([script.starts_s[part] for part in own])]
        ends_s = [*chain.from_iterable([script.ends_s[part] for part in own])]
        in_order = sorted(starts_s)
        if starts_s != in_order:  # seldom
            numbers.sort(key=script.starts_s.__getitem__)
            ends_s = [script.ends_s[number] for number in numbers]
        until_s = ends_s if ends_s == sorted(ends_s) else [*accumulate(ends_s, max)]
        return cls(script, frozenset(script.masked), numbers, in_order, ends_s, until_s)

    def near(self, sound: Span) -> Sequence[int]:
        """Return which words reach into the sound."""
        earliest_s, latest_s = sound.start_s - _MARGIN_S, sound.end_s + _MARGIN_S
        first = bisect_right(self.until_s, earliest_s)
        last = bisect_left(self.starts_s, latest_s, lo=first)
        return [at for at in range(first, last) if earliest_s < self.ends_s[at]]

    def is_stretched(self, at: int) -> bool:
        """Return whether word `at` lasts longer than it takes to say."""
        lasts_s = self.ends_s[at] - self.starts_s[at]
        return lasts_s > _WORD_S and lasts_s > self.longest_s(at)  # no word takes less to say

    def longest_s(self, at: int) -> float:
        """Return how long word `at` may last, said without hesitation."""
        script, number = self.script, self.numbers[at]
        if number not in self.masked:
            return _longest_said_s(script.texts[number])
        turn = bisect_right(script.first_words, number) - 1
        mask = script.turns[turn].words[number - script.first_words[turn]].masked
        assert mask is not None  # `masked` says so
        return _WORD_S + _DIGIT_S * mask.n_digits


def _beside(sound: Span, told: _Told) -> list[Span]:
    """Return what words that are not stretched leave of a sound, where that is long enough."""
    left: list[Span] = []
    start_s, end_s = sound.start_s, sound.end_s
    for at in told.near(sound):
        if told.is_stretched(at):
            continue
        begins_s, ends_s = told.starts_s[at] - _MARGIN_S, told.ends_s[at] + _MARGIN_S
        if begins_s - start_s >= _LEAST_S:
            left.append(Span(start_s, min(begins_s, end_s)))
        if ends_s > start_s:
            start_s = ends_s
    if end_s - start_s >= _LEAST_S:
        left.append(Span(start_s, end_s))
    return left


def _apart(sound: Span, told: _Told) -> Iterator[Span]:
    """Yield what words leave of a sound, where that is long enough."""
    stretched = [at for at in told.near(sound) if told.is_stretched(at)]
    for left in _beside(sound, told):
        said = [_said(told, at, left) for at in stretched]
        for span in difference((left,), said):
            if span.duration_s >= _LEAST_S:
                yield span


def _said(told: _Told, at: int, sound: Span) -> Span:
    """Return where a stretched word was said: at that end of its times where `sound` is not."""
    start_s, end_s = told.starts_s[at], told.ends_s[at]
    lasts_s = told.longest_s(at) + _MARGIN_S
    if sound.start_s + sound.end_s > start_s + end_s:
        return Span(start_s - _MARGIN_S, start_s + lasts_s)
    return Span(end_s - lasts_s, end_s + _MARGIN_S)


@lru_cache(maxsize=8192)  # a call's words are few, and come again and again
def _longest_said_s(text: str) -> float:
    marks = [mark for mark in text if mark.isalnum()]
    n_han = sum(map(is_han, marks))
    n_digits = sum(mark.isdigit() for mark in marks)
    n_letters = len(marks) - n_han - n_digits
    least_s = _HAN_WORD_S if n_han else _WORD_S
    return least_s + _HAN_S * n_han + _DIGIT_S * n_digits + _LETTER_S * n_letters


def is_listening(passage: Passage) -> bool:
    """Return whether a turn says no more than that somebody is listening."""
    back_channels = lexicon(passage.language).back_channels
    said = whole(wordings(passage), passage.language)
    return says_only(said, back_channels, passage.language)
