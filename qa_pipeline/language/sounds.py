"""Finding Chinese phrases by their sound: the `sound` match of SCORECARD.md.

Both a phrase and what was heard can be read in several ways, so a position is a set of keys and
matches where the two sets meet. Shift-And (Baeza-Yates and Gonnet, "A new approach to text
searching", 1992) searches such sets as they are: one bit for every position of every phrase, one
step a character whatever the phrases. Written out for Aho-Corasick, fifty characters of two
readings each would be 2^50 patterns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from qa_pipeline.language.passage import Passage
from qa_pipeline.language.phrases import Hit
from qa_pipeline.language.readings import Keys, keys_of
from qa_pipeline.language.units import Units, units_of

#: From as many syllables on a phrase is found anywhere; a shorter one only as a word of its own.
_ENOUGH = 3
_LEAST = 2


@dataclass(frozen=True, slots=True)
class SoundMatcher:
    """A compiled list of Chinese phrases; bit b stands for a position in one of them.

    `bits` are the positions that each key can stand at, `firsts` those that phrases begin with;
    `phrase_at` is the phrase that ends at a position, `lasts` are all of those.
    """

    phrases: tuple[Units, ...]
    bits: Mapping[str, int]
    firsts: int
    lasts: int
    phrase_at: Mapping[int, int]

    def matches(self, passage: Passage) -> list[Hit]:
        """Return every admissible match, those by text too, by start and then the longest.

        In a call that is not in Chinese there is none.
        """
        if passage.language != "zh":
            return []
        found = [
            hit
            for hit in self._alike(keys_of("".join(passage.symbols)))
            if passage.admits(hit.first, hit.last, self.phrases[hit.phrase])
            and _is_enough(passage, hit)
        ]
        return sorted(found, key=lambda hit: (hit.first, -hit.last, hit.phrase))

    def _alike(self, heard: tuple[Keys, ...]) -> Iterator[Hit]:
        """Yield what sounds like a phrase, wherever it stands."""
        state = 0
        for i, keys in enumerate(heard):
            here = 0
            for key in keys:
                here |= self.bits.get(key, 0)
            state = (state << 1 | self.firsts) & here
            ended = state & self.lasts
            while ended:
                lowest = ended & -ended
                phrase = self.phrase_at[lowest.bit_length() - 1]
                yield Hit(i + 1 - len(self.phrases[phrase].units), i + 1, phrase)
                ended ^= lowest


@lru_cache(maxsize=256)
def sound_matcher(phrases: tuple[str, ...]) -> SoundMatcher:
    """Compile Chinese `phrases`; those under two syllables never match."""
    told = (units_of(phrase, "zh") for phrase in phrases)
    legible = tuple(units for units in told if len(units.units) >= _LEAST)
    bits: dict[str, int] = {}
    phrase_at: dict[int, int] = {}
    firsts = bit = 0
    for phrase, units in enumerate(legible):
        firsts |= 1 << bit
        for keys in keys_of("".join(unit.symbol for unit in units.units)):
            for key in keys:
                bits[key] = bits.get(key, 0) | 1 << bit
            bit += 1
        phrase_at[bit - 1] = phrase
    lasts = sum(1 << at for at in phrase_at)
    return SoundMatcher(legible, bits, firsts, lasts, phrase_at)


def n_syllables(text: str) -> int:
    """Return the syllables of Chinese text: a Han character, letter or digit is one."""
    return sum(character.isalnum() for character in text)


def _is_enough(passage: Passage, hit: Hit) -> bool:
    """Return whether the match is long enough to trust its sound, or a word of its own.

    Two syllables stand in too many others (您好 in 零号楼). They are whole where the recogniser
    wrote just them as one word, or where nothing is said right before and after them: the turn
    begins or ends there, or a mark or a pause stands there. Borders of single characters prove
    nothing: to most recognisers of Chinese every character is a word.
    """
    if hit.last - hit.first >= _ENOUGH:
        return True
    stands_apart = _is_apart(passage, hit.first) and _is_apart(passage, hit.last)
    return stands_apart or _is_word(passage, hit)


def _is_apart(passage: Passage, unit: int) -> bool:
    """Return whether nothing is said right between `unit` and the one before it."""
    if unit in (0, passage.n_units):
        return True
    return bool(passage.marks(unit)) or passage.parted(unit)


def _is_word(passage: Passage, hit: Hit) -> bool:
    """Return whether the match is all of one recognised word."""
    words = passage.words_in(*passage.chars(hit.first, hit.last))
    n_units = hit.last - hit.first
    return len(words) == 1 and len(units_of(words[0], "zh").units) == n_units
