"""How far reviewers agree with each other and with the machine, and whether the machine drifts.

Agreement between reviewers rests on calls that two of them heard; the machine is compared with
blind reviews only, for who sees its verdict tends to repeat it.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from qa_pipeline.aggregate.appraisal import Appraisal, appraisals_of
from qa_pipeline.aggregate.opinions import CALL, KEY, OUTCOMES, blind_pairs, said_of
from qa_pipeline.aggregate.tables import MonthTables
from qa_pipeline.aggregate.tally import Tally
from qa_pipeline.statistics.accuracy import Accuracy, accuracy, rogan_gladen
from qa_pipeline.statistics.agreement import Agreement, Numbers, agreement, resampling
from qa_pipeline.statistics.drift import Drift, Flags, Indices, drift
from qa_pipeline.statistics.intervals import Interval

_PASS, _FAIL, _NOT_APPLICABLE = range(len(OUTCOMES))


@dataclass(frozen=True, slots=True)
class CriterionAgreement:
    """One criterion of a scorecard; `criterion` "" is the call's own verdict.

    `corrected` is the machine's failure share of all its judged calls, put right by sensitivity and
    specificity (Rogan-Gladen); None where they are not known well enough, and for whole calls.
    `drift` compares the month with the one before.
    """

    scorecard_id: str
    criterion: str
    between_reviewers: Agreement | None
    with_machine: Agreement | None
    accuracy: Accuracy
    machine_failed_share: float | None
    corrected: Interval | None
    drift: Drift | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Agreement of a month: of `n_double` calls heard twice, and `n_blind` heard blind at random.

    The two overall figures take all criteria of all scorecards together, drawn again by call.
    """

    n_double: int
    n_blind: int
    overall_between_reviewers: Agreement | None
    overall_with_machine: Agreement | None
    criteria: tuple[CriterionAgreement, ...]
    reviewers: tuple[Appraisal, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was said in the month, the machine beside it, and the bootstrap's weights by call."""

    said: pl.DataFrame
    blind: pl.DataFrame
    blind_before: pl.DataFrame
    weights: Numbers


def calibration_of(
    now: MonthTables, tally: Tally, before: MonthTables | None = None
) -> Calibration:
    """Return the agreement of a month's reviewers with each other and with the machine."""
    said = said_of(now)
    calls = said["call_id"].unique().sort()
    said = said.with_columns(place=calls.search_sorted(said["call_id"]).cast(pl.Int64))
    places = pl.DataFrame({"call_id": calls, "place": range(len(calls))})
    blind = blind_pairs(now, said).join(places, on="call_id", maintain_order="left")
    blind_before = blind_pairs(before, said_of(before)) if before is not None else blind.clear()
    heard = _Heard(said, blind, blind_before, resampling(len(calls)))
    shares = _machine_shares(tally)
    names = said.select("scorecard_id", "criterion").unique().sort("scorecard_id", "criterion")
    twice = said.group_by("call_id", "scorecard_id").agg(pl.col("reviewer").n_unique())
    return Calibration(
        n_double=twice.filter(pl.col("reviewer") > 1)["call_id"].n_unique(),
        n_blind=blind["call_id"].n_unique(),
        overall_between_reviewers=_between(said.filter(pl.col("criterion") != CALL), heard.weights),
        overall_with_machine=_with_machine(
            blind.filter(pl.col("criterion") != CALL), heard.weights
        ),
        criteria=tuple(
            _criterion(heard, scorecard_id, criterion, shares.get((scorecard_id, criterion)))
            for scorecard_id, criterion in names.iter_rows()
        ),
        reviewers=appraisals_of(now, said),
    )


def _criterion(
    heard: _Heard, scorecard_id: str, criterion: str, share: tuple[int, int] | None
) -> CriterionAgreement:
    this = (pl.col("scorecard_id") == scorecard_id) & (pl.col("criterion") == criterion)
    blind = heard.blind.filter(this)
    judged = blind.filter(pl.max_horizontal("machine", "code") < _NOT_APPLICABLE)
    found = accuracy(
        (judged["machine"] == _FAIL).to_numpy(),
        (judged["code"] == _FAIL).to_numpy(),
        judged["weight"].to_numpy(),
    )
    return CriterionAgreement(
        scorecard_id,
        criterion,
        _between(heard.said.filter(this), heard.weights),
        _with_machine(blind, heard.weights),
        found,
        share[0] / share[1] if share else None,
        _corrected(found, share) if share else None,
        drift(_disagreed(heard.blind_before.filter(this)), _disagreed(blind)),
    )


def _between(said: pl.DataFrame, weights: Numbers) -> Agreement | None:
    """Return the agreement of reviewers over calls that several of them heard."""
    several = said.filter(pl.len().over(KEY) > 1)
    counts = several.group_by(KEY, maintain_order=True).agg(
        pl.col("place").first(),
        *((pl.col("code") == code).sum().alias(str(code)) for code in _codes(several["code"])),
    )
    if counts.is_empty():
        return None
    ratings = counts.drop(*KEY, "place").to_numpy().astype(float)
    return agreement(ratings, weights, of_call=counts["place"].to_numpy())


def _with_machine(blind: pl.DataFrame, weights: Numbers) -> Agreement | None:
    """Return the agreement of the machine with blind reviews."""
    if blind.is_empty():
        return None
    codes = _codes(pl.concat([blind["machine"], blind["code"]]))
    machine, human = (
        (blind[name].to_numpy()[:, None] == np.array(codes)).astype(float)
        for name in ("machine", "code")
    )
    pairs = machine[:, :, None] * human[:, None, :]
    return agreement(machine + human, weights, pairs, blind["place"].to_numpy())


def _codes(seen: pl.Series) -> list[int]:
    """Return the codes to count: "not applicable" is a category only where somebody said so."""
    is_used = (seen == _NOT_APPLICABLE).any()
    return [_PASS, _FAIL, _NOT_APPLICABLE] if is_used else [_PASS, _FAIL]


def _disagreed(blind: pl.DataFrame) -> tuple[Flags, Indices]:
    return (blind["machine"] != blind["code"]).to_numpy(), blind["machine"].to_numpy()


def _machine_shares(tally: Tally) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the machine's failed and judged calls of each criterion."""
    judged = tally.verdicts.filter(pl.col("outcome").is_in(["pass", "fail"]))
    counts = judged.group_by("scorecard_id", "criterion").agg(
        pl.col("n").filter(pl.col("outcome") == "fail").sum().alias("n_failed"), pl.col("n").sum()
    )
    return {(card, name): (failed, n) for card, name, failed, n in counts.iter_rows()}


def _corrected(found: Accuracy, share: tuple[int, int]) -> Interval | None:
    se, sp = found.sensitivity, found.specificity
    if se is None or sp is None or se.interval is None or sp.interval is None:
        return None
    n_failed, n = share
    return rogan_gladen(n_failed / n, n, (se.value, se.n_effective), (sp.value, sp.n_effective))
