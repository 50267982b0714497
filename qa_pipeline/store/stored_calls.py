"""The rows of the `calls` table as calls, many at once: `call_row` and back.

Words and track values stay columns until somebody looks into them: a `Word` each would cost more
than everything that is done with most of them.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar, overload

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qa_pipeline.later import Later
from qa_pipeline.records import Call, ChannelHealth, Provenance, Speech, Sustained, Track, Turn
from qa_pipeline.spans import Span
from qa_pipeline.words import Masked, WordColumns, Words

Row = dict[str, Any]
T = TypeVar("T")

_NESTED = ("turns", "tracks", "speech", "sustained")


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call as it stands in the store, what made it, and the day it was filed under (if it is)."""

    call: Call
    provenance: Provenance
    local_date: date | None = None


def stored_calls(frame: pl.DataFrame) -> Iterator[StoredCall]:
    """Yield the call that each row of the `calls` table holds, in order."""
    rows = frame.drop(_NESTED).iter_rows(named=True)
    nested = zip(
        _each(frame["turns"], _turns(_inside(frame["turns"]))),
        _each(frame["speech"], _speech(_inside(frame["speech"]))),
        _each(frame["tracks"], _tracks(_inside(frame["tracks"]))),
        _each(frame["sustained"], _sustained(_inside(frame["sustained"]))),
        strict=True,
    )
    for row, (turns, speech, tracks, sustained) in zip(rows, nested, strict=True):
        call = Call(
            call_id=row["call_id"],
            language=row["language"],
            tier=row["tier"],
            duration_s=row["duration_s"],
            turns=turns,
            speech=speech,
            tracks=tracks,
            sustained=sustained,
            role_source=row["role_source"],
            timed=row["timed"],
            started_at=row["started_at"],
            metadata=MappingProxyType(json.loads(row["metadata"])),
            channels=tuple(ChannelHealth(**channel) for channel in row["channels"]),
            is_dual_mono=row["is_dual_mono"],
            n_dropped_words=row["n_dropped_words"],
            notes=tuple(row["notes"]),
            is_redacted=True,
        )
        yield StoredCall(call, _provenance(row), row["local_date"])


def _provenance(row: Row) -> Provenance:
    return Provenance(**{name: row[name] for name in Provenance.__dataclass_fields__})


def _each(lists: pl.Series, items: Iterator[T]) -> Iterator[tuple[T, ...] | None]:
    """Yield, for every row, as many of `items` as its list has; None where there is no list."""
    for n in lists.list.len().to_list():
        yield None if n is None else tuple(islice(items, n))


def _inside(lists: pl.Series) -> pl.DataFrame:
    """Return what is in the lists, one after the other, field by field."""
    return lists.explode().drop_nulls().struct.unnest()


def _turns(turns: pl.DataFrame) -> Iterator[Turn]:
    words = _words(_inside(turns["words"]))
    facts = turns.select("role", "channel", "start_s", "end_s", pl.col("words").list.len())
    first = 0
    for role, channel, start_s, end_s, n in facts.rows():
        yield Turn(role, channel, start_s, end_s, Words(words, first, first + n))
        first += n


def _words(columns: pl.DataFrame) -> WordColumns:
    masked_at = columns["masked"].struct.field("kind").is_not_null().arg_true().to_list()
    return WordColumns(
        texts=columns["text"].to_list(),
        starts_s=columns["start_s"].to_list(),
        ends_s=columns["end_s"].to_list(),
        confidences=Later(columns["confidence"].to_list),
        masked=Later(partial(_masks, columns["masked"], masked_at)),
        masked_at=masked_at,
    )


def _masks(masked: pl.Series, masked_at: Sequence[int]) -> Iterable[Masked | None]:
    masks: list[Masked | None] = [None] * len(masked)
    for at, mask in zip(masked_at, masked.gather(list(masked_at)).to_list(), strict=True):
        masks[at] = Masked(**mask)
    return masks


class _Values(Later[float | None]):
    """The values of a track, at hand as an array too; NaN where there is none."""

    __slots__ = ("_column",)

    def __init__(self, column: pl.Series) -> None:
        super().__init__(column.to_list)
        self._column = column

    @overload
    def __getitem__(self, at: int) -> float | None: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[float | None, ...]: ...
    def __getitem__(self, at: int | slice) -> float | tuple[float | None, ...] | None:
        if isinstance(at, slice) and self._made is None:
            return tuple(self._column[at].to_list())  # a track is long, a word in it short
        return super().__getitem__(at)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self._column.to_numpy(), dtype=dtype)


def _tracks(tracks: pl.DataFrame) -> Iterator[Track]:
    for kind, channel, role, hop_s, values in zip(*tracks, strict=True):
        yield Track(kind, channel, role, hop_s, _Values(values))


def _speech(speech: pl.DataFrame) -> Iterator[Speech]:
    spans = _spans(_inside(speech["spans"]))
    facts = speech.select("role", "channel", pl.col("spans").list.len())
    for role, channel, n in facts.rows():
        yield Speech(role, channel, tuple(islice(spans, n)))


def _sustained(sustained: pl.DataFrame) -> Iterator[Sustained]:
    spans = _inside(sustained["spans"])
    first = 0
    for channel, n in sustained.select("channel", pl.col("spans").list.len()).rows():
        yield Sustained(channel, Later(partial(_spans, spans[first : first + n])))
        first += n


def _spans(spans: pl.DataFrame) -> Iterator[Span]:
    return map(Span, spans["start_s"].to_list(), spans["end_s"].to_list())
