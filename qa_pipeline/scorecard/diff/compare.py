"""Compares two scorecards part by part, in the order of the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qa_pipeline.scorecard.diff.difference import (
    ADDED,
    REMOVED,
    Difference,
    Subject,
    became,
    list_changes,
)
from qa_pipeline.scorecard.diff.formulas import formula_changes
from qa_pipeline.scorecard.model import Criterion, Scorecard
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.texts import Language, Text, same

Titles = Mapping[Language, str] | None
PhraseGroups = Sequence[Sequence[str]]

_TITLE = Text(en="title", zh="标题")
_KEYS: Mapping[str, Text] = {
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
_LISTS: Mapping[str, Text] = {
    "any_of": _PHRASES,
    "all_of": Text(en="groups of phrases", zh="词句组"),
    "except": Text(en="exceptions", zh="例外词句"),
    "excused_by": Text(en="excuses", zh="免责词句"),
    "lexicon": Text(en="words", zh="词表"),
    "ambiguous": Text(en="ambiguous words", zh="歧义词"),
    "back_channels": Text(en="back-channels", zh="应答词"),
    "after": Text(en="anchors (after)", zh="锚点（之后）"),
    "before": Text(en="anchors (before)", zh="锚点（之前）"),
}


def differences(old: Scorecard, new: Scorecard) -> tuple[Difference, ...]:
    """Return what `new` says otherwise than `old`: the card, classes, criteria, then signals."""
    return (
        *_card(old, new),
        *_severities(old, new),
        *_sections(old, new),
        *_criteria(old, new),
        *_signals(old, new),
    )


def _card(old: Scorecard, new: Scorecard) -> Iterator[Difference]:
    name = new.scorecard
    for key in (
        "scorecard", "version", "title", "language", "effective_from", "pass_mark",
        "min_coverage", "fatal_on_mono",
    ):  # fmt: skip
        yield from _plain("scorecard", name, None, key, getattr(old, key), getattr(new, key))
    for column in dict.fromkeys((*old.applies_to, *new.applies_to)):
        before, after = old.applies_to.get(column, ()), new.applies_to.get(column, ())
        label = Text(en=f"applies to {column}", zh=f"适用范围 {column}")
        if before and after:
            yield from _lists("scorecard", name, None, f"applies_to.{column}", label, before, after)
        elif before != after:
            yield Difference(
                "scorecard", name, None, f"applies_to.{column}", _data(before), _data(after),
                became(label, before, after),
            )  # fmt: skip
    label = Text(en="counted signals", zh="计数信号")
    yield from _lists("scorecard", name, None, "count", label, old.count, new.count)


def _severities(old: Scorecard, new: Scorecard) -> Iterator[Difference]:
    yield from _joined_and_left(
        "severity",
        {name: each.title for name, each in old.severities.items()},
        {name: each.title for name, each in new.severities.items()},
    )
    for name in [name for name in new.severities if name in old.severities]:
        was, now = old.severities[name], new.severities[name]
        for key in ("title", "fatal"):
            yield from _plain(
                "severity", name, now.title, key, getattr(was, key), getattr(now, key)
            )


def _sections(old: Scorecard, new: Scorecard) -> Iterator[Difference]:
    was = {section.id: section.title for section in old.sections}
    now = {section.id: section.title for section in new.sections}
    yield from _joined_and_left("section", was, now)
    both = [name for name in now if name in was]
    for name in both:
        yield from _plain("section", name, now[name], "title", was[name], now[name])
    if both != [name for name in was if name in now]:
        yield Difference(
            "scorecard", new.scorecard, None, "sections", list(was), list(now),
            Text(en="sections in another order", zh="分类顺序改变"),
        )  # fmt: skip


def _criteria(old: Scorecard, new: Scorecard) -> Iterator[Difference]:
    was, now = _by_id(old), _by_id(new)
    yield from _joined_and_left(
        "criterion",
        {name: criterion.title for name, (_, criterion) in was.items()},
        {name: criterion.title for name, (_, criterion) in now.items()},
    )
    for name, (section, criterion) in now.items():
        if name in was:
            yield from _criterion(was[name], (section, criterion))
    for place in new.sections:
        order = [c.id for c in place.criteria if _stood_in(was, c.id, place.id)]
        before = [name for name, (there, _) in was.items() if there == place.id and name in order]
        if order != before:
            yield Difference(
                "section", place.id, place.title, "criteria", before, order,
                Text(en="criteria in another order", zh="标准顺序改变"),
            )  # fmt: skip


def _stood_in(criteria: Mapping[str, tuple[str, Criterion]], name: str, section: str) -> bool:
    return name in criteria and criteria[name][0] == section


def _criterion(was: tuple[str, Criterion], now: tuple[str, Criterion]) -> Iterator[Difference]:
    (section, before), (place, after) = was, now
    name, title = after.id, after.title
    if section != place:
        label = Text(en="moved to another section:", zh="移到另一分类：")
        text = became(label, section, place)
        yield Difference("criterion", name, title, "section", section, place, text)
    for key in ("title", "severity", "points", "judged_by", "min_tier", "guidance"):
        yield from _plain("criterion", name, title, key, getattr(before, key), getattr(after, key))
    for key in ("when", "pass_if"):
        old, new = getattr(before, key), getattr(after, key)
        for text in formula_changes(key, old, new) if old != new else ():
            yield Difference("criterion", name, title, key, old, new, text)
    yield from _lists("criterion", name, title, "hints", _KEYS["hints"], before.hints, after.hints)
    if before.examples != after.examples:
        n, m = (
            len(e.pass_) + len(e.fail) + len(e.not_applicable)
            for e in (before.examples, after.examples)
        )
        text = Text(en=f"examples changed ({n} → {m})", zh=f"示例改变（{n} → {m}）")
        yield Difference("criterion", name, title, "examples", n, m, text)


def _signals(old: Scorecard, new: Scorecard) -> Iterator[Difference]:
    was, now = dict(old.signals), dict(new.signals)
    renamed = {
        name: other
        for name in now
        for other in was
        if name not in was and other not in now and now[name] == was[other]
    }
    for name in now:
        if name in renamed:
            other = renamed[name]
            text = Text(en=f"renamed from {other}", zh=f"由 {other} 改名")
            yield Difference("signal", name, None, None, other, name, text)
        elif name not in was:
            yield Difference("signal", name, None, None, None, _data(_keys(now[name])), ADDED)
        else:
            yield from _signal(name, was[name], now[name])
    for name in was:
        if name not in now and name not in renamed.values():
            yield Difference("signal", name, None, None, _data(_keys(was[name])), None, REMOVED)


def _signal(name: str, was: Signal, now: Signal) -> Iterator[Difference]:
    before, after = _keys(was), _keys(now)
    if was.detector != now.detector:
        yield from _plain("signal", name, None, "detector", was.detector, now.detector)
        return
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if key == "all_of" and old and new and len(old) == len(new):
            yield from _groups(name, old, new)
        elif key in _LISTS and isinstance(old, tuple) and isinstance(new, tuple) and old and new:
            yield from _lists("signal", name, None, key, _LISTS[key], old, new)
        else:
            yield from _plain("signal", name, None, key, old, new)


def _groups(name: str, old: PhraseGroups, new: PhraseGroups) -> Iterator[Difference]:
    """Yield what changed inside the groups of an `all_of` that still has as many."""
    for i, (before, after) in enumerate(zip(old, new, strict=True), start=1):
        label = Text(en=f"phrases of group {i}", zh=f"第 {i} 组词句")
        yield from _lists("signal", name, None, f"all_of.{i}", label, before, after)


def _keys(signal: Signal) -> dict[str, Any]:
    """Return a signal's keys as they are written in YAML."""
    return signal.model_dump(by_alias=True)


