"""What changed in a `when` or `pass_if`: only its limits, or what it says."""

from collections.abc import Iterator

from qa_pipeline.scorecard.diff.difference import became
from qa_pipeline.scorecard.diff.renaming import Names
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


def formula_changes(
    key: str, before: str | None, after: str | None, names: Names
) -> Iterator[Text]:
    """Yield what is different between two formulas; nothing where only blanks or `names` are."""
    if before is None or after is None:
        yield became(same(key), before, after)
        return
    old, new = parse(before), parse(after)
    if _form(old, names, limits=True) == _form(new, {}, limits=True):
        return
    if _form(old, names, limits=False) != _form(new, {}, limits=False):
        yield became(same(key), " ".join(before.split()), " ".join(after.split()))
        return
    for (was, _), (now, _) in zip(leaves(old), leaves(new), strict=True):
        if isinstance(was, Compares) and isinstance(now, Compares) and _limit(was) != _limit(now):
            what = f"{now.signal}.{now.measure}"
            label = Text(en=f"limit of {what}", zh=f"{what} 的界限")
            yield became(label, _limit(was), _limit(now))


def _limit(leaf: Compares) -> str:
    return f"{leaf.op} {leaf.number:.15g}"


def _form(expression: Expression, names: Names, *, limits: bool) -> object:
    """Return the tree without places, signals by their new names, with or without its limits."""
    match expression:
        case Fires():
            return names.get(expression.signal, expression.signal)
        case Compares():
            name = names.get(expression.signal, expression.signal)
            return (name, expression.measure, limits and _limit(expression))
        case Not():
            return ("not", _form(expression.operand, names, limits=limits))
        case And() | Or():
            name = type(expression).__name__
            return (
                name,
                *(_form(operand, names, limits=limits) for operand in expression.operands),
            )
