"""Numbers as people say them to each other: digit by digit, in tens and hundreds, with letters.

`reading` reads what can be verified: one digit at a time. People repeat the same number as they
like: 138, 幺三八, 一百三十八, thirteen eighty, double five, TY-2026. Here all of that folds into
one code, so that what was given and what was repeated can be compared.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import Normalised, normalise
from qa_pipeline.redaction.reading import (
    LETTERS,
    digit_value,
    digits_written,
    folded,
    has_numerals,
    passing,
    whole,
)
from qa_pipeline.redaction.streams import JOINT

#: Writings that are no numbers to be repeated: dates, amounts with two decimals.
_NO_NUMBER = re.compile(r"\d{4}[-.]\d{1,2}[-.]\d{1,2}|(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{1,2}")
#: Letters of an order number that are written in one piece, and so read in one.
_MAX_LETTERS = 6
#: Between two words of an English numeral: thirty-eight.
_JOINT = r"[\s-]+"


class Part(NamedTuple):
    """Letters or digits said in one go, at `text[start:end]`; `opens`: a number may begin here.

    `text` is normalised. `kind` says how: it is a group of the pattern that finds parts. Digits one
    by one ("digits" where each is a character, "spoken" where each is a word) are one part.
    """

    code: str
    start: int
    end: int
    opens: bool
    kind: str

    @property
    def is_amount(self) -> bool:
        """Whether it is said with tens or hundreds, as 一百三十八."""
        return self.kind in ("zh_amount", "en_amount")


@dataclass(frozen=True, slots=True)
class Saying:
    """Parts said in a row with nothing of weight between them, and the text that they stand in."""

    parts: Sequence[Part]
    plain: Normalised

    @property
    def code(self) -> str:
        """Letters (upper case) and digits, in order."""
        return "".join([part.code for part in self.parts])

    def place(self, parts: Sequence[Part]) -> tuple[int, int]:
        """Return where in the original text the first of `parts` begins and the last ends."""
        return self.plain.starts[parts[0].start], self.plain.ends[parts[-1].end - 1]

    def find(self, code: str) -> tuple[int, int] | None:
        """Return the offsets in the text where `code` is said, if no digit or part is cut there."""
        said, text = self.code, self.plain.text
        at = said.find(code)
        begins = list(accumulate([len(part.code) for part in self.parts], initial=0))
        while at >= 0:
            first, last = bisect_right(begins, at) - 1, bisect_left(begins, at + len(code)) - 1
            start = start_in(self.parts[first], at - begins[first], text)
            end = end_in(self.parts[last], at + len(code) - begins[last], text)
            if start is not None and end is not None:
                return self.plain.starts[start], self.plain.ends[end - 1]
            at = said.find(code, at + 1)
        return None


def sayings(text: str | Normalised) -> list[Saying]:
    """Return all that is said as numbers in a text, in order; offsets are those of the original."""
    plain = normalise(text) if isinstance(text, str) else text
    if not has_numerals(plain.text, at_least=2):
        return []
    return [Saying(parts, plain) for parts in parts_in(plain.text)]


def parts_in(text: str, at_least: int = 1) -> list[Sequence[Part]]:
    """Return the parts of each saying in normalised `text`.

    Those of one part with fewer than `at_least` letters and digits (the 一 of 一下) are left out.
    """
    return [
        parts
        for parts in _runs(text)
        if (len(parts) > 1 or len(parts[0].code) >= at_least)
        and not _NO_NUMBER.fullmatch(text, parts[0].start, parts[-1].end)
    ]


def _runs(text: str) -> Iterator[list[Part]]:
    """Yield the parts of each saying in normalised `text`."""
    part, between = _patterns()
    small, written = folded(text), digits_written()
    run: list[Part] = []
    end = 0
    for match in part.finditer(small):
        kind = match.lastgroup
        if kind is None:  # words that are in no part
            continue
        start, opens = match.start(kind), True
        if run and between.fullmatch(small, end, start):
            gap = small[end:start]
            opens = JOINT in gap or bool(gap.strip("-" if kind == "letters" else None))
        elif run:
            yield run
            run = []
        end = match.end()
        code = written.get(small[start:end]) or _code(match, kind, text[start:end])  # mostly one
        run.append(Part(code, start, end, opens, kind))
    if run:
        yield run


def start_in(part: Part, n: int, text: str) -> int | None:
    """Return where in normalised `text` the part goes on after `n` of its letters and digits.

    None inside of what was said at once.
    """
    if n == 0:
        return part.start
    if part.kind == "digits":
        return part.start + n
    if part.kind == "spoken":
        return part.start + sum(len(word) + 1 for word in _words(part, text)[:n])
    return None


def end_in(part: Part, n: int, text: str) -> int | None:
    """Return where in normalised `text` the first `n` letters and digits of the part end.

    None inside of what was said at once.
    """
    if n == len(part.code):
        return part.end
    start = start_in(part, n, text)
    return start - 1 if part.kind == "spoken" and start is not None else start


def _words(part: Part, text: str) -> Sequence[str]:
    return text[part.start : part.end].split(" ")


def _code(match: re.Match[str], kind: str, written: str) -> str:
    said = match[kind]
    match kind:
        case "letters":
            return "".join(filter(str.isalpha, written.upper()))
        case "digits":
            return said if said.isascii() else "".join(map(digits_written().__getitem__, said))
        case "spoken":
            return "".join(map(digits_written().__getitem__, said.split(" ")))
        case "repeated":
            return digit_value(match["again"], match["times"])
        case "zh_amount":
            return str(_zh_value(said))
        case _:
            return str(_en_value(said))


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
    """Return what a part of folded text is, and what may stand between two parts of one saying.

    A match begins with the words that are in no part: rows of them are stepped over, and no part
    is looked for at each of their letters. Where no part follows, the match has no group.
    """
    zh, en = lexicon("zh"), lexicon("en")
    han, latin = "".join(zh.digits), whole(en.digits)
    digit = f"(?:[0-9{han}]|{latin})"
    times = f"(?:{'|'.join(zh.repeats)}|{whole(en.repeats)})"
    # What follows a digit that may begin an amount (一百) or say how often (三个).
    goes_on = "".join({word[-1] for word in (*zh.multipliers, *zh.repeats)})
    glued = rf"[{LETTERS}]{{1,{_MAX_LETTERS}}}+(?=-?[0-9]|\s*[{han}])"
    spelled = rf"[{LETTERS}](?:[\s.-]+[{LETTERS}]){{1,{_MAX_LETTERS - 1}}}(?![{LETTERS}'])"
    # A lone letter before spoken digits: not the article, nor "I", nor the zero "o".
    lone = rf"[b-hj-np-z](?=[\s.-]+{digit})"
    begins = "".join({word[0] for word in (*zh.digits, *zh.multipliers, *zh.repeats)})
    other = rf"[^0-9{begins}{LETTERS}]"
    numeral = whole((*en.digits, *en.cardinals, *en.repeats))
    # A letter by itself may belong to an order number (T Y 20), but not before a longer word.
    single = rf"[{LETTERS}](?= (?!{numeral})[{LETTERS}]{{2}})"
    row = rf"(?:(?!{numeral})(?:[{LETTERS}]{{2,}}+|{single}){other}*+(?=[{LETTERS}]))++"
    part = (
        rf"(?:{row}|{other}++)*+(?:"
        rf"(?P<digits>(?:[0-9{han}](?![{goes_on}]))+)"
        rf"|(?P<repeated>(?P<times>{times})\s*(?P<again>{digit}))"
        rf"|(?=[0-9{begins}])(?:(?P<zh_amount>{_zh_amount()})|(?P<digit>[0-9{han}]))"
        rf"|(?={whole((*en.digits, *en.cardinals))})(?:(?P<en_amount>{_en_amount()})"
        rf"|(?P<spoken>{latin}(?: {latin}(?!{_JOINT}{whole(en.multipliers)}))*+))"
        rf"|(?P<letters>(?<!')(?:{glued}|{spelled}|{lone}))"
        rf"|[{LETTERS}]+|[{begins}]|\Z)"
    )
    between = rf"(?:[^\w\ufffc:/]|_|{passing()})*"
    return re.compile(part), re.compile(between)


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
    """Return a pattern, for where a word begins, of English numerals from ten on: thirty eight."""
    known = lexicon("en")
    unit = whole(word for word, value in known.digits.items() if value)
    teens = whole(word for word, value in known.cardinals.items() if value < 20)
    tens = whole(word for word, value in known.cardinals.items() if value >= 20)
    (hundred, _), (thousand, _) = sorted(known.multipliers.items(), key=lambda m: m[1])
    two = f"(?:{tens}(?:{_JOINT}{unit})?|{teens})"
    rest = rf"(?:{_JOINT}(?:and\s+)?(?:{two}|{unit}))?"
    three = rf"(?:{two}|{unit}){_JOINT}{whole([hundred])}{rest}"
    more = rf"(?:{_JOINT}(?:and\s+)?(?:{three}|{two}|{unit}))?"
    return rf"(?:{three}|{two}|{unit}){_JOINT}{whole([thousand])}{more}|{three}|{two}"
