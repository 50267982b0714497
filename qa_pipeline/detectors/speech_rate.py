"""`speech_rate`: how fast somebody speaks."""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import compress, filterfalse, pairwise
from operator import sub
from typing import NamedTuple

from qa_pipeline.detectors.reasons import NO_TIMES
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.asked import Passages
from qa_pipeline.language.passage import TOLERANCE_S
from qa_pipeline.language.script import Script
from qa_pipeline.language.wordings import n_said
from qa_pipeline.records import Call, Finding, Turn
from qa_pipeline.scorecard.signals import SpeechRateSignal
from qa_pipeline.spans import Span

#: A rate means nothing in shorter turns (SCORECARD.md).
_MIN_TURN_S = 3.0
#: What is said one after the other in a written word with digits: 4, G.
_PARTS = re.compile(r"\d|[^\d.]+")


def find_speech_rates(call: Call, signal: SpeechRateSignal, scope: Scope) -> Found | NotMeasured:
    """Find turns spoken slower than `min` or faster than `max`; the value is the call's rate.

    Rates are Chinese characters, or English words, a minute of speech inside the turn (of the
    whole turn where speech was not measured). A digit is one of them in either language, as it is
    in a masked number, and the letters beside digits another (4G: two); a Latin word in Chinese is
    one character. `kind` is "slow" or "fast". Does not count:
    turns under 3 s as findings (they are in the call's value), pauses between stretches of speech,
    fillers left out by the recogniser, and letters spelled inside one written word.

    Examples
    --------
    Nineteen characters in three seconds are 380 a minute:

        rate: {detector: speech_rate, role: agent, max: 330}
        agent 0-3: 您的订单已经提交预计三天之内送到您家里
        finds: 0-3 [fast] 您的订单已经提交预计三天之内送到您家里
        value: 380

    Fifteen words in three seconds are 300 a minute:

        rate: {detector: speech_rate, role: agent, max: 220}
        agent 0-3: Please turn it off and open the small cover at the front and clean it.
        finds: 0-3 [fast] Please turn it off and open the small cover at the front and clean it.
        value: 300
    """
    if not call.timed:
        return NO_TIMES
    findings = []
    n_all, all_s = 0, 0.0
    turns = call.turns_of(scope.role) or ()
    roles = {turn.role for _, turn in turns}
    speech = {role: _Stretches.of(call.speech_of(role)) for role in roles}
    n_by_turn = _spoken_units(scope.passage)
    least = -math.inf if signal.min is None else signal.min
    most = math.inf if signal.max is None else signal.max
    for index, turn in turns:
        n = n_by_turn[index]
        spoken_s = speech[turn.role].inside_s(turn.start_s, turn.end_s)
        if not n or spoken_s <= 0 or not scope.admits(turn.start_s, index):
            continue
        n_all, all_s = n_all + n, all_s + spoken_s
        rate = 60.0 * n / spoken_s
        is_ordinary = least <= rate <= most
        if not is_ordinary and turn.end_s - turn.start_s >= _MIN_TURN_S - TOLERANCE_S:
            kind = "slow" if rate < least else "fast"
            findings.append(_finding(scope, index, turn, rate, kind))
    return Found(tuple(findings), value=60.0 * n_all / all_s if all_s else None)


class _Stretches(NamedTuple):
    """Where tidy speech begins and ends, and how long it lasts; None where it was not measured."""

    starts_s: Sequence[float] | None
    ends_s: Sequence[float]
    lengths_s: Sequence[float]

    @classmethod
    def of(cls, speech: tuple[Span, ...] | None) -> "_Stretches":
        """Return the speech as columns: a call has as many stretches as turns."""
        if speech is None:
            return cls(None, (), ())
        starts_s, ends_s = [one.start_s for one in speech], [one.end_s for one in speech]
        return cls(starts_s, ends_s, list(map(sub, ends_s, starts_s)))

    def inside_s(self, start_s: float, end_s: float) -> float:
        """Return the seconds of speech in `[start_s, end_s)`; all where it was not measured."""
        if self.starts_s is None:
            return end_s - start_s
        first = bisect_right(self.ends_s, start_s)
        last = bisect_left(self.starts_s, end_s) - 1
        if last < first:
            return 0.0
        begun_s, ended_s = self.starts_s[first], self.ends_s[last]
        begun_s = begun_s if begun_s > start_s else start_s
        ended_s = ended_s if ended_s < end_s else end_s
        if first == last:  # as mostly: a turn is one stretch
            return ended_s - begun_s
        between_s = self.lengths_s[first + 1 : last]
        return sum([self.ends_s[first] - begun_s, *between_s, ended_s - self.starts_s[last]])


def _finding(scope: Scope, index: int, turn: Turn, rate: float, kind: str) -> Finding:
    return Finding(
        signal=scope.signal,
        detector="speech_rate",
        role=turn.role,
        start_s=turn.start_s,
        end_s=turn.end_s,
        quote=turn.text,
        value=rate,
        kind=kind,
        turn=index,
    )


def _spoken_units(passages: Passages) -> Sequence[int]:
    """Return how many characters (zh) or words (en) were said in each turn."""
    script = passages.script
    n_by_turn = [following - 1 - first for first, following in pairwise(script.first_units)]
    if script.language == "zh":  # a word of letters is one
        for turn in {bisect_right(script.first_units, at) - 1 for at in script.columns.glued}:
            n_by_turn[turn] = n_said(passages(turn))
    else:
        for turn, n_more in _parts_more(script):
            n_by_turn[turn] += n_more
    for turn in {bisect_right(script.first_words, at) - 1 for at in script.masked}:
        n_by_turn[turn] += passages(turn).n_masked_digits
    return n_by_turn


def _parts_more(script: Script) -> Iterator[tuple[int, int]]:
    """Yield how much more than one each English word with digits says, and in which turn."""
    symbols = script.columns.symbols
    unlike_words = filterfalse(str.isalpha, set(symbols))
    more = {symbol: n - 1 for symbol in unlike_words if (n := _n_parts(symbol)) > 1}
    if more:
        for unit in compress(range(len(symbols)), map(more.__contains__, symbols)):
            yield bisect_right(script.first_units, unit) - 1, more[symbols[unit]]


@lru_cache(maxsize=4096)
def _n_parts(symbol: str) -> int:
    return len(_PARTS.findall(symbol))
