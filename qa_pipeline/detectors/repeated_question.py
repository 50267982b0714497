"""`repeated_question`: somebody asks again what the other has answered."""

from collections.abc import Iterator
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
from qa_pipeline.records import Call, Finding, Role
from qa_pipeline.redaction.sayings import sayings
from qa_pipeline.scorecard.signals import RepeatedQuestionSignal
from qa_pipeline.texts import Language

#: A question that holds so many digits reads back a number that was given.
_READ_DIGITS = 5
#: What must be left of a question to be compared: characters, or words.
_MIN_CONTENT: dict[Language, int] = {"zh": 2, "en": 1}


@dataclass(frozen=True, slots=True)
class _Words:
    """The signal's word lists, each from its key or the shipped lexicon."""

    language: Language
    asking: Words
    opening: Words
    ignored: Words
    not_heard: Words
    reading: Words
    stock: Words


@dataclass(frozen=True, slots=True)
class _Question:
    """A question: what is compared of it, and where it stands in the call's turn `turn`."""

    content: tuple[str, ...]
    turn: int
    start: int
    end: int


def find_repeated_questions(
    call: Call, signal: RepeatedQuestionSignal, scope: Scope
) -> Found | NotMeasured:
    """Find questions of the role, the agent by default, that ask what was answered before.

    Two questions are one where their similarity, the `value`, is `min_similarity` or more: twice
    the characters (English: words) that both have in the same order, over all that both have;
    1 for equal, 0 for nothing in common. `ignored_words` (请问, 您, please, your) are left out first;
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
    """
    askers: tuple[Role, ...] = ("agent", "customer") if scope.role is None else (scope.role,)
    for role in ("agent", "customer"):
        if call.turns_of(role) is None:
            return words_unmeasured(call, role)
        if deaf := unheard(call, role):
            return deaf
    passage = redacted_passages(call, scope)
    passages = [passage(i) for i in range(len(call.turns or ()))]
    words = _words(call.language, signal)
    findings = [
        _finding(scope, passages[question.turn], question, similarity)
        for role in askers
        for question, similarity in _repeated(passages, role, words, signal.min_similarity)
        if _counts(scope, passages[question.turn], question)
    ]
    return Found(tuple(sorted(findings, key=lambda f: (f.start_s or 0.0, f.end_s or 0.0))))


def _words(language: Language, signal: RepeatedQuestionSignal) -> _Words:
    shipped = lexicon(language)

    def chosen(own: Words | None, default: Words) -> Words:
        return default if own is None else own

    return _Words(
        language=language,
        asking=chosen(signal.question_words, shipped.question_words),
        opening=shipped.question_openers if signal.question_words is None else (),
        ignored=chosen(signal.ignored_words, shipped.ignored_words),
        not_heard=chosen(signal.not_heard, shipped.not_heard),
        reading=chosen(signal.read_back_by, shipped.read_back_by),
        stock=chosen(signal.except_, shipped.stock_questions),
    )


def _repeated(
    passages: list[Passage], role: Role, words: _Words, min_similarity: float
) -> Iterator[tuple[_Question, float]]:
    """Yield the role's questions that were answered before, with their similarity."""
    answered: list[_Question] = []
    open_questions: list[_Question] = []
    is_reading = asks_again = False
    for turn, passage in enumerate(passages):
        if not passage.units:
            continue
        not_heard = _not_heard(passage, words)
        if passage.role != role:
            asks_again = asks_again or not_heard
            is_reading = is_reading and is_passing(passage.text, words.language)
            if not not_heard and _answers(passage, words):
                answered += open_questions
                open_questions = []
            continue
        questions, is_reading = _questions(passage, turn, words, is_reading=is_reading)
        if not (asks_again or not_heard):
            for question in questions:
                similarity = max((_similarity(question, one) for one in answered), default=0.0)
                if similarity >= min_similarity - TOLERANCE_S:
                    yield question, similarity
        open_questions += questions
        asks_again = not_heard


def _questions(
    passage: Passage, turn: int, words: _Words, *, is_reading: bool
) -> tuple[list[_Question], bool]:
    """Return a turn's questions outside of read-backs, and whether one is going on at its end."""
    found = []
    for sentence in sentences(passage):
        start, end = passage.units[sentence.first].start, passage.units[sentence.last - 1].end
        is_reading = is_reading or _holds(passage, words.reading, start, end)
        if is_reading or not _asks(passage, sentence, words):
            continue
        if _holds(passage, words.stock, start, end) or _reads_number(passage.text[start:end]):
            continue
        content = _content(passage, sentence, words.ignored)
        if len(content) >= _MIN_CONTENT[words.language]:
            found.append(_Question(content, turn, start, end))
    return found, is_reading


def _asks(passage: Passage, sentence: Sentence, words: _Words) -> bool:
    """Return whether a sentence is a question: by its mark, or a question word."""
    units = passage.units[sentence.first : sentence.last]
    if sentence.asks or _holds(passage, words.asking, units[0].start, units[-1].end):
        return True
    small = [p.start for p in search(passage, words.ignored, "text")]
    opens = {place.start for place in search(passage, words.opening, "text")}
    for unit in units:
        if unit.start in opens:
            return True
        if unit.start not in small:
            return False
    return False


def _content(passage: Passage, sentence: Sentence, ignored: Words) -> tuple[str, ...]:
    """Return the characters or words of a sentence that are compared."""
    units = passage.units[sentence.first : sentence.last]
    left_out = search(passage, ignored, "text")
    return tuple(
        unit.symbol
        for unit in units
        if not any(place.overlaps(unit.start, unit.end) for place in left_out)
    )


def _holds(passage: Passage, phrases: Words, start: int, end: int) -> bool:
    """Return whether one of `phrases` is said in `text[start:end]`."""
    return any(place.overlaps(start, end) for place in search(passage, phrases, "text"))


def _reads_number(text: str) -> bool:
    return any(len(saying.code) >= _READ_DIGITS for saying in sayings(text))


def _not_heard(passage: Passage, words: _Words) -> bool:
    """Return whether somebody says that he did not hear: in words, or with a bare 什么？."""
    if search(passage, words.not_heard, "text"):
        return True
    shipped = lexicon(words.language)
    for sentence in sentences(passage):
        units = passage.units[sentence.first : sentence.last]
        alone = only_back_channels(units, words.language, shipped.asked_back)
        if alone or (sentence.asks and only_back_channels(units, words.language)):
            return True
    return False


def _answers(passage: Passage, words: _Words) -> bool:
    """Return whether a turn says more than that the answer is coming, or a question back."""
    shipped = lexicon(words.language)
    if only_back_channels(passage.units, words.language, shipped.no_answers):
        return False
    return not all(_asks(passage, sentence, words) for sentence in sentences(passage))


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
