"""Steps 2 to 10 of the journey: from a recording or a transcript to one immutable call.

Whatever could not be looked at stays unmeasured: roles that nobody knows, words that nobody can
rely on, timing without audio. The waveform is gone when this returns; sensitive numbers are masked
before anything leaves.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from qa_pipeline.engines.imported import SaidWord, Transcript, read_transcript, script_of, written
from qa_pipeline.engines.load import fingerprint
from qa_pipeline.engines.protocols import Engines
from qa_pipeline.errors import RecordingFailed
from qa_pipeline.language.normalise import normalise
from qa_pipeline.pipeline.parties import Parties, by_channel, hear, language_of
from qa_pipeline.pipeline.sounds import Sounds, take_apart
from qa_pipeline.records import (
    Call,
    Provenance,
    Recording,
    Role,
    RoleSource,
    Speech,
    Track,
    Turn,
    Value,
    Word,
)
from qa_pipeline.redaction import redact
from qa_pipeline.settings import Settings
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.spans import Span
from qa_pipeline.texts import Text
from qa_pipeline.turns import assemble

_ROLES: tuple[Role, ...] = ("agent", "customer")


@dataclass(frozen=True, slots=True)
class Measured:
    """A call with what made it; `masked` are the seconds to be silenced in a playback copy."""

    call: Call
    provenance: Provenance
    recording: Recording | None
    masked: tuple[Span, ...]


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

    With both, words come from the transcript and timing from the audio. `key` is the store's
    redaction key. Without a recording no engines are needed.

    Raises
    ------
    RecordingFailed
        The recording or the transcript cannot be used, with the reason.
    """
    if transcript is not None:
        measured = _imported(path, transcript, row, engines, settings)
    elif path is not None and engines is not None:
        measured = _heard(path, row, engines, settings)
    else:
        raise _nothing(row)
    return _redacted(measured, key)


# -- audio --------------------------------------------------------------------------------------


def _heard(path: Path, row: ManifestRow, engines: Engines, settings: Settings) -> Measured:
    sounds = take_apart(path, engines.activity, settings)
    language, notes = (row.language, ()) if row.language else language_of(sounds, engines, settings)
    heard = hear(sounds, language, engines, settings)
    agent_channel, source = _agent_channel(row, settings)
    parties = by_channel(heard, agent_channel, source, language)
    parties, unclear = _clear(parties, settings.recognition.min_call_confidence)
    turns = assemble(_said(parties), parties.speech) if unclear is not None else None
    if engines.transcriber.is_demo and not _is_demo_recording(row.metadata):
        notes = (*notes, "demo_model")
    call = Call(
        call_id=row.call_id or sounds.recording.recording_sha256[:16],
        language=language,
        tier=parties.tier,
        duration_s=sounds.duration_s,
        turns=turns,
        speech=parties.speech,
        tracks=_with_roles(sounds.tracks, parties),
        role_source=parties.role_source,
        started_at=row.started_at,
        metadata=row.metadata,
        channels=sounds.health,
        is_dual_mono=sounds.is_dual_mono,
        n_dropped_words=parties.n_dropped_words,
        notes=(*notes, *sounds.notes, *parties.notes),
    )
    return Measured(
        call, _provenance(engines, sounds.recording, None, parties), sounds.recording, ()
    )


def _agent_channel(row: ManifestRow, settings: Settings) -> tuple[int | None, RoleSource]:
    if row.agent_channel is not None:
        return row.agent_channel, "manifest"
    if settings.source.agent_channel is not None:
        return settings.source.agent_channel, "settings"
    return None, "unknown"


