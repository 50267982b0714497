"""`repeated_question`: somebody asks again what the other has answered.

Chinese questions are compared by characters, not by a segmenter's words. Measured on 20 pairs of
one question in other words and 14 of questions that differ in the word that matters (哪里坏了,
哪里买的), with jieba's words for the segmenter: at a similarity of 0.85 characters find 15 of the
20, words 11, pairs of characters 11, none takes any of the 14 for the same; at 0.8 characters find
17 and take 2 of the 14, so the default is 0.85. Among the 630 pairs of the demo's 36 different
questions it takes 2 for the same, and they are.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from qa_pipeline.detectors.listening import plain_of
from qa_pipeline.detectors.needs import unheard
from qa_pipeline.detectors.reasons import words_unmeasured
from qa_pipeline.detectors.redacted import redacted_passages, redacted_turns
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.asked import Passages
from qa_pipeline.language.back_channels import passing
from qa_pipeline.language.lexicons import Words, lexicon
from qa_pipeline.language.normalise import BORDER
from qa_pipeline.language.passage import TOLERANCE_S, Passage
from qa_pipeline.language.script import Script
from qa_pipeline.language.units import EDGE
from qa_pipeline.language.wordings import (
    bare,
    finder,
    leader,
    says_only,
    whole,
    wordings_of,
)
from qa_pipeline.later import once
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.redaction.sayings import sayings
from qa_pipeline.scorecard.signals import RepeatedQuestionSignal
from qa_pipeline.texts import Language

#: A question that holds so many digits reads back a number that was given.
_READ_DIGITS = 5
#: So many questions are compared with all others in one go: a looping recogniser makes thousands,
#: and a table of them all would fill the memory.
_AT_ONCE = 256
#: What must be left of a question to be compared: characters, or words.
_MIN_CONTENT: dict[Language, int] = {"zh": 2, "en": 1}
_Floats = NDArray[np.float64]


class _Question(NamedTuple):
    """The call's sentence `number`, which asks: its turn, and what of its words is compared."""

    number: int
    turn: int
    content: Sequence[str]


def find_repeated_questions(
    call: Call, signal: RepeatedQuestionSignal, scope: Scope
) -> Found | NotMeasured:
    """Find questions of the role, the agent by default, that ask what was answered before.

    Two questions are one where their similarity, the `value`, is `min_similarity` or more: twice
    the characters (English: words) that both have in the same order, over all that both have;
    1 for equal, 0 for nothing in common. `ignored_words` (请问, please, your) are left out first;
    two characters (one word) must be left. A question is a sentence with a question mark or one of
    `question_words`. The finding is the later question.

    Does not count: a question that was not answered (the other says nothing but "hm", or "okay, one
    moment"); asked again after `not_heard` (没听清, 再说一遍) of either, or a bare 什么？; inside a
    read-back, from `read_back_by` on as long as the other only agrees, or with five digits or a
    masked number in it; `except` questions that are asked as often as it fits (anything else? can
    you hear me?); the same in quite other words (synonyms); and what was asked in another call.

    Examples
    --------
    The name is asked twice, the address twice because it was not heard:

        again: {detector: repeated_question}
        agent 0-2: 请问您贵姓？
        customer 2-4: 我姓王。
        agent 5-9: 您的收货地址是哪里？
        customer 9-11: 什么？
        agent 11-15: 您的收货地址是哪里？
        customer 15-18: 文三路二十八号。
        agent 20-22: 您贵姓？
        finds: 20-22 您贵姓

    The date is asked twice, the name twice because it was not heard:

        again: {detector: repeated_question}
        agent 0-2: When did you buy it?
        customer 2-4: In March.
        agent 5-7: What is your last name?
        customer 7-8: Pardon?
        agent 8-10: What is your last name?
        customer 10-11: Hill.
        agent 12-14: And when did you buy it?
        finds: 12-14 And when did you buy it
    """
    askers: tuple[Role, ...] = ("agent", "customer") if scope.role is None else (scope.role,)
    for role in ("agent", "customer"):
        if call.turns_of(role) is None:
            return words_unmeasured(call, role)
        if deaf := unheard(call, role):
            return deaf
    talk = _Talk(call, signal, redacted_passages(call, scope))
    findings = (
        _finding(scope, talk, question, similarity)
        for role in askers
        for question, similarity in talk.repeated(role, signal.min_similarity)
    )
    return Found(
        tuple(sorted(filter(None, findings), key=lambda f: (f.start_s or 0.0, f.end_s or 0.0)))
    )


class _Lists(NamedTuple):
    """What finds a signal's phrases, each list its own or the shipped one."""

    asking: re.Pattern[str]
    opening: re.Pattern[str] | None
    ignored: re.Pattern[str]
    ignored_first: re.Pattern[str]
    lost: re.Pattern[str]
    reading: re.Pattern[str]
    stock: re.Pattern[str]


