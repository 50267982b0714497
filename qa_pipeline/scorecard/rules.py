"""What a scorecard must keep beyond its shape: known names, readable expressions, no cycles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from qa_pipeline.documents import MAX_ERRORS, Fault, Path, closest, meant, nearest, one_of
from qa_pipeline.scorecard.draft import Draft, Formula
from qa_pipeline.scorecard.expressions import Compares, Leaf, leaves
from qa_pipeline.scorecard.wording import wording_faults
from qa_pipeline.texts import Text

_NEITHER_TRUE_NOR_FALSE = Text(
    en="this signal measures; it is neither true nor false", zh="此信号是度量值，没有真假"
)
_UNKNOWN = Text(en="unknown signal", zh="未知的信号")
_NOTHING_TO_FIND = Text(
    en="this signal measures a value: there is nothing to find or to count",
    zh="此信号只有度量值，没有可发现或可计数的内容",
)


def rule_faults(card: Draft) -> Iterator[Fault]:
    """Yield every fault that the model does not see, in no particular order."""
    yield from _title_faults(card)
    yield from _repeated_ids(card)
    yield from _repeated_steps(card)
    yield from _severity_faults(card)
    misspelt = _misspelt(card)
    yield from _formula_faults(card, misspelt)
    yield from _name_faults(card, misspelt)
    yield from _cycle_faults(card)
    yield from _unused_signals(card, misspelt)
    yield from _points_faults(card)
    yield from _example_faults(card)
    yield from wording_faults(card)


def _title_faults(card: Draft) -> Iterator[Fault]:
    """Every title must have the scorecard's language."""
    language = card.top.get("language")
    if language not in ("zh", "en"):
        return
    severities = card.top.get("severities")
    holders: list[tuple[Path, Mapping[str, Any]]] = [((), card.top), *card.sections, *card.criteria]
    for name, severity in (severities if isinstance(severities, dict) else {}).items():
        if isinstance(severity, dict):
            holders.append((("severities", name), severity))
    for path, holder in holders:
        for key in ("title", "guidance"):
            title = holder.get(key)
            if isinstance(title, dict) and title and language not in title:
                yield card.document.fault(
                    card.document.place((*path, key, next(iter(title))), key=True),
                    Text(
                        en="the text is missing in the scorecard's language",
                        zh="缺少评分表所用语言的文字",
                    ),
                    Text(en=f"add {language}: ...", zh=f"请添加 {language}: ..."),
                )


def _repeated_ids(card: Draft) -> Iterator[Fault]:
    for holders in (card.sections, card.criteria):
        seen: set[str] = set()
        for path, holder in holders:
            name = holder.get("id")
            if isinstance(name, str) and name in seen:
                yield card.fault(
                    (*path, "id"),
                    what=Text(en="this id stands here for the second time", zh="此 id 重复出现"),
                    fix=Text(en="choose another id", zh="请改用其他 id"),
                    got=name,
                )
            elif isinstance(name, str):
                seen.add(name)


def _repeated_steps(card: Draft) -> Iterator[Fault]:
    for name, keys in card.signals.items():
        steps = keys.get("steps")
        seen: set[str] = set()
        for i, step in enumerate(steps if isinstance(steps, list) else []):
            step_id = step.get("id") if isinstance(step, dict) else None
            if isinstance(step_id, str) and step_id in seen:
                yield card.fault(
                    ("signals", name, "steps", i, "id"),
                    what=Text(
                        en="this step stands here for the second time", zh="此步骤 id 重复出现"
                    ),
                    fix=Text(en="choose another id", zh="请改用其他 id"),
                    got=step_id,
                )
            elif isinstance(step_id, str):
                seen.add(step_id)


def _severity_faults(card: Draft) -> Iterator[Fault]:
    severities = card.top.get("severities")
    if not isinstance(severities, dict):
        return
    for path, criterion in card.criteria:
        severity = criterion.get("severity")
        if isinstance(severity, str) and severity and severity not in severities:
            yield card.fault(
                (*path, "severity"),
                what=Text(en="unknown severity", zh="未知的严重程度"),
                fix=nearest(severity, severities),
                got=severity,
            )


@dataclass(frozen=True, slots=True)
class _Misspelt:
    """Which signals the unknown names most likely mean: of as many names as a person is told.

    A file of thousands would be compared with its signals for minutes.
    """

    meant: Mapping[str, str | None]
    otherwise: Text

    @property
    def is_cut(self) -> bool:
        """Whether there may be unknown names beyond these."""
        return len(self.meant) == MAX_ERRORS

    def fix(self, name: str) -> Text:
        """Return the advice for an unknown name."""
        close = self.meant.get(name)
        return self.otherwise if close is None else meant(close)


def _misspelt(card: Draft) -> _Misspelt:
    unknown = dict.fromkeys(name for name in card.named() if name not in card.signals)
    close = {name: closest(name, card.signals) for name in islice(unknown, MAX_ERRORS)}
    return _Misspelt(close, one_of(card.signals))


