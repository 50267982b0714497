"""Reviewers: how far they agree with each other and with the machine, and each one's sheet."""

from collections.abc import Sequence

from qa_pipeline.aggregate.appraisal import Appraisal, CallShare
from qa_pipeline.aggregate.calibration import CriterionAgreement
from qa_pipeline.render import cells
from qa_pipeline.render.across import numbered
from qa_pipeline.render.charts import Dot, DotLine, dot_charts, rate_scale
from qa_pipeline.render.document import Cell, Column, Figure, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.faults import more_rows
from qa_pipeline.render.numbers import NONE, count, percent, percent_range
from qa_pipeline.statistics.accuracy import Share
from qa_pipeline.statistics.agreement import Agreement
from qa_pipeline.texts import Text

_N_CHART_CRITERIA = 16


def agreement_section(e: Edition) -> Section:
    """Return how far reviewers agree with each other and with the machine."""
    w, calibration = e.words, e.month.calibration
    title = w["agreement_title"]
    says = (_heard(e), e.say(_AGREEMENT))
    if not calibration.n_double and not calibration.n_blind:
        return Section("agreement", title, says=says[:1])
    figures: tuple[Figure, ...] = ()
    if e.audience != "management":
        figures = _agreement_chart(e, calibration.criteria[:_N_CHART_CRITERIA])
    tables = [_overall_table(e)]
    if e.audience != "management":
        tables.append(_criteria_table(e, calibration.criteria))
    return Section("agreement", title, says=says, figures=figures, tables=tuple(tables))


_AGREEMENT = Text(
    en="AC1 is agreement beyond chance that does not break down where nearly every call passes; "
    "1 is complete, 0 is chance. “Failures found” and “passes left alone” are the machine’s, by "
    "people’s blind reviews of calls drawn at random.",
    zh="AC1 为扣除偶然后的一致程度，在绝大多数通话都合格时仍然可靠；1 为完全一致，0 为偶然。"
    "“检出率”与“不误判率”是机检相对于随机抽取通话的盲评而言。",
)


def _heard(e: Edition) -> str:
    calibration = e.month.calibration
    double, blind = count(calibration.n_double), count(calibration.n_blind)
    return e.say(
        Text(
            en=f"{double} calls were heard by two reviewers or more, {blind} were heard blind and "
            "drawn at random: agreement rests on these.",
            zh=f"两人以上听过的通话 {double} 通，随机抽取且盲评的 {blind} 通：一致性以此为据。",
        )
    )


def _agreement_chart(e: Edition, criteria: Sequence[CriterionAgreement]) -> tuple[Figure, ...]:
    lines, shown = [], []
    for each in criteria:
        dots = []
        for party, found in (("human", each.between_reviewers), ("machine", each.with_machine)):
            ac1 = found.ac1 if found is not None else None
            if ac1 is None:
                why = "none_twice" if party == "human" else "none_blind"
                dots.append(Dot(party, None, e.words[why if found is None else "too_few"], ""))  # type: ignore[arg-type]
                continue
            shown.append(ac1)
            cell = cells.coefficient(ac1)
            dots.append(Dot(party, ac1, cell.shown, cell.detail))  # type: ignore[arg-type]
        lines.append(DotLine(_chart_name(e, each), tuple(dots), is_overall=not each.criterion))
    if not shown:
        return ()
    scale = rate_scale(shown)
    scale = type(scale)(scale.low, scale.high, tuple((v, f"{v:.1f}") for v, _ in scale.ticks))
    key = (("human", e.words["between_reviewers"]), ("machine", e.words["with_machine"]))
    description = Text(
        en="AC1 of each criterion with 95% intervals; the table below holds the same figures.",
        zh="各评分项的 AC1 及 95% 区间；下表为同样的数据。",
    ).say(e.language)
    return numbered(
        "agreement",
        f"{e.words['agreement_title']} (AC1)",
        description,
        dot_charts(lines, scale),
        key,
    )


def _criterion(e: Edition, found: CriterionAgreement) -> str:
    if found.criterion:
        return e.criterion(found.scorecard_id, found.criterion)
    return f"{e.titles.scorecard(found.scorecard_id, e.language)} · {e.words['whole_call']}"


def _chart_name(e: Edition, found: CriterionAgreement) -> str:
    if found.criterion:
        return e.criterion(found.scorecard_id, found.criterion)
    return e.titles.scorecard(found.scorecard_id, e.language)


def _overall_table(e: Edition) -> Table:
    w, c = e.words, e.month.calibration
    columns = (
        Column(""),
        Column(w["n_calls"], "count"),
        Column(w["raw"], "rate"),
        Column(w["ac1"], "coefficient"),
        Column(w["kappa"], "coefficient"),
    )
    rows = tuple(
        cells.row(
            cells.text(w[name], link=e.links.calls(heard=heard)), *_agreed(e, found), _kappa(found)
        )
        for name, heard, found in (
            ("between_reviewers", "twice", c.overall_between_reviewers),
            ("with_machine", "blind", c.overall_with_machine),
        )
    )
    return Table("agreement", w["agreement_title"], columns, rows)


