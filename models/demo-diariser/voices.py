"""The speakers that the demo's diariser learns from, those it is tested with, and how they sound.

The synthesiser, the telephone line and the sentences are the demo recogniser's own, imported from
``../demo-asr``.  A speaker is one of espeak-ng's voice variants with a manner of its own and a
*tract*: the factor by which all frequencies are moved, as a longer or shorter throat would.  The
voices of the demo's cast are held out, like five others, so that no recording of the demo has a
voice that the diariser was trained on.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

sys.path.append(str(Path(__file__).resolve().parent.parent / "demo-asr"))

import cast
import espeak
import telephone

RATE = telephone.SAMPLE_RATE
AUDIBLE_SHARE = 0.02  # of a turn's peak: what is quieter is no speech
JOINED_S = 0.25  # pauses of a speaker that are shorter count as speech
_BLOCK_S = 0.01

TRAINING = {
    "female": (
        *("Andrea", "Annie", "anika", "aunty", "belinda", "f3", "grandma", "steph", "steph3"),
        *("anikaRobot", "Gene2", "shelby", "klatt3"),
    ),
    "male": (
        *("Andy", "AnxiousAndy", "Diogo", "Henrique", "Hugo", "Marco", "Storm", "antonio", "m1"),
        *("m2", "m4", "m5", "m6", "michel", "miguel", "sandro", "travis", "Gene", "Jacky", "Mario"),
        *("Michael", "Mike", "Nguyen", "RicishayMax", "RicishayMax2", "RicishayMax3", "Tweaky"),
        *("Alex", "adam", "benjamin", "boris", "caleb", "ed", "edward", "edward2", "grandpa"),
        *("gustave", "iven", "iven2", "iven3", "iven4", "john", "kaukovalta", "klatt", "klatt2"),
        *("klatt4", "klatt5", "klatt6", "marcelo", "max", "norbert", "pablo", "pedro", "quincy"),
        *("rob", "robert"),
    ),
}
#: Men's variants that also speak as women, pitch and throat raised: the synthesiser has few women.
RAISED = (
    *("Andy", "Diogo", "Henrique", "Hugo", "Marco", "antonio", "m1", "m4", "m5", "michel"),
    *("miguel", "sandro", "travis", "Mario", "Michael", "Nguyen", "Alex", "adam", "benjamin"),
    *("caleb", "edward", "john", "marcelo", "max", "norbert", "pedro"),
)
#: The variants of the demo's cast, learnt as the demo's recogniser learns them.
CAST = {"female": ("f1", "f2", "f4"), "male": ("", "m3", "m7")}
_CAST_SPEAKERS_A_VARIANT = 12
DEVELOPMENT = {"female": ("f5", "steph2"), "male": ("m8", "paul", "victor")}  # to choose by
HELD_OUT = {
    "female": ("f1", "f2", "f4", "Alicia", "linda"),
    "male": ("", "m3", "m7", "Denis", "Lee", "david"),
}
_SPEAKERS_A_VARIANT = 3
_RATES = {"zh": (165, 225), "en": (130, 180)}
_TRACT, _RAISED_TRACT = (0.88, 1.14), (1.12, 1.26)
_PITCH, _RAISED_PITCH = (30, 70), (55, 85)
_TILT_DB = (-6.0, 6.0)


@dataclass(frozen=True)
class Speaker:
    """Who speaks in one call: the synthesiser's setting, the tract, the handset's tilt."""

    id: str
    language: str
    sex: str
    setting: cast.Setting
    tract: float = 1.0
    tilt_db: float = 0.0


@dataclass(frozen=True)
class Voice:
    """One turn as it sounds before the line: 8 kHz samples, words, and where speech is audible."""

    samples: np.ndarray
    words: list[tuple[str, float, float]]
    spans: list[tuple[float, float]]


def training_speakers(language: str) -> list[Speaker]:
    """The speakers of one language that are trained on: three of each variant, always the same."""
    usual = [
        _made_up(variant, sex, language, number)
        for sex, variants in TRAINING.items()
        for variant in variants
        for number in range(_SPEAKERS_A_VARIANT)
    ]
    raised = [
        _raised(variant, language, number)
        for variant in RAISED
        for number in range(_SPEAKERS_A_VARIANT)
    ]
    of_the_cast = [
        _made_up(variant, sex, language, number)
        for sex, variants in CAST.items()
        for variant in variants
        for number in range(_CAST_SPEAKERS_A_VARIANT)
    ]
    return usual + raised + of_the_cast


def untouched_speakers(variants: dict[str, tuple[str, ...]], language: str) -> list[Speaker]:
    """The speakers of ``DEVELOPMENT`` or ``HELD_OUT`` variants, with no tract but their own."""
    return [_made_up(variant, sex, language, None) for sex in variants for variant in variants[sex]]


def cast_speaker(person: cast.Person, rng: random.Random) -> Speaker:
    """A person of the demo's cast, whom the demo's recogniser understands."""
    return Speaker(person.id, person.language, person.sex, person.settings(rng))


def _made_up(variant: str, sex: str, language: str, number: int | None) -> Speaker:
    name = f"{language}-{variant or 'plain'}" + ("" if number is None else f"-{number}")
    rng = random.Random(name)
    voice = cast.VOICES[language] + (f"+{variant}" if variant else "")
    setting = cast.Setting(
        voice, rng.randint(*_RATES[language]), rng.randint(*_PITCH), rng.randint(40, 65)
    )
    is_itself = number is None or number % 3 == 0
    tract = 1.0 if is_itself else rng.uniform(*_TRACT)
    tilt_db = rng.uniform(*_TILT_DB) if rng.random() < 0.5 else 0.0
    return Speaker(name, language, sex, setting, tract, tilt_db)


def _raised(variant: str, language: str, number: int) -> Speaker:
    low = _made_up(variant, "male", language, number)
    rng = random.Random(f"{low.id}-raised")
    setting = replace(low.setting, pitch=rng.randint(*_RAISED_PITCH))
    tract = rng.uniform(*_RAISED_TRACT)
    return replace(low, id=f"{low.id}-raised", sex="female", setting=setting, tract=tract)


def say(speaker: Speaker, text: str, level_db: float) -> Voice | None:
    """Speak a text at a level; silence at its ends is cut off.  None where next to nothing sounds.

    Words come with their start and end in seconds of the samples, spans with pauses taken out.
    """
    setting = speaker.setting
    rate = espeak.sample_rate()
    samples, words = espeak.speak(
        text, setting.voice, setting.rate, setting.pitch, setting.pitch_range
    )
    loud = np.flatnonzero(np.abs(samples) > AUDIBLE_SHARE * np.abs(samples).max(initial=0.0))
    if len(loud) < 0.1 * rate:
        return None
    first, last = int(loud[0]), int(loud[-1]) + 1
    voice = telephone.to_band(_moved(samples[first:last], speaker.tract), rate, level_db)
    if speaker.tilt_db:
        voice = _tilted(voice, speaker.tilt_db)
    end_s = len(voice) / RATE
    times = [
        (
            word.text,
            max(0.0, (word.start - first / rate) / speaker.tract),
            min(end_s, (word.end - first / rate) / speaker.tract),
        )
        for word in words
        if word.text.strip() and first / rate - 0.1 < word.start < last / rate
    ]
    return Voice(voice, times, audible(voice))


def audible(samples: np.ndarray) -> list[tuple[float, float]]:
    """Where a clean voice is heard, in seconds; pauses shorter than 0.25 s are part of it."""
    block = round(_BLOCK_S * RATE)
    blocks = np.pad(np.abs(samples), (0, -len(samples) % block)).reshape(-1, block).max(axis=1)
    loud = np.flatnonzero(blocks > AUDIBLE_SHARE * blocks.max(initial=0.0))
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > JOINED_S / _BLOCK_S)
    starts, ends = loud[np.r_[0, breaks + 1]], loud[np.r_[breaks, len(loud) - 1]] + 1
    return [
        (float(start) * _BLOCK_S, min(float(end) * _BLOCK_S, len(samples) / RATE))
        for start, end in zip(starts, ends, strict=True)
    ]


def _moved(samples: np.ndarray, tract: float) -> np.ndarray:
    """Play samples `tract` times as fast, which moves pitch and formants alike."""
    if tract == 1.0:
        return samples
    return resample_poly(samples, 100, round(100 * tract)).astype(np.float32)


def _tilted(voice: np.ndarray, tilt_db: float) -> np.ndarray:
    """Raise the upper end of the band against its lower end, the level kept."""
    spectrum = np.fft.rfft(voice)
    at = np.linspace(-0.5, 0.5, len(spectrum))
    tilted = np.fft.irfft(spectrum * 10 ** (tilt_db * at / 20), len(voice)).astype(np.float32)
    return tilted * (telephone.active_level(voice) / max(telephone.active_level(tilted), 1e-9))
