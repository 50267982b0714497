"""Which strings of digits are verified as sensitive.

Cards by their check digit (Luhn, ISO/IEC 7812-1 annex B), Chinese identity numbers by check
character, birth date and region (GB 11643-1999, ISO 7064 MOD 11-2), phones by the numbering plan.
Not verified, and therefore left as they are: 15-digit identity numbers and passports (no check
digit), numbers of service lines (95588, 400, 800), verification codes, account numbers without a
check digit, and numbers said with tens or hundreds (one-thirty-eight, 一百三十八).
"""

import re
from dataclasses import dataclass

from stdnum import luhn, numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from qa_pipeline.texts import Language
from qa_pipeline.words import SensitiveKind

#: Digits of a card with the shortest and the longest number (ISO/IEC 7812-1).
CARD_DIGITS = range(13, 20)
#: First digits of payment cards: travel and banking (3-6), Mastercard (2221-2720), UnionPay (81),
#: older Chinese debit cards (9); ISO/IEC 7812-1 and the schemes' published ranges.
_CARD_PREFIX = re.compile(r"[3-69]|2[2-7]|81")
#: No verified kind is longer: a card, and a phone with its country prefix.
MAX_DIGITS = 19

# Telecom network numbering plan of China (电信网编号计划, 2017): mobiles.
_CHINESE_MOBILE = re.compile(r"(?:(?:00)?86)?(1[3-9]\d{9})")
_PHONES: dict[Language, tuple[re.Pattern[str], ...]] = {
    # China's mobiles, then its fixed lines.
    "zh": (
        _CHINESE_MOBILE,
        re.compile(r"(0(?:10|2\d)\d{8}|0[3-9]\d{2}\d{7,8})"),
    ),
    # North American plan without toll-free codes, the United Kingdom's (Ofcom), then the mobiles of
    # customers in China who speak English.
    "en": (
        re.compile(r"1?((?!8(?:00|33|44|55|66|77|88))[2-9](?!11)\d{2}[2-9]\d{6})"),
        re.compile(r"(?:(?:00)?44|0)([1237]\d{9})"),
        _CHINESE_MOBILE,
    ),
}


@dataclass(frozen=True, slots=True)
class Verified:
    """A number known to be sensitive; `canonical` is equal for equal numbers."""

    kind: SensitiveKind
    canonical: str


def verify(digits: str, language: Language, *, whole: bool) -> Verified | None:
    """Return what `digits` (0-9, perhaps a final X) are verified as, or None.

    One in ten strings of digits passes Luhn: what is not the `whole` of what was read out is a
    card only if it begins like one.
    """
    if len(digits) == 18 and _is_identity(digits):
        return Verified("id", digits)
    if not digits.isdigit():
        return None
    begins = whole or _CARD_PREFIX.match(digits)
    if begins and len(digits) in CARD_DIGITS and len(set(digits)) > 1 and luhn.is_valid(digits):
        return Verified("card", digits)
    for pattern in _PHONES[language]:
        if match := pattern.fullmatch(digits):
            return Verified("phone", match[1])
    return None


def _is_identity(digits: str) -> bool:
    """Return whether 18 digits are an identity number of a county, as it is or as it was once.

    Not `ric.is_valid`: that wants a county of the year of birth. Numbers were first given out in
    1984, to people of every age and by the counties of that day.
    """
    if not digits[:-1].isdigit() or digits[-1] != ric.calc_check_digit(digits):
        return False
    try:
        ric.get_birth_date(digits)
    except ValidationError:
        return False
    return any("county" in part for _, part in numdb.get("cn/loc").info(digits[:6]))
