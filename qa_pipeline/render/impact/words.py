"""The words of the impact page and its terminal tables, in both languages."""

from types import MappingProxyType
from typing import Final

from qa_pipeline.texts import Language, Text

WORDS: Final = MappingProxyType(
    {
        "kicker": Text(en="Impact of a scorecard edit", zh="评分表修改影响预览"),
        "before": Text(en="Before", zh="修改前"),
        "now": Text(en="After", zh="修改后"),
        "both": Text(en="Before and after", zh="修改前后"),
        "rate_before": Text(en="Pass rate before", zh="修改前合格率"),
        "rate_now": Text(en="Pass rate after", zh="修改后合格率"),
        "change": Text(en="Change, points", zh="变化（百分点）"),
        "interval": Text(en="95% interval", zh="95% 区间"),
        "flipped": Text(en="Calls that flip", zh="结论改变的通话"),
        "undecided": Text(en="Left to people", zh="留待人工"),
        "group": Text(en="Group", zh="组"),
        "all_groups": Text(en="All groups", zh="全部"),
        "no_group": Text(en="(no group)", zh="（无组）"),
        "calls": Text(en="Calls", zh="通话"),
        "compared": Text(en="Decided by both", zh="两版均可判定"),
        "to_fail": Text(en="Now fail", zh="转为不合格"),
        "to_pass": Text(en="Now pass", zh="转为合格"),
        "too_few": Text(en="too few calls", zh="通话太少"),
        "changes_title": Text(en="What was edited", zh="改了什么"),
        "groups_title": Text(en="Pass rate by group", zh="各组合格率"),
        "flows_title": Text(en="How the calls moved", zh="通话结论的变动"),
        "classes_title": Text(en="Failed criteria by class", zh="不合格项分级统计"),
        "criteria_title": Text(en="Criteria that moved", zh="结论变动的标准"),
        "flips_title": Text(en="Calls that flip, and why", zh="结论改变的通话及原因"),
        "reading_title": Text(en="How to read this page", zh="如何看这一页"),
        "provenance_title": Text(en="What was compared", zh="比较的对象"),
        "pass": Text(en="pass", zh="合格"),
        "fail": Text(en="fail", zh="不合格"),
        "undecided_state": Text(en="left to people", zh="留待人工"),
        "outside": Text(en="does not apply", zh="不适用"),
        "class": Text(en="Class", zh="级别"),
        "criterion": Text(en="Criterion", zh="标准"),
        "failed": Text(en="Failures", zh="不合格"),
        "calls_with": Text(en="Calls with one", zh="涉及通话"),
        "moved": Text(en="Moved", zh="变动"),
        "failed_share": Text(en="Failure share", zh="不合格率"),
        "not_measured": Text(en="Not measured", zh="未能测量"),
        "new_criterion": Text(en="new", zh="新增"),
        "gone_criterion": Text(en="removed", zh="删除"),
        "score": Text(en="score", zh="得分"),
        "mean_score": Text(en="Mean score", zh="平均分"),
        "absent": Text(en="not in this version", zh="此版无此标准"),
        "scorecard": Text(en="Scorecard", zh="评分表"),
        "version": Text(en="Version", zh="版本"),
        "read_from": Text(en="Read from", zh="来源"),
        "made_at": Text(en="Made", zh="生成时间"),
        "nothing_edited": Text(
            en="Nothing that is judged by: comments and layout at most.",
            zh="评判内容没有改动，至多是注释和排版。",
        ),
        "classes_note": Text(
            en="Failed criteria on the calls that both versions apply to, and the calls that have "
            "at least one.",
            zh="两版均适用的通话中不合格的标准数，以及至少有一项的通话数。",
        ),
        "same_criteria": Text(
            en="Unchanged on every call: %s criteria.",
            zh="另有 %s 项标准在所有通话上结论不变。",
        ),
        "rarer": Text(
            en="and %s rarer causes, in the data",
            zh="另有 %s 种较少见的原因，见数据文件",
        ),
        "no_flip": Text(
            en="No call ends differently.",
            zh="没有通话的结论改变。",
        ),
        "stored": Text(
            en="Calls of the month in the store: %s; neither version applies to %s of them.",
            zh="存储中本月通话 %s 通，其中 %s 通两版均不适用。",
        ),
    }
)

OUTCOMES: Final = MappingProxyType(
    {
        "pass": Text(en="pass", zh="通过"),
        "fail": Text(en="fail", zh="不通过"),
        "not_applicable": Text(en="not applicable", zh="不适用"),
        "not_measured": Text(en="not measured", zh="未能测量"),
        "pending": Text(en="for a person", zh="待人工"),
        None: Text(en="absent", zh="无此标准"),
    }
)
CHANGES: Final = MappingProxyType(
    {
        "fatal": Text(en="now fatal", zh="改为致命"),
        "not_fatal": Text(en="no longer fatal", zh="不再致命"),
        "points": Text(en="points", zh="分值"),
    }
)
STATES: Final = MappingProxyType(
    {
        "pass": WORDS["pass"],
        "fail": WORDS["fail"],
        "undecided": WORDS["undecided_state"],
        "outside": WORDS["outside"],
    }
)
ROLES: Final = MappingProxyType(
    {"agent": Text(en="agent", zh="客服"), "customer": Text(en="customer", zh="客户")}
)

READING: Final = (
    Text(
        en="Both versions judged the same stored calls: nothing was heard again, and nothing in "
        "the store was changed. Each version judges the calls that its own applies_to and language "
        "take in; the dates from which they are in force are not asked for, because an edit is "
        "tried on the past.",
        zh="两个版本评判的是同一批已存通话：没有重新识别，存储内容没有任何改动。每个版本只评其 "
        "applies_to 与语言所适用的通话；不看生效日期，因为这是用过去的通话试新版。",
    ),
    Text(
        en="The pass rates are of the calls that both versions can decide. The interval is for the "
        "change on calls like these (Newcombe’s for paired proportions): it is narrower than for "
        "two separate samples, because every call is its own comparison. An arrow stands only "
        "where the change is beyond chance, corrected for the number of groups.",
        zh="合格率只计两版均可判定的通话。区间针对“此类通话”的变化（Newcombe 配对比例区间）："
        "每通都与自己比较，因此比两个独立样本的区间更窄。只有超出偶然的变化才标箭头，"
        "并按组数做了校正。",
    ),
    Text(
        en="A call is left to people where too little could be measured or a fatal criterion could "
        "not be. Such calls are in neither rate; where one version leaves them and the other does "
        "not, they are counted and shown apart. A criterion that was not measured is neither "
        "passed nor failed.",
        zh="可测量的内容太少，或致命标准未能测量时，通话留待人工，不计入任何一个合格率；"
        "若只有一版留待人工，则单独计数并列出。未能测量的标准既不算通过也不算不通过。",
    ),
    Text(
        en="The calls shown are a few of each cause, drawn by lot from their ids: the same on any "
        "machine. The list of all of them lies in the JSON file beside this page, or comes with "
        "qa impact --json.",
        zh="每种原因只列几通，按通话编号抽签选出，在任何机器上都相同。完整清单在本页旁边的 JSON "
        "文件中，或用 qa impact --json 取得。",
    ),
)


def words_in(language: Language) -> dict[str, str]:
    """Return every word in `language`."""
    return {key: text.say(language) for key, text in WORDS.items()}
