"""Checks what a phrase signal looks for: RE2 patterns, and phrases that sound can find."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import re2

from qa_pipeline.documents import Fault, Path
from qa_pipeline.scorecard.draft import Draft
from qa_pipeline.texts import Text

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_ASCII_ONLY = re.compile(rf"{_HAN}(\\[bBw])|(\\[bBw])(?=[*+?]*{_HAN})")
_LOOKS_AROUND = re.compile(r"\(\?(=|!|<=|<!)")
_REFERS_BACK = re.compile(r"(?<!\\)(?:\\\\)*\\[1-9]|\(\?P=")


def pattern_faults(card: Draft) -> Iterator[Fault]:
    """Yield what keeps a `match: regex` signal's patterns from being RE2."""
    for path, pattern in _phrases(card, "regex"):
        if refused := _refusal(pattern):
            at, what, fix = refused
            yield card.document.fault(
                card.document.place(path, character=at), what, fix, got=pattern
            )


def _refusal(pattern: str) -> tuple[int, Text, Text] | None:
    if found := _LOOKS_AROUND.search(pattern):
        return (
            found.start(),
            Text(en="look-around is not RE2", zh="RE2 不支持环视"),
            Text(en="use except: for what must not be near", zh="请用 except: 排除"),
        )
    if found := _REFERS_BACK.search(pattern):
        return (
            found.start(),
            Text(en="back-references are not RE2", zh="RE2 不支持反向引用"),
            Text(en="write the alternatives out: (aa|bb)", zh="请写出各种可能：(aa|bb)"),
        )
    if found := _ASCII_ONLY.search(pattern):
        return (
            found.start(1) if found[1] else found.start(2),
            Text(en=r"\b, \B and \w know no Chinese characters", zh=r"\b、\B、\w 不认识汉字"),
            Text(en=r"leave it out, or write [\p{Han}\w]", zh=r"请删除，或写 [\p{Han}\w]"),
        )
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        return (
            0,
            Text(
                en=f"not an RE2 pattern: {_reason(error)}",
                zh=f"不是合法的 RE2 模式：{_reason(error)}",
            ),
            Text(
                en=r"write \ before . ? * + ( ) [ ] that are meant as text",
                zh=r"作为文字的 . ? * + ( ) [ ] 前请加 \ ",
            ),
        )
    return None


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


def sound_faults(card: Draft) -> Iterator[Fault]:
    """Yield what keeps a `match: sound` signal from being found by sound."""
    is_chinese = card.top.get("language") != "en"
    if not is_chinese:
        for name, keys in card.signals.items():
            if keys.get("match") == "sound":
                yield card.fault(
                    ("signals", name, "match"),
                    what=Text(en="match: sound is for Chinese alone", zh="match: sound 只用于中文"),
                    fix=Text(en="write match: text", zh="请写 match: text"),
                    got="sound",
                )
        return
    for path, phrase in _phrases(card, "sound"):
        if n_syllables(phrase) == 1:
            yield card.fault(
                path,
                what=Text(
                    en="one syllable is too little to go by sound", zh="单音节词不能按读音匹配"
                ),
                fix=Text(
                    en="write a longer phrase, or match: text", zh="请写更长的词句，或 match: text"
                ),
                got=phrase,
            )


def n_syllables(phrase: str) -> int:
    """Return a Chinese phrase's syllables: a character, a digit, a Latin word is one each."""
    return len(re.findall(rf"{_HAN}|[0-9]|[^\W\d_]+?(?={_HAN}|[\W\d_]|$)", phrase))


def _phrases(card: Draft, match: str) -> Iterator[tuple[Path, str]]:
    for name, keys in card.signals.items():
        if keys.get("detector") == "phrase" and keys.get("match") == match:
            for key in ("any_of", "all_of", "except"):
                yield from _texts(keys.get(key), ("signals", name, key))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _texts(item, (*path, i))
    elif isinstance(value, Mapping):
        return
