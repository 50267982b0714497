"""What `qa bench diarisation --json` prints: plain data, the same keys always."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from qa_pipeline.bench.der import Collared, Der, SpeakerFigures
from qa_pipeline.bench.diarisation import DiarisationReport, ScoredSpeakers
from qa_pipeline.bench.documents import failure
from qa_pipeline.bench.grouped import ALL
from qa_pipeline.records import Value


@dataclass(frozen=True, slots=True)
class SpeakerGroup:
    """The figures of the recordings whose `by` is `value`."""

    by: str
    value: Value
    figures: SpeakerFigures


def speaker_groups(scored: Sequence[ScoredSpeakers], by: Sequence[str]) -> Iterator[SpeakerGroup]:
    """Yield the figures of all recordings, then by each column."""
    yield SpeakerGroup(ALL, None, reduce(add, (s.figures for s in scored), SpeakerFigures()))
    for name in by:
        groups: dict[Value, list[SpeakerFigures]] = defaultdict(list)
        for one in scored:
            groups[one.columns.get(name)].append(one.figures)
        for value in sorted(groups, key=lambda v: (v is None, str(v))):
            yield SpeakerGroup(name, value, reduce(add, groups[value]))


def diarisation_document(report: DiarisationReport) -> dict[str, Any]:
    """Return the whole report."""
    return {
        "bench": "diarisation",
        "diariser": report.diariser,
        "fingerprint": report.fingerprint,
        "transcriber": report.transcriber,
        "groups": [
            {"by": g.by, "value": g.value, **_figures(g.figures)}
            for g in speaker_groups(report.scored, report.by)
        ],
        "recordings": [
            {
                "recording": one.recording,
                "mixed": one.is_mixed,
                "n_speakers": one.n_speakers,
                "columns": dict(one.columns),
                **_figures(one.figures),
            }
            for one in report.scored
        ],
        "failures": [failure(one) for one in report.failures],
    }


def _figures(told: SpeakerFigures) -> dict[str, Any]:
    return {
        "n_recordings": told.n_recordings,
        "duration_s": told.duration_s,
        "real_time_factor": told.spent_s / told.duration_s if told.duration_s else None,
        "engine": _collared(told.engine),
        "journey": _collared(told.journey),
        "roles": {
            "speech_s": told.roles.speech_s,
            "right_s": told.roles.right_s,
            "right_share": told.roles.share,
            "n_recordings": told.roles.n_recordings,
            "n_undecided": told.roles.n_undecided,
        },
    }


def _collared(told: Collared) -> dict[str, Any]:
    return {"collar_0_s": _der(told.strict), "collar_0_25_s": _der(told.lenient)}


def _der(told: Der) -> dict[str, Any]:
    return {
        "speech_s": told.speech_s,
        "missed_s": told.missed_s,
        "false_alarm_s": told.false_alarm_s,
        "confusion_s": told.confusion_s,
        "rate": told.rate,
    }
