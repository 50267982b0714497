"""What the figures of an edit say, in sentences that say no more."""

from collections.abc import Sequence
from typing import NamedTuple

from qa_pipeline.aggregate.impact import Cause, Flip, GroupImpact, Impact
from qa_pipeline.render.impact.subject import ImpactSubject
from qa_pipeline.render.impact.words import STATES
from qa_pipeline.render.numbers import NONE, count, percent, period_name, points, points_range
from qa_pipeline.texts import Language, Text

#: More criteria whose points changed are a number in a sentence.
_MAX_NAMED = 3


def headline(impact: Impact, language: Language) -> str:
    """Return the one sentence that a lead reads first."""
    rate, month = impact.overall.rate, period_name(impact.period, language)
    n = count(impact.overall.n_decided_by_both)
    if rate is None:
        return Text(
            en=f"In {month} both versions decide only {n} of the same calls: too few for a rate.",
            zh=f"{month}中两版均可判定的通话只有 {n} 通，不足以计算合格率。",
        ).say(language)
    flips = _flips(impact)
    if impact.n_flipped == 0 and rate.difference.value == 0:
        return Text(
            en=f"On the {n} calls of {month} that both versions decide, nothing flips: the pass "
            f"rate stays at {percent(rate.now)}.",
            zh=f"{month}两版均可判定的 {n} 通通话中，没有一通结论改变：合格率保持 "
            f"{percent(rate.now)}。",
        ).say(language)
    change, span = points(rate.difference.value), points_range(rate.difference, language)
    return Text(
        en=f"On the {n} calls of {month} that both versions decide, the pass rate goes from "
        f"{percent(rate.before)} to {percent(rate.now)}: {change} points (95% interval {span}). "
        f"{flips.en}",
        zh=f"{month}两版均可判定的 {n} 通通话中，合格率由 {percent(rate.before)} 变为 "
        f"{percent(rate.now)}：{change} 个百分点（95% 区间 {span}）。{flips.zh}",
    ).say(language)


def _flips(impact: Impact) -> Text:
    fail, passed = count(impact.overall.n_now_fail), count(impact.overall.n_now_pass)
    return Text(
        en=f"{fail} calls that passed would fail, {passed} that failed would pass.",
        zh=f"{fail} 通由合格变为不合格，{passed} 通由不合格变为合格。",
    )


def warnings(impact: Impact, language: Language) -> tuple[str, ...]:
    """Return what a reader must know before the figures."""
    said = []
    overall = impact.overall
    if impact.old.scorecard_id != impact.new.scorecard_id:
        old, new = impact.old.scorecard_id, impact.new.scorecard_id
        said.append(
            Text(
                en=f"These are two scorecards ({old}, {new}), not two versions of one: criteria "
                "are compared by id.",
                zh=f"这是两份不同的评分表（{old}、{new}），而非同一评分表的两个版本："
                "标准按编号对应。",
            )
        )
    elif impact.old.version == impact.new.version:
        said.append(
            Text(
                en=f"Both files call themselves version {impact.new.version}. A version that has "
                "judged calls cannot be changed: raise the number before the new one goes live.",
                zh=f"两个文件的版本号都是 {impact.new.version}。已用于评判的版本不可改动："
                "上线前请提高版本号。",
            )
        )
    gone, come = overall.n_no_longer_covered, overall.n_newly_covered
    if gone or come:
        said.append(
            Text(
                en=f"The versions apply to different calls: {count(gone)} only to the old one, "
                f"{count(come)} only to the new one. These are in no rate on this page.",
                zh=f"两版适用的通话不同：{count(gone)} 通只适用旧版，{count(come)} 通只适用新版。"
                "这些通话不计入本页的任何比率。",
            )
        )
    broken = sum(n for _, n in impact.failed)
    if broken:
        where = "; ".join(place for place, _ in impact.failed[:3])
        said.append(
            Text(
                en=f"The program failed on {count(broken)} calls, which are left out ({where}).",
                zh=f"程序在 {count(broken)} 通通话上出错，未计入（{where}）。",
            )
        )
    return tuple(text.say(language) for text in said)


