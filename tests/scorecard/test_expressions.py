"""The expressions of `when` and `pass_if`: grammar, places of faults, hostile input."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_pipeline.scorecard.expressions import (
    MAX_NESTING,
    MEASURES,
    OPS,
    And,
    Compares,
    Expression,
    Fires,
    Not,
    Or,
    Unreadable,
    leaves,
    parse,
)


def test_and_binds_tighter_than_or_and_not_tightest() -> None:
    assert parse("a or b and not c") == Or(
        (Fires("a", 0), And((Fires("b", 5), Not(Fires("c", 15)))))
    )
    assert parse("(a or b) and c") == And((Or((Fires("a", 1), Fires("b", 6))), Fires("c", 13)))


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_with_every_comparison(op: str, measure: str) -> None:
    assert parse(f"x1.{measure}{op}0.5") == Compares("x1", measure, op, 0.5, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "number"),
    [("1", 1.0), ("0.25", 0.25), (".5", 0.5), ("-30", -30.0), ("+2", 2.0), ("007", 7.0)],
)
def test_numbers(written: str, number: float) -> None:
    assert parse(f"a.value > {written}") == Compares("a", "value", ">", number, 0)


def test_white_space_means_nothing() -> None:
    assert parse(" a.count\n  <=\t1 ") == Compares("a", "count", "<=", 1.0, 1)


def test_leaves_know_whether_they_are_negated() -> None:
    tree = parse("a and not (b.count > 1 or not c)")
    assert [(leaf.signal, negated) for leaf, negated in leaves(tree)] == [
        ("a", False),
        ("b", True),
        ("c", False),
    ]


@pytest.mark.parametrize(
    ("text", "at", "got", "fix"),
    [
        pytest.param("", 0, None, "add a signal", id="nothing"),
        pytest.param("a and", 5, None, "add a signal", id="nothing-after-and"),
        pytest.param("a b", 2, "b", "write and or or before b", id="no-word-between"),
        pytest.param("a AND b", 2, "AND", "write and", id="capitals"),
        pytest.param("a && b", 2, "&&", "write and", id="ampersands"),
        pytest.param("!a", 0, "!", "write not", id="exclamation-mark"),
        pytest.param("a = 1", 2, "=", "write ==", id="one-equals-sign"),
        pytest.param("a.count =< 1", 8, "=<", "write <=", id="signs-the-wrong-way-round"),
        pytest.param("a.count <> 1", 8, "<>", "write !=", id="basic-unequal"),
        pytest.param("（a）", 0, "（", "write (", id="full-width-bracket"),
        pytest.param("a.count ≤ 1", 8, "≤", "write <=", id="mathematical-sign"),
        pytest.param("a.cuont < 1", 2, "cuont", "did you mean count?", id="measure-misspelt"),
        pytest.param("a.", 2, None, "use one of", id="no-measure"),
        pytest.param("a.count", 7, None, "write a.count <= 1", id="measure-alone"),
        pytest.param("a.count < b.count", 10, "b", "write a number", id="two-measures"),
        pytest.param("a.count < 1.2.3", 10, "1.2.3", "at most one point", id="two-points"),
        pytest.param("a.count < 3s", 10, "3s", "at most one point", id="number-with-unit"),
        pytest.param("a.count < 1e3", 10, "1e3", "at most one point", id="exponent"),
        pytest.param("a < 3", 2, "<", "write signal.count < ...", id="signal-compared"),
        pytest.param("1 < a.count", 0, "1", "write a signal", id="number-first"),
        pytest.param("not not a", 4, "not", "write a signal", id="not-not"),
        pytest.param("(a", 0, None, "add )", id="open-bracket"),
        pytest.param("a)", 1, ")", "write a signal", id="bracket-too-many"),
        pytest.param("()", 1, ")", "write a signal", id="empty-brackets"),
        pytest.param("a.count < " + "9" * 400, 10, "9" * 20, "write a number", id="infinite"),
        pytest.param("a; import os", 1, ";", "use signals", id="another-statement"),
        pytest.param("__import__('os')", 11, "'", "use signals", id="a-call"),
    ],
)
def test_faults_stand_at_their_character(text: str, at: int, got: str | None, fix: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert (caught.value.at, caught.value.got) == (at, got)
    assert fix in caught.value.fix.en


def test_length_is_bounded() -> None:
    assert parse("a" + " " * 1_999) == Fires("a", 0)
    with pytest.raises(Unreadable) as caught:
        parse("a" + " " * 2_000)
    assert caught.value.at == 2_000


def test_nesting_is_bounded_before_pythons_stack_is() -> None:
    deep = "(" * MAX_NESTING + "a" + ")" * MAX_NESTING
    assert parse(deep) == Fires("a", MAX_NESTING)
    with pytest.raises(Unreadable) as caught:
        parse("(" + deep + ")")
    assert caught.value.at == MAX_NESTING
    with pytest.raises(Unreadable):
        parse("(" * 2_000)
    with pytest.raises(Unreadable):
        parse("not (" * 400)


def test_the_longest_expression_is_read_as_one_row_of_operands() -> None:
    tree = parse(" or ".join(["a"] * 400))
    assert isinstance(tree, Or)
    assert len(tree.operands) == 400


names = st.from_regex(r"[a-z][a-z0-9_]{0,4}", fullmatch=True).filter(
    lambda name: name not in ("and", "or", "not")
)
written_leaves = st.one_of(
    names,
    st.builds(
        "{}.{} {} {}".format,
        names,
        st.sampled_from(MEASURES),
        st.sampled_from(OPS),
        st.integers(-99, 99),
    ),
)
written = st.recursive(
    written_leaves,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
    ),
    max_leaves=8,
)


def said(tree: Expression) -> str:
    """Write a tree with every bracket that it can have."""
    match tree:
        case Fires():
            return tree.signal
        case Compares():
            return f"{tree.signal}.{tree.measure} {tree.op} {tree.number:g}"
        case Not():
            return f"not ({said(tree.operand)})"
        case And():
            return " and ".join(f"({said(operand)})" for operand in tree.operands)
        case Or():
            return " or ".join(f"({said(operand)})" for operand in tree.operands)


@settings(deadline=None, max_examples=60)
@given(written)
def test_what_is_written_is_what_is_read(text: str) -> None:
    assert said(parse(text)) == text


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="ab.()<>=! 1andort（", max_size=40))
def test_any_text_is_read_or_refused_at_a_character_of_it(text: str) -> None:
    try:
        at = max(leaf.at for leaf, _ in leaves(parse(text)))
    except Unreadable as error:
        at = error.at
    assert 0 <= at <= len(text)
