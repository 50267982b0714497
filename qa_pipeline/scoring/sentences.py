"""Why a signal decided as it did, in a sentence that a QA specialist can check by ear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa_pipeline.detectors.registry import Detected, NotMeasured
from qa_pipeline.records import Finding
from qa_pipeline.scorecard.expressions import Compares, Leaf, Measure, Op
from qa_pipeline.scorecard.signals import PhraseSignal, RingSignal, Signal
from qa_pipeline.scoring.figures import (
    A_MINUTE,
    DBFS,
    OPPOSITE,
    SIGNS,
    beside_limit,
    places,
    plain,
)
from qa_pipeline.scoring.logic import Answer
from qa_pipeline.scoring.measures import Absent
from qa_pipeline.texts import Language, Text

_NOUNS: Mapping[str, Text] = {
    "phrase": Text(en="the phrase", zh="话术"),
    "filler": Text(en="filler words", zh="口头禅"),
    "dead_air": Text(en="dead air", zh="冷场"),
    "interruption": Text(en="interruptions", zh="抢话"),
    "speech_rate": Text(en="turns spoken too fast or too slow", zh="语速过快或过慢的话轮"),
    "slow_answer": Text(en="slow answers", zh="应答迟缓"),
    "talk_share": Text(en="the share of all speech", zh="说话占比"),
    "drawn_out": Text(en="drawn-out syllables", zh="拖音"),
    "loudness": Text(en="speech too quiet, loud or distorted", zh="音量异常"),
    "hold": Text(en="holds", zh="让客户等待"),
    "hang_up": Text(en="hanging up by the agent", zh="客服先挂机"),
    "ring": Text(en="answering too late", zh="接听过迟"),
    "repeated_question": Text(en="questions asked again", zh="重复提问"),
    "steps": Text(en="steps missing or out of order", zh="步骤缺失或顺序不对"),
    "read_back": Text(en="what was not read back", zh="未复述的信息"),
    "sensitive_data": Text(en="sensitive data", zh="敏感信息"),
    "suggestion": Text(en="suggestions", zh="建议"),
}
_MEASURES: Mapping[Measure, tuple[Text, Text]] = {  # what is measured, and its unit
    "count": (Text(en="count", zh="次数"), Text(en="", zh="次")),
    "per_minute": (Text(en="per minute of speech", zh="每分钟"), Text(en="", zh="次")),
    "total_s": (Text(en="in all", zh="总计"), Text(en=" s", zh="秒")),
    "longest_s": (Text(en="longest", zh="最长"), Text(en=" s", zh="秒")),
    "share": (Text(en="share of the talk", zh="占通话"), Text(en=" %", zh="%")),
    "first_start_s": (Text(en="first at", zh="首次出现于"), Text(en=" s", zh="秒")),
    "value": (Text(en="value", zh="为"), Text(en="", zh="")),
    "thanked": (Text(en="thanked for", zh="已致谢"), Text(en="", zh="次")),
}
#: Values that say what they are: what is measured, its unit, and how many of them one is.
_VALUES: Mapping[str, tuple[Text, Text, int]] = {
    "talk_share": (Text(en="share of all speech", zh="说话占比"), Text(en=" %", zh="%"), 100),
    "loudness": (Text(en="level of speech", zh="说话电平"), DBFS, 1),
    "speech_rate": (Text(en="rate of speech", zh="语速"), A_MINUTE, 1),
    "ring": (Text(en="ringing", zh="振铃"), Text(en=" s", zh="秒"), 1),
}
_WHO: Mapping[str, Text] = {
    "agent": Text(en="the agent", zh="客服"),
    "customer": Text(en="the customer", zh="客户"),
    "any": Text(en="somebody", zh="通话中"),
}
_MAX_PHRASES = 4


@dataclass(frozen=True, slots=True)
class Limit:
    """What a comparison asks for, in the unit that people read: `label` 12.3 `asked`.

    `is_whole`: the figure says it all, and no findings stand beside it.
    """

    op: Op
    number: float
    factor: int
    label: Text
    asked: Text
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """What can be told of one use of a signal, before a call says which of it is so."""

    signal: Signal
    name: str
    nothing: Text
    limit: Limit | None


def wording(leaf: Leaf, signal: Signal, *, negated: bool) -> Wording:
    """Return how a use of a signal is told; under `not` the opposite limit is what is asked."""
    limit = _limit(leaf, signal, negated=negated) if isinstance(leaf, Compares) else None
    if isinstance(leaf, Compares):
        assert limit is not None
        nothing = _nothing_to_compare(leaf, limit, signal)
    else:
        nothing = _not_found(signal)
    return Wording(signal, leaf.signal, _tagged(nothing, leaf.signal), limit)


def joined(sentences: Sequence[str], language: Language) -> str:
    """Return several findings of fact as one text, each once."""
    return ("; " if language == "en" else "；").join(dict.fromkeys(sentences))


def sentence(use: Wording, said: Answer, findings: tuple[Finding, ...], language: Language) -> str:
    """Return what a use of a signal found, did not find, measured, or could not look at."""
    measured = said.measured
    if isinstance(measured, NotMeasured):
        fact = _unmeasured(use.signal, measured).say(language)
    elif use.limit is None:
        if not said.truth:
            return use.nothing.say(language)
        fact = _found(use.signal, findings, language)
    elif measured is None or isinstance(measured, Absent):
        return use.nothing.say(language)
    else:
        fact = _compared(use.limit, measured, findings, language)
    return f"{fact} [{use.name}]" if language == "en" else f"{fact}〔{use.name}〕"


def _tagged(fact: Text, name: str) -> Text:
    return Text(en=f"{fact.en} [{name}]", zh=f"{fact.zh}〔{name}〕")


def findings_of(outcome: Detected | NotMeasured) -> tuple[Finding, ...]:
    """Return the findings of a signal, none where it was not measured."""
    return () if isinstance(outcome, NotMeasured) else outcome.findings


def _noun(signal: Signal) -> Text:
    return _NOUNS.get(signal.detector, Text(en=signal.detector, zh=signal.detector))


def _unmeasured(signal: Signal, outcome: NotMeasured) -> Text:
    noun, why = _noun(signal), outcome.reason
    return Text(
        en=f"{noun.en} could not be looked for: {why.en}", zh=f"无法检查{noun.zh}：{why.zh}"
    )


def _found(signal: Signal, findings: tuple[Finding, ...], language: Language) -> str:
    where = places(findings, language)
    if isinstance(signal, PhraseSignal):
        if language == "en":
            return f"{_WHO[signal.role].en} said {where}"
        return (
            f"通话中出现{where}" if signal.role == "any" else f"{_WHO[signal.role].zh}说了{where}"
        )
    if signal.detector == "hang_up":
        is_timed = findings[0].start_s is not None
        if language == "en":
            return "the agent hung up first" + (f" ({where})" if is_timed else "")
        return "客服先挂机" + (f"（{where}）" if is_timed else "")
    if isinstance(signal, RingSignal):
        return f"answered {where}" if language == "en" else f"{where}后才接听"
    if signal.detector == "steps":
        return where
    if signal.detector == "read_back":
        return f"not read back: {where}" if language == "en" else f"未复述：{where}"
    n, noun = len(findings), _noun(signal)
    if language == "en":
        return f"{noun.en} found" + (f" {n} times" if n > 1 else "") + f": {where}"
    return f"发现{noun.zh} {n} 处：{where}"


def _not_found(signal: Signal) -> Text:
    scope, who, noun = _scope(signal), _WHO[signal.role], _noun(signal)
    if signal.detector == "read_back":
        return Text(
            en=f"all that was given{scope.en} was read back, or there was nothing",
            zh=f"{scope.zh}对方给出的信息均已复述，或没有需要复述的",
        )
    if signal.detector == "hang_up":
        return Text(en=f"the agent did not hang up first{scope.en}", zh=f"{scope.zh}客服没有先挂机")
    if isinstance(signal, RingSignal):
        return Text(
            en=f"answered within {plain(signal.max_s)} s", zh=f"{plain(signal.max_s)} 秒内接听"
        )
    if not isinstance(signal, PhraseSignal):
        return Text(en=f"no {noun.en} found{scope.en}", zh=f"{scope.zh}未发现{noun.zh}")
    wanted = _wanted(signal)
    if signal.role == "any":
        return Text(en=f"nobody said {wanted.en}{scope.en}", zh=f"通话{scope.zh}无人说{wanted.zh}")
    return Text(
        en=f"{who.en} did not say {wanted.en}{scope.en}", zh=f"{who.zh}{scope.zh}没有说{wanted.zh}"
    )


def _wanted(signal: PhraseSignal) -> Text:
    """Return what was looked for: any of some phrases, or one of each group."""
    groups = signal.all_of or ((signal.any_of,) if signal.any_of else ())
    each = [_one_of(group) for group in groups]
    return Text(en=" together with ".join(t.en for t in each), zh="并且".join(t.zh for t in each))


def _one_of(phrases: tuple[str, ...]) -> Text:
    shown, more = phrases[:_MAX_PHRASES], len(phrases) > _MAX_PHRASES
    en = " or ".join(f'"{phrase}"' for phrase in shown) + (" or the like" if more else "")
    zh = "“" + "／".join(shown) + "”" + ("等" if more else "")
    return Text(en=en, zh=zh)


def _scope(signal: Signal) -> Text:
    """Return where the signal looked: its window and its anchors."""
    en: list[str] = []
    zh: list[str] = []
    if signal.first_s is not None:
        en.append(f" in the first {signal.first_s:g} s")
        zh.append(f"在开头 {signal.first_s:g} 秒内")
    if signal.last_s is not None:
        en.append(f" in the last {signal.last_s:g} s")
        zh.append(f"在最后 {signal.last_s:g} 秒内")
    if signal.first_turns is not None:
        en.append(f" in the first {signal.first_turns} turns")
        zh.append(f"在前 {signal.first_turns} 个话轮内")
    if signal.last_turns is not None:
        en.append(f" in the last {signal.last_turns} turns")
        zh.append(f"在最后 {signal.last_turns} 个话轮内")
    within_en = "" if signal.within_s is None else f" within {signal.within_s:g} s"
    within_zh = "" if signal.within_s is None else f" {signal.within_s:g} 秒内"
    if signal.after:
        en.append(f"{within_en} after {' or '.join(signal.after)}")
        zh.append(f"在 {'、'.join(signal.after)} 之后{within_zh}")
    if signal.before:
        en.append(f"{within_en} before {' or '.join(signal.before)}")
        zh.append(f"在 {'、'.join(signal.before)} 之前{within_zh}")
    return Text(en="".join(en), zh="".join(zh))


def _measure(signal: Signal, measure: Measure) -> tuple[Text, Text, int]:
    """Return what stands before a measure's figure, its unit, and how many of them one is."""
    if measure == "value" and signal.detector in _VALUES:
        name, unit, factor = _VALUES[signal.detector]
        who = Text(en="", zh="")
        if signal.role != "any":
            who = Text(en=f"{_WHO[signal.role].en}'s ", zh=_WHO[signal.role].zh)
        return Text(en=f"{who.en}{name.en}: ", zh=f"{who.zh}{name.zh}："), unit, factor
    noun, (name, unit) = _noun(signal), _MEASURES[measure]
    factor = 100 if measure == "share" else 1
    return Text(en=f"{noun.en}: {name.en} ", zh=f"{noun.zh}：{name.zh} "), unit, factor


