"""Files, expressions and patterns that somebody might hand to `qa scorecard check`, some 60.

Each is refused. Unbounded readers take seconds, minutes or the machine's memory over many of them.
"""

from tests.scorecard.cards import CARD, edited

_FORMULA = "pass_if: silence.count <= 1"


def _formula(text: str) -> bytes:
    return edited((_FORMULA, f"pass_if: '{text}'")).encode()


def _pattern(text: str) -> bytes:
    quoted = text.replace("'", "''")
    return edited(("any_of: [投诉]", f"any_of: ['{quoted}'], match: regex")).encode()


FORM: dict[str, bytes] = {
    "nothing": b"",
    "a-word": b"hello",
    "a-list": b"- a\n- b\n",
    "nul-bytes": b"\0" * 900_000,
    "random-bytes": bytes(range(256)) * 3_000,
    "a-gzip": b"\x1f\x8b\x08" + bytes(range(256)) * 100,
    "utf-16": CARD.encode("utf-16"),
    "utf-16-without-mark": CARD.encode("utf-16-le"),
    "utf-32": CARD.encode("utf-32"),
    "gb18030": CARD.encode("gb18030"),
    "big5-bytes": b"scorecard: \xa4\xa4\xa4\xe5\n",
    "overlong-utf-8": b"scorecard: \xc0\xaf\n",
    "lone-surrogate": b"scorecard: \xed\xa0\x80\n",
    "over-a-megabyte": CARD.encode() + b"# x\n" * 300_000,
    "one-long-line": b"title: " + b"x" * 900_000,
    "many-lines": b"\n" * 900_000,
    "open-brackets": b"[" * 900_000,
    "open-braces": b"{a: " * 200_000,
    "deep-blocks": b"".join(b" " * n + b"a:\n" for n in range(400)),
    "deep-lists": b"- " * 4_000 + b"a",
    "question-marks": b"? " * 450_000,
    "exclamation-marks": b"!" * 900_000,
    "percent-signs": b"%a b\n" * 100_000,
    "open-quote": b'title: "' + b"x\n" * 19_000,
    "many-keys": b"".join(b"k%d: v\n" % n for n in range(19_000)),
    "same-key": b"version: 1\n" * 9_000,
    "long-number": b"version: " + b"9" * 9_990,
    "many-numbers": b"".join(b"k%d: %s\n" % (n, b"9" * 290) for n in range(600)),
    "billion-laughs": b"a: &a [x,x]\n"
    + b"".join(b"%c: &%c [*%c,*%c,*%c]\n" % (n, n, n - 1, n - 1, n - 1) for n in range(98, 122)),
    "quadratic-alias": b"a: &a " + b"x" * 9_000 + b"\nb: [" + b"*a, " * 2_000 + b"]\n",
    "alias-of-itself": b"a: &a [*a]\n",
    "merge-key": edited(("B: {title: 严重}", "B: &b {title: 严重}\n  C: {<<: *b}")).encode(),
    "python-object": b"a: !!python/object/apply:os.system ['echo hello']\n",
    "own-tag": b"!card {a: 1}\n",
    "binary-tag": b"a: !!binary aGVsbG8=\n",
    "second-document": CARD.encode() + b"---\n" + CARD.encode(),
    "yaml-1.1": b"%YAML 1.1\n---\n" + CARD.encode(),
    "tabs": CARD.replace("  - id", "\t- id").encode(),
    "bell": CARD.replace("投诉", "投诉\a").encode(),
    "list-as-key": b"? [a, b]\n: c\n",
    "mapping-as-key": b"? {a: b}\n: c\n",
    "infinite-pass-mark": edited(("pass_mark: 80", "pass_mark: .inf")).encode(),
    "endless-version": edited(("version: 3", "version: 1e999")).encode(),
}
EXPRESSIONS: dict[str, bytes] = {
    "deep-brackets": _formula("(" * 990 + "silence" + ")" * 990),
    "open-brackets-only": _formula("(" * 1_990),
    "many-nots": _formula("not " * 400 + "silence"),
    "too-long": _formula(" or ".join(["silence"] * 400)),
    "python": _formula('__import__("os").system("true")'),
    "attribute": _formula("silence.__class__.__mro__ > 1"),
    "lambda": _formula("(lambda: silence)()"),
    "power": _formula("silence.count < 9**9**9"),
    "huge-number": _formula("silence.count < " + "9" * 1_900),
    "full-width-digits": _formula("silence.count < １"),
    "bidi": _formula("silence\u202e.count < 1"),
    "nul": _formula("silence\\0").replace(b"\\0", b"\0"),
}
PATTERNS: dict[str, bytes] = {
    "nested-repeats": _pattern("((((投诉{100}){100}){100}){100}"),
    "huge-repeat": _pattern("投{1000}{1000}{1000}"),
    "repeat-of-repeats": _pattern("(((((a{30}){30}){30}){30}){30})"),
    "look-behind": _pattern("(?<=a)b"),
    "look-ahead": _pattern("a(?=b)"),
    "atomic": _pattern("(?>a+)b"),
    "back-reference": _pattern("(a)\\1"),
    "named-back-reference": _pattern("(?P<x>a)(?P=x)"),
    "a-byte": _pattern("您\\C"),
    "matches-nothing": _pattern("(a*)*"),
    "open-class": _pattern("[[[[[["),
    "recursion": _pattern("(?R)"),
    "conditional": _pattern("(a)?(?(1)b|c)"),
    "open-groups": _pattern("(" * 3_000),
    "word-border-beside-han": _pattern("\\b投诉"),
}
