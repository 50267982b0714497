"""Steps 2 to 10 of the journey: from a recording or a transcript to one immutable call.

Whatever could not be looked at stays unmeasured: roles that nobody knows, words that nobody can
rely on, timing without audio. Sensitive numbers are masked before anything leaves; the samples are
handed on for the playback copy alone.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa_pipeline.acoustics.tracks import Samples
from qa_pipeline.engines.load import fingerprint
from qa_pipeline.engines.protocols import Engines
from qa_pipeline.errors import RecordingFailed
from qa_pipeline.pipeline.content_keys import PIPELINE_VERSION
from qa_pipeline.pipeline.parties import (
    Parties,
    hear,
    is_measured,
    language_of,
    with_roles,
    without_unclear,
)
from qa_pipeline.pipeline.sounds import Sounds, take_apart
from qa_pipeline.pipeline.spelling import plain_word
from qa_pipeline.pipeline.transcripts import AgentChannel, imported_call
from qa_pipeline.records import Call, Provenance, Recording, Role, Track, Turn, Value
from qa_pipeline.redaction import redact
from qa_pipeline.settings import Settings
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.spans import Span
from qa_pipeline.texts import Text
from qa_pipeline.turns import assemble


@dataclass(frozen=True, slots=True)
class Measured:
    """A call with what made it; `masked` are the seconds to be silenced in a playback copy.

    `channels` are the samples heard (16 kHz), () without a recording.
    """

    call: Call
    provenance: Provenance
    recording: Recording | None
    masked: tuple[Span, ...]
    channels: tuple[Samples, ...] = field(default=(), compare=False, repr=False)


def measure(
    path: Path | None,
    row: ManifestRow,
    engines: Engines | None,
    settings: Settings,
    key: bytes,
    *,
    transcript: bytes | None = None,
) -> Measured:
    """Return the call of a manifest row, from its recording at `path`, its transcript, or both.

    With both, words come from the transcript and timing from the audio. `engines` may be None
    where there is no recording. `key` is the store's redaction key.

    Raises
    ------
    RecordingFailed
        The recording or the transcript cannot be used, with the reason.
    """
    sounds = None
    if path is not None and engines is not None:
        sounds = take_apart(path, engines.activity, settings)
    agent = _agent_channel(row, settings)
    if transcript is not None:
        sha256 = hashlib.sha256(transcript).hexdigest()
        call_id = row.call_id or (sounds.recording.recording_sha256 if sounds else sha256)[:16]
        call = imported_call(transcript, row, call_id, sounds, agent)
        provenance = _provenance(engines if sounds else None, sounds, sha256, None)
    elif sounds is not None and engines is not None:
        call, parties = _heard(sounds, row, engines, settings, agent)
        provenance = _provenance(engines, sounds, None, parties)
    else:
        raise _nothing_to_hear(row)
    recording = sounds.recording if sounds else None
    channels = sounds.channels if sounds else ()
    if call.turns is None:
        return Measured(call, provenance, recording, (), channels)
    safe = redact(call.turns, key, call.language)
    masked = replace(call, turns=safe.turns, is_redacted=True)
    return Measured(masked, provenance, recording, safe.spans, channels)


def _heard(
    sounds: Sounds, row: ManifestRow, engines: Engines, settings: Settings, agent: AgentChannel
) -> tuple[Call, Parties]:
    language, notes = (row.language, ()) if row.language else language_of(sounds, engines, settings)
    heard, unclear = without_unclear(
        hear(sounds, language, engines, settings), settings.recognition.min_call_confidence
    )
    parties = with_roles(heard, unclear, agent, language)
    if engines.transcriber.is_demo and not is_demo_recording(row.metadata):
        notes = (*notes, "demo_model")
    if _is_told_apart_by_the_demos(parties, engines) and not is_demo_recording(row.metadata):
        notes = (*notes, "demo_diariser")
    call = Call(
        call_id=row.call_id or sounds.recording.recording_sha256[:16],
        language=language,
        tier=parties.tier,
        duration_s=sounds.duration_s,
        turns=_turns(parties) if is_measured(parties, unclear) else None,
        speech=parties.speech,
        tracks=_tracks(sounds.tracks, parties),
        sustained=sounds.sustained,
        role_source=parties.role_source,
        started_at=row.started_at,
        metadata=row.metadata,
        channels=sounds.health,
        is_dual_mono=sounds.is_dual_mono,
        n_dropped_words=parties.n_dropped_words,
        notes=(*notes, *sounds.notes, *parties.notes),
    )
    return call, parties


def _is_told_apart_by_the_demos(parties: Parties, engines: Engines) -> bool:
    diariser = engines.diariser
    return parties.tier == "mono_diarised" and diariser is not None and diariser.is_demo


def _agent_channel(row: ManifestRow, settings: Settings) -> AgentChannel:
    if row.agent_channel is not None:
        return AgentChannel(row.agent_channel, "manifest")
    if settings.source.agent_channel is not None:
        return AgentChannel(settings.source.agent_channel, "settings")
    return AgentChannel(None, "unknown")


def _turns(parties: Parties) -> tuple[Turn, ...]:
    said = [(p.role, p.channel, plain_word(word)) for p in parties.parties for word in p.words]
    return assemble(said, parties.speech)


def _tracks(tracks: tuple[Track, ...], parties: Parties) -> tuple[Track, ...]:
    """Give each channel's tracks the role that is alone on it."""
    by_number: dict[int, set[Role | None]] = {}
    for party in parties.parties:
        by_number.setdefault(party.channel, set()).add(party.role)
    alone = {number: roles.pop() for number, roles in by_number.items() if len(roles) == 1}
    return tuple(replace(track, role=alone.get(track.channel)) for track in tracks)


def is_demo_recording(metadata: Mapping[str, Value]) -> bool:
    """Return whether the manifest says `demo: true`: a voice that the demo's recogniser knows."""
    return str(metadata.get("demo", "")).lower() in ("true", "1", "yes")


def _provenance(
    engines: Engines | None,
    sounds: Sounds | None,
    transcript_sha256: str | None,
    parties: Parties | None,
) -> Provenance:
    """Return what made the call; engines that were not asked are None."""
    recording_sha256 = sounds.recording.recording_sha256 if sounds else None
    used = fingerprint(engines) if engines else ""
    content = (recording_sha256 or "", transcript_sha256 or "", used, PIPELINE_VERSION)
    diariser = engines.diariser if engines and parties and parties.tier == "mono_diarised" else None
    return Provenance(
        recording_sha256=recording_sha256,
        transcript_sha256=transcript_sha256,
        transcriber=engines.transcriber.identity if engines and parties else None,
        diariser=diariser.identity if diariser else None,
        activity=engines.activity.identity if engines else None,
        pipeline_version=PIPELINE_VERSION,
        fingerprint=hashlib.sha256("\n".join(content).encode()).hexdigest(),
    )


def _nothing_to_hear(row: ManifestRow) -> RecordingFailed:
    what = Text(en="neither a recording nor a transcript", zh="既没有录音也没有转写")
    fix = Text(en="give one of the two in the manifest", zh="请在清单中给出其一")
    return RecordingFailed(row.name, what, fix, stage="pull", code="nothing_to_hear")
