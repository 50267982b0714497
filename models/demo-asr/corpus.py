"""Turns for the recogniser to learn from: what the persons of the demo world could say.

A turn is a list of sentences, written exactly as spoken (numbers in words).  A sentence is made in
one of four ways: from the patterns of ``corpus/<language>.yaml`` with random slot values, by
chaining clauses of different patterns, from sentence frames over wide word classes, or as word
salad.  All but the first keep the recogniser from reciting.  Sentences of the held-out share and
of the exclusion list are never given to training.

    python corpus.py --language zh --count 20      # have a look
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
EXCLUSIONS = HERE / "heldout" / "excluded.txt"
LANGUAGES = ("zh", "en")
HELD_OUT_PERCENT = 4
FIXED_PHRASE = {"zh": 4, "en": 2}  # characters or words up to which a phrase is common property
MAX_SIZE = {"zh": 46, "en": 26}  # characters or words in a turn: about twelve seconds
SENTENCE_COUNT = ((1, 2, 3, 4), (0.46, 0.30, 0.17, 0.07))
SLOT_WEIGHT = 0.6
WAYS = (("pattern", "chain", "frame", "salad"), (0.56, 0.20, 0.18, 0.06))

DIGITS_ZH = "零一二三四五六七八九"
ONES_EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS_EN = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS_EN = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ORDINALS_EN = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "twentieth",
    "thirtieth",
]

# Which kinds of sentences each role draws from, with weights.  What must never be said is said
# often: a forbidden phrase that is not heard is the worst miss.
ROLES: dict[str, dict[str, dict[str, float]]] = {
    "zh": {
        "agent": {
            "greet": 9,
            "close": 10,
            "bad": 34,
            "ask": 14,
            "inform": 30,
            "sorry": 9,
            "confirm": 12,
            "reply": 4,
        },
        "customer": {"order": 38, "issue": 36, "reply": 22, "bad": 4},
    },
    "en": {
        "agent": {
            "greet": 9,
            "close": 10,
            "bad": 34,
            "ask": 16,
            "inform": 34,
            "sorry": 9,
            "confirm": 10,
            "reply": 3,
        },
        "customer": {"customer": 72, "reply": 24, "bad": 4},
    },
}


@cache
def material(language: str) -> dict[str, Any]:
    """The parsed ``corpus/<language>.yaml``."""
    return yaml.safe_load((HERE / "corpus" / f"{language}.yaml").read_text(encoding="utf-8"))


def normalise(text: str) -> str:
    """Lower case without punctuation and with single spaces: the form sentences compare in."""
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower()).split())


def sentences_of(text: str) -> list[str]:
    """Split a text into its sentences, punctuation kept."""
    return [part.strip() for part in re.findall(r"[^。？！.?!]+[。？！.?!]*", text) if part.strip()]


def size(text: str, language: str) -> int:
    """Characters (zh) or words (en) of a text without its punctuation."""
    plain = normalise(text)
    return len(plain.replace(" ", "")) if language == "zh" else len(plain.split())


@cache
def excluded() -> frozenset[str]:
    """Sentences (normalised) of the demo's dialogues and of the open test: not for training."""
    sentences: set[str] = set()
    if EXCLUSIONS.exists():
        sentences.update(EXCLUSIONS.read_text(encoding="utf-8").splitlines())
    for path in EXCLUSIONS.parent.glob("open.*.txt"):
        text = path.read_text(encoding="utf-8").replace("\n", " ")
        sentences.update(normalise(sentence) for sentence in sentences_of(text))
    return frozenset(sentences)


