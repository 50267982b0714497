"""A call as a row of the `calls` table; `stored_calls` reads it back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from qa_pipeline.records import Call, Provenance, Speech, Sustained, Track, Turn, Value
from qa_pipeline.spans import Span
from qa_pipeline.store.schemas import LABELS

Row = dict[str, Any]


def period_of(started_at: datetime, zone: ZoneInfo) -> str:
    """Return the calendar month "YYYY-MM" in which the call started, as `zone` reckons it."""
    return started_at.astimezone(zone).strftime("%Y-%m")


def label_columns(
    metadata: Mapping[str, Value], started_at: datetime | None, zone: ZoneInfo
) -> Row:
    """Return the columns that say whose call it was and when."""
    local = None if started_at is None else started_at.astimezone(zone)
    return {
        **{name: _label(metadata.get(name)) for name in LABELS},
        "started_at": None if started_at is None else started_at.astimezone(UTC),
        "local_date": None if local is None else local.date(),
        "period": None if local is None else local.strftime("%Y-%m"),
    }


def _label(value: Value) -> str | None:
    return None if value is None or value == "" else str(value)


def fact_columns(call: Call, zone: ZoneInfo) -> Row:
    """Return the columns that every row of this call repeats.

    Raises ValueError for a call without `started_at`: it belongs to no period.
    """
    if call.started_at is None:
        raise ValueError("a call without started_at belongs to no period and cannot be stored")
    return {
        "call_id": call.call_id,
        **label_columns(call.metadata, call.started_at, zone),
        "language": call.language,
        "tier": call.tier,
        "duration_s": call.duration_s,
    }


def metadata_text(metadata: Mapping[str, Value]) -> str:
    """Return the manifest's facts as one JSON object, keys sorted."""
    return json.dumps(dict(metadata), ensure_ascii=False, sort_keys=True)


def call_row(call: Call, provenance: Provenance, zone: ZoneInfo) -> Row:
    """Return the call as one row (`shard` and `written_at` are added when it is written)."""
    return {
        **fact_columns(call, zone),
        "metadata": metadata_text(call.metadata),
        "role_source": call.role_source,
        "timed": call.timed,
        "is_dual_mono": call.is_dual_mono,
        "n_dropped_words": call.n_dropped_words,
        "notes": list(call.notes),
        "channels": [asdict(channel) for channel in call.channels],
        "turns": None if call.turns is None else [_turn_row(turn) for turn in call.turns],
        "speech": None if call.speech is None else [_speech_row(s) for s in call.speech],
        "tracks": None if call.tracks is None else [_track_row(t) for t in call.tracks],
        "sustained": None if call.sustained is None else [_held_row(s) for s in call.sustained],
        **asdict(provenance),
    }


def _turn_row(turn: Turn) -> Row:
    words = [
        {
            "text": word.text,
            "start_s": word.start_s,
            "end_s": word.end_s,
            "confidence": word.confidence,
            "masked": None if word.masked is None else asdict(word.masked),
        }
        for word in turn.words
    ]
    return {
        "role": turn.role,
        "channel": turn.channel,
        "start_s": turn.start_s,
        "end_s": turn.end_s,
        "words": words,
    }


def _speech_row(speech: Speech) -> Row:
    return {"role": speech.role, "channel": speech.channel, "spans": _span_rows(speech.spans)}


def _held_row(sustained: Sustained) -> Row:
    return {"channel": sustained.channel, "spans": _span_rows(sustained.spans)}


def _span_rows(spans: Iterable[Span]) -> list[Row]:
    return [{"start_s": span.start_s, "end_s": span.end_s} for span in spans]


def _track_row(track: Track) -> Row:
    return {
        "kind": track.kind,
        "channel": track.channel,
        "role": track.role,
        "hop_s": track.hop_s,
        "values": list(track.values),
    }
