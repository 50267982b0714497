"""Speak the corpus over the telephone line: shards of labelled log-mel pieces for the trainer.

One piece is one turn of one person with up to 0.4 s of line noise before and after it.  Half of
the pieces carry audible noise through the codec, the other half are quiet, so that the trainer can
mix noise into them.  A shard depends on its number alone: a run that was stopped goes on where it
was.

    python synthesise.py --out SHARDS --shards 24 --turns 600
"""

from __future__ import annotations

import argparse
import io
import os
import pickle
import random
import time
from functools import cache
from pathlib import Path

import av
import cast
import corpus
import espeak
import numpy as np
import telephone
from faster_whisper import decode_audio
from faster_whisper.feature_extractor import FeatureExtractor
from pieces import Piece, Sentence
from scipy import fft
from tokenizers import Tokenizer

HERE = Path(__file__).parent
MARGIN_SECONDS = 0.4
ZH_SHARE = 0.62
QUIET_SHARE = 0.5
PASSER_BY_SHARE = 0.45
QUIET_SNR_DB = (45.0, 60.0)
SILENCE = 2e-3
SHORTEST_SECONDS = 0.08
FLOOR = 1e-10
HOP, FRAME = 160, 400
LABELS_A_SECOND = 50
CODECS = {"opus": ("ogg", "libopus", 18_000), "mp3": ("mp3", "libmp3lame", 16_000)}
CODEC_SHARES = {"none": 0.42, "opus": 0.5, "mp3": 0.08}


@cache
def tokenizer() -> Tokenizer:
    """Whisper's multilingual tokenizer, as shipped with the model."""
    return Tokenizer.from_file(str(HERE / "tokenizer.json"))