def _agreed(e: Edition, found: Agreement | None) -> tuple[Cell, Cell, Cell]:
    few = e.words["too_few"]
    if found is None:
        return cells.number(0), cells.rate(None), cells.coefficient(None)
    return cells.number(found.n_calls), cells.rate(found.raw), cells.coefficient(found.ac1, few)


def _kappa(found: Agreement | None) -> Cell:
    return cells.coefficient(found.kappa if found is not None else None)


def _criteria_table(e: Edition, criteria: Sequence[CriterionAgreement]) -> Table:
    w = e.words
    between, machine = w["between_reviewers"], w["with_machine"]
    columns = (
        Column(w["criterion"]),
        Column(f"{between}: {w['raw']}", "rate", "human"),
        Column(f"{between}: AC1", "coefficient", "human"),
        Column(f"{machine}: {w['raw']}", "rate", "machine"),
        Column(f"{machine}: AC1", "coefficient", "machine"),
        Column(w["sensitivity"], "rate", "machine"),
        Column(w["specificity"], "rate", "machine"),
        Column(w["corrected"], "rate", "combined"),
        Column(w["drift"]),
    )
    rows = tuple(_agreement_row(e, each) for each in criteria)
    return Table("criteria", w["criterion"], columns, rows, 30, more_rows(e, len(rows)))


def _agreement_row(e: Edition, each: CriterionAgreement) -> Row:
    w = e.words
    few = w["too_few"]
    drift = each.drift
    said = NONE if drift is None else w["alarm" if drift.at is not None else "no_alarm"]
    return cells.row(
        cells.text(_criterion(e, each)),
        *_agreed(e, each.between_reviewers)[1:],
        *_agreed(e, each.with_machine)[1:],
        _accuracy(each.accuracy.sensitivity, few),
        _accuracy(each.accuracy.specificity, few),
        cells.rate(each.corrected, few),
        cells.text(said, tone="bad" if drift is not None and drift.at is not None else ""),
    )


def _accuracy(found: Share | None, note: str) -> Cell:
    return cells.rate(found.interval if found is not None else None, note)


def reviewers_section(e: Edition) -> Section:
    """Return each reviewer's sheet: load, agreement, strictness."""
    w, reviewers = e.words, e.month.calibration.reviewers
    title = w["appraisal_title"]
    if not reviewers:
        return Section("reviewers", title, says=(e.say(_NOBODY),))
    load = (
        Column(w["reviewer"]),
        *(
            Column(w[name], "count")
            for name in ("assigned", "heard", "blind", "late", "open", "days")
        ),
        Column(w["minutes"], "number"),
    )
    opinion = (
        Column(w["reviewer"]),
        *(Column(w[name], "rate") for name in ("with_peers", "with_majority", "with_gold")),
        Column(w["strictness"], "change"),
    )
    return Section(
        "reviewers", title, says=(e.say(_SHEETS),),
        tables=(
            Table("load", title, load, tuple(_load(e, each) for each in reviewers)),
            Table("opinion", title, opinion, tuple(_opinion(e, each) for each in reviewers)),
        ),
    )  # fmt: skip


_NOBODY = Text(en="Nobody reviewed a call of this month.", zh="本月的通话尚无人复核。")
_SHEETS = Text(
    en="A sheet shows where to talk, not whom to blame. Strictness is how much more often a "
    "reviewer fails a criterion than colleagues do where the machine said the same.",
    zh="考评表用来找出需要沟通之处，而非追责。严格程度：在机检意见相同时，该质检员判不合格比同事多出的比例。",
)


def _load(e: Edition, each: Appraisal) -> Row:
    load = each.load
    minutes = load.minutes
    return cells.row(
        cells.text(each.reviewer),
        cells.number(load.n_assigned),
        cells.number(load.n_calls, link=e.links.calls(reviewer=each.reviewer)),
        *map(cells.number, (load.n_blind, load.n_late, load.n_open, load.n_days)),
        Cell(NONE if minutes is None else f"{minutes:.1f}", minutes),
    )


def _opinion(e: Edition, each: Appraisal) -> Row:
    few = e.words["too_few"]
    strict = each.strictness
    return cells.row(
        cells.text(each.reviewer),
        *(_of_calls(share, few) for share in (each.with_peers, each.with_majority, each.with_gold)),
        cells.text(few, tone="note") if strict is None else cells.difference(strict, e.language),
    )


def _of_calls(found: CallShare | None, few: str) -> Cell:
    if found is None or found.interval is None:
        return cells.rate(None, few)
    i = found.interval
    return Cell(percent(found.value), found.value, percent_range(i), i.low, i.high)
