"""Hesitations that the recogniser dropped: held sounds inside a turn where no word was heard.

Only the signal `filler` uses this, with `uncovered: true`; `acoustics.sustained` says what is held.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from qa_pipeline.detectors.held_sounds import held_sounds, others_speech
from qa_pipeline.detectors.reasons import NO_ROLES, NO_SUSTAINED, speech_unmeasured
from qa_pipeline.detectors.registry import NotMeasured, Scope
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.language.units import is_han
from qa_pipeline.language.wordings import says_only, whole, wordings
from qa_pipeline.records import Call, Finding, Speech, Turn
from qa_pipeline.spans import Span, difference
from qa_pipeline.words import Word, Words

#: What counts (SCORECARD.md): shorter is any vowel, longer a tone, music or a song of one note.
_MIN_S, _MAX_S = 0.15, 1.5
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
    alone = difference(_held(call, party), others_speech(call, party))
    sounds = [sound for sound in alone if sound.duration_s >= _MIN_S - TOLERANCE_S]
    told = [_Told.of(turn) for _, turn in own if turn.words] if sounds else []
    for sound in sounds:
        for span in _apart(sound, _near(sound, told)):
            for index, turn in own:
                is_in = turn.start_s - TOLERANCE_S <= span.start_s < turn.end_s
                if is_in and _talks(scope, index, turn):
                    yield index, span
                    break


def _held(call: Call, party: Speech) -> tuple[Span, ...]:
    """Return the party's held sounds of a hesitation's length."""
    return tuple(s for s in held_sounds(call, party) if s.duration_s <= _MAX_S + TOLERANCE_S)


class _Told(NamedTuple):
    """The words of a turn, and when the first begins and the last ends."""

    begins_s: float
    ends_s: float
    words: Words

    @classmethod
    def of(cls, turn: Turn) -> "_Told":
        """Return the words of a turn that has some."""
        words = Words.of(turn.words)
        return cls(min(words.starts_s), max(words.ends_s), words)


def _near(sound: Span, told: list[_Told]) -> list[Word]:
    """Return the words that reach into the sound."""
    earliest_s, latest_s = sound.start_s - _MARGIN_S, sound.end_s + _MARGIN_S
    return [
        word
        for begins_s, ends_s, words in told
        if begins_s < latest_s and earliest_s < ends_s
        for word in _between(words, earliest_s, latest_s)
    ]


def _between(words: Words, earliest_s: float, latest_s: float) -> Iterator[Word]:
    """Yield the words between two times, as `Word`s, and no other: a turn has many."""
    texts, masks = words.texts, dict(words.masked()) if words.n_masked else {}
    times = zip(words.starts_s, words.ends_s, strict=True)
    for at, (start_s, end_s) in enumerate(times):
        if start_s < latest_s and earliest_s < end_s:
            yield Word(texts[at], start_s, end_s, masked=masks.get(at))


def _apart(sound: Span, words: list[Word]) -> Iterator[Span]:
    """Yield what words leave of a sound, where that is long enough."""
    stretched: list[Word] = []
    covered: list[Span] = []
    for word in words:
        if word.end_s - word.start_s > _longest_s(word):
            stretched.append(word)
        else:
            covered.append(Span(word.start_s - _MARGIN_S, word.end_s + _MARGIN_S))
    if any(one.start_s <= sound.start_s and sound.end_s <= one.end_s for one in covered):
        return  # as most are
    for left in difference((sound,), covered):
        said = [_said(word, left) for word in stretched]
        for span in difference((left,), said):
            if span.duration_s >= _MIN_S - TOLERANCE_S:
                yield span


def _said(word: Word, sound: Span) -> Span:
    """Return where a stretched word was said: at that end of its times where `sound` is not."""
    lasts_s = _longest_s(word) + _MARGIN_S
    if sound.start_s + sound.end_s > word.start_s + word.end_s:
        return Span(word.start_s - _MARGIN_S, word.start_s + lasts_s)
    return Span(word.end_s - lasts_s, word.end_s + _MARGIN_S)


def _longest_s(word: Word) -> float:
    """Return how long the word may last, said without hesitation."""
    if word.masked is not None:
        return _WORD_S + _DIGIT_S * word.masked.n_digits
    return _longest_said_s(word.text)


@lru_cache(maxsize=8192)  # a call's words are few, and come again and again
def _longest_said_s(text: str) -> float:
    marks = [mark for mark in text if mark.isalnum()]
    n_han = sum(map(is_han, marks))
    n_digits = sum(mark.isdigit() for mark in marks)
    n_letters = len(marks) - n_han - n_digits
    least_s = _HAN_WORD_S if n_han else _WORD_S
    return least_s + _HAN_S * n_han + _DIGIT_S * n_digits + _LETTER_S * n_letters


def _talks(scope: Scope, index: int, turn: Turn) -> bool:
    """Return whether the turn says more than that somebody is listening."""
    if not turn.words:
        return False
    passage = scope.passage(index)
    back_channels = lexicon(passage.language).back_channels
    return not says_only(
        whole(wordings(passage), passage.language), back_channels, passage.language
    )
