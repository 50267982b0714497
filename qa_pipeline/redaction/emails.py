"""E-mail addresses, written or read out: li.ming@example.com, john dot smith at gmail dot com.

Read out in English, "at" counts only before the providers that the lexicon names ("look at
amazon.com" is no address); what stands before it is one word, or words joined by dot, underscore
or dash. Names spelled letter by letter are joined too.
"""

import re
from functools import cache

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.normalise import Normalised
from qa_pipeline.redaction.kinds import Verified
from qa_pipeline.redaction.reading import Number
from qa_pipeline.words import SensitiveKind

_KIND: SensitiveKind = "email"


def find_emails(plain: Normalised) -> list[Number]:
    """Return the addresses in a text, none overlapping, in order."""
    found: list[Number] = []
    if not has_at(plain.text):
        return found
    for match in _pattern().finditer(plain.text):
        start, end = plain.starts[match.start()], plain.ends[match.end() - 1]
        found.append(Number(Verified(_KIND, _canonical(match.group())), 0, start, end))
    return found


def _canonical(written: str) -> str:
    """Return the address as one writes it, so that the same address gives the same token."""
    zh, en = lexicon("zh"), lexicon("en")
    address = written.casefold()
    for word, sign in (
        *((w, "@") for w in (*zh.email_at, *en.email_at)),
        *((w, ".") for w in (*zh.email_dot, *en.email_dot)),
        ("underscore", "_"),
        ("dash", "-"),
    ):
        pattern = rf"\s+{word}\s+" if word.isascii() and word.isalpha() else re.escape(word)
        address = re.sub(pattern, sign, address)
    digits = {ord(k): str(v) for k, v in zh.digits.items()}
    return re.sub(r"\s+", "", address).translate(digits)


def has_at(text: str) -> bool:
    """Return whether normalised `text` has what every address has."""
    return _hint().search(text) is not None


@cache
def _hint() -> re.Pattern[str]:
    """Return what every address has: the sign, or a word for it."""
    zh, en = lexicon("zh").email_at, lexicon("en").email_at
    spoken = [rf"\s{re.escape(word)}\s" for word in en]
    return re.compile("|".join(("@", *map(re.escape, zh), *spoken)), re.IGNORECASE)


@cache
def _pattern() -> re.Pattern[str]:
    zh, en = lexicon("zh"), lexicon("en")
    numeral = f"[a-z0-9{''.join(zh.digits)}]"
    dot = rf"(?:\.|\s+(?:{'|'.join(en.email_dot)})\s+|{'|'.join(zh.email_dot)})"
    joint = rf"(?:[_%+-]|{dot}|\s+(?:underscore|dash)\s+)"
    spelled = r"(?<![a-z0-9])(?:[a-z]\s+){0,30}"
    local = rf"{spelled}{numeral}{{1,64}}(?:{joint}{numeral}{{1,64}}){{0,8}}"
    domain = rf"[a-z0-9-]{{1,63}}(?:{dot}[a-z0-9-]{{2,63}}){{1,4}}(?![a-z0-9])"
    zh_domain = rf"{numeral}{{1,63}}(?:{dot}[a-z0-9-]{{2,63}}){{1,4}}(?![a-z0-9])"
    providers = "|".join(en.email_providers)
    at_zh = "|".join((*map(re.escape, zh.email_at), "@"))
    at_en = "|".join(en.email_at)
    return re.compile(
        rf"{local}(?:\s*(?:{at_zh})\s*{zh_domain}|\s*@\s*{domain}"
        rf"|\s+(?:{at_en})\s+(?:{providers}){dot}[a-z]{{2,6}}(?:{dot}[a-z]{{2,6}})?(?![a-z0-9]))",
        re.IGNORECASE,
    )
