"""What others do on the same words: keywords, word gaps, word lists, digits.

One plain rule a detector, as they stand in speech-analytics settings and scripts: given the same
roles, the same lists and the same limits as ours, and none of the care. Each takes a call and the
signal as the scorecard has it, and gives finds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from benchmarks.truth.scoring import MAX_TALK_SHARE, Hit
from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.records import Call, Role, Turn
from qa_pipeline.words import Word

Peer = Callable[[Call, Any], Iterable[Hit]]
_UNIT = {"zh": re.compile(r"[\u4e00-\u9fff]|[a-z0-9]+", re.I), "en": re.compile(r"[\w']+")}
_SENTENCE = re.compile(r"[^。！？.!?]+[。！？.!?]*")
_NUMERALS = {
    "zh": {c: str(i) for i, c in enumerate("零一二三四五六七八九")},
    "en": {
        word: str(i)
        for i, word in enumerate(
            ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
        )
    },
}
_MIN_SENSITIVE_DIGITS = {"zh": 11, "en": 10}
_MIN_NUMBER_DIGITS = 5
_MIN_TURN_S = 3.0
_WISHES = {"zh": ("建议", "希望"), "en": ("suggest", "should", "wish")}


def keywords(call: Call, signal: Any) -> Iterator[Hit]:
    """Find phrases as substrings, by role; of `all_of` a turn that holds one of every group."""
    for turn in _turns(call, signal.role):
        if signal.any_of is not None:
            yield from _substrings(turn, signal.any_of, signal.detector)
        elif all(any(p in _text(turn) for p in group) for group in signal.all_of):
            yield Hit("phrase", turn.role, turn.start_s, turn.end_s)


def word_list(call: Call, signal: Any) -> Iterator[Hit]:
    """Find every filler of both lists wherever it is said."""
    shipped = lexicon(call.language)
    listed = shipped.fillers if signal.lexicon is None else signal.lexicon
    doubtful = shipped.ambiguous if signal.ambiguous is None else signal.ambiguous
    for turn in _turns(call, signal.role):
        if call.language == "zh":
            yield from _substrings(turn, (*listed, *doubtful), "filler")
            continue
        for phrase in (*listed, *doubtful):
            for match in re.finditer(rf"\b{re.escape(phrase)}\b", _text(turn)):
                yield _hit("filler", turn, match.start(), match.end())


def word_gaps(call: Call, signal: Any) -> Iterator[Hit]:
    """Find silence where no word of anyone is for `min_s`."""
    for end_s, start_s in _gaps(call):
        if start_s - end_s >= signal.min_s:
            yield Hit("dead_air", None, end_s, start_s)


def turn_gaps(call: Call, signal: Any) -> Iterator[Hit]:
    """Find late answers: a turn of the agent `min_s` after a customer's."""
    for before, after in pairwise(call.turns or ()):
        late = after.start_s - before.end_s >= signal.min_s
        if late and (before.role, after.role) == ("customer", "agent"):
            yield Hit("slow_answer", "agent", before.end_s, after.start_s)


def overlaps(call: Call, signal: Any) -> Iterator[Hit]:
    """Find a turn that starts before the other's ends, whatever is said in it."""
    for before, after in pairwise(call.turns or ()):
        overlap_s = min(before.end_s, after.end_s) - after.start_s
        if before.role != after.role == signal.role and overlap_s >= signal.min_overlap_s:
            yield Hit("interruption", after.role, after.start_s, after.start_s + overlap_s)


def share_of_words(call: Call, signal: Any) -> Iterator[Hit]:
    """Take the share of words for the share of speech."""
    counts = {role: sum(_n_units(call, turn) for turn in _turns(call, role)) for role in _ROLES}
    if counts[signal.role] > MAX_TALK_SHARE * max(1, sum(counts.values())):
        yield Hit("talk_share", None, None, None)


def rate_of_turns(call: Call, signal: Any) -> Iterator[Hit]:
    """Find turns whose words by their length are outside the limits, pauses and all."""
    for turn in _turns(call, signal.role):
        length_s = turn.end_s - turn.start_s
        rate = 60 * _n_units(call, turn) / max(length_s, 0.01)
        if length_s >= _MIN_TURN_S and not signal.min <= rate <= signal.max:
            kind = "slow" if rate < signal.min else "fast"
            yield Hit("speech_rate", turn.role, turn.start_s, turn.end_s, kind)


def long_words(call: Call, signal: Any) -> Iterator[Hit]:
    """Find words that last for `min_s`."""
    for turn in _turns(call, signal.role):
        for word in turn.words:
            if word.end_s - word.start_s >= signal.min_s:
                yield Hit("drawn_out", turn.role, word.start_s, word.end_s)


def level_of_channel(call: Call, signal: Any) -> Iterator[Hit]:
    """Judge the mean level of the role's channel while it is above the call's noise."""
    for track in call.tracks or ():
        if track.kind != "level_dbfs" or track.role != signal.role:
            continue
        loud = [v for v in track.values if v is not None and v > -50]
        mean = sum(loud) / len(loud) if loud else None
        if mean is not None and not signal.min_dbfs <= mean <= signal.max_dbfs:
            yield Hit("loudness", signal.role, 0.0, call.duration_s)


def same_question(call: Call, signal: Any) -> Iterator[Hit]:
    """Find a question that was asked before in the same words."""
    asked: set[str] = set()
    for turn in _turns(call, signal.role):
        for match in _SENTENCE.finditer(_text(turn)):
            if match.group()[-1] not in "？?":
                continue
            plain = "".join(_UNIT[call.language].findall(match.group()))
            if plain in asked:
                yield _hit("repeated_question", turn, match.start(), match.end())
            asked.add(plain)


