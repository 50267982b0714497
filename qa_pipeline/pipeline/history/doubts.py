"""Warnings from history: what a scorecard says, and calls never bear out. Each with its figures."""

from collections.abc import Iterator

from qa_pipeline.documents import Place
from qa_pipeline.errors import Doubt
from qa_pipeline.language.sounds import n_syllables
from qa_pipeline.language.units import is_han
from qa_pipeline.pipeline.history.looking import HEARD_WITHIN_DAYS, History, LookBack
from qa_pipeline.pipeline.history.phrases import Listed, listed_phrases
from qa_pipeline.scorecard.doubts import forbidden_signals
from qa_pipeline.scorecard.draft import draft
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.scorecard.model import Criterion
from qa_pipeline.scorecard.signals import PhraseSignal
from qa_pipeline.scorecard.wording import written_phrases
from qa_pipeline.texts import Text

#: From these shares on a signal tells little apart, and a criterion is too often not measured.
_OFTEN, _SELDOM_MEASURED = 0.5, 0.1

Found = tuple[Place, Text, Text, str]


def history_doubts(loaded: LoadedScorecard, history: History) -> tuple[Doubt, ...]:
    """Return the warnings in order of place; none of criteria where no call of the month is."""
    found = [*_phrases(loaded, history)]
    if history.n_calls:
        found += [*_signals(loaded, history), *_criteria(loaded, history)]
    return tuple(
        Doubt(f"{loaded.where}:{place.line}:{place.column}", what, fix, got=got)
        for place, what, fix, got in sorted(found, key=lambda one: one[0])
    )


def no_calls_doubt(loaded: LoadedScorecard, asked: LookBack, history: History) -> tuple[Doubt, ...]:
    """Return the warning that history says nothing, where the month has no call of the scorecard.

    And of calls that broke on the program, which no figure counts.
    """
    doubts = []
    if not history.n_calls:
        what = Text(
            en="history says nothing of it: the store has no call of this month that it applies to",
            zh="历史无从对照：存储中该月没有适用于它的通话",
        )
        fix = Text(
            en="check --period, --store, and the scorecard's applies_to and language",
            zh="请检查 --period、--store，以及评分表的 applies_to 与 language",
        )
        doubts.append(Doubt(loaded.where, what, fix, got=asked.period))
    if history.n_failed:
        what = Text(
            en="calls on which the program failed are in no figure of history",
            zh="程序出错的通话未计入历史数字",
        )
        fix = Text(en="judge one: qa rescore tells where", zh="可用 qa rescore 查看出错位置")
        doubts.append(Doubt(loaded.where, what, fix, got=str(history.n_failed)))
    return tuple(doubts)


def _criteria(loaded: LoadedScorecard, history: History) -> Iterator[Found]:
    for i, section in enumerate(loaded.scorecard.sections):
        for j, criterion in enumerate(section.criteria):
            if criterion.judged_by == "machine":
                place = loaded.document.place(("sections", i, "criteria", j, "id"))
                for what, fix in _criterion(criterion, history):
                    yield place, what, fix, criterion.id


def _criterion(criterion: Criterion, history: History) -> Iterator[tuple[Text, Text]]:
    passed, failed, unmeasured = (
        history.outcomes[criterion.id, outcome] for outcome in ("pass", "fail", "not_measured")
    )
    judged, applicable = passed + failed, passed + failed + unmeasured
    if judged == 0:
        yield (
            Text(
                en=f"never judged: it applied to {applicable:,} of {history.n_calls:,} calls",
                zh=f"从未判定：{history.n_calls:,} 通中仅 {applicable:,} 通适用",
            ),
            Text(
                en="look at when, min_tier and the signals", zh="请查看 when、min_tier 与所用信号"
            ),
        )
    elif failed == 0:
        yield (
            Text(
                en=f"never failed: all {judged:,} calls that it judged passed",
                zh=f"从未不通过：所判定的 {judged:,} 通全部通过",
            ),
            Text(
                en="is the limit too kind, or a phrase of what is forbidden missing? try a bad "
                "call: qa try",
                zh="界限是否过宽，或禁用语不全？请用一通差的对话试评：qa try",
            ),
        )
    elif passed == 0:
        yield (
            Text(
                en=f"never passed: all {judged:,} calls that it judged failed",
                zh=f"从未通过：所判定的 {judged:,} 通全部不通过",
            ),
            Text(
                en="is the limit too strict, or do agents say it otherwise? try a good call: "
                "qa try",
                zh="界限是否过严，或客服换了说法？请用一通好的对话试评：qa try",
            ),
        )
    if applicable and unmeasured > _SELDOM_MEASURED * applicable:
        yield (
            Text(
                en=f"not measured on {unmeasured:,} of {applicable:,} calls that it applied to "
                f"({unmeasured / applicable:.0%})",
                zh=f"适用的 {applicable:,} 通中有 {unmeasured:,} 通未能测量"
                f"（{unmeasured / applicable:.0%}）",
            ),
            Text(
                en="qa call shows the reason on one of them; recordings or min_tier may be to "
                "blame",
                zh="可用 qa call 查看其中一通的原因；可能是录音条件或 min_tier 所致",
            ),
        )