def is_held_out(sentence: str) -> bool:
    """Whether the sentence belongs to the share that is kept for the test."""
    digest = hashlib.md5(normalise(sentence).encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % 100 < HELD_OUT_PERCENT


def is_common(sentence: str, language: str) -> bool:
    """Whether the sentence is a short fixed phrase that everybody says (好的, thank you)."""
    return size(sentence, language) <= FIXED_PHRASE[language]


def is_trainable(sentence: str, language: str) -> bool:
    """Whether the sentence may be given to training."""
    if is_common(sentence, language):
        return True
    return not is_held_out(sentence) and normalise(sentence) not in excluded()


# Numbers, spoken.


def number_zh(value: int) -> str:
    """A number below 10000 as it is spoken in Chinese."""
    if value < 10:
        return DIGITS_ZH[value]
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        if value >= unit:
            head, rest = divmod(value, unit)
            lead = "" if unit == 10 and head == 1 else DIGITS_ZH[head]
            if rest == 0:
                return lead + name
            gap = "零" if rest < unit // 10 else ""
            tail = number_zh(rest)
            if 10 <= rest < 20:
                tail = "一" + tail
            return lead + name + gap + tail
    raise ValueError(value)


def number_en(value: int) -> str:
    """A number below 1000 as it is spoken in English."""
    if value < 10:
        return ONES_EN[value]
    if value < 20:
        return TEENS_EN[value - 10]
    if value < 100:
        tail = " " + ONES_EN[value % 10] if value % 10 else ""
        return TENS_EN[value // 10 - 2] + tail
    tail = " and " + number_en(value % 100) if value % 100 else ""
    return ONES_EN[value // 100] + " hundred" + tail


def _digits_zh(rng: random.Random, count: int) -> str:
    text = "".join(rng.choice(DIGITS_ZH) for _ in range(count))
    return text.replace("一", "幺") if rng.random() < 0.3 else text


def _digits_en(rng: random.Random, count: int) -> str:
    digits = [rng.choice(ONES_EN) for _ in range(count)]
    if rng.random() < 0.25:
        digits = ["oh" if digit == "zero" else digit for digit in digits]
    return _grouped(digits, rng, " ")


def _grouped(digits: list[str], rng: random.Random, joiner: str) -> str:
    """Read digits in one go, or in groups with a comma between them."""
    if len(digits) < 6 or rng.random() < 0.6:
        return joiner.join(digits)
    step = rng.choice((3, 4))
    comma = "，" if joiner == "" else ", "
    groups = [digits[at : at + step] for at in range(0, len(digits), step)]
    return comma.join(joiner.join(group) for group in groups)


def _money(rng: random.Random) -> int:
    kind = rng.random()
    if kind < 0.3:
        return rng.choice((9, 19, 29, 39, 49, 59, 69, 79, 88, 89, 99, 128, 168, 199, 299, 399, 599))
    if kind < 0.6:
        return rng.randint(5, 99)
    return rng.randint(100, 999) if kind < 0.85 else 10 * rng.randint(10, 99)


def _slot_zh(name: str, rng: random.Random) -> str:
    """The value of a slot that is made, not listed."""
    if name == "phone":
        digits = "1" + rng.choice("3578") + "".join(rng.choice("0123456789") for _ in range(9))
        spoken = [DIGITS_ZH[int(digit)] for digit in digits]
        if rng.random() < 0.35:
            spoken = ["幺" if digit == "一" else digit for digit in spoken]
        if rng.random() < 0.4:
            parts = (spoken[:3], spoken[3:7], spoken[7:])
            return "，".join("".join(part) for part in parts)
        return "".join(spoken)
    if name == "hotline":
        return rng.choice(("四零零", "九五", "零二一", "八零零")) + _digits_zh(
            rng, rng.choice((4, 7))
        )
    if name == "order":
        return _grouped(list(_digits_zh(rng, rng.choice((4, 5, 6, 6, 7, 8, 8, 10)))), rng, "")
    if name == "card":
        return _digits_zh(rng, rng.choice((12, 15, 16, 16, 19)))
    if name == "agent_no":
        return _digits_zh(rng, rng.choice((2, 3, 4, 4)))
    if name == "last":
        return _digits_zh(rng, 4)
    if name == "money":
        value = _money(rng) if rng.random() < 0.85 else rng.randint(1000, 5999)
        return number_zh(value) + rng.choice(("", "", "", "", "点九", "点五"))
    if name == "small":
        return number_zh(rng.randint(2, 60))
    if name == "disc":
        return rng.choice(("九", "八", "七", "八五", "九五", "六", "五"))
    if name == "name":
        return rng.choice(material("zh")["slots"]["surname"]) + _slot("given", "zh", rng)
    if name == "address":
        return _address_zh(rng)
    ranges = {"n": (2, 30), "hour": (1, 12), "month": (1, 12), "date": (1, 31), "bld": (1, 199)}
    if name in ranges:
        return number_zh(rng.randint(*ranges[name]))
    if name == "d":
        return rng.choice("一两两三三四五六七八九十")
    if name == "room":
        return "".join(rng.choice(DIGITS_ZH) for _ in range(rng.choice((3, 4)))) + "室"
    raise KeyError(name)


def _address_zh(rng: random.Random) -> str:
    """An address with some of its parts."""
    parts = []
    if rng.random() < 0.7:
        parts.append(_slot("city", "zh", rng) + "市")
    if rng.random() < 0.7:
        parts.append(_slot("district", "zh", rng) + "区")
    parts.append(_slot("road", "zh", rng) + "路" + _slot("bld", "zh", rng) + "号")
    if rng.random() < 0.5:
        parts.append(_slot("compound", "zh", rng))
    if rng.random() < 0.4:
        parts.append(_slot("n", "zh", rng) + rng.choice(("号楼", "栋", "幢", "座")))
        if rng.random() < 0.5:
            parts.append(rng.choice("一二三四") + "单元")
        parts.append(_slot("room", "zh", rng))
    return "".join(parts)


def _slot_en(name: str, rng: random.Random) -> str:
    """The value of a slot that is made, not listed."""
    if name == "phone":
        return _digits_en(rng, rng.choice((7, 10, 10)))
    if name == "order":
        return _digits_en(rng, rng.choice((3, 4, 5, 6, 6, 8)))
    if name == "digits":
        return _digits_en(rng, rng.choice((2, 4)))
    if name == "money":
        value = _money(rng)
        return number_en(value) + (" ninety nine" if value >= 100 and rng.random() < 0.05 else "")
    if name == "ordinal":
        return rng.choice(ORDINALS_EN)
    ranges = {"n": (2, 30), "hour": (1, 12), "bld": (1, 99)}
    if name == "n" and rng.random() < 0.15:
        return rng.choice(("forty", "forty five", "fifty", "sixty", "ninety"))
    if name in ranges:
        return number_en(rng.randint(*ranges[name]))
    raise KeyError(name)


def _slot(name: str, language: str, rng: random.Random) -> str:
    data = material(language)
    listed = data["classes"].get(name, data["slots"].get(name, data.get(name)))
    if listed is not None:
        return rng.choice(listed)
    return _slot_zh(name, rng) if language == "zh" else _slot_en(name, rng)


def fill(pattern: str, language: str, rng: random.Random) -> str:
    """Put random values into the slots of a pattern."""
    text = re.sub(r"\{(\w+)\}", lambda match: _slot(match.group(1), language, rng), pattern)
    return text[0].upper() + text[1:] if language == "en" else text


# Sentences.


def _lower_first(text: str) -> str:
    return (
        text if re.match(r"I\b|[A-Z][a-z]+ [A-Z]|Brightlane", text) else text[0].lower() + text[1:]
    )


def _hesitate(sentence: str, language: str, rng: random.Random) -> str:
    """Put fillers before a sentence, or after one of its commas."""
    filler = _slot("filler", language, rng)
    if language == "zh":
        if rng.random() < 0.15:
            filler += "，" + _slot("filler", language, rng)
        if "，" in sentence and rng.random() < 0.3:
            return sentence.replace("，", f"，{filler}，", 1)
        return f"{filler}，{sentence}"
    if ", " in sentence and rng.random() < 0.3:
        return sentence.replace(", ", f", {filler}, ", 1)
    return f"{filler[0].upper()}{filler[1:]}, {_lower_first(sentence)}"


def _stammer(sentence: str, language: str, rng: random.Random) -> str:
    """Break a sentence with several fillers, and sometimes say a word twice."""
    comma = "，" if language == "zh" else ", "
    units = list(sentence) if language == "zh" else sentence.split(" ")
    at = rng.randint(1, 3)
    while at < len(units) - 1:
        if units[at - 1][-1].isalnum() and units[at][0].isalnum():
            filler = _slot("filler", language, rng)
            if rng.random() < 0.15:
                filler = units[at] if language == "en" else "".join(units[at : at + 2])
            break_ = f"{comma}{filler}{comma}"
            units[at - 1] += break_ if language == "zh" else break_.rstrip()
        at += rng.randint(2, 6)
    return ("" if language == "zh" else " ").join(units)


@cache
def _weighted(language: str, kind: str) -> tuple[list[str], list[float]]:
    """The patterns of a kind; the more slots one has, the more often it is wanted."""
    patterns = material(language)["sentences"][kind]
    return patterns, [1 + SLOT_WEIGHT * pattern.count("{") for pattern in patterns]


def _pattern(role: str, language: str, rng: random.Random) -> str:
    """A sentence (or two, as the pattern has it) from the patterns of a role."""
    kinds = ROLES[language][role]
    kind = rng.choices(list(kinds), list(kinds.values()))[0]
    text = fill(rng.choices(*_weighted(language, kind))[0], language, rng)
    if language == "zh" and role == "agent" and rng.random() < 0.08:
        text = fill("{surname}{title}，", language, rng) + text
    if kind == "bad" and rng.random() < 0.25:
        link = rng.choice(material(language)["clauses"])
        if language == "zh":
            text = f"{link}，{text}"
        else:
            text = f"{link[0].upper()}{link[1:]}, {_lower_first(text)}"
    if kind != "greet" and rng.random() < 0.2:
        text = _hesitate(text, language, rng)
    elif rng.random() < 0.03 and size(text, language) < 24:
        text = _stammer(text, language, rng)
    if language == "zh" and text.endswith("。") and rng.random() < 0.06:
        text = text[:-1] + rng.choice("啊呀吧呢啦哦") + "。"
    return text


@cache
def _clauses(language: str) -> list[str]:
    """Every clause of every pattern, slots unfilled."""
    clauses = set()
    for patterns in material(language)["sentences"].values():
        for pattern in patterns:
            clauses.update(part.strip() for part in re.split(r"[，。？！,.?!]", pattern))
    return sorted(clauses - {""})


def _join(clauses: list[str], language: str, rng: random.Random) -> str:
    if language == "zh":
        return "，".join(clauses) + rng.choice("。。。？")
    text = ", ".join([clauses[0], *(_lower_first(clause) for clause in clauses[1:])])
    return text[0].upper() + text[1:] + rng.choice("...?")


def _chain(language: str, rng: random.Random) -> str:
    """A sentence of clauses that never met before."""
    pool, links = _clauses(language), material(language)["clauses"]
    count = rng.choice((1, 2, 2, 3))
    clauses = [fill(rng.choice(pool), language, rng) for _ in range(count)]
    if rng.random() < 0.35:
        clauses.insert(rng.randrange(count), rng.choice(links))
    return _join(clauses, language, rng)


@cache
def _salad_words(language: str) -> list[str]:
    return material(language)["words"].split()


def _salad_word(language: str, rng: random.Random) -> str:
    if rng.random() < 0.7:
        return rng.choice(_salad_words(language))
    slots = material(language)["slots"]
    return rng.choice(slots[rng.choice(list(slots))])


def _salad(language: str, rng: random.Random) -> str:
    """Words in no order."""
    clauses = []
    for _ in range(rng.choice((1, 1, 2))):
        words = [_salad_word(language, rng) for _ in range(rng.randint(2, 6))]
        clauses.append(("" if language == "zh" else " ").join(words))
    return _join(clauses, language, rng)


def _sentence(role: str, language: str, rng: random.Random) -> str:
    way = rng.choices(*WAYS)[0]
    if way == "chain":
        return _chain(language, rng)
    if way == "frame":
        return fill(rng.choice(material(language)["frames"]), language, rng)
    return _salad(language, rng) if way == "salad" else _pattern(role, language, rng)


def make_turn(role: str, language: str, rng: random.Random) -> list[str]:
    """One turn for training: one to four sentences, none of them held out or excluded."""
    count = rng.choices(*SENTENCE_COUNT)[0]
    turn: list[str] = []
    while len(turn) < count:
        new = sentences_of(_sentence(role, language, rng))
        if not all(is_trainable(sentence, language) for sentence in new):
            continue
        if turn and size("".join(turn + new), language) > MAX_SIZE[language]:
            break
        turn += new
    return turn


def make_test_turn(role: str, language: str, rng: random.Random) -> list[str]:
    """One turn of held-out sentences, made from patterns."""
    count = rng.choices(*SENTENCE_COUNT)[0]
    turn: list[str] = []
    while len(turn) < count:
        new = sentences_of(_pattern(role, language, rng))
        common = all(is_common(sentence, language) for sentence in new)
        if common and (turn or rng.random() > 0.1):
            continue
        if not common and not all(is_held_out(s) for s in new if not is_common(s, language)):
            continue
        if turn and size("".join(turn + new), language) > MAX_SIZE[language]:
            break
        turn += new
    return turn


def turn_text(turn: list[str], language: str) -> str:
    """The text of a turn as it is spoken in one go."""
    return ("" if language == "zh" else " ").join(turn)


def main() -> None:
    """Print some turns."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--language", choices=LANGUAGES, default="zh")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--test", action="store_true", help="held-out turns instead")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    make = make_test_turn if arguments.test else make_turn
    for _ in range(arguments.count):
        role = rng.choice(("agent", "customer"))
        print(f"{role:9}", turn_text(make(role, arguments.language, rng), arguments.language))


if __name__ == "__main__":
    main()
