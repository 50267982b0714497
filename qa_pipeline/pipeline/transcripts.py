"""Calls whose words come from a finished transcript, with or without the audio beside it.

With audio, who speaks when comes from there: words from the transcript, timing from the audio. The
evidence tier stays that of the words.
"""

from dataclasses import dataclass, replace
from types import MappingProxyType

from qa_pipeline.engines.imported import (
    SaidWord,
    Transcript,
    read_transcript,
    script_of,
    written,
)
from qa_pipeline.pipeline.sounds import Sounds
from qa_pipeline.pipeline.spelling import plain_turn
from qa_pipeline.records import Call, Role, RoleSource, Speech, Track
from qa_pipeline.sources.rows import ManifestRow
from qa_pipeline.spans import Span
from qa_pipeline.turns import assemble, touches


@dataclass(frozen=True, slots=True)
class AgentChannel:
    """The channel that the agent is on, None where nobody said, and who said so."""

    number: int | None
    source: RoleSource

    def role_on(self, channel: int | None) -> Role | None:
        """Return the role on a channel."""
        if self.number is None or channel is None:
            return None
        return "agent" if channel == self.number else "customer"


def imported_call(
    raw: bytes, row: ManifestRow, call_id: str, sounds: Sounds | None, agent: AgentChannel
) -> Call:
    """Return the call of a transcript, timed by `sounds` where there is audio.

    Words are dropped and counted, as those that a recogniser invents on silence, where speech was
    measured and they overlap none of their own party's. Lines of a dialogue are people's: all stay.

    Raises
    ------
    RecordingFailed
        The transcript cannot be read.
    """
    language = row.language or script_of(written(raw))
    read = read_transcript(raw, row.name, language)
    said = read.words
    if any(role is None for role, _, _ in said):
        said = tuple(
            (role or agent.role_on(channel), channel, word) for role, channel, word in said
        )
        source = agent.source
    else:
        source = "transcript"
    speech, notes = (read.speech, ()) if sounds is None else _speech_from(sounds, read, said, agent)
    spoken = [one for one in said if _is_spoken(one, speech)]
    turns = assemble(spoken, speech) if read.turns is None else read.turns
    return Call(
        call_id=call_id,
        language=language,
        tier="imported",
        duration_s=max(read.duration_s, 0.0 if sounds is None else sounds.duration_s),
        turns=tuple(plain_turn(turn) for turn in turns),
        speech=speech,
        tracks=_tracks(sounds, speech),
        sustained=None if sounds is None else sounds.sustained,
        role_source=source,
        timed=read.timed,
        started_at=row.started_at,
        metadata=MappingProxyType({**read.metadata, **row.metadata}),
        channels=() if sounds is None else sounds.health,
        is_dual_mono=sounds is not None and sounds.is_dual_mono,
        n_dropped_words=len(said) - len(spoken),
        notes=notes,
    )


def _is_spoken(said: SaidWord, speech: tuple[Speech, ...] | None) -> bool:
    """Return whether a word overlaps speech that may be its party's; True where none is known."""
    role, channel, word = said
    may_be = [
        one
        for one in speech or ()
        if None in (role, one.role) or role == one.role
        if None in (channel, one.channel) or channel == one.channel
    ]
    span = Span(word.start_s, word.end_s)
    return not may_be or any(touches(span, one.spans) for one in may_be)


def _speech_from(
    sounds: Sounds, read: Transcript, said: tuple[SaidWord, ...], agent: AgentChannel
) -> tuple[tuple[Speech, ...] | None, tuple[str, ...]]:
    """Return where each party speaks on the audio, and notes.

    Channels get their roles from manifest or settings, else from the transcript's own times.
    """
    if not read.timed:
        return None, (*sounds.notes, "transcript_untimed")
    if len(sounds.numbers) == 1:
        return (Speech(None, sounds.numbers[0], sounds.speech[0]),), sounds.notes
    if agent.number is None:
        agent = AgentChannel(_agent_by_times(sounds, read, said), "transcript")
    notes = sounds.notes if agent.number is not None else (*sounds.notes, "roles_unknown")
    return tuple(
        Speech(agent.role_on(number), number, spans)
        for number, spans in zip(sounds.numbers, sounds.speech, strict=True)
    ), notes


def _agent_by_times(sounds: Sounds, read: Transcript, said: tuple[SaidWord, ...]) -> int | None:
    """Return the channel whose speech covers the agent's words, twice as much as the other."""
    words = [word for role, _, word in said if role == "agent"]
    words += [w for turn in read.turns or () if turn.role == "agent" for w in turn.words]
    shared_s = [
        sum(Span(w.start_s, w.end_s).overlap_s(span) for w in words for span in spans)
        for spans in sounds.speech
    ]
    best = 0 if shared_s[0] >= shared_s[1] else 1
    return sounds.numbers[best] if shared_s[best] > 2 * shared_s[1 - best] else None


def _tracks(sounds: Sounds | None, speech: tuple[Speech, ...] | None) -> tuple[Track, ...] | None:
    if sounds is None:
        return None
    role_on = {one.channel: one.role for one in speech or ()}
    return tuple(replace(track, role=role_on.get(track.channel)) for track in sounds.tracks)
