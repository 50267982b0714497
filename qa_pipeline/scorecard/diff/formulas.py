"""What changed in a `when` or `pass_if`: only its limits, or what it says."""

from collections.abc import Iterator

from qa_pipeline.scorecard.diff.difference import became
from qa_pipeline.scorecard.expressions import (
    And,
    Compares,
    Expression,
    Fires,
    Not,
    Or,
    leaves,
    parse,
)
from qa_pipeline.texts import Text, same


def formula_changes(key: str, before: str | None, after: str | None) -> Iterator[Text]:
    """Yield what is different between two formulas; nothing where only blanks are."""
    if before is None or after is None:
        yield became(same(key), before, after)
        return
    old, new = parse(before), parse(after)
    if _form(old, limits=True) == _form(new, limits=True):
        return
    if _form(old, limits=False) != _form(new, limits=False):
        yield became(same(key), " ".join(before.split()), " ".join(after.split()))
        return
    for (was, _), (now, _) in zip(leaves(old), leaves(new), strict=True):
        if isinstance(was, Compares) and isinstance(now, Compares) and _limit(was) != _limit(now):
            what = f"{now.signal}.{now.measure}"
            label = Text(en=f"limit of {what}", zh=f"{what} 的界限")
            yield became(label, _limit(was), _limit(now))


def _limit(leaf: Compares) -> str:
    return f"{leaf.op} {leaf.number:g}"


def _form(expression: Expression, *, limits: bool) -> object:
    """Return the tree without the places of its names, with or without its limits."""
    match expression:
        case Fires():
            return expression.signal
        case Compares():
            return (expression.signal, expression.measure, limits and _limit(expression))
        case Not():
            return ("not", _form(expression.operand, limits=limits))
        case And() | Or():
            name = type(expression).__name__
            return (name, *(_form(operand, limits=limits) for operand in expression.operands))
