"""How reasons write figures: times, seconds, limits; as many decimals as tell them apart."""

from collections.abc import Mapping

from qa_pipeline.records import Finding
from qa_pipeline.scorecard.expressions import Op
from qa_pipeline.scoring.logic import COMPARE
from qa_pipeline.texts import Language, Text

SIGNS: dict[Op, str] = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
OPPOSITE: dict[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}

#: Units of levels and rates, of speech too quiet or too fast.
DBFS = Text(en=" dBFS", zh="dBFS")
A_MINUTE = Text(en=" words/min", zh="字/分钟")

#: What is wrong with speech of such a level or rate.
_AMISS: Mapping[str, Text] = {
    "quiet": Text(en="too quiet", zh="过轻"),
    "loud": Text(en="too loud", zh="过响"),
    "slow": Text(en="too slow", zh="过慢"),
    "fast": Text(en="too fast", zh="过快"),
}

_MAX_QUOTE = 24
_MAX_SHOWN = 3


def clock(seconds: float) -> str:
    """Return a time of the call as m:ss, rounded down to the second that is playing."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def plain(number: float, decimals: int = 1) -> str:
    """Return a number without trailing zeros."""
    written = f"{number:.{decimals}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def beside_limit(measured: float, op: Op, limit: float) -> str:
    """Return `measured` with as many decimals as its comparison with `limit` needs to be seen."""
    holds = COMPARE[op](measured, limit)
    for decimals in (1, 2, 3):
        written = plain(measured, decimals)
        if COMPARE[op](float(written), limit) == holds:
            return written
    return repr(measured)


def quote(text: str) -> str:
    """Return the quote in a reason's length."""
    return text if len(text) <= _MAX_QUOTE else text[: _MAX_QUOTE - 1] + "…"


def at(finding: Finding, language: Language) -> str | None:
    """Return when a finding begins, by the clock or by its turn."""
    if finding.start_s is not None:
        return clock(finding.start_s)
    if finding.turn is not None:
        line = finding.turn + 1
        return f"line {line}" if language == "en" else f"第 {line} 句"
    return None


def places(findings: tuple[Finding, ...], language: Language) -> str:
    """Return the first findings with quote or length, and when: `"..." (0:07), "..." (0:31)`.

    Where some are hesitations without words, also how many.
    """
    if len(findings) == 1:
        return _place(findings[0], language)
    shown = [_place(finding, language) for finding in findings[:_MAX_SHOWN]]
    told = (", " if language == "en" else "、").join(shown)
    if more := len(findings) - len(shown):
        told += f" and {more} more" if language == "en" else f"等 {len(findings)} 处"
    wordless = [finding.kind for finding in findings].count("uncovered")
    if not 0 < wordless < len(findings):
        return told
    if language == "en":
        return f"{told}; {wordless} without words"
    return f"{told}；其中 {wordless} 处有声无词"


def _place(finding: Finding, language: Language) -> str:
    if finding.value is not None and finding.detector in ("ring", "loudness", "speech_rate"):
        return _measured(finding, finding.value, language)
    if finding.detector == "steps":
        return _step(finding, language)
    if finding.quote:
        return _quoted(finding.quote, language) + _behind(at(finding, language), language)
    if finding.start_s is None or finding.end_s is None:
        return at(finding, language) or ("once" if language == "en" else "1 处")
    start = clock(finding.start_s)
    if finding.start_s == finding.end_s:
        return f"at {start}" if language == "en" else start
    length = plain(finding.end_s - finding.start_s)
    if finding.kind == "unthanked":
        if language == "en":
            return f"{length} s from {start} without thanks"
        return f"{start} 起 {length} 秒未致谢"
    return f"{length} s from {start}" if language == "en" else f"{start} 起 {length} 秒"


def _quoted(said: str, language: Language) -> str:
    return f'"{quote(said)}"' if language == "en" else f"“{quote(said)}”"


def _behind(when: str | None, language: Language) -> str:
    """Return when something was, in brackets behind it."""
    if when is None:
        return ""
    return f" ({when})" if language == "en" else f"（{when}）"


def _step(finding: Finding, language: Language) -> str:
    """Return which step is missing, since when, or came out of order, in which words."""
    what, _, step = (finding.kind or "").partition(":")
    when = at(finding, language)
    if what == "missing":
        if language == "en":
            return f"step {step} missing" + (f" (after {when})" if when else "")
        return f"缺少步骤 {step}" + (f"（{when} 之后）" if when else "")
    said = _quoted(finding.quote or "", language) + _behind(when, language)
    if language == "en":
        return f"step {step} out of order: {said}"
    return f"步骤 {step} 顺序不对：{said}"


def _measured(finding: Finding, value: float, language: Language) -> str:
    """Return what is best told by its figure, with the quote if there is one, and when."""
    if finding.detector == "ring":
        seconds = plain(value)
        return f"after ringing for {seconds} s" if language == "en" else f"振铃 {seconds} 秒"
    if finding.kind == "clipped":
        share = f"{100 * value:.2g}"
        return f"{share} % clipped" if language == "en" else f"削波 {share}%"
    amiss, unit = _AMISS[finding.kind or ""], DBFS if finding.detector == "loudness" else A_MINUTE
    said, when = finding.quote, _behind(at(finding, language), language)
    if language == "en":
        quoted = f"{_quoted(said, language)} " if said else ""
        return f"{quoted}{amiss.en} at {plain(value)}{unit.en}{when}"
    quoted = _quoted(said, language) if said else ""
    return f"{quoted}{amiss.zh} {plain(value)} {unit.zh}{when}"
