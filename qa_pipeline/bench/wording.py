"""Every word of the benches' tables and pages, in both languages, and how figures are written."""

from types import MappingProxyType
from typing import Final

from qa_pipeline.bench.grouped import ALL, TIER
from qa_pipeline.records import Value
from qa_pipeline.render.numbers import NONE, percent, percent_range
from qa_pipeline.statistics.intervals import Interval
from qa_pipeline.texts import Language, Text

WORDS: Final = MappingProxyType(
    {
        "asr_title": Text(en="Recogniser bench", zh="识别模型实测"),
        "diarisation_title": Text(en="Diariser bench", zh="说话人分离实测"),
        "group": Text(en="Recordings of", zh="范围"),
        "recordings": Text(en="Recordings", zh="录音"),
        "recording": Text(en="Recording", zh="录音"),
        "minutes": Text(en="Minutes", zh="分钟"),
        "rate": Text(en="Error rate", zh="错误率"),
        "counts": Text(en="S / D / I of", zh="替换/漏/多 共"),
        "folded": Text(en="digits folded", zh="数字归一后"),
        "starts": Text(en="Starts within 0.2 s", zh="词起点误差≤0.2秒"),
        "starts_detail": Text(en="median / 90%", zh="中位 / 90%"),
        "invented": Text(en="Invented a minute", zh="每分钟无中生有"),
        "fillers": Text(en="Fillers found", zh="语气词召回"),
        "false_ten": Text(en="false in 10 min", zh="误报/10分钟"),
        "confidence": Text(en="Confidence right / wrong", zh="置信度 对 / 错"),
        "unclear": Text(en="Sides unclear", zh="不清晰声道"),
        "rtf": Text(en="× real time", zh="实时率"),
        "phrases_title": Text(en="Phrases, worst first", zh="短语（最差在前）"),
        "phrase": Text(en="Phrase", zh="短语"),
        "faultless": Text(en="Always found, never falsely", zh="全部找到且无误报的短语"),
        "match": Text(en="Match", zh="匹配"),
        "signals": Text(en="Signals", zh="信号"),
        "said_n": Text(en="Said", zh="实说"),
        "found_n": Text(en="Found", zh="找到"),
        "recall": Text(en="Recall", zh="召回率"),
        "interval": Text(en="95% interval", zh="95% 区间"),
        "unmeasured": Text(en="not measured", zh="未能测量"),
        "failures_title": Text(en="Not measured", zh="未能测量"),
        "reason": Text(en="Reason", zh="原因"),
        "figures_title": Text(en="Figures", zh="结果"),
        "each_title": Text(en="Each recording", zh="逐条录音"),
        "texts_title": Text(en="Said and heard", zh="原文与识别对照"),
        "reading_title": Text(en="How to read these figures", zh="如何看这些数字"),
        "said": Text(en="said", zh="原文"),
        "heard": Text(en="heard", zh="识别"),
        "channel": Text(en="channel", zh="声道"),
        "agent": Text(en="agent", zh="客服"),
        "customer": Text(en="customer", zh="客户"),
        "right": Text(en="right", zh="正确"),
        "missed": Text(en="said, not heard so", zh="原文有、未听对"),
        "added": Text(en="heard instead, or too much", zh="听成或多听"),
        "language": Text(en="Language", zh="语言"),
        "column": Text(en="Read as", zh="口径"),
        "engine": Text(en="pipeline", zh="流水线"),
        "journey": Text(en="in the journey", zh="流程中"),
        "collar": Text(en="Collar", zh="容差"),
        "der": Text(en="DER", zh="DER"),
        "missed_speech": Text(en="Missed", zh="漏检"),
        "false_alarm": Text(en="False alarm", zh="虚警"),
        "confusion": Text(en="Confusion", zh="混淆"),
        "speech": Text(en="Speech", zh="语音时长"),
        "roles": Text(en="Role right", zh="角色正确"),
        "undecided": Text(en="undecided", zh="未定"),
        "speakers": Text(en="Speakers", zh="说话人"),
        "model": Text(en="Engine", zh="引擎"),
        "nothing_said": Text(en="(nothing)", zh="（无）"),
    }
)
_TIERS: Final = {
    "stereo": Text(en="two channels", zh="双声道"),
    "mono": Text(en="one channel", zh="单声道"),
}
_LANGUAGES: Final[dict[Language, Text]] = {
    "zh": Text(en="Mandarin (characters)", zh="中文（按字）"),
    "en": Text(en="English (words)", zh="英文（按词）"),
}


def words_in(language: Language) -> dict[str, str]:
    """Return every word in `language`."""
    return {key: text.say(language) for key, text in WORDS.items()}


def language_name(spoken: Language, language: Language) -> str:
    """Return what a language of calls is called, with its unit."""
    return _LANGUAGES[spoken].say(language)


def group_name(by: str, value: Value, language: Language) -> str:
    """Return what a group of recordings is called: all, its tier, or column = value."""
    if by == ALL:
        return Text(en="all", zh="全部").say(language)
    if by == TIER:
        return _TIERS[str(value)].say(language)
    return f"{by} = {NONE if value is None else value}"


def rate(value: float | None) -> str:
    """Write a rate in per cent, a dash for none."""
    return NONE if value is None else percent(value)


def number(value: float | None, places: int = 2) -> str:
    """Write a figure with fixed places, a dash for none."""
    return NONE if value is None else f"{value:.{places}f}"


def interval(told: Interval | None) -> str:
    """Write the bounds of an interval, a dash for none."""
    return NONE if told is None else percent_range(told)
