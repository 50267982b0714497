"""The forms of English words, for phrases that ask for them: refund, refunds, refunded, refunding.

Forms are made from the phrase, once, so that looking for them costs what looking for any list
costs. Source of regular and irregular forms: lemminflect (tables of the NIH Specialist Lexicon,
rules for words beyond them), which works offline and is imported where a scorecard inflects.
"""

from functools import lru_cache
from itertools import product
from math import prod

from qa_pipeline.language.lexicons import lexicon
from qa_pipeline.language.units import Unit, units_of

#: Forms that one phrase may have: "cancel my order" has two dozen.
MAX_FORMS = 1_000
#: What bends: names of things and of doings. "good" does not find "better".
_CLASSES = ("NOUN", "VERB")


@lru_cache(maxsize=256)
def inflected(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Return English `phrases` with every form of their words, each phrase as written first.

    A word that is an inflected form itself stands for all forms of its base. A phrase with more
    than `MAX_FORMS` stays as it is written: `scorecard check` refuses it.
    """
    found: dict[str, None] = {}
    for phrase in phrases:
        found[phrase] = None
        if n_forms(phrase) <= MAX_FORMS:
            found.update(dict.fromkeys(" ".join(words) for words in product(*_choices(phrase))))
    return tuple(found)


def n_forms(phrase: str) -> int:
    """Return how many forms an English phrase has."""
    return prod(len(forms) for forms in _choices(phrase))


def _choices(phrase: str) -> list[tuple[str, ...]]:
    return [_forms(unit.symbol) for unit in units_of(phrase, "en").units]


@lru_cache(maxsize=4096)
def _forms(word: str) -> tuple[str, ...]:
    """Return all forms of a word as matchers read words, itself first."""
    if not word.isascii() or not word.isalpha() or word in lexicon("en").uninflected:
        return (word,)
    import lemminflect  # half a second: only scorecards that inflect pay it

    forms: dict[str, None] = {word: None}
    for kind in _CLASSES:
        lemmas = lemminflect.getAllLemmas(word, upos=kind).get(kind)
        if lemmas is None and not lemminflect.getAllLemmas(word):
            lemmas = lemminflect.getAllLemmasOOV(word, kind).get(kind)
        for lemma in lemmas or ():
            tables = lemminflect.getAllInflections(lemma, upos=kind)
            for spelled in (tables or lemminflect.getAllInflectionsOOV(lemma, kind)).values():
                forms.update(dict.fromkeys(unit.symbol for s in spelled for unit in _one(s)))
    return tuple(forms)


def _one(form: str) -> tuple[Unit, ...]:
    """Return the form as matchers read it; nothing where that is not one word."""
    units = units_of(form, "en").units
    return units if len(units) == 1 else ()
