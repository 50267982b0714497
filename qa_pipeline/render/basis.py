"""What the figures rest on: the sample, what was not judged, how to read, where they come from."""

from qa_pipeline.aggregate.figures import Month
from qa_pipeline.render import cells
from qa_pipeline.render.document import Cell, Column, Row, Section, Table
from qa_pipeline.render.edition import Edition
from qa_pipeline.render.faults import more_rows
from qa_pipeline.render.numbers import NONE, percent
from qa_pipeline.render.sentences import READING, coverage_sentence, sample_sentence
from qa_pipeline.render.views import stratum_name
from qa_pipeline.texts import Text


def sample_section(e: Edition) -> Section:
    """Return the strata of every closed batch."""
    w = e.words
    columns = (
        Column(w["stratum"]),
        Column(w["batch"]),
        *(Column(w[name], "count") for name in ("population", "drawn")),
        *(Column(w[name], "number") for name in ("probability", "weight")),
        *(Column(w[name], "count") for name in ("reviewed", "passed")),
    )
    rows = [
        cells.row(
            cells.text(stratum_name(s.stratum, e.language)),
            cells.text(s.batch),
            cells.number(s.n_population),
            cells.number(s.n_drawn),
            Cell(f"{s.n_drawn / s.n_population:.3f}", s.n_drawn / s.n_population),
            Cell(f"{s.n_population / s.n_drawn:.1f}", s.n_population / s.n_drawn)
            if s.n_drawn
            else Cell(NONE),
            cells.number(s.n_reviewed),
            cells.number(s.n_passed),
        )
        for s in e.month.strata
    ]
    tables = (
        Table("strata", w["sample_title"], columns, tuple(rows), 24, more_rows(e, len(rows))),
    )
    says = (e.say(sample_sentence(e.month)),)
    return Section("sample", w["sample_title"], says=says, tables=tables if rows else ())


def coverage_section(e: Edition) -> Section:
    """Return evidence tiers, failed recordings, and what was not measured or left to people."""
    title = e.words["coverage_title"]
    pending = dict.fromkeys(
        e.criterion(c.scorecard_id, c.criterion) for c in e.month.criteria if c.n_pending
    )
    after: tuple[str, ...] = ()
    if pending:
        comma, stop = {"en": (", ", "."), "zh": ("、", "。")}[e.language]
        after = (f"{e.say(_LEFT)}{comma.join(pending)}{stop}",)
    tables = (_tiers(e), *_failures(e), *_unmeasured(e))
    return Section(
        "coverage", title, says=(e.say(coverage_sentence(e.month)),), tables=tables, after=after
    )


_LEFT = Text(
    en="Left to people, in neither side of the machine’s score: ",
    zh="由人工判定、不计入机检得分的评分项：",
)


def _tiers(e: Edition) -> Table:
    w = e.words
    n_calls = sum(n for _, n in e.month.coverage.tiers)
    rows = tuple(
        cells.row(
            cells.text(w.get(tier, tier)), cells.number(n), Cell(percent(n / n_calls), n / n_calls)
        )
        for tier, n in e.month.coverage.tiers
    )
    columns = (Column(w["tier"]), Column(w["calls"], "count"), Column(w["share_of_calls"], "rate"))
    return Table("tiers", w["tiers_title"], columns, rows)


def _failures(e: Edition) -> tuple[Table, ...]:
    w = e.words
    if not e.month.coverage.failures:
        return ()
    columns = (Column(w["code"]), Column(w["for_example"]), Column(w["recordings"], "count"))
    rows = tuple(
        cells.row(
            cells.text(f"{f.stage} / {f.code}"),
            cells.text(f.message_zh if e.language == "zh" else f.message_en),
            cells.number(f.n_recordings),
        )
        for f in e.month.coverage.failures
    )
    return (Table("failures", w["failures_title"], columns, rows),)


def _unmeasured(e: Edition) -> tuple[Table, ...]:
    w = e.words
    found = sorted(
        (c for c in e.month.criteria if c.n_not_measured),
        key=lambda c: (-c.n_not_measured, c.scorecard_id, c.criterion),
    )
    if not found:
        return ()
    columns = (
        Column(w["criterion"]),
        Column(w["judged"], "count"),
        Column(w["not_measured"], "count"),
        Column(w["share_of_calls"], "rate"),
        Column(w["reason"]),
    )
    rows = tuple(
        cells.row(
            cells.text(e.criterion(c.scorecard_id, c.criterion)),
            cells.number(c.n_judged),
            cells.number(
                c.n_not_measured,
                link=e.links.calls(
                    scorecard=c.scorecard_id, criterion=c.criterion, outcome="not_measured"
                ),
            ),
            cells.plain_rate(c.n_not_measured / (c.n_not_measured + c.n_judged)),
            cells.text(c.commonest_reason_not_measured or ""),
        )
        for c in found
    )
    return (Table("unmeasured", w["unmeasured_title"], columns, rows, 15, more_rows(e, len(rows))),)


def reading_section(e: Edition) -> Section:
    """Return how to read the figures."""
    return Section(
        "reading", e.words["reading_title"], says=tuple(e.say(t) for t in READING), is_prose=True
    )


def provenance_section(e: Edition) -> Section:
    """Return the scorecards and engines behind the figures."""
    w, month = e.words, e.month
    cards = (
        Column(w["scorecard"]),
        Column(w["version"], "number"),
        Column("SHA-256", "id"),
        Column(w["calls"], "count"),
        Column(w["machine_short"], "rate", "machine"),
    )
    engines = (
        *(Column(w[name]) for name in ("model", "diariser", "activity", "program")),
        Column(w["calls"], "count"),
    )
    return Section(
        "provenance", w["provenance_title"],
        tables=(
            Table("scorecards", w["scorecards_title"], cards, tuple(_cards(e, month))),
            Table(
                "engines", w["engines_title"], engines,
                tuple(
                    cells.row(
                        *(cells.text(name or NONE) for name in (
                            x.transcriber, x.diariser, x.activity, x.pipeline_version)),
                        cells.number(x.n_calls),
                    )
                    for x in month.engines
                ),
            ),
        ),
    )  # fmt: skip


def _cards(e: Edition, month: Month) -> list[Row]:
    return [
        cells.row(
            cells.text(e.titles.scorecard(card.scorecard_id, e.language), card.scorecard_id),
            Cell(str(card.version), card.version),
            cells.text(card.sha256),
            cells.number(card.machine.n_calls),
            cells.rate(
                card.machine.interval if card.machine.is_enough else None, e.words["too_few"]
            ),
        )
        for card in month.scorecards
    ]
