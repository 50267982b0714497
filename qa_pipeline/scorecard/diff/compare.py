"""Compares two scorecards part by part, in the order of the file."""

from collections.abc import Iterator, Mapping

from qa_pipeline.scorecard.diff.difference import ADDED, REMOVED, Difference, Subject, became
from qa_pipeline.scorecard.diff.formulas import formula_changes
from qa_pipeline.scorecard.diff.renaming import Names, named, new_names
from qa_pipeline.scorecard.diff.signals import signal_changes
from qa_pipeline.scorecard.diff.values import KEYS, Titles, data, lists, plain
from qa_pipeline.scorecard.model import Criterion, Scorecard
from qa_pipeline.texts import Text


def differences(old: Scorecard, new: Scorecard) -> tuple[Difference, ...]:
    """Return what `new` says otherwise than `old`: the card, classes, criteria, then signals.

    What names a signal differs by more than that signal's new name.
    """
    names = new_names(old.signals, new.signals)
    return (
        *_card(old, new, names),
        *_severities(old, new),
        *_sections(old, new),
        *_criteria(old, new, names),
        *signal_changes(old.signals, new.signals, names),
    )


def _card(old: Scorecard, new: Scorecard, names: Names) -> Iterator[Difference]:
    name = new.scorecard
    for key in (
        "scorecard", "version", "title", "language", "effective_from", "pass_mark",
        "min_coverage", "fatal_on_mono",
    ):  # fmt: skip
        yield from plain("scorecard", name, None, key, getattr(old, key), getattr(new, key))
    for column in dict.fromkeys((*old.applies_to, *new.applies_to)):
        before, after = old.applies_to.get(column, ()), new.applies_to.get(column, ())
        label = Text(en=f"applies to {column}", zh=f"适用范围 {column}")
        if before and after:
            yield from lists("scorecard", name, None, f"applies_to.{column}", label, before, after)
        elif before != after:
            yield Difference(
                "scorecard", name, None, f"applies_to.{column}", data(before), data(after),
                became(label, before, after),
            )  # fmt: skip
    label = Text(en="counted signals", zh="计数信号")
    yield from lists("scorecard", name, None, "count", label, named(old.count, names), new.count)


def _severities(old: Scorecard, new: Scorecard) -> Iterator[Difference]:
    yield from _joined_and_left(
        "severity",
        {name: each.title for name, each in old.severities.items()},
        {name: each.title for name, each in new.severities.items()},
    )
    for name in [name for name in new.severities if name in old.severities]:
        was, now = old.severities[name], new.severities[name]
        for key in ("title", "fatal"):
            yield from plain("severity", name, now.title, key, getattr(was, key), getattr(now, key))


def _sections(old: Scorecard, new: Scorecard) -> Iterator[Difference]:
    was = {section.id: section.title for section in old.sections}
    now = {section.id: section.title for section in new.sections}
    yield from _joined_and_left("section", was, now)
    both = [name for name in now if name in was]
    for name in both:
        yield from plain("section", name, now[name], "title", was[name], now[name])
    if both != [name for name in was if name in now]:
        yield Difference(
            "scorecard", new.scorecard, None, "sections", list(was), list(now),
            Text(en="sections in another order", zh="分类顺序改变"),
        )  # fmt: skip


def _criteria(old: Scorecard, new: Scorecard, names: Names) -> Iterator[Difference]:
    was, now = _by_id(old), _by_id(new)
    yield from _joined_and_left(
        "criterion",
        {name: criterion.title for name, (_, criterion) in was.items()},
        {name: criterion.title for name, (_, criterion) in now.items()},
    )
    for name, (section, criterion) in now.items():
        if name in was:
            yield from _criterion(was[name], (section, criterion), names)
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


def _criterion(
    was: tuple[str, Criterion], now: tuple[str, Criterion], names: Names
) -> Iterator[Difference]:
    (section, before), (place, after) = was, now
    name, title = after.id, after.title
    if section != place:
        label = Text(en="moved to another section:", zh="移到另一分类：")
        text = became(label, section, place)
        yield Difference("criterion", name, title, "section", section, place, text)
    for key in ("title", "severity", "points", "judged_by", "min_tier", "guidance"):
        yield from plain("criterion", name, title, key, getattr(before, key), getattr(after, key))
    for key in ("when", "pass_if"):
        old, new = getattr(before, key), getattr(after, key)
        for text in formula_changes(key, old, new, names) if old != new else ():
            yield Difference("criterion", name, title, key, old, new, text)
    hints = named(before.hints, names)
    yield from lists("criterion", name, title, "hints", KEYS["hints"], hints, after.hints)
    if before.examples != after.examples:
        n, m = (
            len(e.pass_) + len(e.fail) + len(e.not_applicable)
            for e in (before.examples, after.examples)
        )
        text = Text(en=f"examples changed ({n} → {m})", zh=f"示例改变（{n} → {m}）")
        yield Difference("criterion", name, title, "examples", n, m, text)


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