@lru_cache(maxsize=64)
def _lists(
    language: Language,
    asking: Words | None,
    ignored: Words | None,
    lost: Words | None,
    reading: Words | None,
    stock: Words | None,
) -> _Lists:
    """Compile the lists; None: the shipped one. What opens a question goes with the shipped."""
    shipped = lexicon(language)
    opening = shipped.question_openers if asking is None else ()
    small = shipped.ignored_words if ignored is None else ignored
    return _Lists(
        asking=finder(shipped.question_words if asking is None else asking, language),
        opening=finder(opening, language) if opening else None,
        ignored=finder(small, language),
        ignored_first=leader(small, language),
        lost=finder(shipped.not_heard if lost is None else lost, language),
        reading=finder(shipped.read_back_by if reading is None else reading, language),
        stock=finder(shipped.stock_questions if stock is None else stock, language),
    )


class _Talk:
    """A call's turns, redacted, with what each says, and what the signal looks for in them."""

    def __init__(
        self, call: Call, signal: RepeatedQuestionSignal, passage: Callable[[int], Passage]
    ) -> None:
        self.turns = call.turns or ()
        self.passage = passage
        self.script = (
            passage.script
            if isinstance(passage, Passages)
            else Script(redacted_turns(call), call.language)
        )
        self.said = wordings_of(self.script)
        self.language = call.language
        self._shipped = lexicon(call.language)
        self._lists = _lists(
            call.language,
            signal.question_words,
            signal.ignored_words,
            signal.not_heard,
            signal.read_back_by,
            signal.except_,
        )
        self._deaf: dict[int, bool] = {}
        self._lost: dict[int, bool] = {}
        self._answered: dict[tuple[int, Role], int] = {}
        self._told: dict[tuple[int, Role], int] = {}

    def repeated(self, role: Role, min_similarity: float) -> Iterator[tuple[_Question, float]]:
        """Yield the role's questions that were answered before, with their similarity."""
        asked = list(self._questions(role))
        turns = [question.turn for question in asked]
        least = min_similarity - TOLERANCE_S
        for question, similarities in _alike(asked, least):
            last_answer = self._latest(self._answers, self._answered, question.turn, role)
            answered = similarities[: bisect_left(turns, last_answer)]
            similarity = float(answered.max(initial=-math.inf))
            if similarity >= least and not self._excused(question, role):
                yield question, similarity

    def _questions(self, role: Role) -> Iterator[_Question]:
        """Yield the questions of the role that leave something to compare."""
        least = _MIN_CONTENT[self.language]
        asked = [
            (number, turn)
            for number in sorted(self._asking)
            if self.turns[turn := self._turn_of(number)].role == role
        ]
        texts = BORDER.join([self.said.texts[number] for number, _ in asked])
        left = bare(self._lists.ignored.sub("", texts), self.language).split(BORDER)
        for (number, turn), one in zip(asked, left, strict=False):  # "" of none is split in one
            content = one if self.language == "zh" else one.split(EDGE)[1:-1]
            if len(content) >= least:
                yield _Question(number, turn, content)

    def _turn_of(self, number: int) -> int:
        """Return the turn of a sentence."""
        return bisect_right(self.said.begins, number) - 1

    @once
    def _asking(self) -> set[int]:
        """The sentences that are questions, by a mark or a question word."""
        texts = self.said.texts
        asking = {*self.said.asking, *_holding(self._lists.asking, texts)}
        if self._lists.opening is not None:
            others = [number for number in range(len(texts)) if number not in asking]
            found = _holding(self._lists.opening, [texts[number] for number in others])
            asking.update(others[i] for i, at in found.items() if self._opens(texts[others[i]], at))
        return asking

    def _opens(self, text: str, at: int) -> bool:
        """Return whether nothing that counts stands before what is found there in a sentence."""
        ignored = self._lists.ignored_first.match(text)
        return ignored is not None and ignored.end() >= at

    def _excused(self, question: _Question, role: Role) -> bool:
        """Return whether one may ask that again."""
        return (
            self._lists.stock.search(self.said.texts[question.number]) is not None
            or self._was_lost(question, role)
            or self._reads_back(question, role)
            or self._reads_number(question)
        )

    def chars(self, question: _Question) -> tuple[int, int]:
        """Return the offsets of a question in its turn's words."""
        number, said = question.number, self.said
        return self.script.chars(question.turn, said.firsts[number], said.lasts[number])

    def _reads_number(self, question: _Question) -> bool:
        start, end = self.chars(question)
        numbers = sayings(self.passage(question.turn).text[start:end])
        return any(len(number.code) >= _READ_DIGITS for number in numbers)

    def _reads_back(self, question: _Question, role: Role) -> bool:
        """Return whether a read-back was announced since the other last did more than agree."""
        told = self._latest(self._tells, self._told, question.turn, role)
        readings = self._readings[role]
        first = bisect_left(readings, self.said.begins[told + 1])
        return first < len(readings) and readings[first] <= question.number

    @once
    def _readings(self) -> Mapping[Role | None, Sequence[int]]:
        """The sentences in which each party announces a read-back, in order."""
        found: dict[Role | None, list[int]] = {"agent": [], "customer": [], None: []}
        for number in _holding(self._lists.reading, self.said.texts):
            found[self.turns[self._turn_of(number)].role].append(number)
        return found

    def _latest(
        self,
        is_so: Callable[[int], bool],
        known: dict[tuple[int, Role], int],
        turn: int,
        role: Role,
    ) -> int:
        """Return the latest turn before `turn` that `is_so` and not of `role`; -1 for none.

        What is `known` of earlier turns is used, so that a loop has each turn looked at once.
        """
        at = turn
        while (found := known.get((at, role))) is None:
            at -= 1
            if at < 0 or (self.turns[at].role != role and is_so(at)):
                found = at
                break
        known[turn, role] = found
        return found

    def _tells(self, index: int) -> bool:
        """Return whether a turn does more than agree."""
        return bool(self.said.of(index)) and not self._agrees(index)

    def _agrees(self, index: int) -> bool:
        """Return whether a turn does no more than agree."""
        return passing(self.language).is_all_of(plain_of(self.passage(index)))

    def _was_lost(self, question: _Question, role: Role) -> bool:
        """Return whether either did not hear, since the asker's turn before this one."""
        turn = question.turn
        if turn not in self._lost:
            begun = turn - 1
            while begun > 0 and self.turns[begun].role != role:
                begun -= 1
            since = range(max(begun, 0), turn + 1)
            self._lost[turn] = any(map(self._not_heard, since))
        return self._lost[turn]

    def _not_heard(self, index: int) -> bool:
        """Return whether a turn says that something was not heard."""
        if index not in self._deaf:
            self._deaf[index] = any(map(self._asks_back, self.said.numbers(index)))
        return self._deaf[index]

    def _asks_back(self, number: int) -> bool:
        """Return whether somebody says that he did not hear: in words, or with a bare 什么？."""
        said, language = self.said.texts[number], self.language
        if self._lists.lost.search(said):
            return True
        text = bare(said, language)
        if says_only(text, self._shipped.asked_back, language):
            return True
        is_asking = number in self.said.asking
        return is_asking and says_only(text, self._shipped.back_channels, language)

    def _answers(self, index: int) -> bool:
        """Return whether a turn says more than that an answer is coming, and does not only ask."""
        only_asks = self._asking.issuperset(self.said.numbers(index))
        return self.passage(index).n_masked > 0 or not (
            self._is_coming(self.said.of(index)) or only_asks or self._not_heard(index)
        )

    def _is_coming(self, said: Iterable[str]) -> bool:
        """Return whether nothing is said but "hm", or that an answer is coming."""
        text, shipped, language = whole(said, self.language), self._shipped, self.language
        if says_only(text, shipped.no_answers, language):
            return True
        is_coming = finder(shipped.answers_coming, language).search(text) is not None
        return is_coming and says_only(text, _around_coming(language), language)


