"""What stands in a situation's braces: `{product}`, `{order8:yao}`.

A word is drawn once a call, a number once a situation: `{order8}` and `{order8:yao}` are one number
said in two ways. Numbers are written as they are spoken. Cards, identity numbers and phones
are valid where their name does not end in `bad`, by arithmetic of this module's own: nothing of the
redaction that will be measured on them.
"""

import re
from collections.abc import Callable
from random import Random

from qa_pipeline.texts import Language

_SLOT = re.compile(r"\{([^{}]+)\}")
_ZH = "零一二三四五六七八九"
_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: Weights and check characters of Chinese identity numbers (GB 11643-1999).
_ID_WEIGHTS, _ID_CHECK = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
_REGIONS = ("110105", "310104", "330106", "440305", "510107")

WORDS: dict[Language, dict[str, tuple[str, ...]]] = {
    "zh": {
        "product": (
            "保温杯",
            "电饭锅",
            "台灯",
            "吸尘器",
            "空气炸锅",
            "加湿器",
            "电热水壶",
            "按摩椅",
        ),
        "other": ("滤芯", "收纳盒", "毛巾", "延长线", "清洁剂"),
        "surname": ("王", "李", "周", "陈", "徐", "孙", "何", "郭"),
        "day": ("今天", "明天", "后天", "周三", "周五", "下周一"),
        "city": ("杭州", "成都", "武汉", "苏州", "厦门", "长沙"),
        "road": ("文一路", "人民路", "解放路", "湖滨路", "新华路"),
        "colour": ("白色", "黑色", "蓝色", "粉色"),
        "fault": ("开不了机", "漏水", "一直响", "加热很慢", "盖子拧不紧"),
        "dept": ("售后部门", "仓库", "物流部门", "财务部门"),
        "wish": ("生活愉快", "工作顺利", "周末愉快", "身体健康"),
    },
    "en": {
        "product": ("kettle", "blender", "vacuum cleaner", "toaster", "heater", "router"),
        "other": ("filter", "warranty", "cable", "cleaning kit"),
        "surname": ("Miller", "Carter", "Evans", "Brooks", "Turner"),
        "day": ("today", "tomorrow", "on Friday", "on Monday", "next week"),
        "city": ("Boston", "Denver", "Austin", "Seattle"),
        "road": ("Maple Street", "Park Avenue", "Hill Road", "Lake Drive"),
        "colour": ("white", "black", "blue", "red"),
        "fault": ("does not turn on", "leaks", "makes a loud noise", "gets very hot"),
        "dept": ("warehouse", "billing team", "delivery team", "repair shop"),
        "wish": ("a nice day", "a great evening", "a lovely weekend"),
    },
}


def fill(text: str, language: Language, rng: Random, words: dict[str, str]) -> str:
    """Return a situation with a value in place of every slot.

    `words` are the words of the call so far, which go on to mean the same; numbers are its own.
    """
    numbers: dict[str, str] = {}

    def value(match: re.Match[str]) -> str:
        kind, _, view = match[1].partition(":")
        if kind in WORDS[language]:
            if kind not in words:
                words[kind] = rng.choice(WORDS[language][kind])
            return words[kind]
        if kind not in numbers:
            numbers[kind] = _number(kind, language, rng)
        return _spoken(numbers[kind], view, language)

    return _SLOT.sub(value, text)


def _number(kind: str, language: Language, rng: Random) -> str:
    """Return the digits of a new number."""
    if length := re.fullmatch(r"(?:order|track)(\d+)", kind):
        return "8" + _digits(rng, int(length[1]) - 1)
    makers: dict[str, Callable[[], str]] = {
        "phone": lambda: _phone(language, rng),
        "phonebad": lambda: "12" + _digits(rng, 7),
        "card": lambda: _with_luhn("62" + _digits(rng, 13), 0),
        "cardbad": lambda: _with_luhn("62" + _digits(rng, 13), 1 + rng.randrange(9)),
        "id": lambda: _identity(rng, 0),
        "idbad": lambda: _identity(rng, 1 + rng.randrange(9)),
    }
    return makers[kind]()


def _digits(rng: Random, n: int) -> str:
    """Return digits none of which follows itself: no `double` to argue about."""
    digits = rng.choice("23456789")
    while len(digits) < n:
        digits += rng.choice([d for d in "0123456789" if d != digits[-1]])
    return digits[:n]


def _phone(language: Language, rng: Random) -> str:
    if language == "zh":
        return rng.choice(("138", "159", "186", "177")) + _digits(rng, 8)
    return rng.choice(("617", "303", "512", "206")) + _digits(rng, 7)


def _with_luhn(body: str, off_by: int) -> str:
    """Return `body` and its check digit (ISO/IEC 7812-1), or one that is wrong."""
    doubled = (int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    total = sum(d - 9 if d > 9 else d for d in doubled)
    return body + str((-total + off_by) % 10)


def _identity(rng: Random, off_by: int) -> str:
    """Return an identity number of the grown-up living, or one whose check character is wrong."""
    born = f"{rng.randint(1960, 1999)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = rng.choice(_REGIONS) + born + f"{rng.randint(0, 999):03d}"
    total = sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True))
    return body + _ID_CHECK[(total + off_by) % 11]


def _spoken(digits: str, view: str, language: Language) -> str:
    """Return a number as it is spoken.

    Views: "" in one go, `g3` and `g4` in groups, `yao` in groups of four with 幺 (English: oh),
    `tail` the last four, `head` all but those, `a` and `b` the halves, `wrong` with another last
    digit, `swap` with the second and third exchanged.
    """
    if view == "wrong":
        digits = digits[:-1] + str((int(digits[-1]) + 3) % 10)
    if view == "swap":
        digits = digits[0] + digits[2] + digits[1] + digits[3:]
    half = len(digits) // 2
    cut = {"tail": slice(-4, None), "head": slice(-4), "a": slice(half), "b": slice(half, None)}
    digits = digits[cut.get(view, slice(None))]
    size = {"g3": 3, "g4": 4, "yao": 4}.get(view, len(digits))
    parts = [digits[i : i + size] for i in range(0, len(digits), size)]
    if language == "zh":
        said = ["".join("叉" if d == "X" else _ZH[int(d)] for d in part) for part in parts]
        text = "，".join(said)
        return text.replace("一", "幺") if view == "yao" else text
    words = [" ".join("x" if d == "X" else _EN[int(d)] for d in part) for part in parts]
    text = ", ".join(words)
    return text.replace("zero", "oh") if view == "yao" else text
