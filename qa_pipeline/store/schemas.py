"""The columns of every table, by name and type: what a reader may count on.

`None` inside a call ("not measured") is a null, an empty tuple ("measured, nothing") an empty list.
`started_at` is UTC; `local_date` and `period` follow the calendar of the configured time zone.
"""

from typing import Final, Literal

import polars as pl

Table = Literal["calls", "evaluations", "verdicts", "findings", "failures"]
Columns = dict[str, pl.DataType]

_TEXT: Final = pl.String()
_SECONDS: Final = pl.Float64()

#: Facts of the call that every row repeats, so that no reader needs a join to group by them.
LABELS: Final = ("group", "agent_id", "queue", "segment", "product", "direction")
FACTS: Final[Columns] = {
    "call_id": _TEXT,
    **dict.fromkeys(LABELS, _TEXT),
    "language": _TEXT,
    "tier": _TEXT,
    "duration_s": _SECONDS,
    "started_at": pl.Datetime("us", "UTC"),
    "local_date": pl.Date(),
    "period": _TEXT,
}

#: What made the row; `fingerprint` is the content key of the call's measurement.
PROVENANCE: Final[Columns] = {
    "recording_sha256": _TEXT,
    "transcript_sha256": _TEXT,
    "transcriber": _TEXT,
    "diariser": _TEXT,
    "activity": _TEXT,
    "pipeline_version": _TEXT,
    "fingerprint": _TEXT,
    "shard": _TEXT,
    "written_at": pl.Datetime("us", "UTC"),
}

_MASKED: Final = pl.Struct(
    {"kind": pl.String, "n_digits": pl.Int64, "token": pl.String, "tail_token": pl.String}
)
_WORD: Final = pl.Struct(
    {
        "text": pl.String,
        "start_s": pl.Float64,
        "end_s": pl.Float64,
        "confidence": pl.Float64,
        "masked": _MASKED,
    }
)
_TURN: Final = pl.Struct(
    {
        "role": pl.String,
        "channel": pl.Int64,
        "start_s": pl.Float64,
        "end_s": pl.Float64,
        "words": pl.List(_WORD),
    }
)
_SPAN: Final = pl.Struct({"start_s": pl.Float64, "end_s": pl.Float64})
_SPEECH: Final = pl.Struct({"role": pl.String, "channel": pl.Int64, "spans": pl.List(_SPAN)})
_TRACK: Final = pl.Struct(
    {
        "kind": pl.String,
        "channel": pl.Int64,
        "role": pl.String,
        "hop_s": pl.Float64,
        "values": pl.List(pl.Float64),
    }
)
_SUSTAINED: Final = pl.Struct({"channel": pl.Int64, "spans": pl.List(_SPAN)})
_HEALTH: Final = pl.Struct(
    {
        "channel": pl.Int64,
        "level_dbfs": pl.Float64,
        "noise_dbfs": pl.Float64,
        "clipped_share": pl.Float64,
        "is_empty": pl.Boolean,
        "bleed_db": pl.Float64,
    }
)

CALLS: Final[Columns] = {
    **FACTS,
    "metadata": _TEXT,
    "role_source": _TEXT,
    "timed": pl.Boolean(),
    "is_dual_mono": pl.Boolean(),
    "n_dropped_words": pl.Int64(),
    "notes": pl.List(pl.String),
    "channels": pl.List(_HEALTH),
    "turns": pl.List(_TURN),
    "speech": pl.List(_SPEECH),
    "tracks": pl.List(_TRACK),
    "sustained": pl.List(_SUSTAINED),
    **PROVENANCE,
}

_SCORECARD: Final[Columns] = {
    "scorecard_id": _TEXT,
    "scorecard_version": pl.Int64(),
    "scorecard_sha256": _TEXT,
    "detectors": _TEXT,
}

EVALUATIONS: Final[Columns] = {
    **FACTS,
    **_SCORECARD,
    "score": pl.Float64(),
    "passed": pl.Boolean(),
    "coverage": pl.Float64(),
    "metadata": _TEXT,
    **PROVENANCE,
}

VERDICTS: Final[Columns] = {
    **FACTS,
    **_SCORECARD,
    "position": pl.Int64(),
    "section": _TEXT,
    "criterion": _TEXT,
    "severity": _TEXT,
    "outcome": _TEXT,
    "points": pl.Float64(),
    "points_won": pl.Float64(),
    "fatal": pl.Boolean(),
    "reason": _TEXT,
    **PROVENANCE,
}

FINDINGS: Final[Columns] = {
    **FACTS,
    **_SCORECARD,
    "position": pl.Int64(),
    "criterion": _TEXT,
    "signal": _TEXT,
    "detector": _TEXT,
    "role": _TEXT,
    "start_s": _SECONDS,
    "end_s": _SECONDS,
    "quote": _TEXT,
    "match": _TEXT,
    "value": pl.Float64(),
    "kind": _TEXT,
    "turn": pl.Int64(),
    **PROVENANCE,
}

FAILURES: Final[Columns] = {
    "call_id": _TEXT,
    **dict.fromkeys(LABELS, _TEXT),
    "started_at": pl.Datetime("us", "UTC"),
    "local_date": pl.Date(),
    "period": _TEXT,
    "recording": _TEXT,
    "stage": _TEXT,
    "code": _TEXT,
    "message_en": _TEXT,
    "message_zh": _TEXT,
    "failed_at": pl.Datetime("us", "UTC"),
    "content_sha256": _TEXT,
    "fingerprint": _TEXT,
    "pipeline_version": _TEXT,
    "shard": _TEXT,
    "written_at": pl.Datetime("us", "UTC"),
}

SCHEMAS: Final[dict[Table, Columns]] = {
    "calls": CALLS,
    "evaluations": EVALUATIONS,
    "verdicts": VERDICTS,
    "findings": FINDINGS,
    "failures": FAILURES,
}


def empty(table: Table) -> pl.DataFrame:
    """Return the table without rows."""
    return pl.DataFrame(schema=SCHEMAS[table])
