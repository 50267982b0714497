"""`repeated_question`: somebody asks again what the other has answered.

Chinese questions are compared by characters, not by a segmenter's words. Measured on 20 pairs of
one question in other words and 14 of questions that differ in the word that matters (哪里坏了,
哪里买的), with jieba's words for the segmenter: at a similarity of 0.85 characters find 15 of the
20, words 11, pairs of characters 11, none takes any of the 14 for the same; at 0.8 characters find
17 and take 2 of the 14, so the default is 0.85. Among the 630 pairs of the demo's 36 different
questions it takes 2 for the same, and they are.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from qa_pipeline.detectors.needs import unheard
from qa_pipeline.detectors.reasons import words_unmeasured
from qa_pipeline.detectors.redacted import redacted_passages
from qa_pipeline.detectors.registry import Found, NotMeasured, Scope
from qa_pipeline.language.back_channels import is_passing, only_back_channels
from qa_pipeline.language.lexicons import Words, lexicon
from qa_pipeline.language.passage import TOLERANCE_S, Passage
from qa_pipeline.language.search import search
from qa_pipeline.language.sentences import Sentence, sentences
from qa_pipeline.language.units import Unit
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.redaction.sayings import sayings
from qa_pipeline.scorecard.signals import RepeatedQuestionSignal
from qa_pipeline.texts import Language

#: A question that holds so many digits reads back a number that was given.
_READ_DIGITS = 5
#: What must be left of a question to be compared: characters, or words.
_MIN_CONTENT: dict[Language, int] = {"zh": 2, "en": 1}


@dataclass(frozen=True, slots=True)
class _Question:
    """A question: what is compared of it, and where it stands in the call's turn `turn`."""

    content: Sequence[str]
    turn: int
    start: int
    end: int