def _clear(parties: Parties, least: float) -> tuple[Parties, bool]:
    """Take away the words of sides that were heard too uncertainly, and say so in a note.

    The other side's stay, so that a customer on a bad line does not cost the agent a verdict.
    Returned beside: whether any side is left whose words can be measured (a side that said nothing
    is one).
    """
    unclear = [i for i, p in enumerate(parties.parties) if _confidence(p.words) < least]
    if not unclear:
        return parties, True
    roles = [parties.parties[i].role for i in unclear]
    notes = ["low_confidence"] + [f"unclear_{role}" for role in roles if role is not None]
    kept = tuple(replace(p, words=()) if i in unclear else p for i, p in enumerate(parties.parties))
    is_some_left = None not in roles and len(unclear) < len(parties.parties)
    return replace(parties, parties=kept, notes=(*parties.notes, *notes)), is_some_left


def _confidence(words: Iterable[Word]) -> float:
    """Return the mean confidence of a side's words; 1 where it said none."""
    known = [word.confidence for word in words if word.confidence is not None]
    return sum(known) / len(known) if known else 1.0


def _said(parties: Parties) -> list[SaidWord]:
    return [(p.role, p.channel, _plain(word)) for p in parties.parties for word in p.words]


def _plain(word: Word) -> Word:
    """Normalise once: NFKC, simplified, variants; so every later reader sees one spelling."""
    text = normalise(word.text).text
    return word if text == word.text else replace(word, text=text)


def _with_roles(tracks: tuple[Track, ...], parties: Parties) -> tuple[Track, ...]:
    """Give each channel's tracks the role that is alone on it."""
    by_number: dict[int, set[Role | None]] = {}
    for party in parties.parties:
        by_number.setdefault(party.channel, set()).add(party.role)
    alone = {number: roles.pop() for number, roles in by_number.items() if len(roles) == 1}
    return tuple(replace(track, role=alone.get(track.channel)) for track in tracks)


def _is_demo_recording(metadata: Mapping[str, Value]) -> bool:
    return str(metadata.get("demo", "")).lower() in ("true", "1", "yes")


# -- transcripts --------------------------------------------------------------------------------


def _imported(
    path: Path | None, raw: bytes, row: ManifestRow, engines: Engines | None, settings: Settings
) -> Measured:
    where = row.recording or row.call_id or f"row {row.number}"
    language = row.language or script_of(written(raw))
    transcript = read_transcript(raw, where, language)
    sounds = None
    if path is not None and engines is not None:
        sounds = take_apart(path, engines.activity, settings)
    sha256 = hashlib.sha256(raw).hexdigest()
    agent_channel, source = _agent_channel(row, settings)
    words, source = _roles_of_words(transcript, agent_channel, source)
    speech, notes = _imported_speech(transcript, sounds, agent_channel, words)
    turns = transcript.turns if transcript.turns is not None else assemble(words, speech)
    tracks = None
    if sounds is not None and speech is not None:
        role_of = {one.channel: one.role for one in speech}
        tracks = tuple(replace(t, role=role_of.get(t.channel)) for t in sounds.tracks)
    recording = None if sounds is None else sounds.recording
    content = sha256 if recording is None else recording.recording_sha256
    call = Call(
        call_id=row.call_id or content[:16],
        language=language,
        tier="imported",
        duration_s=max(transcript.duration_s, 0.0 if sounds is None else sounds.duration_s),
        turns=tuple(_plain_turn(turn) for turn in turns),
        speech=speech,
        tracks=tracks,
        role_source=source,
        timed=transcript.timed,
        started_at=row.started_at,
        metadata=MappingProxyType({**transcript.metadata, **row.metadata}),
        channels=() if sounds is None else sounds.health,
        is_dual_mono=sounds is not None and sounds.is_dual_mono,
        notes=notes,
    )
    return Measured(call, _provenance(engines, recording, sha256, None), recording, ())


def _roles_of_words(
    transcript: Transcript, agent_channel: int | None, source: RoleSource
) -> tuple[tuple[SaidWord, ...], RoleSource]:
    """Give words that name a channel the role that manifest or settings give to it."""
    if all(role is not None for role, _, _ in transcript.words):
        return transcript.words, "transcript"
    if agent_channel is None:
        return transcript.words, "unknown"
    return tuple(
        (role or _role_on(channel, agent_channel), channel, word)
        for role, channel, word in transcript.words
    ), source