def _formula_faults(card: Draft, misspelt: _Misspelt) -> Iterator[Fault]:
    for formula in card.formulas:
        if (error := formula.unreadable) is not None:
            place = card.document.place(formula.path, character=error.at)
            yield card.document.fault(place, error.what, error.fix, got=error.got)
        if formula.expression is not None:
            for leaf, _ in leaves(formula.expression):
                if leaf.signal in card.signals:
                    yield from _leaf_faults(card, formula, leaf)
                else:
                    place = card.document.place(formula.path, character=leaf.at)
                    fix = misspelt.fix(leaf.signal)
                    yield card.document.fault(place, _UNKNOWN, fix, got=leaf.signal)


def _leaf_faults(card: Draft, formula: Formula, leaf: Leaf) -> Iterator[Fault]:
    kind = card.kind(leaf.signal)
    if kind is None:
        return
    if isinstance(leaf, Compares) and leaf.measure == "thanked":
        if card.signals[leaf.signal].get("detector") != "hold":
            yield card.document.fault(
                card.document.place(formula.path, character=leaf.at),
                Text(en="thanked is a measure of hold alone", zh="thanked 只是 hold 的度量"),
                Text(en="compare count instead", zh="请改为比较 count"),
                got=leaf.signal,
            )
    elif kind.measures_only and not (isinstance(leaf, Compares) and leaf.measure == "value"):
        yield card.document.fault(
            card.document.place(formula.path, character=leaf.at),
            _NOTHING_TO_FIND if isinstance(leaf, Compares) else _NEITHER_TRUE_NOR_FALSE,
            Text(
                en=f"compare it: {leaf.signal}.value <= ...",
                zh=f"请比较：{leaf.signal}.value <= ...",
            ),
            got=leaf.signal,
        )


def _name_faults(card: Draft, misspelt: _Misspelt) -> Iterator[Fault]:
    for use in card.uses():
        kind = card.kind(use.signal) if use.signal in card.signals else None
        if kind is not None and kind.measures_only:
            yield card.fault(
                use.path,
                what=_NOTHING_TO_FIND,
                fix=Text(
                    en=f"delete it; criteria compare {use.signal}.value",
                    zh=f"请删除；标准中可比较 {use.signal}.value",
                ),
                got=use.signal,
            )
        if use.signal not in card.signals:
            yield card.fault(
                use.path,
                what=_UNKNOWN,
                fix=misspelt.fix(use.signal),
                got=use.signal,
            )


def _cycle_faults(card: Draft) -> Iterator[Fault]:
    """Tell each cycle of anchors once, at the anchor that closes it."""
    hangs_on: dict[str, list[str]] = {name: [] for name in card.signals}
    for name, use in card.anchors():
        if use.signal not in hangs_on:
            continue
        if name == use.signal or _reaches(hangs_on, use.signal, name):
            yield card.fault(
                use.path,
                what=Text(en="anchors that go round in a circle", zh="锚点循环引用"),
                fix=Text(
                    en="delete one after: or before: of the circle",
                    zh="请删除循环中的一个 after: 或 before:",
                ),
                got=use.signal,
            )
        else:
            hangs_on[name].append(use.signal)


def _reaches(hangs_on: Mapping[str, list[str]], start: str, goal: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for name in hangs_on[waiting.pop()]:
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return False


def _unused_signals(card: Draft, misspelt: _Misspelt) -> Iterator[Fault]:
    """Tell what nothing uses, but not what an unknown name means: one fault is enough for both."""
    if misspelt.is_cut:
        return  # a name that was not compared may mean any of them
    used = {*card.named(), *misspelt.meant.values()}
    unread = [formula for formula in card.formulas if formula.expression is None]
    for name in card.signals:
        if name not in used and not any(formula.mentions(name) for formula in unread):
            yield card.document.fault(
                card.document.place(("signals", name), key=True),
                Text(en="a signal that nothing uses", zh="信号未被使用"),
                Text(
                    en="use it in when, pass_if, count, hints or as an anchor, or delete it",
                    zh="请在 when、pass_if、count、hints 或锚点中使用，或删除",
                ),
                got=name,
            )


def _points_faults(card: Draft) -> Iterator[Fault]:
    points = [criterion.get("points") for _, criterion in card.criteria]
    if points and all(p == 0 for p in points):
        yield card.document.fault(
            card.document.place(("sections",), key=True),
            Text(en="all criteria together have 0 points", zh="所有标准合计 0 分"),
            Text(en="give at least one criterion points", zh="请至少给一个标准赋分"),
        )


def _example_faults(card: Draft) -> Iterator[Fault]:
    for path, criterion in card.criteria:
        examples = criterion.get("examples")
        if isinstance(examples, dict) and "not_applicable" in examples and "when" not in criterion:
            yield card.document.fault(
                card.document.place((*path, "examples", "not_applicable"), key=True),
                Text(
                    en="not_applicable examples of a criterion without when",
                    zh="没有 when 的标准不会“不适用”",
                ),
                Text(en="add when: ... or delete them", zh="请添加 when: ...，或删除这些示例"),
            )
