"""Which of the truth's turns are compared with which channel's words.

Two channels that were both heard are two streams, whose turns are told by channel, or by role where
the agent's channel is known; else all words are one stream.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_pipeline.bench.alignment import Step, align
from qa_pipeline.bench.reference import Reference
from qa_pipeline.bench.scores import errors_of
from qa_pipeline.bench.spoken import Spoken, spoken, symbols
from qa_pipeline.pipeline.parties import Parties, Party
from qa_pipeline.pipeline.spelling import plain_word
from qa_pipeline.records import Role, Speech, Turn
from qa_pipeline.spans import Span, union
from qa_pipeline.texts import Language
from qa_pipeline.turns import assemble


@dataclass(frozen=True, slots=True)
class Stream:
    """Turns of the truth beside turns heard. `channel` None: of everyone.

    `speech` None: nobody said where the truth has speech.
    """

    channel: int | None
    said: tuple[Turn, ...]
    heard: tuple[Turn, ...]
    speech: tuple[Span, ...] | None


@dataclass(frozen=True, slots=True)
class Aligned:
    """A stream's units laid beside each other."""

    stream: Stream
    said: tuple[Spoken, ...]
    heard: tuple[Spoken, ...]
    steps: tuple[Step, ...]


def aligned(
    reference: Reference, parties: Parties, agent_channel: int | None
) -> tuple[Aligned, ...]:
    """Return the recording's streams, aligned.

    Where the truth tells roles and nobody told the agent's channel, the roles are laid on the
    channels in the way that makes fewer errors.
    """
    language, turns = reference.language, reference.turns
    if len(parties.parties) != 2:
        return (_align(_everyone(reference, parties), language),)
    if all(_channel(turn.role, turn.channel, agent_channel) is not None for turn in turns):
        return _by_channel(reference, parties, agent_channel)
    if all(turn.role is not None for turn in turns):
        ways = [_by_channel(reference, parties, agent) for agent in (0, 1)]
        return min(ways, key=_n_errors)
    return (_align(_everyone(reference, parties), language),)


def _n_errors(way: Sequence[Aligned]) -> int:
    counts = [errors_of(one.steps) for one in way]
    return sum(c.n_substituted + c.n_deleted + c.n_inserted for c in counts)


def _align(stream: Stream, language: Language) -> Aligned:
    said, heard = spoken(stream.said, language), spoken(stream.heard, language)
    return Aligned(stream, said, heard, align(symbols(said), symbols(heard)))


def _by_channel(
    reference: Reference, parties: Parties, agent_channel: int | None
) -> tuple[Aligned, ...]:
    streams = (
        Stream(
            party.channel,
            tuple(
                turn
                for turn in reference.turns
                if _channel(turn.role, turn.channel, agent_channel) == party.channel
            ),
            _turns(party),
            _speech_on(reference.speech, party.channel, agent_channel),
        )
        for party in parties.parties
    )
    return tuple(_align(stream, reference.language) for stream in streams)


def _everyone(reference: Reference, parties: Parties) -> Stream:
    heard = (turn for party in parties.parties for turn in _turns(party))
    ordered = sorted(heard, key=lambda turn: (turn.start_s, turn.end_s))
    speech = reference.speech
    spans = None if speech is None else union(s for one in speech for s in one.spans)
    return Stream(None, reference.turns, tuple(ordered), spans)


def _turns(party: Party) -> tuple[Turn, ...]:
    words = [(None, party.channel, plain_word(word)) for word in party.words]
    return assemble(words, (Speech(None, party.channel, party.speech),))


def _channel(role: Role | None, channel: int | None, agent_channel: int | None) -> int | None:
    """Return the channel of a turn: as written, else by its role."""
    if channel is not None or role is None or agent_channel is None:
        return channel
    return agent_channel if role == "agent" else 1 - agent_channel


def _speech_on(
    speech: tuple[Speech, ...] | None, channel: int, agent_channel: int | None
) -> tuple[Span, ...] | None:
    """Return the truth's speech on one channel, None where somebody's channel is not known."""
    if speech is None:
        return None
    channels = [_channel(one.role, one.channel, agent_channel) for one in speech]
    if None in channels:
        return None
    pairs = zip(speech, channels, strict=True)
    return union(span for one, number in pairs if number == channel for span in one.spans)
