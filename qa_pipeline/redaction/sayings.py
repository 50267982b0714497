"""Numbers as people say them to each other: digit by digit, in tens and hundreds, with letters.

`reading` reads what can be verified: one digit at a time. People repeat the same number as they
like: 138, 幺三八, 一百三十八, thirteen eighty, double five, TY-2026. Here all of that folds into
one code, so that what was given and what was repeated can be compared.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import Normalised, normalise
from qa_pipeline.redaction.reading import (
    digit_value,
    has_numerals,
    one_of,
    passing_words,
    repeats,
    values,
)
from qa_pipeline.redaction.streams import JOINT

#: Writings that are no numbers to be repeated: dates, amounts with two decimals.
_NO_NUMBER = re.compile(r"\d{4}[-.]\d{1,2}[-.]\d{1,2}|(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{1,2}")
#: Letters of an order number that are written in one piece, and so read in one.
_MAX_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """Letters or digits said at once, at `text[start:end]`; `opens`: a number may begin here.

    `is_amount`: said with tens or hundreds, as 一百三十八.
    """

    code: str
    start: int
    end: int
    opens: bool
    is_amount: bool


@dataclass(frozen=True, slots=True)
class Saying:
    """Parts said in a row with nothing of weight between them."""

    parts: tuple[Part, ...]

    @property
    def code(self) -> str:
        """Letters (upper case) and digits, in order."""
        return "".join(part.code for part in self.parts)

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.parts[-1].end

    def find(self, code: str) -> tuple[int, int] | None:
        """Return the offsets in the text where `code` is said, if it begins and ends with parts."""
        said = self.code
        at = said.find(code)
        if at < 0:
            return None
        ends = accumulate((len(part.code) for part in self.parts), initial=0)
        edges = {end: i for i, end in enumerate(ends)}
        while at >= 0:
            if at in edges and at + len(code) in edges:
                return self.parts[edges[at]].start, self.parts[edges[at + len(code)] - 1].end
            at = said.find(code, at + 1)
        return None


def sayings(text: str | Normalised) -> list[Saying]:
    """Return all that is said as numbers in a text, in order; offsets are those of the original."""
    plain = normalise(text) if isinstance(text, str) else text
    stretches = list(_stretches(plain.text))
    if not stretches or not has_numerals(plain.text, at_least=2):
        return []
    return [
        Saying(
            tuple(
                Part(p.code, plain.starts[p.start], plain.ends[p.end - 1], p.opens, p.is_amount)
                for p in parts
            )
        )
        for parts in _runs(plain.text, stretches)
        if not _NO_NUMBER.fullmatch(plain.text, parts[0].start, parts[-1].end)
    ]


def _runs(text: str, stretches: Iterable[tuple[int, int]] | None = None) -> Iterator[list[Part]]:
    """Yield the parts of each saying in normalised `text`, in those stretches alone if given."""
    part, between = _patterns()
    for start, end in [(0, len(text))] if stretches is None else stretches:
        run: list[Part] = []
        for match in part.finditer(text, start, end):
            gap = text[run[-1].end : match.start()] if run else ""
            if run and not between.fullmatch(gap):
                yield run
                run = []
            opens = not run or JOINT in gap or bool(gap.strip("-" if match["letters"] else None))
            amount = match["zh_amount"] or match["en_amount"]
            code = _code(match, amount)
            run.append(Part(code, match.start(), match.end(), opens, amount is not None))
        if run:
            yield run


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in normalised `text` all sayings lie: a few words each, most texts hold none.

    Between two of them stands a word or a character that no saying contains.
    """
    token, glued, numerals, passing = _tokens()
    start, n_numerals, n_letters = 0, 0, 0
    for match in token.finditer(text):
        if match["number"]:
            n_numerals += 1
            continue
        if written := match["word"]:
            word = written.casefold()
            n_numerals += word in numerals
            n_letters += len(written) == 1
            if len(written) == 1 or word in passing or glued.match(text, match.end()):
                continue
        if n_numerals or n_letters > 1:
            yield start, match.start()
        start, n_numerals, n_letters = match.end(), 0, 0
    if n_numerals or n_letters > 1:
        yield start, len(text)


def _code(match: re.Match[str], amount: str | None) -> str:
    if amount is not None:
        return str(_zh_value(amount) if match["zh_amount"] else _en_value(amount))
    if match["letters"]:
        return "".join(letter for letter in match["letters"].upper() if letter.isalpha())
    return digit_value(match["repeated"] or match["digit"], match["times"])


def _zh_value(said: str) -> int:
    """Return the value of a Chinese numeral: 一百零八 is 108, 一百三 is 130."""
    digits, multipliers = lexicon("zh").digits, lexicon("zh").multipliers
    total = section = 0
    digit, last, after_zero = 0, 0, False
    for character in said:
        if (times := multipliers.get(character)) is None:
            digit, after_zero = digits[character], after_zero or digits[character] == 0
        elif times == max(multipliers.values()):
            total, section, digit, last = (section + digit) * times, 0, 0, times
        else:
            section, digit, last = section + (digit or 1) * times, 0, times
        after_zero = after_zero and times is None
    colloquial = last // 10 if digit and last > 10 and not after_zero else 1
    return total + section + digit * colloquial