@cache
def _around_coming(language: Language) -> Words:
    """Return what may be said where an answer is only coming: okay, please, hold on."""
    shipped = lexicon(language)
    return (*shipped.no_answers, *shipped.answers_coming, *shipped.around_coming)


def _holding(wanted: re.Pattern[str], texts: Sequence[str]) -> Mapping[int, int]:
    """Return which wordings' texts hold what is wanted, and where the first of it begins.

    All are searched as one: nothing that a `finder` finds goes over a border.
    """
    starts = [match.start() for match in wanted.finditer(BORDER.join(texts))]
    begins = [*accumulate([len(text) + 1 for text in texts], initial=0)]
    numbers = map(bisect_right, repeat(begins[1:]), starts)
    found: dict[int, int] = {}
    for number, start in zip(numbers, starts, strict=True):
        if number not in found:
            found[number] = start - begins[number]
    return found


def _alike(asked: Sequence[_Question], least: float) -> Iterator[tuple[_Question, _Floats]]:
    """Yield the questions that are like some of turns before theirs, with how like all they are."""
    contents = [question.content for question in asked]
    turns = np.array([question.turn for question in asked])
    for first in range(0, len(asked), _AT_ONCE):
        rows = slice(first, first + _AT_ONCE)
        table = cdist(
            contents[rows], contents, scorer=Indel.normalized_similarity, dtype=np.float64
        )
        is_pair = (table >= least) & (turns < turns[rows, np.newaxis])
        for row in np.flatnonzero(is_pair.any(axis=1)).tolist():
            yield asked[first + row], table[row]


def _finding(scope: Scope, talk: _Talk, question: _Question, similarity: float) -> Finding | None:
    """Return the finding, None where the signal's scope does not admit or trust it."""
    passage = talk.passage(question.turn)
    start, end = talk.chars(question)
    start_s, end_s = passage.span_s(start, end)
    if not scope.trusts(passage, start, end) or not scope.admits(start_s, question.turn):
        return None
    return Finding(
        signal=scope.signal,
        detector="repeated_question",
        role=passage.role,
        start_s=start_s,
        end_s=end_s,
        quote=passage.text[start:end],
        value=similarity,
        turn=question.turn,
    )
