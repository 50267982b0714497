"""How much of the month the machine could judge, with what, and what it could not look at."""

import polars as pl

from qa_pipeline.aggregate.figures import Coverage, Engines, FailureCount, ScorecardMonth
from qa_pipeline.aggregate.rates import machine_rate
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.aggregate.tally import Tally
from qa_pipeline.sampling.strata import call_verdict


def coverage_of(tables: MonthTables, tally: Tally) -> Coverage:
    """Return coverage, the reasons of undecided calls, tiers, notes and failed recordings."""
    key = ["call_id", "scorecard_id"]
    evaluations = tables.evaluations.select(*key, pl.col("passed").is_null(), "coverage")
    undecided, mean, tiers, notes = pl.collect_all(
        [
            evaluations.filter("passed").select(*key),
            evaluations.select(pl.col("coverage").mean()),
            tables.calls.select("tier"),
            _notes(tables.calls),
        ],
        engine="streaming",
    )
    n_fatal = undecided.join(tally.fatal, on=key, how="semi")["call_id"].n_unique()
    n_thin = undecided.join(tally.fatal, on=key, how="anti")["call_id"].n_unique()
    return Coverage(
        mean_coverage=mean.item(),
        n_fatal_unmeasured=n_fatal,
        n_thin=n_thin,
        tiers=_tally(tiers["tier"]),
        notes=_tally(notes["notes"]),
        failures=_failures(tables.failures),
    )


def _notes(calls: pl.LazyFrame) -> pl.LazyFrame:
    """Return the codes noted on calls, and `made_up` for those that the manifest calls a demo."""
    noted = calls.select("call_id", "notes").explode("notes").drop_nulls("notes").unique()
    said = pl.col("metadata").str.json_path_match("$.demo").str.to_lowercase()
    is_made_up = said.is_in(["true", "1", "yes"])
    made_up = calls.select(notes=pl.when(is_made_up).then(pl.lit("made_up"))).drop_nulls()
    return pl.concat([noted.select("notes"), made_up])


def _tally(values: pl.Series) -> tuple[tuple[str, int], ...]:
    counts = (
        values.alias("value").value_counts(name="n").sort("n", "value", descending=[True, False])
    )
    return tuple((str(value), int(n)) for value, n in counts.iter_rows())


def _failures(failures: pl.DataFrame) -> tuple[FailureCount, ...]:
    counts = (
        failures.group_by("stage", "code")
        .agg(
            pl.col("recording").n_unique().cast(pl.Int64).alias("n"),
            pl.col("message_en").sort().first(),
            pl.col("message_zh").sort().first(),
        )
        .sort("n", "stage", "code", descending=[True, False, False])
    )
    return tuple(FailureCount(*row) for row in counts.iter_rows())


def scorecards_of(tables: MonthTables) -> tuple[ScorecardMonth, ...]:
    """Return each scorecard version as used, with the machine's rate under it alone."""
    key = ["scorecard_id", "scorecard_version", "scorecard_sha256"]
    calls = (
        tables.evaluations.group_by(*key, "call_id")
        .agg(call_verdict(pl.col("passed")).alias("machine_verdict"), pl.col("coverage").mean())
        .collect(engine="streaming")
    )
    return tuple(
        ScorecardMonth(str(name[0]), int(str(name[1])), str(name[2]), machine_rate(rows))
        for name, rows in calls.sort(*key, "call_id").group_by(*key, maintain_order=True)
    )


def engines_of(tables: MonthTables) -> tuple[Engines, ...]:
    """Return what produced the calls, the most calls first."""
    names = ["transcriber", "diariser", "activity", "pipeline_version"]
    counts = (
        tables.calls.group_by(names)
        .agg(pl.col("call_id").n_unique().cast(pl.Int64).alias("n"))
        .sort("n", *names, descending=[True, False, False, False, False], nulls_last=True)
        .collect(engine="streaming")
    )
    return tuple(Engines(*row) for row in counts.iter_rows())