def _signals(loaded: LoadedScorecard, history: History) -> Iterator[Found]:
    for name in loaded.scorecard.signals:
        fired, measured = history.fired[name], history.measured[name]
        if measured and fired > _OFTEN * measured:
            yield (
                loaded.document.place(("signals", name), key=True),
                Text(
                    en=f"fires on {fired:,} of {measured:,} calls ({fired / measured:.0%}): it "
                    "hardly tells calls apart",
                    zh=f"{measured:,} 通中有 {fired:,} 通命中（{fired / measured:.0%}），"
                    "难以区分通话",
                ),
                Text(
                    en="well where it is what agents must say; else narrow it: except, a window, "
                    "an anchor, longer phrases",
                    zh="若是要求客服必说的话则正常；否则请收窄：except、时间窗、锚点或更长的词句",
                ),
                name,
            )


def _phrases(loaded: LoadedScorecard, history: History) -> Iterator[Found]:
    n = history.n_calls_for_phrases
    if not n:
        return
    by_sound = _better_by_sound(loaded)
    for listed in listed_phrases(loaded):
        heard = history.heard[listed.path]
        place = loaded.document.place(listed.path)
        if heard == 0:
            what = Text(
                en=f"never heard in {HEARD_WITHIN_DAYS} days ({n:,} calls)",
                zh=f"{HEARD_WITHIN_DAYS} 天内从未出现（{n:,} 通）",
            )
            may_help = listed.is_looked_for and any(map(is_han, listed.phrase))
            fix = _TRY_SOUND if may_help and listed.signal in by_sound else _AS_SAID
            yield place, what, fix, listed.phrase
        elif listed.is_excusable and listed.path not in history.escaped:
            what = Text(
                en=f"always excused: heard in {heard:,} calls, and except swallowed every hit",
                zh=f"总被排除：{heard:,} 通中出现过，每次都被 except 排除",
            )
            yield place, what, _narrowed(loaded, listed), listed.phrase


_AS_SAID = Text(en="write it as people say it, or delete it", zh="请按实际说法改写，或删除")
_TRY_SOUND = Text(
    en="write it as people say it, try match: sound, or delete it",
    zh="请按实际说法改写，或用 match: sound，或删除",
)


def _better_by_sound(loaded: LoadedScorecard) -> frozenset[str]:
    """Return the signals for which `match: sound` is worth trying: `check` would not mind it."""
    card = loaded.scorecard
    if card.language != "zh":
        return frozenset()
    by_text = (
        n for n, s in card.signals.items() if isinstance(s, PhraseSignal) and s.match == "text"
    )
    written = loaded.document.data["signals"]
    return frozenset(
        name
        for name in by_text
        if all(n_syllables(phrase) > 1 for _, phrase in written_phrases(written[name], ()))
    ) - forbidden_signals(draft(loaded.document))


def _narrowed(loaded: LoadedScorecard, listed: Listed) -> Text:
    """Return the advice for a phrase that `except` always excuses."""
    signal = loaded.scorecard.signals[listed.signal]
    within = signal.except_within if isinstance(signal, PhraseSignal) else "hit"
    return {
        "turn": Text(
            en="narrow except, or except_within: sentence or hit",
            zh="请收窄 except，或用 except_within: sentence / hit",
        ),
        "sentence": Text(
            en="narrow except, or except_within: hit", zh="请收窄 except，或用 except_within: hit"
        ),
        "hit": Text(en="narrow except", zh="请收窄 except"),
    }[within]
