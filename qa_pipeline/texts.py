"""What a person reads: every sentence is written once in English and once in Chinese.

The two versions stand side by side where they are made, so that neither can be forgotten; the
edge that prints chooses one.
"""

from dataclasses import dataclass
from typing import Literal, assert_never

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages of the product."""

    en: str
    zh: str

    def say(self, language: Language) -> str:
        """Return the sentence in `language`."""
        if language == "en":
            return self.en
        if language == "zh":
            return self.zh
        assert_never(language)


def same(text: str) -> Text:
    """Return a text that reads the same in both languages (names, figures, paths)."""
    return Text(en=text, zh=text)
