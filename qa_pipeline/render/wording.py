"""Every word of the reports, in both languages."""

from types import MappingProxyType
from typing import Final

from qa_pipeline.texts import Language, Text

WORDS: Final = MappingProxyType(
    {
        "report": Text(en="Monthly quality report", zh="质检月报"),
        "all_groups": Text(en="All groups", zh="全部"),
        "group": Text(en="Group", zh="组"),
        "calls": Text(en="Calls", zh="通话量"),
        "made_at": Text(en="Made", zh="生成时间"),
        "human": Text(en="People", zh="人工抽检"),
        "human_rate": Text(en="Pass rate, people", zh="人工抽检合格率"),
        "human_short": Text(en="People’s pass rate", zh="人工合格率"),
        "machine": Text(en="Machine", zh="机检"),
        "machine_rate": Text(en="Pass rate, machine", zh="机检合格率"),
        "machine_short": Text(en="Machine’s pass rate", zh="机检合格率"),
        "interval": Text(en="95% interval", zh="95% 区间"),
        "undecided": Text(en="Undecided", zh="未判定"),
        "reviewed": Text(en="Reviewed", zh="已复核"),
        "drawn": Text(en="Drawn", zh="抽取"),
        "n_effective": Text(en="Effective n", zh="有效样本量"),
        "failures": Text(en="Not evaluated", zh="未能评分"),
        "change": Text(en="Change, points", zh="变化（百分点）"),
        "change_short": Text(en="Change", zh="较上月"),
        "pass_rate": Text(en="Pass rate", zh="合格率"),
        "before": Text(en="Month before", zh="上月"),
        "now": Text(en="This month", zh="本月"),
        "too_few": Text(en="too few", zh="样本太少"),
        "unfinished": Text(en="reviews unfinished", zh="复核未完成"),
        "no_sample": Text(en="no sample yet", zh="尚未抽样"),
        "no_calls": Text(en="no judged calls", zh="无已评分通话"),
        "for_example": Text(en="e.g.", zh="例如"),
        "none_decided": Text(en="none decided", zh="均未判定"),
        "up": Text(en="up", zh="上升"),
        "down": Text(en="down", zh="下降"),
        "no_evidence": Text(en="no evidence of change", zh="无明显变化"),
        "not_compared": Text(en="not comparable", zh="无可比数据"),
        "groups_title": Text(en="Pass rate by group", zh="各组合格率"),
        "change_title": Text(en="Change on the month before", zh="与上月相比"),
        "classes_title": Text(en="Failed criteria by class", zh="不合格项分级统计"),
        "problems_title": Text(en="What failed most", zh="突出问题"),
        "sample_title": Text(en="The sample people heard", zh="人工抽检样本"),
        "coverage_title": Text(en="What could not be judged, and why", zh="未能判定的部分及原因"),
        "reading_title": Text(en="How to read these figures", zh="如何看这些数字"),
        "provenance_title": Text(en="Where the figures come from", zh="数据来源"),
        "class": Text(en="Class", zh="级别"),
        "failed": Text(en="Failed", zh="不合格"),
        "judged": Text(en="Judged", zh="已判定"),
        "share_failed": Text(en="Failure share", zh="不合格率"),
        "criterion": Text(en="Criterion", zh="评分项"),
        "scorecard": Text(en="Scorecard", zh="评分表"),
        "version": Text(en="Version", zh="版本"),
        "examples": Text(en="Calls to listen to", zh="案例通话"),
        "reason": Text(en="Reason", zh="原因"),
        "batch": Text(en="Batch", zh="批次"),
        "stratum": Text(en="Stratum", zh="层"),
        "population": Text(en="Calls in it", zh="层内通话"),
        "probability": Text(en="Chance to be drawn", zh="入样概率"),
        "weight": Text(en="Weight", zh="权重"),
        "passed": Text(en="Passed", zh="合格"),
        "pass": Text(en="passed by machine", zh="机检合格"),
        "fail": Text(en="failed by machine", zh="机检不合格"),
        "undecided_by_machine": Text(en="undecided by machine", zh="机检未判定"),
        "tier": Text(en="Evidence", zh="证据来源"),
        "dual_channel": Text(en="two channels", zh="双声道录音"),
        "mono_diarised": Text(en="one channel, speakers told apart", zh="单声道，已区分说话人"),
        "mono_undiarised": Text(
            en="one channel, speakers not told apart", zh="单声道，未区分说话人"
        ),
        "imported": Text(en="imported transcript", zh="导入的文本"),
        "not_measured": Text(en="Not measured", zh="未能测量"),
        "recordings": Text(en="Recordings", zh="录音数"),
        "model": Text(en="Recogniser", zh="识别模型"),
        "diariser": Text(en="Speakers", zh="说话人分离"),
        "activity": Text(en="Speech activity", zh="语音检测"),
        "program": Text(en="Program", zh="程序"),
        "signal": Text(en="Counted", zh="计数项"),
        "found": Text(en="Found", zh="次数"),
    }
)


def words_in(language: Language) -> dict[str, str]:
    """Return every word in `language`."""
    return {key: text.say(language) for key, text in WORDS.items()}
