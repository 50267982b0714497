"""The persons of the demo world, and the voices that the recogniser learns from or never hears.

Every recording of the demo is spoken by the persons of ``CAST`` and by nobody else.  A person
speaks within small ranges of rate and pitch; ``Person.settings`` draws one setting for one call.
``passer_by`` draws somebody else from a wider world of voices, so that training is not tied to the
cast; the voices of ``STRANGERS`` are heard in the held-out test alone.
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

PASSING_VARIANTS = {
    "female": ("+f1", "+f2", "+f3", "+f4", "+Annie", "+linda", "+steph"),
    "male": ("", "+m1", "+m3", "+m4", "+m5", "+m7", "+m8", "+Michael", "+Andy", "+max", "+rob"),
}
PASSING_RATE = {"zh": (175, 220), "en": (135, 175)}
PASSING_PITCH = {"female": (40, 66), "male": (32, 62)}
PASSING_RANGE = (42, 58)

STRANGER_RATE = {"zh": (185, 205), "en": (145, 165)}
STRANGER_PITCH = {"+f5": (46, 56), "+m2": (40, 52), "+m6": (40, 54)}
STRANGERS = tuple(
    Person(
        id=f"{language}-{role}-stranger{variant}",
        language=language,
        role=role,
        sex="female" if variant[1] == "f" else "male",
        variant=variant,
        rate=STRANGER_RATE[language],
        pitch=STRANGER_PITCH[variant],
        pitch_range=(46, 54),
    )
    for language in VOICES
    for role, variant in (("agent", "+f5"), ("agent", "+m2"), ("customer", "+m6"))
)


def passer_by(language: str, rng: random.Random) -> Person:
    """Somebody of the wider world: any training voice at any usual rate and pitch."""
    sex = rng.choice(tuple(PASSING_VARIANTS))
    variant = rng.choice(PASSING_VARIANTS[sex])
    role = rng.choice(("agent", "customer"))
    name = f"{language}-passer-by{variant}"
    rate, pitch = PASSING_RATE[language], PASSING_PITCH[sex]
    return Person(name, language, role, sex, variant, rate, pitch, PASSING_RANGE)


def person(person_id: str) -> Person:
    """The person with this id."""
    for candidate in (*CAST, *STRANGERS):
        if candidate.id == person_id:
            return candidate
    raise KeyError(person_id)


def persons(language: str, role: str | None = None) -> list[Person]:
    """Everybody who speaks ``language``, or only those with the given role in calls."""
    return [p for p in CAST if p.language == language and role in (None, p.role)]
