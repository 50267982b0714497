"""The persons of the demo world: whose voices the demo's recogniser knows.

Every recording of the demo is spoken by these persons and by nobody else.  A person speaks within
small ranges of rate and pitch; ``Person.settings`` draws one setting for one call.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

VOICES = {"zh": "cmn-latn-pinyin", "en": "en-us"}


@dataclass(frozen=True)
class Setting:
    """What the synthesiser is told for one person in one call."""

    voice: str
    rate: int
    pitch: int
    pitch_range: int


@dataclass(frozen=True)
class Person:
    """One speaker: a synthesiser voice variant with small ranges around a personal manner."""

    id: str
    language: str
    role: str
    sex: str
    variant: str
    rate: tuple[int, int]
    pitch: tuple[int, int]
    pitch_range: tuple[int, int]

    @property
    def voice(self) -> str:
        """The synthesiser's name for this person's voice."""
        return VOICES[self.language] + self.variant

    def settings(self, rng: random.Random) -> Setting:
        """Draw the setting with which this person speaks in one call."""
        return Setting(
            voice=self.voice,
            rate=rng.randint(*self.rate),
            pitch=rng.randint(*self.pitch),
            pitch_range=rng.randint(*self.pitch_range),
        )


CAST = (
    Person("zh-agent-lin", "zh", "agent", "female", "+f2", (190, 205), (50, 56), (48, 53)),
    Person("zh-agent-zhao", "zh", "agent", "male", "+m3", (190, 205), (46, 52), (48, 53)),
    Person("zh-agent-su", "zh", "agent", "female", "+f1", (185, 200), (38, 44), (48, 53)),
    Person("zh-customer-chen", "zh", "customer", "male", "", (190, 205), (36, 42), (48, 53)),
    Person("zh-customer-wu", "zh", "customer", "female", "+f4", (190, 210), (54, 60), (48, 53)),
    Person("zh-customer-hu", "zh", "customer", "male", "+m7", (185, 200), (56, 62), (48, 53)),
    Person("en-agent-amy", "en", "agent", "female", "+f2", (145, 160), (50, 56), (48, 53)),
    Person("en-agent-mark", "en", "agent", "male", "+m3", (145, 160), (46, 52), (48, 53)),
    Person("en-customer-rose", "en", "customer", "female", "+f4", (145, 160), (54, 60), (48, 53)),
    Person("en-customer-paul", "en", "customer", "male", "", (145, 160), (36, 42), (48, 53)),
)


def person(person_id: str) -> Person:
    """The person with this id."""
    for candidate in CAST:
        if candidate.id == person_id:
            return candidate
    raise KeyError(person_id)


def persons(language: str, role: str | None = None) -> list[Person]:
    """Everybody who speaks ``language``, or only those with the given role in calls."""
    return [p for p in CAST if p.language == language and role in (None, p.role)]
