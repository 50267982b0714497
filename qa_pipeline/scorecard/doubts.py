"""Warnings: what loads, and is probably not what was meant."""

from collections.abc import Iterator

from qa_pipeline.documents import Place
from qa_pipeline.errors import Doubt
from qa_pipeline.scorecard.draft import Draft
from qa_pipeline.scorecard.expressions import Compares, Fires, Leaf, leaves
from qa_pipeline.texts import Text


def doubts(card: Draft) -> Iterator[Doubt]:
    """Yield the warnings of a scorecard that has no faults, in order of place."""
    found: list[tuple[Place, Doubt]] = []
    for formula in card.formulas:
        if formula.path[-1] != "pass_if" or formula.expression is None:
            continue
        for leaf, negated in leaves(formula.expression):
            for what, fix in _leaf_doubts(card, leaf, negated=negated):
                place = card.document.place(formula.path, character=leaf.at)
                found.append((place, _doubt(card, place, what, fix, got=leaf.signal)))
    yield from (doubt for _, doubt in sorted(found, key=lambda pair: pair[0]))


def forbidden_signals(card: Draft) -> frozenset[str]:
    """Return the signals that speak against a criterion where they find something."""
    return frozenset(
        leaf.signal
        for formula in card.formulas
        if formula.path[-1] == "pass_if" and formula.expression is not None
        for leaf, negated in leaves(formula.expression)
        if _forbids(leaf, negated=negated)
    )


def _doubt(card: Draft, place: Place, what: Text, fix: Text, *, got: str) -> Doubt:
    return Doubt(f"{card.document.where}:{place.line}:{place.column}", what, fix, got=got)


def _leaf_doubts(card: Draft, leaf: Leaf, *, negated: bool) -> Iterator[tuple[Text, Text]]:
    kind = card.kind(leaf.signal)
    if kind is None:
        return
    if isinstance(leaf, Fires) and kind.polarity == "fault" and not negated:
        yield (
            Text(en="passes when a fault was found", zh="发现了过失反而通过"),
            Text(
                en=f"write not {leaf.signal}, or compare it",
                zh=f"请写 not {leaf.signal}，或改为比较",
            ),
        )
    if _forbids(leaf, negated=negated) and card.signals[leaf.signal].get("match") == "sound":
        yield (
            Text(en="a forbidden phrase that is found by sound", zh="禁用语按读音匹配，容易误判"),
            Text(en="write match: text in the signal", zh="请在信号中写 match: text"),
        )
    if isinstance(leaf, Compares) and leaf.measure == "value" and not kind.has_value:
        yield (
            Text(
                en="this detector has no value: never true", zh="此检测器没有 value，比较永远不成立"
            ),
            Text(en="compare count or another measure", zh="请比较 count 或其他度量"),
        )


def _forbids(leaf: Leaf, *, negated: bool) -> bool:
    """Whether finding the signal speaks against the criterion."""
    if isinstance(leaf, Fires):
        return negated
    few = leaf.op in ("<", "<=") or (leaf.op == "==" and leaf.number == 0)
    return few != negated
