"""Speech synthesis with true word times, through the C library of espeak-ng.

``speak`` gives the samples of one turn and one event per spoken word.  The times come from the
synthesiser itself, so they are exact: no aligner is involved.  ``speak_in_full`` adds the phoneme
events that the trainer uses as labels.

Needs the shared library ``libespeak-ng.so.1`` (Debian package ``libespeak-ng1``).
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache

import numpy as np

LIBRARY = "libespeak-ng.so.1"

# Numbers of espeak-ng's public header ``speak_lib.h``.
_OUTPUT_SYNCHRONOUS = 2
_INITIALISE_PHONEME_EVENTS = 1
_TEXT_IS_UTF8 = 1
_PARAMETER_RATE, _PARAMETER_VOLUME, _PARAMETER_PITCH, _PARAMETER_RANGE = 1, 2, 3, 4
_EVENT_LIST_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_FULL_VOLUME = 100
_PHONEME_NAME_BYTES = 8
_PAUSE = "_"
_LONG_PAUSE = "_:"


@dataclass(frozen=True)
class WordEvent:
    """One spoken word: its place in the text (in characters) and its time (in seconds)."""

    text: str
    position: int
    start: float
    end: float


@dataclass(frozen=True)
class PhonemeEvent:
    """One phoneme: its name in espeak-ng's notation, empty for a pause, and its start."""

    name: str
    start: float


@dataclass(frozen=True)
class Speech:
    """What the synthesiser gave for one text."""

    samples: np.ndarray
    sample_rate: int
    words: list[WordEvent]
    phonemes: list[PhonemeEvent]


class _EventId(ctypes.Union):
    """The union that ends an event: for a phoneme event, the phoneme's name."""

    _fields_ = [
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * _PHONEME_NAME_BYTES),
    ]


class _Event(ctypes.Structure):
    """``espeak_EVENT``; ``text_position`` counts characters from 1, ``sample`` samples from 0."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_SynthesisCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True)
class _RawEvent:
    """An event copied out of the library's memory."""

    kind: int
    position: int
    length: int
    sample: int
    name: str


class _Engine:
    """The library, opened once a process.  It keeps global state: one thread at a time."""

    def __init__(self) -> None:
        """Open the library and register the callback that collects samples and events."""
        self._library = ctypes.CDLL(LIBRARY)
        self._chunks: list[bytes] = []
        self._events: list[_RawEvent] = []
        self.sample_rate = int(
            self._library.espeak_Initialize(
                _OUTPUT_SYNCHRONOUS, 0, None, _INITIALISE_PHONEME_EVENTS
            )
        )
        if self.sample_rate <= 0:
            raise RuntimeError("espeak-ng could not be initialised: is its data installed?")
        self._callback = _SynthesisCallback(self._collect)  # kept: the library holds a pointer
        self._library.espeak_SetSynthCallback(self._callback)

    def _collect(self, wave: object, count: int, events: object) -> int:
        """Copy what the library hands over; returning 0 asks it to go on."""
        if wave and count > 0:
            self._chunks.append(ctypes.string_at(wave, count * 2))
        index = 0
        while events[index].type != _EVENT_LIST_END:
            self._events.append(_copy_event(events[index]))
            index += 1
        return 0

    def run(
        self, text: str, voice: str, rate: int, pitch: int, pitch_range: int
    ) -> tuple[np.ndarray, list[_RawEvent]]:
        """Synthesise ``text`` and return float samples in [-1, 1] with the raw events."""
        self._chunks.clear()
        self._events.clear()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        settings = {
            _PARAMETER_RATE: rate,
            _PARAMETER_VOLUME: _FULL_VOLUME,
            _PARAMETER_PITCH: pitch,
            _PARAMETER_RANGE: pitch_range,
        }
        for parameter, value in settings.items():
            self._library.espeak_SetParameter(parameter, value, 0)
        data = text.encode() + b"\0"
        self._library.espeak_Synth(data, len(data), 0, 0, 0, _TEXT_IS_UTF8, None, None)
        samples = np.frombuffer(b"".join(self._chunks), dtype=np.int16)
        return samples.astype(np.float32) / 32768, list(self._events)


def _copy_event(event: _Event) -> _RawEvent:
    """Copy one event, and its phoneme name if it has one, out of the library's memory."""
    name = ""
    if event.type == _EVENT_PHONEME:
        raw = ctypes.string_at(ctypes.addressof(event.id), _PHONEME_NAME_BYTES)
        name = raw.split(b"\0")[0].decode("utf-8", "replace")
    return _RawEvent(event.type, event.text_position, event.length, event.sample, name)


@cache
def _engine() -> _Engine:
    return _Engine()


def _words(text: str, events: list[_RawEvent], rate: int, total: float) -> list[WordEvent]:
    """Turn word events into spans: a word lasts until the next word or the next long pause."""
    words = []
    for index, event in enumerate(events):
        if event.kind != _EVENT_WORD:
            continue
        end = total
        for later in events[index + 1 :]:
            if later.kind == _EVENT_WORD or later.name.startswith(_LONG_PAUSE):
                end = later.sample / rate
                break
        position = event.position - 1
        spoken = text[position : position + event.length]
        words.append(WordEvent(spoken, position, event.sample / rate, end))
    return words


def _phonemes(events: list[_RawEvent], rate: int) -> list[PhonemeEvent]:
    """Turn phoneme events into phonemes; every kind of pause gets the empty name."""
    return [
        PhonemeEvent("" if event.name.startswith(_PAUSE) else event.name, event.sample / rate)
        for event in events
        if event.kind == _EVENT_PHONEME
    ]


def speak_in_full(text: str, voice: str, rate: int, pitch: int, pitch_range: int) -> Speech:
    """Speak ``text``; see ``speak`` for the arguments."""
    engine = _engine()
    samples, events = engine.run(text, voice, rate, pitch, pitch_range)
    total = len(samples) / engine.sample_rate
    return Speech(
        samples=samples,
        sample_rate=engine.sample_rate,
        words=_words(text, events, engine.sample_rate, total),
        phonemes=_phonemes(events, engine.sample_rate),
    )


def sample_rate() -> int:
    """Samples per second of everything that this module speaks (22050)."""
    return _engine().sample_rate


def speak(
    text: str, voice: str, rate: int, pitch: int, pitch_range: int
) -> tuple[np.ndarray, list[WordEvent]]:
    """Speak ``text`` and say when each word is heard.

    ``voice`` is an espeak-ng voice with its variant (``cmn-latn-pinyin+f2``), ``rate`` words a
    minute, ``pitch`` and ``pitch_range`` 0..99.  Numbers are to be written as they are spoken.
    Chinese text gives one event per word of espeak-ng's own segmentation, often one character.
    """
    speech = speak_in_full(text, voice, rate, pitch, pitch_range)
    return speech.samples, speech.words
