"""Differences of single keys: values, titles and lists, with the words for every key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qa_pipeline.scorecard.diff.difference import Difference, Subject, became, list_changes
from qa_pipeline.texts import Language, Text, same

Titles = Mapping[Language, str] | None

_TITLE = Text(en="title", zh="标题")
KEYS: Mapping[str, Text] = {
    "scorecard": Text(en="id", zh="编号"),
    "version": Text(en="version", zh="版本"),
    "title": _TITLE,
    "language": Text(en="language", zh="语言"),
    "effective_from": Text(en="in force from", zh="生效日期"),
    "pass_mark": Text(en="pass mark", zh="合格分"),
    "min_coverage": Text(en="least coverage", zh="最低覆盖率"),
    "fatal_on_mono": Text(en="fatal on mono calls", zh="单声道可判致命"),
    "fatal": Text(en="fatal", zh="致命"),
    "severity": Text(en="severity", zh="严重程度"),
    "points": Text(en="points", zh="分值"),
    "judged_by": Text(en="judged by", zh="评判者"),
    "guidance": Text(en="guidance", zh="评判指引"),
    "min_tier": Text(en="least evidence", zh="最低证据级别"),
    "hints": Text(en="hints", zh="提示信号"),
    "detector": Text(en="detector", zh="检测器"),
}
_PHRASES = Text(en="phrases", zh="词句")
LISTS: Mapping[str, Text] = {
    "any_of": _PHRASES,
    "all_of": Text(en="groups of phrases", zh="词句组"),
    "except": Text(en="exceptions", zh="例外词句"),
    "excused_by": Text(en="excuses", zh="免责词句"),
    "lexicon": Text(en="words", zh="词表"),
    "ambiguous": Text(en="ambiguous words", zh="歧义词"),
    "back_channels": Text(en="back-channels", zh="应答词"),
    "line_checks": Text(en="line checks", zh="试探线路的话"),
    "announced_by": Text(en="announcements", zh="请等待的话"),
    "thanked_by": Text(en="thanks", zh="致谢词句"),
    "question_words": Text(en="question words", zh="疑问词"),
    "ignored_words": Text(en="ignored words", zh="不计的词"),
    "not_heard": Text(en="words for not having heard", zh="没听清的话"),
    "read_back_by": Text(en="words for reading back", zh="复述核对的话"),
    "corrected_by": Text(en="corrections", zh="更正的话"),
    "of": Text(en="what is read back", zh="须复述的内容"),
    "kinds": Text(en="kinds", zh="种类"),
    "phrases": _PHRASES,
    "after": Text(en="anchors (after)", zh="锚点（之后）"),
    "before": Text(en="anchors (before)", zh="锚点（之前）"),
}


def plain(
    subject: Subject, name: str, title: Titles, key: str, before: Any, after: Any
) -> Iterator[Difference]:
    """Yield that a key's value is another one, if it is."""
    if before == after:
        return
    label = KEYS.get(key) or LISTS.get(key) or same(key)
    text = became(label, before, after)
    if key in ("title", "guidance"):
        text = _in_each_language(label, before or {}, after or {})
    yield Difference(subject, name, title, key, data(before), data(after), text)


def _in_each_language(
    label: Text, before: Mapping[Language, str], after: Mapping[Language, str]
) -> Text:
    """Return how a title changed, each language's sentence with that language's title if it did."""

    def said(language: Language) -> str:
        own = language if before.get(language) != after.get(language) else None
        other = next(lang for lang in (*after, *before) if before.get(lang) != after.get(lang))
        shown = own or other
        return became(label, before.get(shown), after.get(shown)).say(language)

    return Text(en=said("en"), zh=said("zh"))


def lists(
    subject: Subject, name: str, title: Titles, key: str, label: Text,
    before: Sequence[Any], after: Sequence[Any],
) -> Iterator[Difference]:  # fmt: skip
    """Yield what joined a key's list and what left it."""
    whole = Difference(subject, name, title, key, data(before), data(after), label)
    for text in list_changes(label, before, after):
        yield replace(whole, text=text)


def data(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, tuple | list):
        return [data(item) for item in value]
    if isinstance(value, dict):
        return {key: data(item) for key, item in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)
