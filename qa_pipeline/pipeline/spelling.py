"""One spelling for every later reader: NFKC, simplified characters, shipped variants."""

from dataclasses import replace

from qa_pipeline.language.normalise import normalise
from qa_pipeline.records import Turn, Word


def plain_word(word: Word) -> Word:
    """Return the word with its text normalised."""
    text = normalise(word.text).text
    return word if text == word.text else replace(word, text=text)


def plain_turn(turn: Turn) -> Turn:
    """Return the turn with its words normalised."""
    return replace(turn, words=tuple(plain_word(word) for word in turn.words))
