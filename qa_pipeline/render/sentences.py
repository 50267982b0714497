"""The sentences of reports: what the figures say, in words, without saying more."""

from qa_pipeline.aggregate.figures import Change, GroupMonth, Month
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.numbers import (
    count,
    percent,
    percent_range,
    points,
    points_range,
    short_period_name,
)
from qa_pipeline.texts import Language, Text

#: Notes on calls that a reader of the report must be warned of.
_WARNED = {
    "demo_diariser": Text(
        en="The small demo diariser told the speakers of {n} of these calls apart, which are no "
        "demo recordings. It knows synthetic voices only: who spoke there, and what follows from "
        "it, means nothing.",
        zh="其中 {n} 通并非演示录音，却由演示用小模型区分说话人。该模型只认得合成嗓音，"
        "这些通话中谁在说话及由此得出的结果均无意义。",
    ),
    "demo_model": Text(
        en="The small demo recogniser heard {n} of these calls, which are no demo recordings. It "
        "understands nothing but the demo’s own: its words there, and what follows from them, mean "
        "nothing.",
        zh="其中 {n} 通并非演示录音，却由演示用小模型识别。该模型只听得懂演示录音，"
        "这些通话的文字及由此得出的结果均无意义。",
    ),
    "made_up": Text(
        en="{n} of these calls are made up for the demo; no real customer, agent or reviewer "
        "stands behind these figures.",
        zh="其中 {n} 通为演示而虚构；这些数字背后没有真实的客户、坐席或质检员。",
    ),
}


def warnings(e: Edition) -> tuple[str, ...]:
    """Return what a reader must be warned of before any figure."""
    return tuple(
        e.say(_WARNED[note]).format(n=count(n))
        for note, n in e.month.coverage.notes
        if note in _WARNED
    )


def headline(e: Edition) -> str:
    """Return the period in one or two sentences."""
    return e.of_period(_headline(e.month, e.language))


def _headline(month: Month, language: Language) -> str:
    human, machine = month.overall.human, month.overall.machine
    if human.interval is not None:
        rate, span = percent(human.interval.value), percent_range(human.interval)
        first = Text(
            en=f"People’s reviews put the pass rate at {rate} (95% interval {span}): "
            f"{count(human.n_reviewed)} reviewed calls stand for {count(human.n_framed)}.",
            zh=f"按人工抽检，合格率为 {rate}（95% 区间 {span}）："
            f"复核 {count(human.n_reviewed)} 通，代表 {count(human.n_framed)} 通。",
        )
        return _joined(language, first, _moved(human.change, month))
    if machine.interval is not None and machine.is_enough:
        rate = percent(machine.interval.value)
        first = Text(
            en=f"The machine passed {rate} of the {count(machine.n_decided)} calls that it could "
            "decide. People’s reviews do not yet carry a rate.",
            zh=f"机检在可判定的 {count(machine.n_decided)} 通中判 {rate} 合格。"
            "人工复核尚不足以得出合格率。",
        )
        return _joined(language, first, _moved(machine.change, month))
    return Text(
        en="Too few calls were decided this month to speak of a rate.",
        zh="本月已判定的通话太少，无法得出合格率。",
    ).say(language)


def _joined(language: Language, *texts: Text) -> str:
    return {"en": " ", "zh": ""}[language].join(text.say(language) for text in texts)


def _moved(change: Change | None, month: Month) -> Text:
    if change is None or month.period_before is None:
        return Text(en="There is no month before to compare it with.", zh="没有可比的上月数据。")
    en = short_period_name(month.period_before, "en")
    zh = short_period_name(month.period_before, "zh")
    by, span = points(change.difference.value), change.difference
    if change.direction is None:
        return Text(
            en=f"No evidence of a change on {en} ({by} points; {points_range(span, 'en')}).",
            zh=f"与{zh}相比无明显变化（{by} 个百分点；区间 {points_range(span, 'zh')}）。",
        )
    word = Text(en=change.direction, zh={"up": "上升", "down": "下降"}[change.direction])
    size = by.lstrip("+\N{MINUS SIGN}")
    return Text(
        en=f"That is {size} points {word.en} on {en} ({points_range(span, 'en')}).",
        zh=f"较{zh}{word.zh} {size} 个百分点（区间 {points_range(span, 'zh')}）。",
    )


def change_sentence(e: Edition) -> str:
    """Return whose rates moved by more than chance would explain."""
    named = [group.group or "" for group in e.month.groups if _has_moved(group)]
    if named:
        who = {"en": ", ", "zh": "、"}[e.language].join(named)
        first = {
            "en": f"More than chance would explain moved in: {who}.",
            "zh": f"变化超出偶然波动的组：{who}。",
        }[e.language]
    else:
        first = e.say(_STILL)
    return {"en": " ", "zh": ""}[e.language].join((first, e.say(_NO_ARROW)))


_STILL = Text(
    en="No group’s rate moved by more than chance would explain.",
    zh="没有哪个组的合格率变化超出偶然波动。",
)
_NO_ARROW = Text(
    en="A change whose interval holds zero is no evidence of one; one that stays clear of it "
    "without an arrow may still be chance, since several groups are compared at once.",
    zh="变化的区间包含零，即无明显变化；不含零而无箭头的，因同时比较多个组，仍可能是偶然。",
)


