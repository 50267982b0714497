"""One spelling for every later reader: NFKC, simplified characters, shipped variants."""

from functools import lru_cache

from qa_pipeline.language.normalise import normalise
from qa_pipeline.records import Turn
from qa_pipeline.words import Word


def plain_word(word: Word) -> Word:
    """Return the word with its text normalised."""
    text = _plain(word.text)
    return word if text == word.text else word._replace(text=text)


@lru_cache(maxsize=1 << 14)
def _plain(text: str) -> str:
    return normalise(text).text


def plain_turn(turn: Turn) -> Turn:
    """Return the turn with its words normalised."""
    return turn._replace(words=tuple(plain_word(word) for word in turn.words))
