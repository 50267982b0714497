"""What every key of a sampling plan means, as an editor shows it: Chinese, then English."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_pipeline.texts import Text

_TEXTS: dict[str, Text] = {
    "sampling": Text(en="Id: a-z, 0-9 and -.", zh="方案标识：小写字母、数字和 -。"),
    "seed": Text(
        en="Another text makes another draw; leave it out in use.",
        zh="随机种子：换一个文字即换一次抽样；平时省略。",
    ),
    "calls": Text(
        en="Calls a period drawn at random; without it, what the reviewers can hear.",
        zh="每周期随机抽取的通话数；省略则按质检员产能计算。",
    ),
    "strata": Text(
        en="Manifest columns, machine_verdict or flag; the verdict is always one.",
        zh="分层所用的清单列名、machine_verdict 或 flag；机检结论总会参与分层。",
    ),
    "allocation": Text(
        en="proportional, or neyman: more where results differ more.",
        zh="proportional 按比例；neyman 结果差异大的层多抽。",
    ),
    "minimum": Text(
        en="Least calls of a stratum in a period (fewer in it: all).",
        zh="每层每周期至少抽几通（不足则全听）。",
    ),
    "per_agent": Text(
        en="Least calls of every agent in a period.", zh="每位坐席每周期至少听几通。"
    ),
    "random_floor": Text(
        en="Share of the draw that no focus takes, 0-1.", zh="重点之外始终保留的随机份额，0-1。"
    ),
    "focus": Text(
        en="Raised shares while they last: new staff, products, business.",
        zh="限期重点：新员工、新产品、新业务，提高抽取份额。",
    ),
    "id": Text(en="Name in tables and reports.", zh="在数据与报表中的名称。"),
    "share": Text(en="Share of the calls drawn at random, 0-1.", zh="占随机抽取量的份额，0-1。"),
    "agent_since_days": Text(
        en="Agents who began at most so many days before the call (agent_since).",
        zh="入职（agent_since）不超过多少天的坐席。",
    ),
    "when": Text(
        en="Manifest columns and their values.", zh="清单列名与取值，如 product: [新套餐]。"
    ),
    "from": Text(en="First local date, 2026-10-01.", zh="开始日期（当地），如 2026-10-01。"),
    "until": Text(en="Last local date.", zh="结束日期（当地，含当天）。"),
    "flagged": Text(
        en="Calls heard because of what the machine found; never in a rate.",
        zh="因机检发现而必听的通话；不计入合格率。",
    ),
    "rule": Text(
        en="fatal_failed, fatal_not_measured, machine_failed or undecided.",
        zh="fatal_failed 致命项不通过、fatal_not_measured 致命项未能测量、"
        "machine_failed 机检不合格、undecided 机检未判定。",
    ),
    "most": Text(en="At most so many a period.", zh="每周期最多几通。"),
    "back_checks": Text(
        en="Lists of calls to hear (complaints, returns); never in a rate.",
        zh="回查名单（投诉、退货等）；不计入合格率。",
    ),
    "list": Text(
        en="CSV file, its path as seen from the plan's folder.",
        zh="CSV 文件，路径相对于方案所在目录。",
    ),
    "column": Text(en="The list's column (default call_id).", zh="名单中的列（默认 call_id）。"),
    "match": Text(
        en="The manifest's column with these values (default call_id).",
        zh="与之对应的清单列（默认 call_id）。",
    ),
    "targeted_share": Text(
        en="Share of the reviewers' time kept for flagged and listed calls.",
        zh="为必听与回查保留的产能份额，0-1。",
    ),
    "double_review": Text(
        en="Share of the random calls that a second person hears, blind.",
        zh="随机通话中由第二人盲听的份额，0-1。",
    ),
    "blind": Text(
        en="Hide the machine's verdicts in random reviews until they are submitted.",
        zh="随机复核提交前隐藏机检结论。",
    ),
    "exclude_own_team": Text(
        en="Nobody hears calls of the group that their team names.",
        zh="质检员不听本组（team 与 group 相同）的通话。",
    ),
    "due_days": Text(en="Days until a review is due.", zh="几天内完成复核。"),
    "levels": Text(
        en="Shares heard on each inspection level.", zh="各检验等级的听取份额（全检、减半、免检）。"
    ),
    "full": Text(en="Share on level full.", zh="全检的份额。"),
    "half": Text(en="Share on level half.", zh="减半检验的份额。"),
    "exempt": Text(en="Share on level exempt, above 0.", zh="免检的保底份额，须大于 0。"),
    "exempt_minimum": Text(
        en="Least calls a period of each exempt subject.", zh="免检对象每周期至少几通。"
    ),
    "capacity": Text(en="What the reviewers can hear.", zh="质检员产能。"),
    "days": Text(en="Working days of a period.", zh="每周期工作日数。"),
    "utilisation": Text(
        en="Share of the hours spent on reviews, 0-1.", zh="工时中用于复核的份额，0-1。"
    ),
    "heard_share": Text(
        en="Share of a call that is listened to, 0-1.", zh="每通实际听取的份额，0-1。"
    ),
    "speed": Text(en="Playback speed.", zh="播放倍速。"),
    "score_min": Text(en="Minutes to score a call.", zh="每通评分用时（分钟）。"),
    "admin_min": Text(en="Minutes of paperwork a call.", zh="每通记录等杂务用时（分钟）。"),
    "reviewers": Text(en="Who hears calls.", zh="质检员名单。"),
    "name": Text(en="As they log in to the review page.", zh="姓名，与复核页面的登录名一致。"),
    "team": Text(en="Their own group, as in the manifest.", zh="所属的组，与清单的 group 一致。"),
    "languages": Text(en="zh, en; without it, any language.", zh="能听的语言 zh、en；省略则不限。"),
    "hours": Text(en="Hours a day.", zh="每天工时。"),
    "pace": Text(en="Pace against others: 0.5 for a beginner.", zh="相对速度：新手可写 0.5。"),
}

DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {key: f"{text.zh} {text.en}" for key, text in _TEXTS.items()}
)
