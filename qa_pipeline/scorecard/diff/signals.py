"""What changed in the signals: new ones, renamed ones, and every key of the others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qa_pipeline.scorecard.diff.difference import ADDED, REMOVED, Difference, became
from qa_pipeline.scorecard.diff.renaming import Names, Signals, renamed
from qa_pipeline.scorecard.diff.steps import step_changes
from qa_pipeline.scorecard.diff.values import LISTS, data, lists, plain
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.texts import Text

PhraseGroups = Sequence[Sequence[str]]

_BUILT_IN = Text(en="the built-in list", zh="自带词表")
#: Lists for which nothing stands in where they are not written.
_WITHOUT_DEFAULT = frozenset(("any_of", "all_of"))


def signal_changes(old: Signals, new: Signals, names: Names) -> Iterator[Difference]:
    """Yield what is different, `names` being the renamed ones, in the order of the new file."""
    old_names = {name: other for other, name in names.items()}
    for name, signal in new.items():
        if name in old_names:
            other = old_names[name]
            text = Text(en=f"renamed from {other}", zh=f"由 {other} 改名")
            yield Difference("signal", name, None, None, other, name, text)
        elif name not in old:
            yield Difference("signal", name, None, None, None, data(_keys(signal)), ADDED)
        else:
            yield from _signal(name, renamed(old[name], names), signal)
    for name, signal in old.items():
        if name not in new and name not in names:
            yield Difference("signal", name, None, None, data(_keys(signal)), None, REMOVED)


def _signal(name: str, was: Signal, now: Signal) -> Iterator[Difference]:
    """Yield the keys that differ; where the detector does, of what is written alone."""
    before, after = _keys(was), _keys(now)
    written = _written(was) | _written(now)
    for key in dict.fromkeys((*before, *after)):
        if key in written and before.get(key) != after.get(key):
            yield from _key(name, key, before, after)


def _key(
    name: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    old, new = before.get(key), after.get(key)
    if key == "steps":
        for text in step_changes(old or (), new or ()):
            yield Difference("signal", name, None, key, data(old), data(new), text)
    elif key == "all_of" and old and new and len(old) == len(new):
        yield from _groups(name, old, new)
    elif key in LISTS and old and new:
        yield from lists("signal", name, None, key, LISTS[key], old, new)
    elif key in LISTS and key not in _WITHOUT_DEFAULT and key in before and key in after:
        was, now = (_BUILT_IN if value is None else value for value in (old, new))
        text = became(LISTS[key], was, now)
        yield Difference("signal", name, None, key, data(old), data(new), text)
    else:
        yield from plain("signal", name, None, key, old, new)


def _groups(name: str, old: PhraseGroups, new: PhraseGroups) -> Iterator[Difference]:
    """Yield what changed inside the groups of an `all_of` that still has as many."""
    for i, (before, after) in enumerate(zip(old, new, strict=True), start=1):
        label = Text(en=f"phrases of group {i}", zh=f"第 {i} 组词句")
        yield from lists("signal", name, None, f"all_of.{i}", label, before, after)


def _keys(signal: Signal) -> dict[str, Any]:
    """Return a signal's keys as they are written in YAML."""
    return signal.model_dump(by_alias=True)


def _written(signal: Signal) -> set[str]:
    """Return the keys that do not stand at their default by being left out."""
    return set(signal.model_dump(by_alias=True, exclude_unset=True))