def _role_on(channel: int | None, agent_channel: int) -> Role | None:
    if channel is None:
        return None
    return "agent" if channel == agent_channel else "customer"


def _imported_speech(
    transcript: Transcript,
    sounds: Sounds | None,
    agent_channel: int | None,
    words: tuple[SaidWord, ...],
) -> tuple[tuple[Speech, ...] | None, tuple[str, ...]]:
    """Return where each party speaks: from the audio if there is any, else as the transcript says.

    Channels get their roles from manifest or settings, else from the transcript's own times.
    """
    if sounds is None:
        return transcript.speech, ()
    if not transcript.timed:
        return None, (*sounds.notes, "transcript_untimed")
    if len(sounds.numbers) == 1:
        return (Speech(None, sounds.numbers[0], sounds.speech[0]),), sounds.notes
    agent = (
        agent_channel if agent_channel is not None else _agent_by_times(transcript, sounds, words)
    )
    if agent is None:
        spans = zip(sounds.numbers, sounds.speech, strict=True)
        return tuple(Speech(None, n, s) for n, s in spans), (*sounds.notes, "roles_unknown")
    return tuple(
        Speech(_role_on(number, agent), number, spans)
        for number, spans in zip(sounds.numbers, sounds.speech, strict=True)
    ), sounds.notes


def _agent_by_times(
    transcript: Transcript, sounds: Sounds, words: tuple[SaidWord, ...]
) -> int | None:
    """Return the channel whose speech the agent's words fall into twice as much as the other's."""
    turns = transcript.turns or ()
    said = [w for role, _, w in words if role == "agent"]
    said += [w for turn in turns if turn.role == "agent" for w in turn.words]
    shared = [
        sum(Span(w.start_s, w.end_s).overlap_s(span) for w in said for span in spans)
        for spans in sounds.speech
    ]
    best = 0 if shared[0] >= shared[1] else 1
    return sounds.numbers[best] if shared[best] > 2 * shared[1 - best] else None


def _plain_turn(turn: Turn) -> Turn:
    return replace(turn, words=tuple(_plain(word) for word in turn.words))


# -- endings ------------------------------------------------------------------------------------


def _redacted(measured: Measured, key: bytes) -> Measured:
    if measured.call.turns is None:
        return measured
    safe = redact(measured.call.turns, key, measured.call.language)
    return replace(measured, call=replace(measured.call, turns=safe.turns), masked=safe.spans)


def _provenance(
    engines: Engines | None,
    recording: Recording | None,
    transcript_sha256: str | None,
    parties: Parties | None,
) -> Provenance:
    is_diarised = parties is not None and parties.tier == "mono_diarised"
    diariser = engines.diariser if engines and is_diarised else None
    pipeline_version = version("qa-pipeline")
    content = (recording.recording_sha256 if recording else "", transcript_sha256 or "")
    used = fingerprint(engines) if engines and recording else ""
    return Provenance(
        recording_sha256=recording.recording_sha256 if recording else None,
        transcript_sha256=transcript_sha256,
        transcriber=engines.transcriber.identity if engines and parties else None,
        diariser=diariser.identity if diariser else None,
        activity=engines.activity.identity if engines and recording else None,
        pipeline_version=pipeline_version,
        fingerprint=hashlib.sha256(
            "\n".join((*content, used, pipeline_version)).encode()
        ).hexdigest(),
    )


def _nothing(row: ManifestRow) -> RecordingFailed:
    what = Text(en="neither a recording nor a transcript", zh="既没有录音也没有转写")
    fix = Text(en="give one of the two in the manifest", zh="请在清单中给出其一")
    return RecordingFailed(f"row {row.number}", what, fix, stage="pull", code="nothing_to_hear")
