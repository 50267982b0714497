"""The little language of `when` and `pass_if`: read into a tree, never evaluated as code.

expr = and {"or" and};  and = not {"and" not};  not = ["not"] atom
atom = signal | signal "." measure op number | "(" expr ")"
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never, get_args

from qa_pipeline.documents import nearest
from qa_pipeline.texts import Text

Measure = Literal[
    "count",
    "per_minute",
    "total_s",
    "longest_s",
    "share",
    "first_start_s",
    "value",
    "thanked",
]
Op = Literal["<", "<=", ">", ">=", "==", "!="]
MEASURES: tuple[Measure, ...] = get_args(Measure)
OPS: tuple[Op, ...] = get_args(Op)
MAX_CHARACTERS = 2_000
MAX_NESTING = 32


@dataclass(frozen=True, slots=True)
class Fires:
    """True when the signal found something. `at` is the offset of its name in the text."""

    signal: str
    at: int


@dataclass(frozen=True, slots=True)
class Compares:
    """True when a measure of the signal stands so to a number."""

    signal: str
    measure: Measure
    op: Op
    number: float
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of its operand."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """True when all operands are."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True when any operand is."""

    operands: tuple["Expression", ...]


Leaf = Fires | Compares
Expression = Fires | Compares | Not | And | Or


class Unreadable(ValueError):
    """An expression was refused: `at` is the offset of the character to blame."""

    def __init__(self, at: int, what: Text, fix: Text, got: str | None = None) -> None:
        super().__init__(at, what, fix, got)
        self.at = at
        self.what = what
        self.fix = fix
        self.got = got


