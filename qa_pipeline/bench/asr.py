"""`qa bench asr`: hear each labelled recording as a night would, and count what came of it.

Words are counted before a side that was heard uncertainly is set aside, so that a lead sees what
`min_call_confidence` would do.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa_pipeline.acoustics.windows import WindowLimits
from qa_pipeline.bench import scores
from qa_pipeline.bench.phrases import Listed, count_finds
from qa_pipeline.bench.reference import Reference, read_reference
from qa_pipeline.bench.scores import Figures, Finds
from qa_pipeline.bench.streams import Aligned, aligned
from qa_pipeline.bench.truth import (
    Failed,
    Truth,
    check_columns,
    pull,
    read_truths,
    without_transcript,
)
from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.engines.protocols import Engines
from qa_pipeline.errors import QaError, RecordingFailed
from qa_pipeline.pipeline.jobs import unexpected
from qa_pipeline.pipeline.parties import Parties, hear, without_unclear
from qa_pipeline.pipeline.progress import Meter, OnProgress, silent
from qa_pipeline.pipeline.sounds import take_apart
from qa_pipeline.pipeline.worker import EngineFactory
from qa_pipeline.records import Value
from qa_pipeline.settings import Settings
from qa_pipeline.sources.folder import FolderSource
from qa_pipeline.texts import Language


@dataclass(frozen=True, slots=True)
class AsrBench:
    """What is to be measured. `source` holds the recordings; `by` are columns to break down by.

    `language` is that of rows which name none (None: as the transcript is written); `engines`
    None: those that the settings name.
    """

    source: Path
    truth: Path
    settings: Settings = field(default_factory=Settings)
    language: Language | None = None
    phrases: tuple[Listed, ...] = ()
    by: tuple[str, ...] = ()
    engines: EngineFactory | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """One recording: its figures, its phrases (None: could not be looked for), its alignments."""

    recording: str
    language: Language
    is_stereo: bool
    columns: Mapping[str, Value]
    figures: Figures
    phrases: Mapping[Listed, Finds | None]
    streams: tuple[Aligned, ...]


@dataclass(frozen=True, slots=True)
class AsrReport:
    """What the bench came to; `transcriber` and `activity` are the engines' identities.

    `windows`: what speech was heard together.
    """

    transcriber: str
    fingerprint: str
    activity: str
    windows: WindowLimits
    settings: Settings
    by: tuple[str, ...]
    scored: tuple[Scored, ...]
    failures: tuple[Failed, ...]

    @property
    def exit_code(self) -> int:
        """3 where a recording could not be measured, else 0."""
        return 3 if self.failures else 0


def run_asr(bench: AsrBench, on_progress: OnProgress = silent) -> AsrReport:
    """Hear every recording of the truth manifest and score it.

    A bad row or recording is a failure with its reason and stops nothing.

    Raises
    ------
    QaError
        Wrong use, or a model that is not there.
    """
    source = FolderSource.open(bench.source)
    truths = read_truths(bench.truth, bench.settings)
    check_columns(truths.rows, bench.by, bench.truth)
    engines = _engines(bench)
    scored: list[Scored] = []
    failures = list(truths.failures)
    sizes = [size_of(source, truth) for truth in truths.rows]
    meter = Meter("hear", len(sizes), sum(sizes), on_progress)
    for truth, size in zip(truths.rows, sizes, strict=True):
        result = _attempt(bench, source, truth, engines)
        if isinstance(result, Failed):
            failures.append(result)
        else:
            scored.append(result)
        meter.step(size, failed=isinstance(result, Failed))
    transcriber = engines.transcriber
    return AsrReport(
        transcriber=transcriber.identity,
        fingerprint=transcriber.fingerprint,
        activity=engines.activity.identity,
        windows=transcriber.window_limits,
        settings=bench.settings,
        by=bench.by,
        scored=tuple(scored),
        failures=tuple(failures),
    )


def _engines(bench: AsrBench) -> Engines:
    """Return the engines without a diariser: who said it does not matter to what was heard."""
    diarisation = bench.settings.diarisation.model_copy(update={"pipeline": None})
    settings = bench.settings.model_copy(update={"diarisation": diarisation})
    return replace((bench.engines or LocalEngines(settings)).build(0), diariser=None)


def size_of(source: FolderSource, truth: Truth) -> float:
    """Return a recording's bytes, for the time left; 1 where it is not there."""
    try:
        return float((source.root / (truth.row.recording or "")).stat().st_size) or 1.0
    except (OSError, ValueError):
        return 1.0


def _attempt(
    bench: AsrBench, source: FolderSource, truth: Truth, engines: Engines
) -> Scored | Failed:
    name = truth.row.name
    try:
        return _score(bench, source, truth, engines)
    except RecordingFailed as error:
        return Failed(name, error)
    except QaError:
        raise
    except Exception as error:
        return Failed(name, unexpected(name, error))


def _score(bench: AsrBench, source: FolderSource, truth: Truth, engines: Engines) -> Scored:
    pulled = pull(source, truth)
    if pulled.transcript is None or pulled.recording is None:
        raise without_transcript(truth)
    settings = bench.settings
    reference = read_reference(
        pulled.transcript,
        truth.transcript_place,
        truth.row.language or bench.language,
        settings.call_language,
    )
    began_s = time.monotonic()
    sounds = take_apart(pulled.recording, engines.activity, settings)
    parties = hear(sounds, reference.language, engines, settings)
    spent_s = time.monotonic() - began_s
    row_channel, usual_channel = truth.row.agent_channel, settings.source.agent_channel
    streams = aligned(reference, parties, usual_channel if row_channel is None else row_channel)
    fillers, phrases = count_finds(streams, reference.language, bench.phrases)
    of_recording = Figures(
        n_recordings=1,
        duration_s=sounds.duration_s,
        spent_s=spent_s,
        fillers=fillers,
        n_sides=len(parties.parties),
        n_unclear=len(_unclear(parties, settings)),
        n_dropped=parties.n_dropped_words,
    )
    of_streams = (figures_of(stream, reference, sounds.duration_s) for stream in streams)
    return Scored(
        recording=truth.row.name,
        language=reference.language,
        is_stereo=len(parties.parties) == 2,
        columns=truth.columns,
        figures=scores.total((of_recording, *of_streams)),
        phrases=phrases,
        streams=streams,
    )


def _unclear(parties: Parties, settings: Settings) -> frozenset[int]:
    return without_unclear(parties, settings.recognition.min_call_confidence)[1]


def figures_of(stream: Aligned, reference: Reference, duration_s: float) -> Figures:
    """Return what one stream adds to its recording's figures."""
    said, heard, steps = stream.said, stream.heard, stream.steps
    right, wrong = scores.confidences(heard, steps)
    return Figures(
        errors=scores.errors_of(steps),
        folded=scores.folded_errors(said, heard, reference.language),
        starts=scores.start_errors(said, heard, steps) if reference.has_word_times else (),
        invented=scores.invented(heard, steps, stream.stream.speech, duration_s),
        right=right,
        wrong=wrong,
    )