def find_repeated_questions(
    call: Call, signal: RepeatedQuestionSignal, scope: Scope
) -> Found | NotMeasured:
    """Find questions of the role, the agent by default, that ask what was answered before.

    Two questions are one where their similarity, the `value`, is `min_similarity` or more: twice
    the characters (English: words) that both have in the same order, over all that both have;
    1 for equal, 0 for nothing in common. `ignored_words` (请问, please, your) are left out first;
    two characters (one word) must be left. A question is a sentence with a question mark or one of
    `question_words`. The finding is the later question.

    Does not count: a question that was not answered (the other says nothing but "hm", or "one
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
    findings = [
        _finding(scope, talk.passage(question.turn), question, similarity)
        for role in askers
        for question, similarity in talk.repeated(role, signal.min_similarity)
        if _counts(scope, talk.passage(question.turn), question)
    ]
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


class _Talk:
    """A call's turns, redacted, and the signal's word lists, each its own or the shipped one."""

    def __init__(
        self, call: Call, signal: RepeatedQuestionSignal, passage: Callable[[int], Passage]
    ) -> None:
        self.turns = call.turns or ()
        self.passage = passage
        self.language = call.language
        self._shipped = shipped = lexicon(call.language)
        self._opening = shipped.question_openers if signal.question_words is None else ()
        self._asking = _or(signal.question_words, shipped.question_words)
        self._ignored = _or(signal.ignored_words, shipped.ignored_words)
        self._lost = _or(signal.not_heard, shipped.not_heard)
        self._reading = _or(signal.read_back_by, shipped.read_back_by)
        self._known_small: dict[int, set[int]] = {}
        self._stock = _or(signal.except_, shipped.stock_questions)

    def repeated(self, role: Role, min_similarity: float) -> Iterator[tuple[_Question, float]]:
        """Yield the role's questions that were answered before, with their similarity."""
        asked: list[_Question] = []
        for index, turn in enumerate(self.turns):
            if turn.role != role or not turn.words:
                continue
            questions = list(self._questions(index))
            for question in questions:
                alike = [
                    (similarity, one)
                    for one in asked
                    if (similarity := _similarity(question, one)) >= min_similarity - TOLERANCE_S
                ]
                if alike and not self._excused(question, role):
                    answered = [s for s, one in alike if self._answered(one, question, role)]
                    if answered:
                        yield question, max(answered)
            asked += questions

    def _questions(self, index: int) -> Iterator[_Question]:
        """Yield the questions of a turn that leave something to compare."""
        passage = self.passage(index)
        for sentence in self._asking_sentences(index):
            small = self._small(index)
            units = passage.units[sentence.first : sentence.last]
            content = tuple(unit.symbol for unit in units if unit.start not in small)
            if len(content) >= _MIN_CONTENT[self.language]:
                is_zh = self.language == "zh"  # symbols are characters: text is compared quicker
                yield _Question(
                    "".join(content) if is_zh else content, index, units[0].start, units[-1].end
                )

    def _small(self, index: int) -> set[int]:
        """Return where the units of a turn start that are not compared."""
        known = self._known_small.get(index)
        if known is None:
            passage = self.passage(index)
            starts = [unit.start for unit in passage.units]
            known = self._known_small[index] = {
                start
                for at in search(passage, self._ignored, "text")
                for start in starts[bisect_left(starts, at.start) : bisect_left(starts, at.end)]
            }
        return known

    def _asking_sentences(self, index: int) -> Iterator[Sentence]:
        """Yield the questions of a turn: by their mark, or a question word."""
        passage = self.passage(index)
        words = search(passage, self._asking, "text")
        opening = {p.start for p in search(passage, self._opening, "text") if self._opening}
        if not words and not opening and "?" not in passage.plain.text:
            return
        small = self._small(index) if opening else set()
        for sentence in sentences(passage):
            units = passage.units[sentence.first : sentence.last]
            if (
                sentence.asks
                or any(word.overlaps(units[0].start, units[-1].end) for word in words)
                or (opening and _first_of_weight(units, opening, small) in opening)
            ):
                yield sentence

    def _excused(self, question: _Question, role: Role) -> bool:
        """Return whether one may ask that again."""
        passage = self.passage(question.turn)
        start, end = question.start, question.end
        if any(place.overlaps(start, end) for place in search(passage, self._stock, "text")):
            return True
        if any(len(one.code) >= _READ_DIGITS for one in sayings(passage.text[start:end])):
            return True
        return self._reads_back(question, role) or self._was_lost(question, role)

    def _reads_back(self, question: _Question, role: Role) -> bool:
        """Return whether a read-back was announced since the other last did more than agree."""
        for index in range(question.turn, -1, -1):
            passage = self.passage(index)
            if self.turns[index].role == role:
                announced = [place.start for place in search(passage, self._reading, "text")]
                if any(index < question.turn or start < question.end for start in announced):
                    return True
            elif passage.units and not is_passing(passage.text, self.language):
                return False
        return False

    def _was_lost(self, question: _Question, role: Role) -> bool:
        """Return whether either did not hear, since the asker's turn before this one."""
        for index in range(question.turn, -1, -1):
            if self._not_heard(self.passage(index)):
                return True
            if self.turns[index].role == role and index < question.turn:
                return False
        return False

    def _not_heard(self, passage: Passage) -> bool:
        """Return whether somebody says that he did not hear: in words, or with a bare 什么？."""
        if search(passage, self._lost, "text"):
            return True
        for sentence in sentences(passage):
            units = passage.units[sentence.first : sentence.last]
            alone = only_back_channels(units, self.language, self._shipped.asked_back)
            if alone or (sentence.asks and only_back_channels(units, self.language)):
                return True
        return False

    def _answered(self, first: _Question, again: _Question, role: Role) -> bool:
        """Return whether the other said more between them than that the answer is coming."""
        for index in range(first.turn + 1, again.turn):
            passage = self.passage(index)
            if self.turns[index].role == role:
                continue
            if passage.n_masked:
                return True
            if not passage.units:
                continue
            if only_back_channels(passage.units, self.language, self._shipped.no_answers):
                continue
            asked_back = len(list(self._asking_sentences(index)))
            if asked_back < len(list(sentences(passage))) and not self._not_heard(passage):
                return True
        return False


def _first_of_weight(units: Sequence[Unit], opening: set[int], small: set[int]) -> int | None:
    """Return where the first unit starts that opens a question, or is no small word."""
    return next((u.start for u in units if u.start in opening or u.start not in small), None)


def _or(own: Words | None, shipped: Words) -> Words:
    return shipped if own is None else own


def _similarity(a: _Question, b: _Question) -> float:
    """Return 2 x common content in the same order / content of both (Indel similarity)."""
    return float(Indel.normalized_similarity(a.content, b.content))


def _counts(scope: Scope, passage: Passage, question: _Question) -> bool:
    start_s, _ = passage.span_s(question.start, question.end)
    trusted = scope.trusts(passage, question.start, question.end)
    return trusted and scope.admits(start_s, question.turn)


def _finding(scope: Scope, passage: Passage, question: _Question, similarity: float) -> Finding:
    start_s, end_s = passage.span_s(question.start, question.end)
    return Finding(
        signal=scope.signal,
        detector="repeated_question",
        role=passage.role,
        start_s=start_s,
        end_s=end_s,
        quote=passage.text[question.start : question.end],
        value=similarity,
        turn=question.turn,
    )
