"""`qa bench diarisation`: tell two speakers apart on one channel, and hold it against the truth.

`mix` lays the two channels of a stereo recording on one: then its channels are the truth for free.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from qa_pipeline.acoustics.activity import levels_for, speech_spans
from qa_pipeline.audio.decode import ENGINE_RATE_HZ
from qa_pipeline.bench.asr import size_of
from qa_pipeline.bench.der import (
    SpeakerFigures,
    Speakers,
    diarisation_errors,
    has_roles,
    role_time,
)
from qa_pipeline.bench.reference import read_reference
from qa_pipeline.bench.speakers import of_channels, of_reference, read_rttm
from qa_pipeline.bench.truth import (
    Failed,
    Truth,
    check_columns,
    pull,
    pull_rttm,
    read_truths,
)
from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.engines.protocols import Diariser, Engines, Samples
from qa_pipeline.errors import QaError, RecordingFailed, WrongUse
from qa_pipeline.pipeline.jobs import unexpected
from qa_pipeline.pipeline.parties import Party, by_speaker, hear, with_roles, without_unclear
from qa_pipeline.pipeline.progress import Meter, OnProgress, silent
from qa_pipeline.pipeline.sounds import Sounds, take_apart
from qa_pipeline.pipeline.transcripts import AgentChannel
from qa_pipeline.pipeline.worker import EngineFactory
from qa_pipeline.records import Role, Value
from qa_pipeline.settings import Settings
from qa_pipeline.sources.folder import FolderSource, Pulled
from qa_pipeline.spans import Span
from qa_pipeline.texts import Text


@dataclass(frozen=True, slots=True)
class DiarisationBench:
    """What is to be measured. `with_roles`: hear the words too and tell agent from customer."""

    source: Path
    truth: Path
    settings: Settings = field(default_factory=Settings)
    mix: bool = False
    with_roles: bool = False
    by: tuple[str, ...] = ()
    engines: EngineFactory | None = None


@dataclass(frozen=True, slots=True)
class ScoredSpeakers:
    """One recording: its figures, what is true of it and what the pipeline told."""

    recording: str
    is_mixed: bool
    columns: Mapping[str, Value]
    n_speakers: int
    figures: SpeakerFigures


@dataclass(frozen=True, slots=True)
class DiarisationReport:
    """What the bench came to; the engines' identities, the recogniser's None where not asked."""

    diariser: str
    fingerprint: str
    transcriber: str | None
    by: tuple[str, ...]
    scored: tuple[ScoredSpeakers, ...]
    failures: tuple[Failed, ...]

    @property
    def exit_code(self) -> int:
        """3 where a recording could not be measured, else 0."""
        return 3 if self.failures else 0


@dataclass(frozen=True, slots=True)
class _Answered:
    """A diariser that answers with what the real one said just now: it is asked once."""

    identity: str
    fingerprint: str
    is_demo: bool
    answer: Speakers

    def speakers(self, samples: Samples) -> Speakers:  # noqa: ARG002 - the same recording
        return self.answer


def run_diarisation(bench: DiarisationBench, on_progress: OnProgress = silent) -> DiarisationReport:
    """Diarise every recording of the truth manifest and score it.

    A bad row or recording is a failure with its reason and stops nothing.

    Raises
    ------
    QaError
        Wrong use, or a pipeline, a model or pyannote.metrics that is not there.
    """
    source = FolderSource.open(bench.source)
    truths = read_truths(bench.truth, bench.settings)
    check_columns(truths.rows, bench.by, bench.truth)
    engines = (bench.engines or LocalEngines(bench.settings)).build(0)
    if engines.diariser is None:
        raise _no_pipeline()
    scored: list[ScoredSpeakers] = []
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
    return DiarisationReport(
        diariser=engines.diariser.identity,
        fingerprint=engines.diariser.fingerprint,
        transcriber=engines.transcriber.identity if bench.with_roles else None,
        by=bench.by,
        scored=tuple(scored),
        failures=tuple(failures),
    )


def _attempt(
    bench: DiarisationBench, source: FolderSource, truth: Truth, engines: Engines
) -> ScoredSpeakers | Failed:
    name = truth.row.name
    try:
        return _score(bench, source, truth, engines)
    except RecordingFailed as error:
        return Failed(name, error)
    except QaError:
        raise
    except Exception as error:
        return Failed(name, unexpected(name, error))


def _score(
    bench: DiarisationBench, source: FolderSource, truth: Truth, engines: Engines
) -> ScoredSpeakers:
    pulled, rttm = pull(source, truth), pull_rttm(source, truth)
    assert pulled.recording is not None  # rows without one are failures before
    assert engines.diariser is not None
    began_s = time.monotonic()
    sounds = take_apart(pulled.recording, engines.activity, bench.settings)
    is_mixed = len(sounds.channels) == 2
    if is_mixed and not bench.mix:
        raise _two_channels(truth)
    true = _true(bench, truth, pulled, rttm, sounds)
    one = _on_one_channel(sounds, engines, bench.settings) if is_mixed else sounds
    told = engines.diariser.speakers(one.channels[0])
    parties = by_speaker(Party(None, one.numbers[0], one.speech[0], ()), told)
    journey = {str(i): party.speech for i, party in enumerate(parties)}
    figures = SpeakerFigures(
        n_recordings=1,
        duration_s=one.duration_s,
        engine=diarisation_errors(true, told, one.duration_s),
        journey=diarisation_errors(true, journey, one.duration_s),
    )
    if bench.with_roles and has_roles(true):
        said = _roles(bench, truth, one, replace(engines, diariser=_answered(engines, told)))
        figures = replace(figures, roles=role_time(true, said))
    spent_s = time.monotonic() - began_s
    figures = replace(figures, spent_s=spent_s)
    return ScoredSpeakers(truth.row.name, is_mixed, truth.columns, len(told), figures)


def _true(
    bench: DiarisationBench, truth: Truth, pulled: Pulled, rttm: bytes | None, sounds: Sounds
) -> Speakers:
    """Return who truly speaks when: the RTTM before the transcript before the channels."""
    settings = bench.settings
    channel = truth.row.agent_channel
    channel = settings.source.agent_channel if channel is None else channel
    if rttm is not None:
        return read_rttm(rttm, truth.rttm_place, Path(truth.row.name).stem)
    if pulled.transcript is not None:
        place = truth.transcript_place
        reference = read_reference(
            pulled.transcript, place, truth.row.language, settings.call_language
        )
        return of_reference(reference, place, channel)
    if len(sounds.channels) == 2:
        return of_channels(sounds, channel)
    raise _no_truth(truth)


def _on_one_channel(sounds: Sounds, engines: Engines, settings: Settings) -> Sounds:
    """Return the recording with both channels laid on one, and the speech measured there."""
    mixed: Samples = np.mean(np.stack(sounds.channels), axis=0, dtype=np.float32)
    activity = engines.activity
    levels = levels_for(mixed, ENGINE_RATE_HZ, activity.hop_s)
    probabilities = activity.probabilities(mixed)
    speech = speech_spans(probabilities, activity.hop_s, levels, settings.activity)
    return replace(sounds, numbers=(0,), channels=(mixed,), speech=(speech,), tracks=())


def _answered(engines: Engines, told: Speakers) -> Diariser:
    real = engines.diariser
    assert real is not None
    return _Answered(real.identity, real.fingerprint, real.is_demo, told)


def _roles(
    bench: DiarisationBench, truth: Truth, one: Sounds, engines: Engines
) -> Mapping[Role, tuple[Span, ...]] | None:
    """Return the speech of each role as the journey tells it by what is said; None: undecided."""
    language = truth.row.language or bench.settings.call_language
    heard, unclear = without_unclear(
        hear(one, language, engines, bench.settings),
        bench.settings.recognition.min_call_confidence,
    )
    parties = with_roles(heard, unclear, AgentChannel(None, "unknown"), language).parties
    told = {party.role: party.speech for party in parties if party.role is not None}
    return told or None


def _no_pipeline() -> WrongUse:
    what = Text(en="no diarisation pipeline is named", zh="未指定说话人分离流水线")
    fix = Text(
        en="give --pipeline DIR, or set diarisation.pipeline",
        zh="请给出 --pipeline 目录，或设置 diarisation.pipeline",
    )
    return WrongUse("qa bench diarisation", what, fix)


def _two_channels(truth: Truth) -> RecordingFailed:
    what = Text(
        en="both channels hold speech of their own: nobody needs telling apart",
        zh="两个声道各有说话声，无需分离",
    )
    fix = Text(
        en="--mix lays them on one channel and measures that",
        zh="加 --mix 可将其混为单声道后测量",
    )
    where = truth.row.name
    return RecordingFailed(where, what, fix, stage="diarise", code="two_channels")


def _no_truth(truth: Truth) -> RecordingFailed:
    what = Text(en="the row does not say who speaks when", zh="该行没有说明谁在何时说话")
    fix = Text(en="fill in the column rttm or transcript", zh="请填写 rttm 或 transcript 列")
    return RecordingFailed(truth.where, what, fix, stage="manifest", code="missing_truth")