def forecast_sentence(e: Edition, min_months: int) -> str:
    """Return next month's rate with its doubt, or why none is forecast."""
    overall = e.month.overall
    known = [
        Text(en=f"people’s {percent(human.value)} ({percent_range(human)})",
             zh=f"人工抽检 {percent(human.value)}（{percent_range(human)}）")
        for human in (overall.human.forecast,) if human is not None
    ] + [
        Text(en=f"the machine’s {percent(machine.value)} ({percent_range(machine)})",
             zh=f"机检 {percent(machine.value)}（{percent_range(machine)}）")
        for machine in (overall.machine.forecast,) if machine is not None
    ]  # fmt: skip
    if not known:
        n = 1 + len(e.month.past)
        return Text(
            en=f"No forecast: it needs {min_months} months in a row with a rate, and there "
            f"{'is' if n == 1 else 'are'} {n}. A guess from fewer would be no better than this "
            "month’s rate.",
            zh=f"暂无预测：需要连续 {min_months} 个月的合格率，目前仅有 {n} 个月。"
            "依据过少的预测并不比本月合格率更可靠。",
        ).say(e.language)
    en = " and ".join(text.en for text in known)
    zh = "，".join(text.zh for text in known)
    return Text(
        en=f"Next month’s pass rate, if nothing is done differently: {en}; 19 in 20 such ranges "
        "hold the true rate. What next month’s own sample adds in error comes on top.",
        zh=f"若无变化，下月合格率预计：{zh}；此类区间 20 次中约有 19 次包含真实值，"
        "下月抽样自身的误差另计。",
    ).say(e.language)


def _has_moved(group: GroupMonth) -> bool:
    found = (group.human.change, group.machine.change)
    return any(change is not None and change.direction is not None for change in found)


def sample_sentence(month: Month) -> Text:
    """Return how the sample was drawn and how far it is heard."""
    human = month.overall.human
    if human.status == "no_sample":
        return Text(
            en="No sample was drawn for this month yet: qa sample draws one.",
            zh="本月尚未抽样：可用 qa sample 抽取。",
        )
    drawn, reviewed, framed = (count(n) for n in (human.n_drawn, human.n_reviewed, human.n_framed))
    late = count(month.n_unframed)
    return Text(
        en=f"{drawn} of {framed} calls were drawn at random within strata, {reviewed} of them are "
        f"reviewed. A call’s weight is how many calls of its stratum it stands for. "
        f"{late} calls came after the draw and belong to no batch yet.",
        zh=f"在各层内随机抽取 {drawn} 通（共 {framed} 通），已复核 {reviewed} 通。"
        f"权重表示一通被抽通话代表本层多少通。抽样之后到达、尚未归入批次的通话：{late} 通。",
    )


def coverage_sentence(month: Month) -> Text:
    """Return how much of the calls the machine could judge."""
    c, machine = month.coverage, month.overall.machine
    mean = percent(c.mean_coverage) if c.mean_coverage is not None else "–"
    n, fatal, thin = (count(k) for k in (machine.n_undecided, c.n_fatal_unmeasured, c.n_thin))
    return Text(
        en=f"On average the machine could judge {mean} of a call’s applicable points. It left {n} "
        f"calls undecided: {fatal} because a fatal criterion could not be measured, {thin} because "
        "too little could. Undecided calls stand in no machine rate; people hear some of them.",
        zh=f"机检平均可判定每通适用分值的 {mean}。未判定 {n} 通：其中 {fatal} 通因致命项无法测量，"
        f"{thin} 通因可判定的内容太少。未判定的通话不计入机检合格率，但会抽取一部分由人工复核。",
    )


READING = (
    Text(
        en="Two rates, never mixed. The machine reads every call against the criteria that it can "
        "judge; its rate is of all calls it could decide, and shares its blind spots. People hear "
        "a random sample, more closely in some strata than in others; their rate is weighted so "
        "that it speaks for all calls of the month. Where the two differ, people’s rate is the one "
        "to believe, and the difference says how the machine errs.",
        zh="两种合格率从不混合。机检依据其可判定的评分项读取每一通电话，合格率以全部可判定的通话为分母，"
        "也带有机器的盲点。人工只听随机抽取的一部分，各层抽取比例不同，合格率经加权后代表全月所有通话。"
        "两者不一致时，以人工合格率为准；两者之差说明机检偏在哪里。",
    ),
    Text(
        en="The line around a dot is the 95% interval: drawn again and again, such lines hold the "
        "true rate about 19 times in 20. Effective n says how many calls, drawn plainly at random, "
        "would tell as much as this sample. “Too few” stands where the reviews carry less than ten "
        "calls’ worth of information (effective n under 10): such a figure would mislead. An arrow "
        "stands only where a change is more than chance would explain, counting that many groups "
        "are looked at together; no arrow means no evidence, not “nothing changed”.",
        zh="圆点旁的线是 95% 区间：反复抽样时，约 20 次中有 19 次能包含真实值。"
        "“有效样本量”指多少通简单随机抽取的通话能提供同样多的信息。复核的信息量不足十通"
        "（有效样本量小于 10）时写“样本太少”，因为这样的数字会误导。只有变化超出偶然波动"
        "（并已考虑同时比较多个组）时才有箭头；没有箭头表示没有证据，而不表示“没有变化”。",
    ),
)
