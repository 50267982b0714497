"""Inspection levels of a store: lets the reviewed weeks pass, and keeps every switch with reasons.

A switch that stands in the ledger stays: later reviews of the weeks before it change nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from qa_pipeline.aggregate.lots import lots_of
from qa_pipeline.errors import WrongUse
from qa_pipeline.pipeline.month import month_tables
from qa_pipeline.pipeline.periods import checked_period, period_before
from qa_pipeline.sampling.level_words import LEVELS, explained
from qa_pipeline.sampling.levels import Level, Standing, SubjectKind, Switch, replay
from qa_pipeline.settings import Settings
from qa_pipeline.store import LevelRow, Store
from qa_pipeline.texts import Text

#: Months looked back on for the weeks since a subject's last switch.
N_MONTHS = 12


@dataclass(frozen=True, slots=True)
class LevelsOfPeriod:
    """The newest switch of every subject as of the end of a period, and how many are new."""

    period: str
    subject_kind: SubjectKind
    rows: tuple[LevelRow, ...]
    n_new: int


@dataclass(frozen=True, slots=True)
class Override:
    """A level decided by hand, with the reason that a lead gives, from a day on."""

    subject: str
    level: str
    effective_on: date
    note: str
    by: str


def run_levels(
    store_path: Path,
    period: str,
    settings: Settings,
    subject_kind: SubjectKind = "agent",
    override: Override | None = None,
) -> LevelsOfPeriod:
    """Decide the levels of a period's weeks, after `override` if given, and keep the switches.

    Running again changes nothing. Raises WrongUse for a level or a note that is missing.
    """
    last_day = _last_day(checked_period(period))
    share = settings.levels.acceptable_failed_share
    with Store.open(store_path, database_url=settings.database_url) as store:
        standings = _standings(store.ledger.levels(subject_kind))
        by_hand = () if override is None else (_checked(override, standings),)
        months = [month_tables(store, each) for each in _months(period)]
        lots = [
            lot for lot in lots_of(months, subject_kind) if lot.week + timedelta(days=6) <= last_day
        ]
        switches = replay(lots, share, standings, by_hand).switches
        now = datetime.now(UTC)
        store.ledger.save_levels([_row(s, subject_kind, share, now) for s in switches])
        rows = store.ledger.levels(subject_kind)
    newest = {row.subject: row for row in rows if row.effective_on <= last_day + timedelta(days=7)}
    return LevelsOfPeriod(
        period, subject_kind, tuple(newest[name] for name in sorted(newest)), len(switches)
    )


def explanation(row: LevelRow) -> Text:
    """Return why a stored switch was made, in both languages."""
    return Text(en=str(row.evidence.get("en", row.note)), zh=str(row.evidence.get("zh", row.note)))


def _row(switch: Switch, kind: SubjectKind, share: float, at: datetime) -> LevelRow:
    words = explained(switch, share)
    evidence: dict[str, Any] = {
        "level_before": switch.level_before,
        "score": switch.score,
        "acceptable_failed_share": share,
        "en": words.en,
        "zh": words.zh,
    }
    if switch.lot is not None:
        evidence["lot"] = {**asdict(switch.lot), "week": switch.lot.week.isoformat()}
    return LevelRow(
        kind, switch.subject, switch.level, switch.effective_on, switch.reason, evidence,
        switch.note, switch.by, at,
    )  # fmt: skip


def _standings(rows: tuple[LevelRow, ...]) -> Mapping[str, Standing]:
    return {row.subject: Standing(cast(Level, row.level), row.effective_on) for row in rows}


def _months(period: str) -> list[str]:
    months = [period]
    while len(months) < N_MONTHS:
        months.append(period_before(months[-1]))
    return months[::-1]


def _last_day(period: str) -> date:
    first = date.fromisoformat(f"{period}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _checked(override: Override, standings: Mapping[str, Standing]) -> Switch:
    """Return the override as a switch. Raises WrongUse where it is not clear."""
    where, got = "--override", f"{override.subject}={override.level}"
    standing = standings.get(override.subject)
    if override.level not in LEVELS or not override.subject:
        raise WrongUse(
            where,
            Text(en="a subject and a level are needed", zh="需要给出对象与级别"),
            Text(
                en="write SUBJECT=LEVEL with full, half, sampled or exempt, e.g. 1007=full",
                zh="写成 对象=级别，级别为 full、half、sampled 或 exempt，例如 1007=full",
            ),
            got=got,
        )
    if not override.note.strip():
        raise WrongUse(
            "--note",
            Text(en="a level decided by hand needs its reason", zh="人工决定的级别须说明理由"),
            Text(
                en="say why: --note 'complaint of 3 October'", zh="写明理由：--note '10月3日投诉'"
            ),
        )
    if standing is not None and override.effective_on < standing.since:
        raise WrongUse(
            where,
            Text(
                en=f"the level has changed since, on {standing.since}",
                zh=f"该对象的级别此后已于 {standing.since} 变更",
            ),
            Text(
                en=f"decide from that day on or later: --since {standing.since}",
                zh=f"请自该日或之后起决定：--since {standing.since}",
            ),
            got=override.effective_on.isoformat(),
        )
    return Switch(
        override.subject,
        cast(Level, override.level),
        override.effective_on,
        "overridden",
        note=override.note,
        by=override.by,
    )
