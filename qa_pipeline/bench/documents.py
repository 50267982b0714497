"""What `--json` prints: plain data, the same keys always, `null` for what was not measured.

docs/bench.md says what each key means. Text of calls is in it only where it was asked for.
"""

from dataclasses import asdict
from typing import Any

from qa_pipeline.bench.asr import AsrReport, Scored
from qa_pipeline.bench.grouped import PhraseFigures, grouped, phrase_figures, tier_of
from qa_pipeline.bench.scores import TEN_MINUTES_S, Errors, Figures, Finds, Mean, starts_told
from qa_pipeline.bench.spoken import text_of
from qa_pipeline.bench.streams import Aligned
from qa_pipeline.bench.truth import Failed


def asr_document(report: AsrReport, *, with_text: bool) -> dict[str, Any]:
    """Return the whole report of `qa bench asr`."""
    scored = report.scored
    return {
        "bench": "asr",
        "transcriber": report.transcriber,
        "fingerprint": report.fingerprint,
        "activity": report.activity,
        "recognition": {**report.settings.recognition.model_dump(), **asdict(report.windows)},
        "groups": [
            {"language": g.language, "by": g.by, "value": g.value, **figures(g.figures)}
            for g in grouped(scored, report.by)
        ],
        "phrases": [_phrase(phrase) for phrase in phrase_figures(scored)],
        "recordings": [_recording(one, with_text=with_text) for one in scored],
        "failures": [failure(one) for one in report.failures],
    }


def figures(told: Figures) -> dict[str, Any]:
    """Return the figures of some recordings of one language."""
    starts = starts_told(told.starts)
    return {
        "n_recordings": told.n_recordings,
        "duration_s": told.duration_s,
        "real_time_factor": told.real_time_factor,
        "errors": errors(told.errors),
        "errors_digits_folded": errors(told.folded),
        "word_starts": None
        if starts is None
        else {
            "n": starts.n,
            "within_share": starts.within_share,
            "median_s": starts.median_s,
            "p90_s": starts.p90_s,
        },
        "invented": {
            "n": told.invented.n,
            "quiet_s": told.invented.quiet_s,
            "per_minute": told.invented.per_minute,
        },
        "fillers": finds(told.fillers, told.duration_s),
        "confidence": {"right": _mean(told.right), "wrong": _mean(told.wrong)},
        "n_sides": told.n_sides,
        "n_unclear_sides": told.n_unclear,
        "n_dropped_words": told.n_dropped,
    }


def errors(told: Errors) -> dict[str, Any]:
    """Return error counts with their rate."""
    return {
        "n_truth": told.n_truth,
        "n_substituted": told.n_substituted,
        "n_deleted": told.n_deleted,
        "n_inserted": told.n_inserted,
        "rate": told.rate,
    }


def finds(told: Finds, duration_s: float) -> dict[str, Any]:
    """Return finds with recall, its interval, and false ones in ten minutes."""
    recall = told.recall
    return {
        "n_truth": told.n_truth,
        "n_found": told.n_found,
        "n_false": told.n_false,
        "recall": None if recall is None else recall.value,
        "recall_low": None if recall is None else recall.low,
        "recall_high": None if recall is None else recall.high,
        "false_per_ten_minutes": TEN_MINUTES_S * told.n_false / duration_s if duration_s else None,
    }


def failure(failed: Failed) -> dict[str, Any]:
    """Return why a row or recording could not be measured."""
    error = failed.error
    return {
        "recording": failed.recording,
        "where": error.where,
        "stage": error.stage,
        "code": error.code,
        "message_en": error.say("en"),
        "message_zh": error.say("zh"),
    }


def _mean(mean: Mean) -> dict[str, Any]:
    return {"mean": mean.value, "n": mean.n}


def _phrase(phrase: PhraseFigures) -> dict[str, Any]:
    listed = phrase.listed
    counted = Finds() if phrase.finds is None else phrase.finds
    return {
        "phrase": listed.phrase,
        "match": listed.match,
        "language": listed.language,
        "signals": list(listed.signals),
        "measured": phrase.finds is not None,
        **finds(counted, phrase.duration_s),
    }


def _recording(one: Scored, *, with_text: bool) -> dict[str, Any]:
    return {
        "recording": one.recording,
        "language": one.language,
        "tier": tier_of(one),
        "columns": dict(one.columns),
        **figures(one.figures),
        "texts": [_text(stream) for stream in one.streams] if with_text else None,
    }


def _text(stream: Aligned) -> dict[str, Any]:
    return {
        "channel": stream.stream.channel,
        "said": text_of(stream.said),
        "heard": text_of(stream.heard),
    }
