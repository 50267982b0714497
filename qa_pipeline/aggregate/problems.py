"""What went wrong: criteria by failures, and calls to listen to as examples."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from qa_pipeline.aggregate.figures import Counted, CriterionMonth, Example, GroupCount, Share
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.aggregate.tally import KEY, Tally
from qa_pipeline.sampling.strata import NO_VALUE

EXAMPLES_PER_CRITERION = 3
#: An agent's newest failures of a criterion that are looked through for one with a quote.
_CANDIDATES_PER_AGENT = 5


def criteria_of(tally: Tally) -> tuple[CriterionMonth, ...]:
    """Return every criterion's outcomes, by scorecard and in report order, without examples."""
    groups = _shares(tally)
    reasons = tally.unmeasured.sort("n", "reason", descending=[True, False]).unique(
        KEY, keep="first", maintain_order=True
    )
    newest = ("section", "severity")
    rows = (
        tally.verdicts.group_by(*KEY)
        .agg(
            pl.col("position").min(),
            *(pl.col(name).sort_by("scorecard_version").last() for name in newest),
            pl.col("fatal").any(),
            *(_n(outcome) for outcome in _OUTCOMES),
        )
        .join(reasons.select(*KEY, "reason"), on=KEY, how="left")
        .sort("scorecard_id", "position", "criterion")
    )
    return tuple(
        CriterionMonth(
            scorecard_id=row["scorecard_id"],
            section=row["section"],
            criterion=row["criterion"],
            severity=row["severity"],
            is_fatal=row["fatal"],
            n_passed=row["pass"],
            n_failed=row["fail"],
            n_not_measured=row["not_measured"],
            n_not_applicable=row["not_applicable"],
            n_pending=row["pending"],
            commonest_reason_not_measured=row["reason"],
            groups=groups.get((row["scorecard_id"], row["criterion"]), ()),
            examples=(),
        )
        for row in rows.iter_rows(named=True)
    )


def with_examples(
    criteria: Sequence[CriterionMonth], tables: MonthTables
) -> tuple[CriterionMonth, ...]:
    """Return the criteria with calls to listen to."""
    found = _examples(tables)
    return tuple(
        replace(c, examples=found.get((c.scorecard_id, c.criterion), ())) for c in criteria
    )


_OUTCOMES = ("pass", "fail", "not_measured", "not_applicable", "pending")


def _n(outcome: str) -> pl.Expr:
    return pl.col("n").filter(pl.col("outcome") == outcome).sum().alias(outcome)


def _shares(tally: Tally) -> Mapping[tuple[str, str], tuple[Share, ...]]:
    judged = (
        tally.verdicts.filter(pl.col("outcome").is_in(["pass", "fail"]))
        .group_by(*KEY, "group")
        .agg(_n("fail"), pl.col("n").sum().alias("n_judged"))
        .sort(*KEY, "group")
    )
    found: dict[tuple[str, str], tuple[Share, ...]] = {}
    for scorecard_id, criterion, group, n_failed, n_judged in judged.iter_rows():
        key = (scorecard_id, criterion)
        found[key] = (*found.get(key, ()), Share(group, n_failed, n_judged))
    return found


def _examples(tables: MonthTables) -> Mapping[tuple[str, str], tuple[Example, ...]]:
    """Choose calls with a quote first, one an agent first, then the newest; the id breaks ties.

    Of each agent only the newest failures are looked through: findings are read for few calls.
    """
    candidates = _newest_failures(tables)
    evidence = (
        tables.findings.filter(pl.col("criterion").is_not_null())
        .select("call_id", *KEY, "position", "start_s", "quote")
        .join(candidates.select("call_id", *KEY).lazy(), on=["call_id", *KEY], how="semi")
        .collect(engine="streaming")
        .sort(pl.col("quote").is_null(), "position", maintain_order=True)
        .unique(["call_id", *KEY], keep="first", maintain_order=True)
        .select("call_id", *KEY, "start_s", "quote")
    )
    ranked = (
        candidates.join(evidence, on=["call_id", *KEY], how="left")
        .sort(pl.col("quote").is_null(), "local_date", "call_id", descending=[False, True, False])
        .with_columns(nth=pl.int_range(pl.len()).over(*KEY, "agent_id"))
        .sort("nth", maintain_order=True)
        .group_by(*KEY, maintain_order=True)
        .head(EXAMPLES_PER_CRITERION)
    )
    found: dict[tuple[str, str], tuple[Example, ...]] = {}
    for row in ranked.iter_rows(named=True):
        key = (row["scorecard_id"], row["criterion"])
        fields = {name: row[name] for name in Example.__dataclass_fields__}
        found[key] = (*found.get(key, ()), Example(**fields | {"group": row["group"] or NO_VALUE}))
    return found


def _newest_failures(tables: MonthTables) -> pl.DataFrame:
    """Return each agent's newest failures of each criterion, without the reasons of the others."""
    failed = tables.verdicts.filter(pl.col("outcome") == "fail")
    newest = (
        failed.select("call_id", *KEY, "group", "agent_id", "local_date")
        .collect(engine="streaming")
        .sort("local_date", "call_id", descending=[True, False])
        .group_by(*KEY, "agent_id", maintain_order=True)
        .head(_CANDIDATES_PER_AGENT)
    )
    reasons = (
        failed.select("call_id", *KEY, "reason")
        .join(newest.select("call_id", *KEY).lazy(), on=["call_id", *KEY], how="semi")
        .collect(engine="streaming")
    )
    return newest.join(reasons, on=["call_id", *KEY], how="left", maintain_order="left")


def counted_signals(tables: MonthTables) -> tuple[Counted, ...]:
    """Return what scorecards only count (customers' suggestions, say), the most first."""
    counts = (
        tables.findings.filter(pl.col("criterion").is_null())
        .group_by("signal", pl.col("group").fill_null(NO_VALUE))
        .agg(
            pl.len().cast(pl.Int64).alias("n_findings"),
            pl.col("call_id").n_unique().cast(pl.Int64).alias("n_calls"),
        )
        .sort("signal", "group")
        .collect(engine="streaming")
    )
    found = [
        Counted(
            str(name[0]),
            int(rows["n_findings"].sum()),
            int(rows["n_calls"].sum()),
            tuple(GroupCount(*row) for row in rows.drop("signal").iter_rows()),
        )
        for name, rows in counts.group_by("signal", maintain_order=True)
    ]
    return tuple(sorted(found, key=lambda c: (-c.n_findings, c.signal)))
