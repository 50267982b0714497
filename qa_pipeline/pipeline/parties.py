"""Words of a recording with the party that said each: by channel, by diariser, or by nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from qa_pipeline.acoustics.windows import WindowLimits, speech_windows
from qa_pipeline.audio.decode import ENGINE_RATE_HZ
from qa_pipeline.engines.protocols import Engines, Samples
from qa_pipeline.pipeline.roles import role_evidence
from qa_pipeline.pipeline.sounds import Sounds, quietest
from qa_pipeline.pipeline.transcripts import AgentChannel
from qa_pipeline.records import Role, RoleSource, Speech, Tier
from qa_pipeline.settings import Settings
from qa_pipeline.spans import Span, difference, intersection, total_s, union
from qa_pipeline.texts import Language
from qa_pipeline.words import Word

#: Below this probability for either of the product's languages, the recording may be neither.
_MIN_LANGUAGE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Party:
    """One side of the call (or both, where nobody told them apart): its speech and words.

    `is_lost`: it was heard, but nothing except a decoder's endless loops came of it.
    """

    role: Role | None
    channel: int
    speech: tuple[Span, ...]
    words: tuple[Word, ...]
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Parties:
    """Everyone heard on a recording, how roles came about, and what a reader must know."""

    parties: tuple[Party, ...]
    tier: Tier
    role_source: RoleSource
    n_dropped_words: int
    notes: tuple[str, ...]

    @property
    def speech(self) -> tuple[Speech, ...]:
        """Where each party speaks."""
        return tuple(Speech(p.role, p.channel, p.speech) for p in self.parties)


def windows_of(
    channel: Samples, speech: tuple[Span, ...], limits: WindowLimits, pad_s: float
) -> tuple[Span, ...]:
    """Return the recognition windows of one channel at 16 kHz."""
    return speech_windows(
        speech,
        limits=limits,
        pad_s=pad_s,
        duration_s=channel.shape[0] / ENGINE_RATE_HZ,
        cut=partial(quietest, channel),
    )


def language_of(
    sounds: Sounds, engines: Engines, settings: Settings
) -> tuple[Language, tuple[str, ...]]:
    """Return the language heard, from the channel with most speech; the usual one for silence."""
    longest = max(range(len(sounds.channels)), key=lambda i: total_s(sounds.speech[i]))
    channel = sounds.channels[longest]
    pad_s = settings.recognition.window_pad_s
    windows = windows_of(channel, sounds.speech[longest], engines.transcriber.window_limits, pad_s)
    if not windows:
        return settings.call_language, ()
    shares = engines.transcriber.language_shares(channel, windows)
    language: Language = max(shares, key=lambda code: shares[code])
    notes = ("language_uncertain",) if shares[language] < _MIN_LANGUAGE_SHARE else ()
    return language, notes


def hear(sounds: Sounds, language: Language, engines: Engines, settings: Settings) -> Parties:
    """Return who said what; roles of two channels are still open (`with_roles` settles them).

    Words that overlap no speech on their own channel are dropped and counted: recognisers invent
    words on silence.
    """
    parties: list[Party] = []
    n_dropped, n_looped = 0, 0
    limits, pad_s = engines.transcriber.window_limits, settings.recognition.window_pad_s
    for number, channel, speech in zip(sounds.numbers, sounds.channels, sounds.speech, strict=True):
        windows = windows_of(channel, speech, limits, pad_s)
        heard = engines.transcriber.transcribe(channel, windows, language)
        kept = tuple(_said_in(speech, w) for w in heard.words if intersection((_span(w),), speech))
        n_dropped += len(heard.words) - len(kept)
        n_looped += heard.n_looped
        is_lost = heard.n_looped > 0 and not kept
        parties.append(Party(None, number, speech, kept, is_lost))
    notes = ("repetition_dropped",) if n_looped else ()
    if len(parties) == 2:
        return Parties(tuple(parties), "dual_channel", "unknown", n_dropped, notes)
    if engines.diariser is None:
        notes = (*notes, "not_diarised")
        return Parties(tuple(parties), "mono_undiarised", "unknown", n_dropped, notes)
    speakers = engines.diariser.speakers(sounds.channels[0]) if sounds.speech[0] else {}
    told_apart = by_speaker(parties[0], speakers)
    if len(told_apart) != 2:
        notes = (*notes, "one_speaker")
        return Parties(tuple(parties), "mono_undiarised", "unknown", n_dropped, notes)
    return Parties(told_apart, "mono_diarised", "unknown", n_dropped, notes)


def _said_in(speech: tuple[Span, ...], word: Word) -> Word:
    """Return the word with those of its times that lie in speech.

    After a pause recognisers begin a word too early: it would seem to come before the silence ends.
    """
    parts = intersection((_span(word),), speech)
    return word._replace(start_s=parts[0].start_s, end_s=parts[-1].end_s)


def without_unclear(heard: Parties, least: float) -> tuple[Parties, frozenset[int]]:
    """Take away the words of sides whose mean word confidence is below `least`; say which.

    A side of which nothing but loops was heard is as unclear: it was not silent. The other side's
    words stay, so that a customer on a bad line costs the agent no verdict.
    """
    unclear = frozenset(
        i for i, p in enumerate(heard.parties) if p.is_lost or _confidence(p.words) < least
    )
    if not unclear:
        return heard, unclear
    parties = tuple(
        replace(p, words=()) if i in unclear else p for i, p in enumerate(heard.parties)
    )
    return replace(heard, parties=parties, notes=(*heard.notes, "low_confidence")), unclear


def is_measured(parties: Parties, unclear: frozenset[int]) -> bool:
    """Return whether words are measured at all: some side is clear, and it is known which."""
    if not unclear:
        return True
    is_known = all(party.role is not None for party in parties.parties)
    return is_known and len(unclear) < len(parties.parties)


def with_roles(
    heard: Parties,
    unclear: frozenset[int],
    agent: AgentChannel,
    language: Language,
) -> Parties:
    """Return the parties with roles: as given for channels, else by what they clearly said.

    Sides whose words were unclear are named in notes (`unclear_agent`, `unclear_customer`).
    """
    if heard.tier == "mono_undiarised":
        return heard
    if heard.tier == "dual_channel" and agent.number is not None:
        side = next(i for i, p in enumerate(heard.parties) if p.channel == agent.number)
        return _given(heard, unclear, side, agent.source)
    said = tuple("".join(word.text for word in party.words) for party in heard.parties)
    evidence = role_evidence(said, language)
    if evidence.agent is None:
        return replace(heard, notes=(*heard.notes, "roles_unknown"))
    noted = replace(heard, notes=(*heard.notes, "roles_by_evidence"))
    return _given(noted, unclear, evidence.agent, "evidence")


def by_speaker(party: Party, speakers: Mapping[str, tuple[Span, ...]]) -> tuple[Party, ...]:
    """Return one party a speaker; every stretch of speech and every word belongs to one.

    What no diarised span covers belongs to the nearest one, so that speech which the diariser
    missed does not become silence.
    """
    known = {label: inside for label in speakers if (inside := _inside(speakers[label], party))}
    if not known:
        return ()
    speech = {label: list(spans) for label, spans in known.items()}
    for stretch in difference(party.speech, (s for spans in known.values() for s in spans)):
        speech[_nearest(stretch, known)].append(stretch)
    words: dict[str, list[Word]] = {label: [] for label in known}
    for word in party.words:
        words[_nearest(_span(word), known)].append(word)
    return tuple(
        Party(None, party.channel, union(speech[label]), tuple(words[label]), party.is_lost)
        for label in known
    )


def _inside(spans: tuple[Span, ...], party: Party) -> tuple[Span, ...]:
    return intersection(spans, party.speech)


def _nearest(span: Span, speakers: Mapping[str, tuple[Span, ...]]) -> str:
    """Return whose spans overlap `span` most, or else lie nearest."""

    def closeness(label: str) -> float:
        overlap_s = sum(span.overlap_s(other) for other in speakers[label])
        if overlap_s > 0:
            return overlap_s
        return -min(max(o.start_s - span.end_s, span.start_s - o.end_s) for o in speakers[label])

    return max(speakers, key=closeness)


def _given(heard: Parties, unclear: frozenset[int], agent: int, source: RoleSource) -> Parties:
    roles: tuple[Role, Role] = ("agent", "customer") if agent == 0 else ("customer", "agent")
    parties = tuple(
        replace(party, role=role) for party, role in zip(heard.parties, roles, strict=True)
    )
    notes = tuple(f"unclear_{roles[i]}" for i in sorted(unclear))
    return replace(heard, parties=parties, role_source=source, notes=(*heard.notes, *notes))


def _confidence(words: tuple[Word, ...]) -> float:
    """Return the mean confidence of a side's words; 1 where it said none."""
    known = [word.confidence for word in words if word.confidence is not None]
    return sum(known) / len(known) if known else 1.0


def _span(word: Word) -> Span:
    return Span(word.start_s, word.end_s)
