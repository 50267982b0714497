"""A scorecard's text before it is known to be one: what the rules look at.

Whatever has the wrong shape is left out here; the model tells it. So every fault of a file is told
in one go.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qa_pipeline.documents import Document, Fault, Path
from qa_pipeline.scorecard.expressions import Expression, Unreadable, leaves, parse
from qa_pipeline.scorecard.signals import SIGNALS, Signal


@dataclass(frozen=True, slots=True)
class Use:
    """A place that names a signal, outside of expressions."""

    signal: str
    path: Path


@dataclass(frozen=True, slots=True)
class Formula:
    """A `when` or `pass_if`: its tree, or why it cannot be read."""

    path: Path
    text: str
    expression: Expression | None
    unreadable: Unreadable | None

    def mentions(self, name: str) -> bool:
        """Whether the text has `name` as a word, readable or not."""
        return (
            re.search(rf"(?<![A-Za-z0-9_.]){re.escape(name)}(?![A-Za-z0-9_])", self.text)
            is not None
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of a document that look like a scorecard's."""

    document: Document
    signals: Mapping[str, Mapping[str, Any]]
    criteria: tuple[tuple[Path, Mapping[str, Any]], ...]
    sections: tuple[tuple[Path, Mapping[str, Any]], ...]
    formulas: tuple[Formula, ...]

    @property
    def top(self) -> Mapping[str, Any]:
        """The document's top mapping."""
        return _mapping(self.document.data)

    def kind(self, signal: str) -> type[Signal] | None:
        """Return what the signal's detector declares, None for an unknown one."""
        return SIGNALS.get(str(self.signals[signal].get("detector")))

    def anchors(self) -> Iterator[tuple[str, Use]]:
        """Yield each signal and the signals that it hangs on."""
        for name, keys in self.signals.items():
            for key in ("after", "before"):
                for use in _names(keys.get(key), ("signals", name, key)):
                    yield name, use

    def uses(self) -> Iterator[Use]:
        """Yield every place outside of expressions that names a signal."""
        yield from _names(self.top.get("count"), ("count",))
        for path, criterion in self.criteria:
            yield from _names(criterion.get("hints"), (*path, "hints"))
        for _, use in self.anchors():
            yield use

    def named(self) -> Iterator[str]:
        """Yield every name that stands for a signal, known or not, as often as it is written."""
        for use in self.uses():
            yield use.signal
        for formula in self.formulas:
            if formula.expression is not None:
                for leaf, _ in leaves(formula.expression):
                    yield leaf.signal

    def fault(self, path: Path, **words: Any) -> Fault:
        """Return a fault at the value at `path`; `words` as `Document.fault` takes them."""
        return self.document.fault(self.document.place(path), **words)


def draft(document: Document) -> Draft:
    """Return what of `document` looks like a scorecard's parts."""
    top = _mapping(document.data)
    signals = {name: _mapping(keys) for name, keys in _mapping(top.get("signals")).items()}
    sections = tuple(_mappings(top.get("sections"), ("sections",)))
    criteria = tuple(
        found
        for path, section in sections
        for found in _mappings(section.get("criteria"), (*path, "criteria"))
    )
    formulas = tuple(
        _formula(criterion[key], (*path, key))
        for path, criterion in criteria
        for key in ("when", "pass_if")
        if isinstance(criterion.get(key), str) and criterion[key]
    )
    return Draft(document, signals, criteria, sections, formulas)


def _formula(text: str, path: Path) -> Formula:
    try:
        return Formula(path, text, parse(text), None)
    except Unreadable as error:
        return Formula(path, text, None, error)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for i, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            yield (*path, i), item


def _names(value: object, path: Path) -> Iterator[Use]:
    if isinstance(value, str):
        yield Use(value, path)
    for i, name in enumerate(value if isinstance(value, list) else []):
        if isinstance(name, str):
            yield Use(name, (*path, i))