def steps_said(call: Call, signal: Any) -> Iterator[Hit]:
    """Find steps none of whose keywords is said; the order is not looked at."""
    said = " ".join(_text(turn) for turn in _turns(call, signal.role))
    for step in signal.steps:
        if not step.optional and not any(phrase in said for phrase in step.any_of):
            yield Hit("steps", None, None, None, f"missing-{step.id}")


def same_digits(call: Call, signal: Any) -> Iterator[Hit]:
    """Find numbers of the customer that no later turn of the agent holds digit by digit."""
    turns = call.turns or ()
    for i, turn in enumerate(turns):
        for digits, start, end in _digit_runs(call, turn) if turn.role != signal.role else ():
            later = (t for t in turns[i + 1 :] if t.role == signal.role)
            back = (run for t in later for run, _, _ in _digit_runs(call, t))
            if len(digits) >= _MIN_NUMBER_DIGITS and not any(digits in run for run in back):
                yield _hit("read_back", turn, start, end)


def keyword_then_gap(call: Call, signal: Any) -> Iterator[Hit]:
    """Find a word gap of `min_s` right after a turn that holds an announcement."""
    for before, after in pairwise(call.turns or ()):
        announced = before.role == "agent" and any(p in _text(before) for p in signal.announced_by)
        if announced and after.start_s - before.end_s >= signal.min_s:
            yield Hit("hold", "agent", before.end_s, after.start_s)


def last_speaker(call: Call, signal: Any) -> Iterator[Hit]:
    """Take who speaks last for who hangs up."""
    del signal
    if call.turns and max(call.turns, key=lambda turn: turn.end_s).role == "agent":
        yield Hit("hang_up", None, None, None)


def first_word(call: Call, signal: Any) -> Iterator[Hit]:
    """Take the silence before the first word for the ringing."""
    if call.turns and min(turn.start_s for turn in call.turns) > signal.max_s:
        yield Hit("ring", None, None, None)


def long_digits(call: Call, signal: Any) -> Iterator[Hit]:
    """Find as many digits as a phone number has, unverified, and what has an @."""
    del signal
    for turn in call.turns or ():
        for digits, start, end in _digit_runs(call, turn):
            if len(digits) >= _MIN_SENSITIVE_DIGITS[call.language]:
                yield _hit("sensitive_data", turn, start, end)
        for match in re.finditer(r"\S+@\S+", _text(turn)):
            yield _hit("sensitive_data", turn, match.start(), match.end())


def wish_words(call: Call, signal: Any) -> Iterator[Hit]:
    """Find the words for suggesting and wishing in the customer's turns."""
    for turn in _turns(call, signal.role):
        yield from _substrings(turn, _WISHES[call.language], "suggestion")


PEERS: Mapping[str, Peer] = MappingProxyType(
    {
        "phrase": keywords,
        "filler": word_list,
        "dead_air": word_gaps,
        "slow_answer": turn_gaps,
        "interruption": overlaps,
        "talk_share": share_of_words,
        "speech_rate": rate_of_turns,
        "drawn_out": long_words,
        "loudness": level_of_channel,
        "repeated_question": same_question,
        "steps": steps_said,
        "read_back": same_digits,
        "hold": keyword_then_gap,
        "hang_up": last_speaker,
        "ring": first_word,
        "sensitive_data": long_digits,
        "suggestion": wish_words,
    }
)
_ROLES: tuple[Role, ...] = ("agent", "customer")


def _turns(call: Call, role: str) -> list[Turn]:
    return [turn for turn in call.turns or () if role in ("any", turn.role)]


def _text(turn: Turn) -> str:
    return "".join(_shown(word) for word in turn.words).lower()


def _shown(word: Word) -> str:
    """Return a word; a masked number as digits of its own, so that others may count them."""
    if word.masked is None:
        return word.text
    if word.masked.kind == "email":
        return " x@x "
    return str(int(word.masked.token, 16)).zfill(40)[: word.masked.n_digits]


def _hit(signal: str, turn: Turn, start: int, end: int) -> Hit:
    """Return characters of a turn's text as a find, by the times of their words."""
    at, spans = 0, []
    for word in turn.words:
        after = at + len(_shown(word))
        if at < end and start < after:
            spans.append((word.start_s, word.end_s))
        at = after
    first_s, last_s = (spans[0][0], spans[-1][1]) if spans else (turn.start_s, turn.end_s)
    return Hit(signal, turn.role, first_s, last_s)


def _substrings(turn: Turn, phrases: Iterable[str], signal: str) -> Iterator[Hit]:
    text = _text(turn)
    for phrase in phrases:
        for match in re.finditer(re.escape(phrase), text):
            yield _hit(signal, turn, match.start(), match.end())


def _gaps(call: Call) -> Iterator[tuple[float, float]]:
    """Yield (end of a word, start of the next) over everybody's words."""
    words = sorted((w.start_s, w.end_s) for turn in call.turns or () for w in turn.words)
    end_s = words[0][1] if words else 0.0
    for start_s, last_s in words:
        if start_s > end_s:
            yield end_s, start_s
        end_s = max(end_s, last_s)


def _n_units(call: Call, turn: Turn) -> int:
    return len(_UNIT[call.language].findall(_text(turn)))


def _digit_runs(call: Call, turn: Turn) -> Iterator[tuple[str, int, int]]:
    """Yield (digits, start, end) of numerals that stand side by side, marks between them or not."""
    numeral = "|".join((r"\d", *_NUMERALS[call.language]))
    for match in re.finditer(rf"(?:(?:{numeral})[\s，,]*)+", _text(turn)):
        read = re.findall(numeral, match.group())
        digits = "".join(_NUMERALS[call.language].get(d, d) for d in read)
        yield digits, match.start(), match.end()
