"""A call as the manifest knows it: one typed row, or the reason why it is none."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from qa_pipeline.records import Value
from qa_pipeline.settings import Settings
from qa_pipeline.texts import Language, Text

#: A manifest row as read: column to value.
Record = Mapping[str, Any]

_CALL_ID = re.compile(r"[\w][\w.:@=+-]{0,127}")
_NOT_METADATA = ("call_id", "recording", "transcript", "started_at")
#: Years that a call may have begun in: others are typing errors, and near 1 and 9999 time zones
#: lead out of the calendar.
_YEARS = range(1970, 3000)
_LANGUAGES: dict[str, Language] = {"zh": "zh", "cmn": "zh", "en": "en"}


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """What is known of a call before it is heard.

    `call_id` None: the recording's hash will name it. `recording` and `transcript` are paths
    relative to the source; a transcript may also stand in the row itself. `metadata` holds every
    column but these and `started_at` (which is aware), typed: what scorecards and strata see.
    """

    number: int
    call_id: str | None
    recording: str | None
    transcript: str | None
    started_at: datetime
    agent_id: str
    group: str
    language: Language | None = None
    agent_channel: Literal[0, 1] | None = None
    metadata: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def name(self) -> str:
        """What to call the row in messages: its recording, its call id, or its number."""
        return self.recording or self.call_id or f"row {self.number}"


class RowRefused(Exception):
    """A value in a row is not what it must be: `code`, what and how to mend it."""

    def __init__(self, code: str, what: Text, fix: Text, got: str | None = None) -> None:
        super().__init__(code)
        self.code, self.what, self.fix, self.got = code, what, fix, got


def row_of(record: Record, number: int, settings: Settings) -> ManifestRow:
    """Return the typed row of a record under our own column names.

    Raises
    ------
    RowRefused
        A required value is missing or a value is not what its column holds.
    """
    recording = blank_as_none(record.get("recording"))
    transcript = blank_as_none(record.get("transcript"))
    if recording is None and transcript is None:
        raise _missing("recording")
    agent_channel, language = _agent_channel(record), _language(record.get("language"))
    agent_id, group = _required_text(record, "agent_id"), _required_text(record, "group")
    typed: dict[str, Value] = {
        "agent_id": agent_id,
        "group": group,
        "language": language,
        "agent_channel": agent_channel,
        "agent_since": _iso_date(record.get("agent_since")),
        "ring_s": _seconds(record.get("ring_s")),
    }
    others = {k: _value(v) for k, v in record.items() if k not in (*typed, *_NOT_METADATA)}
    kept = {k: v for k, v in (typed | others).items() if v is not None}
    return ManifestRow(
        number=number,
        call_id=_call_id(record),
        recording=None if recording is None else str(recording),
        transcript=_transcript(transcript),
        started_at=_started_at(record.get("started_at"), settings.zone),
        agent_id=agent_id,
        group=group,
        language=language,
        agent_channel=agent_channel,
        metadata=MappingProxyType(kept),
    )


def is_call_id(value: object) -> bool:
    """Return whether `value` may name a call: it becomes part of file names."""
    return isinstance(value, str) and _CALL_ID.fullmatch(value) is not None


def _call_id(record: Record) -> str | None:
    call_id = _optional_text(record, "call_id")
    if call_id is not None and not is_call_id(call_id):
        raise _bad(
            "call_id",
            call_id,
            "letters, digits and . : @ = + - _, at most 128",
            "字母、数字及 . : @ = + - _，最多 128 个",
        )
    return call_id


def _bad(column: str, got: object, en: str, zh: str) -> RowRefused:
    what = Text(en=f"{column} is not what it must be", zh=f"{column} 的值无效")
    fix = Text(en=f"write {en}", zh=f"应为{zh}")
    return RowRefused(f"bad_{column}", what, fix, str(got)[:80])


def _missing(column: str) -> RowRefused:
    what = Text(en=f"{column} is empty", zh=f"{column} 为空")
    fix = Text(
        en="fill it in, or give it in source.defaults", zh="请填写，或在 source.defaults 中给出"
    )
    return RowRefused(f"missing_{column}", what, fix)


def blank_as_none(value: Any) -> Any:
    """Return None for what a spreadsheet leaves empty."""
    return None if value is None or (isinstance(value, str) and not value.strip()) else value


def _optional_text(record: Record, column: str) -> str | None:
    value = blank_as_none(record.get(column))
    return None if value is None else str(value).strip()


def _required_text(record: Record, column: str) -> str:
    value = _optional_text(record, column)
    if value is None:
        raise _missing(column)
    return value


def _started_at(value: Any, zone: ZoneInfo) -> datetime:
    if blank_as_none(value) is None:
        raise _missing("started_at")
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise _bad(
            "started_at",
            value,
            "ISO 8601, e.g. 2026-10-01T09:30:00+08:00",
            " ISO 8601，例如 2026-10-01T09:30:00+08:00",
        ) from None
    if at.year not in _YEARS:
        raise _bad("started_at", value, "the date of a call, with its year", "通话日期，年份须完整")
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _iso_date(value: Any) -> str | None:
    if blank_as_none(value) is None:
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value).strip()[:10]).isoformat()
    except ValueError:
        raise _bad(
            "agent_since", value, "an ISO date, e.g. 2026-10-01", " ISO 日期，例如 2026-10-01"
        ) from None


def _agent_channel(record: Record) -> Literal[0, 1] | None:
    value = record.get("agent_channel")
    if blank_as_none(value) is None:
        return None
    match str(value).strip().removesuffix(".0"):
        case "0":
            return 0
        case "1":
            return 1
    raise _bad("agent_channel", value, "0 or 1", " 0 或 1")


def _language(value: Any) -> Language | None:
    if blank_as_none(value) is None:
        return None
    name = re.split(r"[-_]", str(value).strip().lower())[0]
    if name not in _LANGUAGES:
        raise _bad(
            "language",
            value,
            "zh or en, or leave it empty to have it detected",
            " zh 或 en，留空则自动检测",
        )
    return _LANGUAGES[name]


def _seconds(value: Any) -> float | None:
    if blank_as_none(value) is None:
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        seconds = float("nan")
    if not 0 <= seconds < 86_400:
        raise _bad("ring_s", value, "seconds, e.g. 4.5", "秒数，例如 4.5")
    return seconds


def _transcript(value: Any) -> str | None:
    return (
        None
        if value is None
        else value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False)
    )


def _value(value: Any) -> Value:
    """Keep scalars as they are; dates as ISO text, anything nested as JSON; NaN is no value."""
    if blank_as_none(value) is None or (isinstance(value, float) and not isfinite(value)):
        return None
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str)
