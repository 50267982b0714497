"""Content keys: what a piece of work depends on, so that equal keys need no second run.

Never a path, a run or a date: the same bytes heard by the same engines under the same settings.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from qa_pipeline.records import Value
from qa_pipeline.scorecard.load import LoadedScorecard
from qa_pipeline.settings import Settings
from qa_pipeline.sources.rows import ManifestRow

#: Raised with every release: a new version hears and judges again where that is asked for.
PIPELINE_VERSION: Final = version("qa-pipeline")

#: Raised when more, or something else, is measured of the same samples: 2 added held sounds, 3
#: hums that open speech. A night that is run again hears the calls of before again, so that equal
#: keys mean equal facts.
_ACOUSTICS: Final = 3
#: Raised when redaction masks more, or something else: 2 masks a verified number in whatever form
#: it is said, and its last four digits where the other party repeats them; 3 masks identity numbers
#: of people who are older than their county.
_REDACTION: Final = 3


@dataclass(frozen=True, slots=True)
class Content:
    """SHA-256 of a call's bytes: its recording, its transcript, or both."""

    recording_sha256: str | None
    transcript_sha256: str | None

    @property
    def sha256(self) -> str:
        """The hash that names the call: the recording's, else the transcript's."""
        return self.recording_sha256 or self.transcript_sha256 or ""


def measure_key(content: Content, row: ManifestRow, settings: Settings, engines: str | None) -> str:
    """Return the key of measuring: bytes, engines (None without audio), settings that matter.

    Facts of the row that are only labels stay outside where words are heard: a corrected queue
    needs no second hearing. A transcript is read again, for it may bring facts of its own.
    """
    audio = {
        "acoustics": _ACOUSTICS,
        "engines": engines,
        "activity": settings.activity.model_dump(),
        "recognition": settings.recognition.model_dump(exclude={"model", "device"}),
        "agent_channel": settings.source.agent_channel,
        "raw_format": settings.source.model_dump()["raw_format"],
        "row_agent_channel": row.agent_channel,
    }
    facts: dict[str, Any] = {
        "recording": content.recording_sha256,
        "transcript": content.transcript_sha256,
        "language": row.language,
        "redaction": _REDACTION,
        "call_language": settings.call_language,
        "version": PIPELINE_VERSION,
    }
    if content.recording_sha256 is not None:
        facts |= audio
    if content.transcript_sha256 is not None:
        facts["labels"] = labels(row.metadata, row.started_at)
    return _key("measure", facts)


def labels(metadata: Mapping[str, Value], started_at: datetime | None) -> list[Any]:
    """Return the call's facts in a form that compares and hashes."""
    at = None if started_at is None else started_at.astimezone(UTC).isoformat()
    return [at, sorted((name, value) for name, value in metadata.items() if value is not None)]


def judge_key(measured: str, of_call: list[Any], scorecard: str, judges: "Judges") -> str:
    """Return the key of judging a measured call with these labels under one scorecard (sha256)."""
    facts = [measured, of_call, scorecard, judges.detectors, judges.time_zone, PIPELINE_VERSION]
    return _key("judge", facts)


@dataclass(frozen=True, slots=True)
class Judges:
    """Everything that judging depends on apart from the call."""

    scorecards: tuple[str, ...]
    detectors: str
    time_zone: str

    @staticmethod
    def of(cards: Iterable[LoadedScorecard], settings: Settings) -> "Judges":
        """Return the judges that these scorecards and the detectors of today make."""
        from qa_pipeline.detectors.table import DETECTORS

        versions = {name: detector.version for name, detector in sorted(DETECTORS.items())}
        return Judges(
            scorecards=tuple(sorted(card.sha256 for card in cards)),
            detectors=json.dumps(versions),
            time_zone=settings.time_zone,
        )

    def settled_key(self, measured: str, of_call: list[Any]) -> str:
        """Return the key of a call that has gone the whole way before these judges."""
        facts = [measured, of_call, self.scorecards, self.detectors, self.time_zone]
        return _key("settled", [*facts, PIPELINE_VERSION])


def _key(kind: str, facts: object) -> str:
    text = json.dumps([kind, facts], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
