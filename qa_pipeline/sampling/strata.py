"""The month's calls as a sampling frame: one row a call, with the stratum it belongs to.

A call may carry several evaluations (one for each scorecard that applies). Its own machine verdict
is the strictest of them: one failure fails the call, else one undecided leaves it undecided.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Literal

import polars as pl

from qa_pipeline.errors import WrongUse
from qa_pipeline.texts import Text

MachineVerdict = Literal["pass", "fail", "undecided"]

#: What stands in a stratum's name where a call has no value.
NO_VALUE = "-"
#: What a rule may flag, the gravest first.
FLAGS = ("fatal_failed", "fatal_not_measured", "machine_failed", "undecided")


def call_verdict(passed: pl.Expr) -> pl.Expr:
    """Return the call's verdict from its evaluations' `passed`, for use in a group-by."""
    return (
        pl.when(passed.eq(False).any())
        .then(pl.lit("fail"))
        .when(passed.is_null().any())
        .then(pl.lit("undecided"))
        .otherwise(pl.lit("pass"))
    )


def calls_with_verdicts(evaluations: pl.DataFrame) -> pl.DataFrame:
    """Return one row a call in id order: the columns of its first evaluation + machine_verdict."""
    verdicts = evaluations.group_by("call_id").agg(
        call_verdict(pl.col("passed")).alias("machine_verdict")
    )
    return (
        evaluations.sort("call_id", "scorecard_id")
        .unique("call_id", keep="first", maintain_order=True)
        .join(verdicts, on="call_id", how="left", maintain_order="left")
    )


def flagged_calls(calls: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Return `calls` with what the machine found beside its verdict, one Boolean column a flag.

    `verdicts` need `call_id, fatal, outcome`. The column `flag` names the first that holds.
    """
    fatal = verdicts.filter("fatal")

    def with_(outcome: str) -> pl.Expr:
        found = fatal.filter(pl.col("outcome") == outcome)["call_id"].unique()
        return pl.col("call_id").is_in(found.to_list())

    told = calls.with_columns(
        fatal_failed=with_("fail"),
        fatal_not_measured=with_("not_measured"),
        machine_failed=pl.col("machine_verdict") == "fail",
        undecided=pl.col("machine_verdict") == "undecided",
    )
    first = pl.coalesce(*(pl.when(flag).then(pl.lit(flag)) for flag in FLAGS))
    return told.with_columns(flag=first)


def strata_of(
    calls: pl.DataFrame, strata: Sequence[str], where: Sequence[str] | None = None
) -> pl.Series:
    """Return the stratum of each call, the values of its `strata` columns joined by slashes.

    `strata` name columns of the calls, `machine_verdict`, `flag`, or manifest columns kept in
    `metadata`. Raises WrongUse for a name that no call has; `where` says where each is written.
    """
    places = strata if where is None else where
    parts = []
    for name, place in zip(strata, places, strict=True):
        if (value := column(calls, name)) is None:
            raise _unknown_column(calls, name, place)
        parts.append(_escaped(value))
    return calls.select(pl.concat_str(parts, separator="/").alias("stratum"))["stratum"]


def _escaped(value: pl.Expr) -> pl.Expr:
    text = value.cast(pl.String).fill_null(NO_VALUE)
    return text.str.replace_all("%", "%25", literal=True).str.replace_all("/", "%2F", literal=True)


def stratum_values(stratum: str) -> tuple[str, ...]:
    """Return the values that a stratum's name is made of."""
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in stratum.split("/"))


def column(calls: pl.DataFrame, name: str) -> pl.Expr | None:
    """Return a column of the calls or of their manifest, None where no call has it."""
    if name in calls.columns and name != "metadata":
        return pl.col(name)
    if {"'", "\\"} & set(name):  # these would end the name inside the path
        return None
    kept = calls["metadata"].str.json_path_match(f"$['{name}']")
    return pl.lit(kept) if calls.is_empty() or kept.is_not_null().any() else None


def _unknown_column(calls: pl.DataFrame, name: str, where: str) -> WrongUse:
    near = get_close_matches(name, calls.columns, n=1)
    known = f"'{near[0]}'" if near else "group, machine_verdict, queue, product"
    return WrongUse(
        where,
        Text(en="no call has this column", zh="没有任何通话含有该列"),
        Text(en=f"name a manifest column or {known}", zh=f"请填写清单中的列名，或 {known}"),
        got=name,
    )