def _limit(leaf: Compares, signal: Signal, *, negated: bool) -> Limit:
    op = OPPOSITE[leaf.op] if negated else leaf.op
    label, unit, factor = _measure(signal, leaf.measure)
    number = leaf.number * factor
    limit = f"{SIGNS[op]} {plain(number, 3)}"
    zh_unit = f" {unit.zh}" if unit.zh not in ("", "%") else unit.zh
    return Limit(
        op=op,
        number=number,
        factor=factor,
        label=label,
        asked=Text(en=f"{unit.en}, asked {limit}{unit.en}", zh=f"{zh_unit}，要求 {limit}{zh_unit}"),
        is_whole=leaf.measure == "value" and signal.detector in _VALUES,
    )


def _nothing_to_compare(leaf: Compares, limit: Limit, signal: Signal) -> Text:
    asked = f"{leaf.measure} {SIGNS[limit.op]} {plain(limit.number, 3)}"
    noun = _noun(signal)
    what = limit.label if limit.is_whole else Text(en=f"{noun.en}: ", zh=f"{noun.zh}：")
    return Text(
        en=f"{what.en}there is nothing to compare ({asked})",
        zh=f"{what.zh}没有可比较的结果（{asked}）",
    )


def _compared(
    limit: Limit, measured: float, findings: tuple[Finding, ...], language: Language
) -> str:
    """Return a measure against its limit, and where it comes from."""
    figure = beside_limit(measured * limit.factor, limit.op, limit.number)
    told = f"{limit.label.say(language)}{figure}{limit.asked.say(language)}"
    if limit.is_whole or not findings:
        return told
    where = places(findings, language)
    return f"{told} ({where})" if language == "en" else f"{told}（{where}）"