@cache
def _filters() -> tuple[np.ndarray, np.ndarray]:
    """The window and the mel filters of faster-whisper's own feature extractor."""
    return np.hanning(FRAME + 1)[:-1].astype(np.float32), FeatureExtractor().mel_filters


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Log10 mel power of 16 kHz samples, before Whisper's clamping; (frames, 80)."""
    window, filters = _filters()
    count = len(samples) // HOP
    padded = np.pad(samples.astype(np.float32), FRAME // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP][:count]
    power = np.abs(fft.rfft(frames * window, axis=1)) ** 2
    return np.log10(np.maximum(power @ filters.T, FLOOR))


def speech_bounds(samples: np.ndarray, rate: int) -> tuple[float, float] | None:
    """Where speech starts and ends in a synthesised text; None where there is hardly any."""
    loud = np.nonzero(np.abs(samples) > SILENCE)[0]
    if len(loud) < SHORTEST_SECONDS * rate:
        return None
    return loud[0] / rate, (loud[-1] + 1) / rate


def character_spans(text: str, words: list[espeak.WordEvent], end: float) -> list:
    """A (start, end) for every character: its share of its word; for others the gap they are in."""
    spans: list[tuple[float, float] | None] = [None] * len(text)
    for word in words:
        length = max(1, len(word.text))
        step = (word.end - word.start) / length
        for offset in range(length):
            if word.position + offset < len(text):
                start = word.start + step * offset
                spans[word.position + offset] = (start, start + step)
    following = end
    gaps: list[float] = [end] * len(text)
    for index in range(len(text) - 1, -1, -1):
        span = spans[index]
        following = span[0] if span else following
        gaps[index] = following
    before = 0.0
    for index, span in enumerate(spans):
        spans[index] = span or (before, max(before, gaps[index]))
        before = spans[index][1]
    return spans


def label_sentence(sentence: str, language: str, spans: list, bounds: tuple) -> Sentence:
    """Tokens of a sentence with the span of each, clipped to the speech."""
    lead = 0 if language == "zh" else 1
    encoding = tokenizer().encode(" " * lead + sentence)
    first, last = bounds
    token_spans = []
    for begin, end in encoding.offsets:
        begin, end = max(begin - lead, 0), max(end - lead, 1)
        start = min(max(spans[min(begin, len(spans) - 1)][0], first), last)
        stop = min(max(spans[min(end, len(spans)) - 1][1], start), last)
        token_spans.append((start, stop))
    spoken = [span for character, span in zip(sentence, spans, strict=True) if character.isalnum()]
    start, stop = max(spoken[0][0], first), min(spoken[-1][1], last)
    return Sentence(list(encoding.ids), token_spans, start, max(stop, start))


def _shift(sentence: Sentence, by: float) -> Sentence:
    spans = [(start + by, end + by) for start, end in sentence.spans]
    return Sentence(sentence.tokens, spans, sentence.start + by, sentence.end + by)


def _phoneme_labels(
    phonemes: list[espeak.PhonemeEvent], shift: float, frames: int, end: float, table: dict
) -> np.ndarray:
    """The phoneme of every 20 ms; new names are entered in the table."""
    labels = np.zeros((frames + 1) // 2, np.int16)
    starts = [phoneme.start for phoneme in phonemes] + [end]
    for index, phoneme in enumerate(phonemes):
        if not phoneme.name:
            continue
        begin = max(0, round((starts[index] + shift) * LABELS_A_SECOND))
        stop = max(0, round((starts[index + 1] + shift) * LABELS_A_SECOND))
        labels[begin:stop] = table.setdefault(phoneme.name, len(table) + 1)
    return labels


def coded(samples: np.ndarray, codec: str) -> np.ndarray:
    """A channel as it comes out of a lossy file, at 16 kHz."""
    container, encoder, bits = CODECS[codec]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as file:
        stream = file.add_stream(encoder, rate=telephone.SAMPLE_RATE)
        stream.bit_rate = bits
        stream.layout = "mono"
        pcm = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(pcm[None], "s16", "mono")
        frame.sample_rate = telephone.SAMPLE_RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)
    buffer.seek(0)
    return decode_audio(buffer)


def listen(samples: np.ndarray, rng: random.Random) -> np.ndarray:
    """A channel at 16 kHz; some come out of an Opus or MP3 file."""
    codec = rng.choices(list(CODEC_SHARES), list(CODEC_SHARES.values()))[0]
    if codec == "none":
        return telephone.upsample(samples)
    length = len(samples) * telephone.LISTENING_RATE // telephone.SAMPLE_RATE
    heard = coded(samples, codec)[:length]
    return np.pad(heard, (0, length - len(heard)))


def make_piece(
    person: cast.Person,
    turn: list[str],
    rng: random.Random,
    noise: np.random.Generator,
    table: dict,
) -> Piece | None:
    """Speak one turn over a line; None where the synthesiser says next to nothing."""
    language, setting = person.language, person.settings(rng)
    text = corpus.turn_text(turn, language)
    speech = espeak.speak_in_full(
        text, setting.voice, setting.rate, setting.pitch, setting.pitch_range
    )
    bounds = speech_bounds(speech.samples, speech.sample_rate)
    if bounds is None:
        return None
    spans = character_spans(text, speech.words, bounds[1])
    line, quiet = telephone.draw_line(noise), rng.random() < QUIET_SHARE
    if quiet:
        line = telephone.Line(line.level_db, float(noise.uniform(*QUIET_SNR_DB)), line.noise)
    cut = slice(int(bounds[0] * speech.sample_rate), int(bounds[1] * speech.sample_rate))
    voice = telephone.to_band(speech.samples[cut], speech.sample_rate, line.level_db)
    channel = np.pad(voice, round(MARGIN_SECONDS * telephone.SAMPLE_RATE))
    mel = log_mel(listen(telephone.through_line(channel, line, noise), rng))
    shift = MARGIN_SECONDS - bounds[0]
    sentences, at = [], 0
    for sentence in turn:
        at = text.index(sentence, at)
        part = spans[at : at + len(sentence)]
        sentences.append(_shift(label_sentence(sentence, language, part, bounds), shift))
        at += len(sentence)
    phonemes = _phoneme_labels(speech.phonemes, shift, len(mel), bounds[1], table)
    return Piece(language, mel.astype(np.float16), sentences, phonemes, quiet)


def make_shard(number: int, turns: int, seed: int) -> tuple[list[Piece], dict[str, int]]:
    """All pieces of one shard and its table of phonemes."""
    rng = random.Random(f"{seed}/{number}")
    noise = np.random.default_rng([seed, number])
    table: dict[str, int] = {}
    pieces = []
    for _ in range(turns):
        language = "zh" if rng.random() < ZH_SHARE else "en"
        passing = rng.random() < PASSER_BY_SHARE
        person = cast.passer_by(language, rng) if passing else rng.choice(cast.persons(language))
        turn = corpus.make_turn(person.role, language, rng)
        piece = make_piece(person, turn, rng, noise, table)
        if piece is not None:
            pieces.append(piece)
    return pieces, table


def save_shard(path: Path, shard: tuple[list[Piece], dict[str, int]]) -> None:
    """Write a shard so that it is there whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        pickle.dump(shard, file, protocol=5)
    os.replace(part, path)


def main() -> None:
    """Make the shards that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
    parser.add_argument("--step", type=int, default=1, help="distance of shard numbers")
    parser.add_argument("--shards", type=int, default=24)
    parser.add_argument("--turns", type=int, default=600, help="turns in a shard")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    for index in range(arguments.shards):
        number = arguments.first + index * arguments.step
        path = arguments.out / f"shard-{number:04d}.pkl"
        if path.exists():
            continue
        pieces, table = make_shard(number, arguments.turns, arguments.seed)
        save_shard(path, (pieces, table))
        hours = sum(len(piece.mel) for piece in pieces) / 360000
        spent = time.monotonic() - started
        left = spent / (index + 1) * (arguments.shards - index - 1)
        print(
            f"{path.name}: {len(pieces)} turns, {hours:.2f} h; {left / 60:.0f} min left", flush=True
        )


if __name__ == "__main__":
    main()
