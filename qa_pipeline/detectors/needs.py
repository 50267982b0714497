"""What a detector needs and a call may lack: the reasons for `NotMeasured`."""

from qa_pipeline.detectors import reasons
from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Call, Role
from qa_pipeline.scorecard.signals import Signal
from qa_pipeline.spans import total_s
from qa_pipeline.words import Words

#: Speech of a party, in seconds, from which on a lack of words is no silence but deafness.
_SPEECH_WITHOUT_WORDS_S = 1.0


def lacking(
    call: Call, signal: Signal, needs: frozenset[str], role: Role | None
) -> NotMeasured | None:
    """Return why `call` cannot answer a signal of `role` whose detector has these `needs`."""
    if "words" in needs and (wordless := _wordless(call, signal, role)):
        return wordless
    if "roles" in needs and call.turns_of("agent") is None:
        return reasons.words_unmeasured(call, "agent")
    if needs & {"speech", "speech_per_role"} and call.speech is None:
        return reasons.speech_unmeasured(call)
    if "speech_per_role" in needs and call.speech_of("agent") is None:
        return reasons.NO_ROLES
    if "tracks" in needs and call.tracks is None:
        return reasons.NO_TRACKS
    return None


def _wordless(call: Call, signal: Signal, role: Role | None) -> NotMeasured | None:
    """Return why the words of `role` were not recognised, or not surely enough."""
    if call.turns_of(role) is None:
        return reasons.words_unmeasured(call, role)
    return unheard(call, role) or unsure(call, signal, role)


def unheard(call: Call, role: Role | None) -> NotMeasured | None:
    """Return that a party speaks without a word of it recognised, where that matters.

    A party's own signals need that party's words; signals of anyone need the agent's, and words
    at all where nobody told the speakers apart. Without measured speech a turn without words (a
    dialogue's …) stands for it.
    """
    whose: Role | None = role or ("agent" if call.turns_of("agent") is not None else None)
    turns = call.turns_of(whose) or ()
    if any(turn.words for _, turn in turns):
        return None
    if call.speech is None:
        return reasons.speech_without_words(whose) if turns else None
    speech = call.speech_of(whose)
    if speech is None:
        whose, speech = None, call.speech_of(None)
    if speech is None or total_s(speech) < _SPEECH_WITHOUT_WORDS_S:
        return None
    return reasons.speech_without_words(whose)


def unsure(call: Call, signal: Signal, role: Role | None) -> NotMeasured | None:
    """Return that `min_confidence` asks for what the words do not carry."""
    if signal.min_confidence is None:
        return None
    if all(Words.of(turn.words).has_confidence for _, turn in call.turns_of(role) or ()):
        return None
    return reasons.NO_CONFIDENCE
