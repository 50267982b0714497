"""How much of the month the machine could judge, with what, and what it could not look at."""

import polars as pl

from qa_pipeline.aggregate.figures import Coverage, Engines, FailureCount, ScorecardMonth
from qa_pipeline.aggregate.rates import machine_rate
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.sampling.strata import call_verdict


def coverage_of(tables: MonthTables) -> Coverage:
    """Return coverage, the reasons of undecided calls, tiers, notes and failed recordings."""
    undecided = tables.evaluations.filter(pl.col("passed").is_null())
    unmeasured_fatal = tables.verdicts.filter(pl.col("fatal"), pl.col("outcome") == "not_measured")
    key = ["call_id", "scorecard_id"]
    n_fatal = undecided.join(unmeasured_fatal, on=key, how="semi")["call_id"].n_unique()
    n_thin = undecided.join(unmeasured_fatal, on=key, how="anti")["call_id"].n_unique()
    mean = tables.evaluations["coverage"].mean()
    return Coverage(
        mean_coverage=mean if isinstance(mean, float) else None,
        n_fatal_unmeasured=n_fatal,
        n_thin=n_thin,
        tiers=_tally(tables.calls["tier"]),
        notes=_tally(_notes(tables.calls)),
        failures=_failures(tables.failures),
    )


def _notes(calls: pl.DataFrame) -> pl.Series:
    """Return the codes noted on calls, and `made_up` for those that the manifest calls a demo."""
    noted = calls.select("call_id", "notes").explode("notes").drop_nulls("notes").unique()["notes"]
    said = calls["metadata"].str.json_path_match("$.demo").str.to_lowercase()
    made_up = said.filter(said.is_in(["true", "1", "yes"]))
    return pl.concat([noted, pl.Series("notes", ["made_up"] * len(made_up), dtype=pl.String)])


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


def scorecards_of(evaluations: pl.DataFrame) -> tuple[ScorecardMonth, ...]:
    """Return each scorecard version as used, with the machine's rate under it alone."""
    key = ["scorecard_id", "scorecard_version", "scorecard_sha256"]
    calls = (
        evaluations.group_by(*key, "call_id")
        .agg(call_verdict(pl.col("passed")).alias("machine_verdict"))
        .sort(*key, "call_id")
    )
    return tuple(
        ScorecardMonth(
            str(name[0]), int(str(name[1])), str(name[2]), machine_rate(rows["machine_verdict"])
        )
        for name, rows in calls.group_by(*key, maintain_order=True)
    )


def engines_of(calls: pl.DataFrame) -> tuple[Engines, ...]:
    """Return what produced the calls, the most calls first."""
    names = ["transcriber", "diariser", "activity", "pipeline_version"]
    counts = (
        calls.group_by(names)
        .agg(pl.col("call_id").n_unique().cast(pl.Int64).alias("n"))
        .sort("n", *names, descending=[True, False, False, False, False], nulls_last=True)
    )
    return tuple(Engines(*row) for row in counts.iter_rows())
