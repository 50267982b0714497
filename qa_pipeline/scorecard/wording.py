"""Checks what signals look for: phrases that can be found, RE2 patterns, phrases to go by sound."""

from collections.abc import Iterator, Mapping
from typing import Any

from qa_pipeline.documents import Fault, Path
from qa_pipeline.language.inflection import MAX_FORMS, n_forms
from qa_pipeline.language.patterns import pattern_problem
from qa_pipeline.language.phrases import phrase_problem
from qa_pipeline.language.sounds import n_syllables
from qa_pipeline.scorecard.draft import Draft
from qa_pipeline.texts import Language, Text

#: Keys that hold phrases, of any detector; those of a pattern signal hold patterns.
_PHRASE_KEYS = (
    *("any_of", "all_of", "except", "lexicon", "ambiguous", "excused_by", "back_channels"),
    *("line_checks", "announced_by", "thanked_by", "question_words", "ignored_words"),
    *("not_heard", "read_back_by", "of", "corrected_by", "phrases"),
)

_NO_LETTERS = (
    Text(en="a phrase without letters or digits", zh="词句中没有文字或数字"),
    Text(en="write the words to look for, or delete it", zh="请写出要找的词句，或删除此项"),
)


def wording_faults(card: Draft) -> Iterator[Fault]:
    """Yield what keeps a phrase or a pattern from ever being found."""
    language: Language = "en" if card.top.get("language") == "en" else "zh"
    for name, keys in card.signals.items():
        match = keys.get("match")
        if match == "sound":
            yield from _sound_faults(card, name, language)
        if keys.get("inflect") is True:
            yield from _inflection_faults(card, name, language)
        for path, written in written_phrases(keys, ("signals", name)):
            if not written:
                continue  # the model tells it
            is_pattern = match == "regex"
            if not is_pattern and not any(character.isalnum() for character in written):
                yield card.fault(path, what=_NO_LETTERS[0], fix=_NO_LETTERS[1], got=written)
                continue
            problem = pattern_problem(written) if is_pattern else phrase_problem(written, language)
            if problem is not None:
                place = card.document.place(path, character=problem.offset)
                yield card.document.fault(place, problem.what, problem.fix, got=written)


def _sound_faults(card: Draft, name: str, language: Language) -> Iterator[Fault]:
    if language == "en":
        yield card.fault(
            ("signals", name, "match"),
            what=Text(en="match: sound is for Chinese alone", zh="match: sound 只用于中文"),
            fix=Text(en="write match: text", zh="请写 match: text"),
            got="sound",
        )
        return
    for path, phrase in written_phrases(card.signals[name], ("signals", name)):
        if n_syllables(phrase) == 1:
            yield card.fault(
                path,
                what=Text(
                    en="one syllable is too little to go by sound", zh="单音节词不能按读音匹配"
                ),
                fix=Text(
                    en="write a longer phrase, or match: text",
                    zh="请写更长的词句，或 match: text",
                ),
                got=phrase,
            )


def _inflection_faults(card: Draft, name: str, language: Language) -> Iterator[Fault]:
    if language == "zh":
        yield card.fault(
            ("signals", name, "inflect"),
            what=Text(en="inflect is for English alone", zh="inflect 只用于英文"),
            fix=Text(en="delete inflect", zh="请删除 inflect"),
            got="true",
        )
        return
    for path, phrase in written_phrases(card.signals[name], ("signals", name)):
        if n_forms(phrase) > MAX_FORMS:
            yield card.fault(
                path,
                what=Text(
                    en=f"more than {MAX_FORMS} forms of one phrase",
                    zh=f"一个词句的变形超过 {MAX_FORMS} 种",
                ),
                fix=Text(
                    en="write fewer words in it, or this phrase in a signal without inflect",
                    zh="请减少其中的词，或放到不写 inflect 的信号中",
                ),
                got=phrase,
            )


def written_phrases(keys: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every phrase or pattern of a signal's keys, and where it stands in the document."""
    for key in _PHRASE_KEYS:
        yield from _leaves(keys.get(key), (*path, key))
    steps = keys.get("steps")
    for i, step in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(step, dict):
            yield from _leaves(step.get("any_of"), (*path, "steps", i, "any_of"))


def _leaves(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _leaves(item, (*path, i))