def _en_value(said: str) -> int:
    """Return the value of an English numeral: one hundred and eight is 108."""
    known = lexicon("en")
    units = {**known.digits, **known.cardinals}
    total = section = 0
    for word in re.findall("[a-z]+", said.casefold()):
        times = known.multipliers.get(word)
        if times is None:
            section += units.get(word, 0)
        elif times == max(known.multipliers.values()):
            total, section = section * times, 0
        else:
            section *= times
    return total + section


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a part is, and what may stand between two parts of one saying."""
    value, times = one_of(values()), one_of(repeats())
    spoken = f"[{''.join(d for d in lexicon('zh').digits if len(d) == 1)}]"
    glued = rf"(?<![a-z'])[a-z]{{1,{_MAX_LETTERS}}}(?=-?[0-9]|\s*{spoken})"
    spelled = rf"(?<![a-z'])[a-z](?:[\s.-]+[a-z]){{1,{_MAX_LETTERS - 1}}}(?![a-z'])"
    # A lone letter before spoken digits: not the article, nor "I", nor the zero "o".
    lone = rf"(?<![a-z'])[b-hj-np-z](?=[\s.-]+(?:[0-9]|{value}))"
    part = (
        rf"(?P<zh_amount>{_zh_amount()})|(?P<en_amount>{_en_amount()})"
        rf"|(?P<times>{times})\s*(?P<repeated>{value}|[0-9])|(?P<digit>{value}|[0-9])"
        rf"|(?P<letters>{glued}|{spelled}|{lone})"
    )
    between = rf"(?:[^\w\ufffc:/]|_|{one_of(passing_words())})*"
    return re.compile(part, re.IGNORECASE), re.compile(between, re.IGNORECASE)


@cache
def _tokens() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str], frozenset[str]]:
    """Return what a text is cut into, what glues letters to a number, and the known words.

    The words are those of numerals, and all that a saying may hold; what is neither such a word nor
    such a character cuts, unless it is a letter by itself or stands before a digit.
    """
    zh, en = lexicon("zh"), lexicon("en")
    numerals = {*values(), *repeats(), *zh.multipliers, *en.multipliers, *en.cardinals}
    known = {*numerals, *passing_words(), "and"}
    signs = "".join({c for word in numerals for c in word if not c.isascii()})
    others = "".join({c for word in known for c in word if not c.isascii() and c.isalnum()})
    token = rf"(?P<number>[0-9{signs}]+)|(?P<word>[a-z]+)|[^\W_0-9a-z{others}]+"
    glued = rf"-?[0-9]|\s*[{signs}]"
    return (
        re.compile(token, re.IGNORECASE),
        re.compile(glued),
        _words_in(numerals),
        _words_in(known),
    )


def _words_in(written: Iterable[str]) -> frozenset[str]:
    return frozenset(word for one in written for word in re.findall("[a-z]+", one.casefold()))


def _zh_amount() -> str:
    """Return a pattern of Chinese numerals with a multiplier: 十八、一百三十八、一万二千."""
    digit = f"[{''.join(d for d, value in lexicon('zh').digits.items() if value)}]"
    ten, hundred, thousand, most = sorted(lexicon("zh").multipliers.items(), key=lambda m: m[1])
    tens = f"(?:零?{digit}?{ten[0]})?(?:零?{digit})?"
    below = (
        f"(?:{digit}{thousand[0]}(?:零?{digit}{hundred[0]})?{tens}"
        f"|{digit}{hundred[0]}{tens}|{digit}?{ten[0]}{digit}?)"
    )
    return f"(?:{below}|{digit}){most[0]}(?:零?{below}|零?{digit})?|{below}"


def _en_amount() -> str:
    """Return a pattern of English numerals from ten on: thirty eight, one hundred and two."""
    known = lexicon("en")
    joint = r"[\s-]+"
    unit = one_of(word for word, value in known.digits.items() if value)
    teens = one_of(word for word, value in known.cardinals.items() if value < 20)
    tens = one_of(word for word, value in known.cardinals.items() if value >= 20)
    (hundred, _), (thousand, _) = sorted(known.multipliers.items(), key=lambda m: m[1])
    two = f"(?:{tens}(?:{joint}{unit})?|{teens})"
    rest = rf"(?:{joint}(?:and\s+)?(?:{two}|{unit}))?"
    three = rf"(?:{two}|{unit}){joint}{hundred}(?![a-z]){rest}"
    more = rf"(?:{joint}(?:and\s+)?(?:{three}|{two}|{unit}))?"
    return rf"(?:{three}|{two}|{unit}){joint}{thousand}(?![a-z]){more}|{three}|{two}"