def _by_id(card: Scorecard) -> dict[str, tuple[str, Criterion]]:
    return {
        criterion.id: (section.id, criterion)
        for section in card.sections
        for criterion in section.criteria
    }


def _joined_and_left(
    subject: Subject, was: Mapping[str, Titles], now: Mapping[str, Titles]
) -> Iterator[Difference]:
    for name, title in now.items():
        if name not in was:
            yield Difference(subject, name, title, None, None, name, ADDED)
    for name, title in was.items():
        if name not in now:
            yield Difference(subject, name, title, None, name, None, REMOVED)


def _plain(
    subject: Subject, name: str, title: Titles, key: str, before: Any, after: Any
) -> Iterator[Difference]:
    if before == after:
        return
    label = _KEYS.get(key) or _LISTS.get(key) or same(key)
    text = became(label, before, after)
    if key in ("title", "guidance"):
        text = _in_each_language(label, before or {}, after or {})
    yield Difference(subject, name, title, key, _data(before), _data(after), text)


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


def _lists(
    subject: Subject, name: str, title: Titles, key: str, label: Text,
    before: Sequence[Any], after: Sequence[Any],
) -> Iterator[Difference]:  # fmt: skip
    whole = Difference(subject, name, title, key, _data(before), _data(after), label)
    for text in list_changes(label, before, after):
        yield replace(whole, text=text)


def _data(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, tuple | list):
        return [_data(item) for item in value]
    if isinstance(value, dict):
        return {key: _data(item) for key, item in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)