def left_to_people(overall: GroupImpact, language: Language) -> str:
    """Return how many calls each version leaves to people, and which way they went."""
    before, now = overall.n_undecided_before, overall.n_undecided_now
    freed = overall.n(("undecided",), ("pass", "fail"))
    taken = overall.n(("pass", "fail"), ("undecided",))
    return Text(
        en=f"The old version leaves {count(before)} calls to people, the new one {count(now)}: "
        f"{count(freed)} become decided, {count(taken)} become undecided. They are in neither "
        "rate.",
        zh=f"旧版留待人工 {count(before)} 通，新版 {count(now)} 通：{count(freed)} 通变为可判定，"
        f"{count(taken)} 通变为留待人工。这些通话不计入合格率。",
    ).say(language)


def shown_of_all(impact: Impact, n_shown: int, language: Language) -> str:
    """Return how many of the calls that moved stand here."""
    n, n_causes = count(impact.n_moved), count(impact.n_causes)
    causes = "one cause" if impact.n_causes == 1 else f"{n_causes} different causes"
    return Text(
        en=f"{n} calls end differently, for {causes}; {count(n_shown)} of them stand here as "
        "evidence, a few of each cause.",
        zh=f"共 {n} 通结论不同，原因 {n_causes} 种；此处列出 {count(n_shown)} 通作为证据，"
        "每种原因几通。",
    ).say(language)


def cause_title(cause: Cause, language: Language) -> str:
    """Return how many calls went which way."""
    before, now = (STATES[state].say(language) for state in (cause.before, cause.now))
    return Text(
        en=f"{count(cause.n)} {'call' if cause.n == 1 else 'calls'}: {before} → {now}",
        zh=f"{count(cause.n)} 通：{before} → {now}",
    ).say(language)


def no_step(cause: Cause, subject: ImpactSubject, language: Language) -> str:
    """Return what decided where no verdict moved and no failed criterion weighs otherwise."""
    limits = [limit.said.say(language) for limit in _limits(cause, subject) if limit.is_changed]
    edited = " · ".join((*limits, *_points(subject, language)))
    return Text(
        en=f"No verdict changed, the edit decided: {edited}",
        zh=f"没有标准的结论改变，由此次修改决定：{edited}",
    ).say(language)


def _points(subject: ImpactSubject, language: Language) -> list[str]:
    """Return the criteria that weigh otherwise, many of them as a number."""
    old, new = (
        {one.id: one.points for section in loaded.scorecard.sections for one in section.criteria}
        for loaded in (subject.old, subject.new)
    )
    other = [name for name in new if name in old and old[name] != new[name]]
    if len(other) > _MAX_NAMED:
        n = len(other)
        return [Text(en=f"points of {n} criteria", zh=f"{n} 项标准的分值").say(language)]
    named = [
        (subject.criterion(name, language), f"{old[name]:.15g} → {new[name]:.15g}")
        for name in other
    ]
    return [
        Text(en=f"points of {title} {points}", zh=f"{title}的分值 {points}").say(language)
        for title, points in named
    ]


def limits_beside(flip: Flip, subject: ImpactSubject, language: Language) -> str:
    """Return the limits that decided a call beside what it reached of them."""
    said = [limit.said.say(language) for limit in _limits(flip, subject)]
    if "undecided" in (flip.before, flip.now):
        shares = [
            NONE if c is None else percent(c) for c in (flip.coverage_before, flip.coverage_now)
        ]
        measured = " → ".join(dict.fromkeys(shares))
        said.insert(1, Text(en=f"coverage {measured}", zh=f"覆盖率 {measured}").say(language))
    return " · ".join(said)


class _Limit(NamedTuple):
    said: Text
    is_changed: bool


def _limits(one: Cause | Flip, subject: ImpactSubject) -> list[_Limit]:
    """Return the pass mark and, where a call is left to people, the least coverage."""
    old, new = subject.old.scorecard, subject.new.scorecard
    marks = [f"{card.pass_mark:.15g}" for card in (old, new)]
    mark = _limit(Text(en="pass mark", zh="合格分"), marks)
    if "undecided" not in (one.before, one.now):
        return [mark]
    shares = [f"{100 * card.min_coverage:.15g}%" for card in (old, new)]
    return [mark, _limit(Text(en="least coverage", zh="最低覆盖率"), shares)]


def _limit(name: Text, values: Sequence[str]) -> _Limit:
    said = " → ".join(dict.fromkeys(values))
    return _Limit(Text(en=f"{name.en} {said}", zh=f"{name.zh} {said}"), len(set(values)) > 1)
