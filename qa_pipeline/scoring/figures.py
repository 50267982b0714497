"""How reasons write figures: times, seconds, limits; as many decimals as tell them apart."""

from qa_pipeline.records import Finding
from qa_pipeline.scorecard.expressions import Op
from qa_pipeline.scoring.logic import COMPARE
from qa_pipeline.texts import Text, same

SIGNS: dict[Op, str] = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
OPPOSITE: dict[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}

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


def at(finding: Finding) -> Text | None:
    """Return when a finding begins, by the clock or by its turn."""
    if finding.start_s is not None:
        return same(clock(finding.start_s))
    if finding.turn is not None:
        return Text(en=f"line {finding.turn + 1}", zh=f"第 {finding.turn + 1} 句")
    return None


def places(findings: tuple[Finding, ...]) -> Text:
    """Return the first findings with quote or length, and when: `"..." (0:07), "..." (0:31)`.

    Where some are hesitations without words, also how many.
    """
    if len(findings) == 1:
        return _place(findings[0])
    shown = [_place(finding) for finding in findings[:_MAX_SHOWN]]
    more = len(findings) - len(shown)
    en = ", ".join(text.en for text in shown) + (f" and {more} more" if more else "")
    zh = "、".join(text.zh for text in shown) + (f"等 {len(findings)} 处" if more else "")
    wordless = [finding.kind for finding in findings].count("uncovered")
    if 0 < wordless < len(findings):
        return Text(en=f"{en}; {wordless} without words", zh=f"{zh}；其中 {wordless} 处有声无词")
    return Text(en=en, zh=zh)


def _place(finding: Finding) -> Text:
    if finding.value is not None and finding.detector in ("ring", "loudness"):
        return _measured(finding, finding.value)
    if finding.detector == "steps":
        return _step(finding, at(finding))
    if finding.quote:
        said, when = quote(finding.quote), at(finding)
        if when is None:
            return Text(en=f'"{said}"', zh=f"“{said}”")
        return Text(en=f'"{said}" ({when.en})', zh=f"“{said}”（{when.zh}）")
    if finding.start_s is None or finding.end_s is None:
        return at(finding) or Text(en="once", zh="1 处")
    if finding.start_s == finding.end_s:
        return Text(en=f"at {clock(finding.start_s)}", zh=clock(finding.start_s))
    length, start = plain(finding.end_s - finding.start_s), clock(finding.start_s)
    if finding.kind == "unthanked":
        return Text(
            en=f"{length} s from {start} without thanks", zh=f"{start} 起 {length} 秒未致谢"
        )
    return Text(en=f"{length} s from {start}", zh=f"{start} 起 {length} 秒")


def _step(finding: Finding, when: Text | None) -> Text:
    """Return which step is missing, since when, or came out of order, in which words."""
    what, _, step = (finding.kind or "").partition(":")
    if what == "missing":
        after = Text(en=f" (after {when.en})", zh=f"（{when.zh} 之后）") if when else same("")
        return Text(en=f"step {step} missing{after.en}", zh=f"缺少步骤 {step}{after.zh}")
    said = quote(finding.quote or "")
    where = Text(en=f" ({when.en})", zh=f"（{when.zh}）") if when else same("")
    return Text(
        en=f'step {step} out of order: "{said}"{where.en}',
        zh=f"步骤 {step} 顺序不对：“{said}”{where.zh}",
    )


def _measured(finding: Finding, value: float) -> Text:
    """Return what says more by its figure than by its quote, and when."""
    if finding.detector == "ring":
        return Text(en=f"after ringing for {plain(value)} s", zh=f"振铃 {plain(value)} 秒")
    when = at(finding)
    en_when, zh_when = (f" ({when.en})", f"（{when.zh}）") if when else ("", "")
    if finding.kind == "clipped":
        return Text(en=f"{100 * value:.2g} % clipped", zh=f"削波 {100 * value:.2g}%")
    return Text(en=f"{plain(value)} dBFS{en_when}", zh=f"{plain(value)} dBFS{zh_when}")
