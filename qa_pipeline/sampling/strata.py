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


def frame_of(evaluations: pl.DataFrame, strata: Sequence[str]) -> pl.DataFrame:
    """Return `call_id, stratum`, one row a call in id order.

    `strata` name columns of the evaluations, `machine_verdict`, or manifest columns kept in
    `metadata`. Raises WrongUse for a name that no call has.
    """
    calls = calls_with_verdicts(evaluations)
    parts = [_escaped(_column(calls, name)) for name in strata]
    return calls.select("call_id", stratum=pl.concat_str(parts, separator="/"))


def _escaped(value: pl.Expr) -> pl.Expr:
    text = value.cast(pl.String).fill_null(NO_VALUE)
    return text.str.replace_all("%", "%25", literal=True).str.replace_all("/", "%2F", literal=True)


def stratum_values(stratum: str) -> tuple[str, ...]:
    """Return the values that a stratum's name is made of."""
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in stratum.split("/"))


def _column(calls: pl.DataFrame, name: str) -> pl.Expr:
    if name in calls.columns and name != "metadata":
        return pl.col(name)
    is_name = not {"'", "\\"} & set(name)  # these would end the name inside the path
    kept = calls["metadata"].str.json_path_match(f"$['{name}']") if is_name else None
    if kept is not None and (calls.is_empty() or kept.is_not_null().any()):
        return pl.lit(kept)
    near = get_close_matches(name, calls.columns, n=1)
    known = f"'{near[0]}'" if near else "group, machine_verdict, queue, product"
    raise WrongUse(
        "sampling.strata",
        Text(en="no call has this column", zh="没有任何通话含有该列"),
        Text(en=f"name a manifest column or {known}", zh=f"请填写清单中的列名，或 {known}"),
        got=name,
    )
