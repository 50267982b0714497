"""What people wrote down of a recording: its turns, where they are known to speak, its language."""

from dataclasses import dataclass

from qa_pipeline.engines.imported import read_transcript, script_of
from qa_pipeline.records import Speech, Turn
from qa_pipeline.spans import union
from qa_pipeline.texts import Language
from qa_pipeline.turns import assemble


@dataclass(frozen=True, slots=True)
class Reference:
    """The truth of one recording.

    `has_word_times`: each word has times of its own (a dialogue's words only lie evenly in their
    line). `speech` None: nobody said where there is speech, neither by spans nor by timed lines.
    """

    language: Language
    turns: tuple[Turn, ...]
    speech: tuple[Speech, ...] | None
    has_word_times: bool


def read_reference(raw: bytes, where: str, language: Language | None, usual: Language) -> Reference:
    """Return the reference in a transcript's bytes; `language` None: as it is written.

    `usual` is taken for a transcript without words, in which nothing is written.

    Raises
    ------
    RecordingFailed
        The transcript is neither dialogue text nor the JSON form.
    """
    if language is None:
        read = read_transcript(raw, where, usual)
        turns = read.turns or assemble(read.words, read.speech)
        text = "".join(turn.text for turn in turns)
        language = script_of(text) if text else usual
    read = read_transcript(raw, where, language)
    has_word_times = read.turns is None
    turns = assemble(read.words, read.speech) if read.turns is None else read.turns
    speech = read.speech
    if speech is None and read.timed:
        speech = _speech_of_turns(turns)
    return Reference(language, turns, speech, has_word_times)


def _speech_of_turns(turns: tuple[Turn, ...]) -> tuple[Speech, ...]:
    sides = dict.fromkeys((turn.role, turn.channel) for turn in turns)
    return tuple(
        Speech(
            role, channel, union(t.span for t in turns if (t.role, t.channel) == (role, channel))
        )
        for role, channel in sides
    )
