"""Three-valued logic against brute force over everything that was not measured."""

from collections.abc import Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.scorecard.expressions import And, Expression, Fires, Leaf, Not, Or, leaves
from qa_pipeline.scoring.logic import Truth, deciding, truth

N_LEAVES = 6


def numbered(shape: Expression) -> Expression:
    """Give every leaf a name of its own, from left to right."""
    names = iter(range(100))

    def named(tree: Expression) -> Expression:
        match tree:
            case Not():
                return Not(named(tree.operand))
            case And():
                return And(tuple(named(operand) for operand in tree.operands))
            case Or():
                return Or(tuple(named(operand) for operand in tree.operands))
            case _:
                return Fires(f"s{next(names)}", 0)

    return named(shape)


shapes = st.recursive(
    st.just(Fires("s", 0)),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda a, b: And((a, b)), inner, inner),
        st.builds(lambda a, b: Or((a, b)), inner, inner),
    ),
    max_leaves=N_LEAVES,
).map(numbered)
truths = st.lists(st.sampled_from([True, False, None]), min_size=20, max_size=20)


def python(tree: Expression, known: Mapping[str, bool]) -> bool:
    match tree:
        case Not():
            return not python(tree.operand, known)
        case And():
            return all(python(operand, known) for operand in tree.operands)
        case Or():
            return any(python(operand, known) for operand in tree.operands)
        case _:
            return known[tree.signal]


def completions(tree: Expression, given_truths: dict[str, Truth]) -> set[bool]:
    """Return what the expression could come to, were the unmeasured measured."""
    unknown = [name for name, value in given_truths.items() if value is None]
    results = set()
    for values in product((True, False), repeat=len(unknown)):
        known = {n: v for n, v in given_truths.items() if v is not None}
        results.add(python(tree, {**known, **dict(zip(unknown, values, strict=True))}))
    return results


@settings(deadline=None, max_examples=150)
@given(shapes, truths)
def test_what_is_unmeasured_matters_only_where_it_would_change_the_result(
    tree: Expression, values: list[Truth]
) -> None:
    names = [leaf.signal for leaf, _ in leaves(tree)]
    given_truths = dict(zip(names, values, strict=False))
    result = truth(tree, lambda leaf: given_truths[leaf.signal])
    possible = completions(tree, given_truths)
    assert result is (None if len(possible) == 2 else possible.pop())


@settings(deadline=None, max_examples=150)
@given(shapes, truths)
def test_the_deciding_leaves_decide(tree: Expression, values: list[Truth]) -> None:
    """Whatever the other leaves say, the result stays; without them it would not be known."""
    names = [leaf.signal for leaf, _ in leaves(tree)]
    given_truths = dict(zip(names, values, strict=False))

    def of(leaf: Leaf) -> Truth:
        return given_truths[leaf.signal]

    result = truth(tree, of)
    decided = {d.leaf.signal for d in deciding(tree, of)}
    assert decided
    if result is not None:
        kept = {name: given_truths[name] if name in decided else None for name in names}
        assert truth(tree, lambda leaf: kept[leaf.signal]) is result
    else:
        assert all(given_truths[name] is None for name in decided)


def test_negation_travels_to_the_leaf() -> None:
    tree = Not(And((Fires("a", 0), Not(Fires("b", 0)))))
    decided = deciding(tree, lambda leaf: leaf.signal == "a")
    assert [(d.leaf.signal, d.negated) for d in decided] == [("a", True), ("b", False)]
