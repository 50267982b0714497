"""Why a level changed, in words: every switch explains itself in both languages."""

from types import MappingProxyType
from typing import Final

from qa_pipeline.sampling.levels import (
    ACCEPTED_IN_ROW,
    LOOK_BACK,
    MAX_REFUSED,
    NEW_AGENT_DAYS,
    REFUSED_ON_HALF,
    SCORE_TO_EXEMPT,
    Level,
    Lot,
    Reason,
    Switch,
)
from qa_pipeline.texts import Text

LEVELS: Final = MappingProxyType[Level, Text](
    {
        "full": Text(en="full", zh="全检"),
        "half": Text(en="half", zh="半检"),
        "sampled": Text(en="sampled", zh="抽检"),
        "exempt": Text(en="exempt", zh="免检"),
    }
)

_REASONS: Final = MappingProxyType[Reason, Text](
    {
        "first_seen": Text(
            en="heard for the first time: everybody begins as sampled",
            zh="首次纳入：一律从抽检开始",
        ),
        "new_agent": Text(
            en=f"new agent, with us for less than {NEW_AGENT_DAYS} days",
            zh=f"新员工，入职不足 {NEW_AGENT_DAYS} 天",
        ),
        "fatal_finding": Text(en="a reviewer confirmed a fatal finding", zh="复核确认了致命问题"),
        "two_of_five_refused": Text(
            en=f"{MAX_REFUSED} of the last {LOOK_BACK} weeks refused",
            zh=f"最近 {LOOK_BACK} 周中有 {MAX_REFUSED} 周不接收",
        ),
        "five_refused_on_half": Text(
            en=f"{REFUSED_ON_HALF} weeks refused while on half",
            zh=f"半检期间累计 {REFUSED_ON_HALF} 周不接收",
        ),
        "five_accepted": Text(
            en=f"{ACCEPTED_IN_ROW} weeks accepted in a row", zh=f"连续 {ACCEPTED_IN_ROW} 周接收"
        ),
        "switching_score": Text(
            en=f"switching score reached {SCORE_TO_EXEMPT}", zh=f"转移得分达到 {SCORE_TO_EXEMPT}"
        ),
        "lot_refused": Text(en="a week was refused", zh="有一周不接收"),
        "overridden": Text(en="decided by hand", zh="人工决定"),
    }
)


def explained(switch: Switch, acceptable_share: float) -> Text:
    """Return the reason of a switch with the numbers of its week, or with its note."""
    reason = _REASONS[switch.reason]
    if switch.reason == "overridden":
        return Text(en=f"{reason.en}: {switch.note}", zh=f"{reason.zh}：{switch.note}")
    if switch.lot is None or switch.reason in ("first_seen", "new_agent"):
        return reason
    week = _week(switch.lot, acceptable_share)
    return Text(en=f"{reason.en}; {week.en}", zh=f"{reason.zh}；{week.zh}")


def _week(lot: Lot, acceptable_share: float) -> Text:
    number = lot.acceptance_number(acceptable_share)
    return Text(
        en=f"week of {lot.week}: {lot.n_failed} of {lot.n_reviewed} reviewed calls failed, "
        f"{number} are acceptable",
        zh=f"{lot.week} 当周：复核 {lot.n_reviewed} 通，不合格 {lot.n_failed} 通，"
        f"可接收数 {number}",
    )