def leaves(expression: Expression, *, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """Yield every use of a signal, left to right, and whether an odd number of `not`s is on it."""
    match expression:
        case Fires() | Compares():
            yield expression, negated
        case Not():
            yield from leaves(expression.operand, negated=not negated)
        case And() | Or():
            for operand in expression.operands:
                yield from leaves(operand, negated=negated)
        case _:
            assert_never(expression)


def parse(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    Unreadable
        At the first character that cannot be read.
    """
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(
            MAX_CHARACTERS,
            Text(
                en=f"an expression of more than {MAX_CHARACTERS:,} characters",
                zh=f"表达式超过 {MAX_CHARACTERS:,} 个字符",
            ),
            Text(en="split it into several criteria", zh="请拆成多个标准"),
            got=f"{len(text):,}",
        )
    parser = _Parser(tuple(_tokens(text)), len(text))
    return parser.whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["name", "number", "op", "sign", "end"]
    text: str
    at: int


_TOKEN = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![A-Za-z0-9_.]))"
    r"|(?P<op><=|>=|==|!=|<(?![>=])|>(?!=))"
    r"|(?P<sign>[().])"
)
_BLANK = re.compile(r"\s*")
#: What people type from other languages or a Chinese keyboard.
_MEANT = {
    "=": "==", "=<": "<=", "=>": ">=", "<>": "!=", "!": "not",
    "&&": "and", "&": "and", "||": "or", "|": "or",
    "（": "(", "）": ")", "＜": "<", "＞": ">", "《": "<", "》": ">", "≤": "<=", "≥": ">=",
    "≠": "!=", "＝": "==", "！": "not", "。": ".", "．": ".", "，": "and", ",": "and",
}  # fmt: skip


def _tokens(text: str) -> Iterator[_Token]:
    at = _end_of_blank(text, 0)
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise _unknown_character(text, at)
        kind = found.lastgroup
        match kind:
            case "name" | "number" | "op" | "sign":
                yield _Token(kind, found.group(), at)
        at = _end_of_blank(text, found.end())


def _end_of_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _unknown_character(text: str, at: int) -> Unreadable:
    got = text[at : at + 2] if text[at : at + 2] in _MEANT else text[at]
    meant = _MEANT.get(got)
    number = re.compile(r"[-+]?[0-9.][A-Za-z0-9_.]*").match(text, at)
    if number:
        return Unreadable(
            at,
            Text(en="not a number", zh="不是数值"),
            Text(
                en="write digits with at most one point: 0.5", zh="请写数字，最多一个小数点，如 0.5"
            ),
            got=number.group()[:20],
        )
    fix = (
        Text(en=f"write {meant}", zh=f"请写 {meant}")
        if meant
        else Text(
            en="use signals, measures, and, or, not, ( ), < <= > >= == !=",
            zh="只能使用信号、度量、and、or、not、( )、< <= > >= == !=",
        )
    )
    what = Text(en="a character that means nothing here", zh="无法识别的字符")
    return Unreadable(at, what, fix, got=got)


class _Parser:
    """Recursive descent, one method a rule; nesting is bounded before Python's stack is."""

    def __init__(self, tokens: tuple[_Token, ...], length: int) -> None:
        self._tokens = (*tokens, _Token("end", "", length))
        self._next = 0
        self._depth = 0

    def whole(self) -> Expression:
        expression = self._or()
        token = self._peek()
        if token.kind != "end":
            raise self._unexpected(token)
        return expression

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _took(self, kind: str, text: str) -> bool:
        if (self._peek().kind, self._peek().text) != (kind, text):
            return False
        self._next += 1
        return True

    def _or(self) -> Expression:
        operands = [self._and()]
        while self._took("name", "or"):
            operands.append(self._and())
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _and(self) -> Expression:
        operands = [self._not()]
        while self._took("name", "and"):
            operands.append(self._not())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _not(self) -> Expression:
        if self._took("name", "not"):
            return Not(self._atom())
        return self._atom()

    def _atom(self) -> Expression:
        token = self._take()
        if token.kind == "sign" and token.text == "(":
            return self._group(token)
        if token.kind != "name" or token.text in ("and", "or", "not"):
            raise self._unexpected(token)
        if self._took("sign", "."):
            return self._comparison(token)
        if self._peek().kind == "op":
            raise _needs_measure(self._peek())
        return Fires(token.text, token.at)

    def _group(self, opening: _Token) -> Expression:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise Unreadable(
                opening.at,
                Text(en=f"nested deeper than {MAX_NESTING}", zh=f"括号嵌套超过 {MAX_NESTING} 层"),
                Text(en="split it into several criteria", zh="请拆成多个标准"),
            )
        inner = self._or()
        token = self._peek()
        if not self._took("sign", ")"):
            raise (
                Unreadable(
                    opening.at,
                    Text(en="a bracket that is never closed", zh="括号没有闭合"),
                    Text(en="add )", zh="请补上 )"),
                )
                if token.kind == "end"
                else self._unexpected(token)
            )
        self._depth -= 1
        return inner

    def _comparison(self, signal: _Token) -> Expression:
        name = self._take()
        measure = next((m for m in MEASURES if m == name.text), None)
        if name.kind != "name" or measure is None:
            raise _unknown_measure(name)
        sign = self._take()
        op = next((o for o in OPS if o == sign.text), None)
        if op is None:
            raise Unreadable(
                sign.at,
                Text(en="a measure must be compared with a number", zh="度量必须与数值比较"),
                Text(
                    en=f"write {signal.text}.{measure} <= 1 (or < > >= == !=)",
                    zh=f"请写 {signal.text}.{measure} <= 1（或 < > >= == !=）",
                ),
                got=sign.text or None,
            )
        number = self._take()
        if number.kind != "number" or not math.isfinite(float(number.text)):
            raise Unreadable(
                number.at,
                Text(en="a number is needed after the comparison", zh="比较符号后应为数值"),
                Text(en="write a number, such as 1 or 0.5", zh="请写数值，如 1 或 0.5"),
                got=number.text[:20] or None,
            )
        return Compares(signal.text, measure, op, float(number.text), signal.at)

    def _unexpected(self, token: _Token) -> Unreadable:
        if token.kind == "end":
            return Unreadable(
                token.at,
                Text(en="the expression ends too early", zh="表达式不完整"),
                Text(en="add a signal or a comparison", zh="请补上信号或比较"),
            )
        if token.kind == "name" and token.text not in ("and", "or", "not"):
            what = Text(en="two signals without a word between", zh="两个信号之间缺少连接词")
            fix = Text(
                en=f"write and or or before {token.text}", zh=f"请在 {token.text} 前写 and 或 or"
            )
            if token.text.lower() in ("and", "or", "not"):
                fix = Text(en=f"write {token.text.lower()}", zh=f"请写 {token.text.lower()}")
            return Unreadable(token.at, what, fix, got=token.text[:40])
        return Unreadable(
            token.at,
            Text(en="this cannot stand here", zh="此处不应出现"),
            Text(
                en="write a signal, signal.measure <= number, or a group in ( )",
                zh="请写信号、信号.度量 <= 数值，或用 ( ) 括起的式子",
            ),
            got=token.text[:40],
        )


def _needs_measure(op: _Token) -> Unreadable:
    return Unreadable(
        op.at,
        Text(en="only a measure of a signal can be compared", zh="只有信号的度量可以比较"),
        Text(en=f"write signal.count {op.text} ...", zh=f"请写 信号.count {op.text} ..."),
        got=op.text,
    )


def _unknown_measure(name: _Token) -> Unreadable:
    return Unreadable(
        name.at,
        Text(en="unknown measure", zh="未知的度量"),
        nearest(name.text, MEASURES),
        got=name.text[:40] or None,
    )
