"""Training windows, mixed on the fly: what the recogniser meets in the journey.

A window starts at most a few tenths of a second before a turn (sometimes in its middle), holds the
turn and a little after it, and is padded with zero features to 30 s, as faster-whisper does.  Some
windows hold the turns of two persons, some hold no speech.  Batches are made of windows of about
the same length; the padding is represented by a few frames (see ``network.py``) unless a batch is
asked for in full.
"""

from __future__ import annotations

import math
import pickle
import random
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import telephone
from pieces import Piece, Sentence
from synthesise import MARGIN_SECONDS, log_mel

EOT, SOT, EN, ZH, TRANSCRIBE, PREVIOUS, NO_SPEECH, NO_TIMESTAMPS = (
    50257, 50258, 50259, 50260, 50359, 50361, 50362, 50363,
)  # fmt: skip
SPECIALS = (EOT, SOT, EN, ZH, TRANSCRIBE, PREVIOUS, NO_SPEECH, NO_TIMESTAMPS)
LANGUAGE_TOKEN = {"en": EN, "zh": ZH}
FRAMES_A_SECOND = 100
FULL_FRAMES = 3000
IGNORED = -100
PADDING_SLOTS = 28
EXACT_PADDING = 4  # padded slots right after the speech that stand for themselves

ZH_SHARE = 0.62
SILENT_SHARE = 0.06
MIDDLE_SHARE = 0.05
CUT_SHARE = 0.08  # turns broken off at a word, as by somebody who is interrupted
TIMESTAMP_SHARE = 0.75
MASKING_SHARE = 0.35
SEVERAL_SHARE = 0.35
LEAD_SECONDS = (0.03, 0.38)
TAIL_SECONDS = (0.03, 0.38)
GAP_SECONDS = (0.1, 0.95)
MIXED_SNR_DB = (20.0, 45.0)
LOUDER_ELSEWHERE = 0.7  # log10 by which the loudest frame of the call may exceed the window's
TOP_MEL = 64  # from here on the mel bands lie above the telephone's half sample rate
ATTENTION_MARGIN = 0
LENGTH_CLASSES = ((200, 0.06), (300, 0.10), (450, 0.18), (700, 0.20), (1080, 0.20), (2000, 0.26))
LONG_FRAMES, LONGEST_TURN = 450, 1200  # several turns from here on; nothing else from here on
SHORTEST_SHARE = 0.6  # of the length class: shorter turns belong to the class below


@dataclass
class Window:
    """One training example."""

    features: np.ndarray
    tokens: list[int]
    labels: list[int]
    spans: list[tuple[int, int] | None]
    frame_tokens: np.ndarray
    frame_phonemes: np.ndarray


@dataclass
class Batch:
    """Arrays for one step; ``attention`` rows are (example, position, first slot, end slot)."""

    features: np.ndarray
    positions: np.ndarray
    log_count: np.ndarray
    content: np.ndarray
    tokens: np.ndarray
    labels: np.ndarray
    attention: np.ndarray
    frame_tokens: np.ndarray
    frame_phonemes: np.ndarray

    @property
    def seconds(self) -> float:
        """Seconds of sound in the batch, padding not counted."""
        return float(self.content.sum()) / 50


@dataclass
class Vocabulary:
    """Compact ids: special tokens, text tokens, then the 1501 timestamps."""

    full: list[int]
    index: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.index = {token: place for place, token in enumerate(self.full)}

    @property
    def text_tokens(self) -> int:
        """Number of compact ids that are no timestamps."""
        return len(self.full)

    def extend(self, tokens: set[int]) -> int:
        """Add tokens that are missing; the number of those."""
        new = sorted(tokens - set(self.index))
        for token in new:
            self.index[token] = len(self.full)
            self.full.append(token)
        return len(new)

    def timestamp(self, seconds: float) -> int:
        """Compact id of a timestamp."""
        return len(self.full) + max(0, min(1500, round(seconds * 50)))


class Library:
    """All pieces read so far.  New shards are read as they appear."""

    def __init__(self, folder: Path, phonemes: dict[str, int], limit: int) -> None:
        self.folder, self.limit = folder, limit
        self.phonemes = phonemes
        self.pieces: list[Piece] = []
        self.by_language: dict[str, list[int]] = {}
        self._read: set[Path] = set()

    def refresh(self, grow: bool) -> int:
        """Read the shards that are new; ``grow`` allows unknown phonemes to enter the table."""
        new = [path for path in sorted(self.folder.glob("shard-*.pkl")) if path not in self._read]
        for path in new:
            with path.open("rb") as file:
                pieces, table = pickle.load(file)
            self._read.add(path)
            translation = np.zeros(len(table) + 1, np.int16)
            for name, number in table.items():
                if grow:
                    self.phonemes.setdefault(name, len(self.phonemes) + 1)
                translation[number] = self.phonemes.get(name, 0)
            for piece in pieces:
                piece.phonemes = translation[piece.phonemes]
            self.pieces += pieces
        if new:
            self.pieces = self.pieces[-self.limit :]
            self.by_language = {
                language: [n for n, piece in enumerate(self.pieces) if piece.language == language]
                for language in LANGUAGE_TOKEN
            }
        return len(new)

    def tokens(self) -> set[int]:
        """All tokens in the labels."""
        found: set[int] = set()
        for piece in self.pieces:
            for sentence in piece.sentences:
                found.update(sentence.tokens)
        return found


def noise_pool(seed: int, count: int = 36, seconds: int = 33) -> list[np.ndarray]:
    """Mel power of long stretches of noise and tones, each of mean power 1 a frame."""
    rng = np.random.default_rng(seed)
    pool = []
    for number in range(count):
        length = seconds * telephone.SAMPLE_RATE
        kind = (*telephone.NOISE_KINDS, "music", "music", "tone")[number % 6]
        if kind == "music":
            noise = telephone.hold_music(length, rng)
        else:
            is_tone = kind == "tone"
            noise = _tones(length, rng) if is_tone else telephone.make_noise(kind, length, rng)
        coded = telephone.mu_law(0.05 * noise)
        power = 10 ** log_mel(telephone.upsample(coded))
        pool.append((power / power.sum(1).mean()).astype(np.float32))
    return pool


def _tones(length: int, rng: np.random.Generator) -> np.ndarray:
    """Line tones: one or two sines switched on and off, with a little noise."""
    time = np.arange(length) / telephone.SAMPLE_RATE
    sound = np.zeros(length)
    at = 0.0
    while at < length / telephone.SAMPLE_RATE:
        on, off = rng.uniform(0.08, 1.5), rng.uniform(0.05, 1.5)
        inside = (time >= at) & (time < at + on)
        for frequency in rng.uniform(350, 1500, rng.integers(1, 4)):
            sound[inside] += np.sin(2 * np.pi * frequency * time[inside])
        at += on + off
    return (sound + 0.05 * rng.standard_normal(length)).astype(np.float32) * 0.3


class Mixer:
    """Makes windows and batches out of the library's pieces."""

    def __init__(self, library: Library, vocabulary: Vocabulary, seed: int) -> None:
        self.library, self.vocabulary = library, vocabulary
        self.random = random.Random(seed)
        self.noise = noise_pool(seed)
        self.attention_margin = ATTENTION_MARGIN

    # Sound.

    def _noise(self, frames: int) -> np.ndarray:
        noise = self.random.choice(self.noise)
        start = self.random.randrange(len(noise) - frames + 1)
        return noise[start : start + frames]

    def _finish(self, log_power: np.ndarray) -> np.ndarray:
        """Whisper's scaling, with the call's loudest frame possibly outside this window."""
        rng = self.random
        if rng.random() < 0.6:
            log_power[:, TOP_MEL:] -= rng.uniform(0, 4)
        peak = log_power.max() + (rng.uniform(0, LOUDER_ELSEWHERE) if rng.random() < 0.65 else 0)
        features = (np.maximum(log_power, peak - 8) + 4) / 4
        if rng.random() < MASKING_SHARE:
            self._mask(features)
        return features.astype(np.float32)

    def _mask(self, features: np.ndarray) -> None:
        """Blot out a few bands and a short moment."""
        rng, low = self.random, features.min()
        for _ in range(rng.randint(0, 2)):
            band = rng.randrange(TOP_MEL)
            features[:, band : band + rng.randint(1, 8)] = low
        for _ in range(rng.randint(0, 1 + len(features) // 400)):
            moment = rng.randrange(max(1, len(features) - 8))
            features[moment : moment + rng.randint(2, 6)] = low

    def _crop(self, piece: Piece) -> tuple[int, int, int]:
        """First and last frame taken of a piece, and the number of words left out before."""
        rng, skip = self.random, 0
        lead, tail = rng.uniform(*LEAD_SECONDS), rng.uniform(*TAIL_SECONDS)
        first = round((MARGIN_SECONDS - lead) * FRAMES_A_SECOND)
        last = len(piece.mel) - round((MARGIN_SECONDS - tail) * FRAMES_A_SECOND)
        starts = piece.sentences[0].spans
        if rng.random() < MIDDLE_SHARE and len(starts) > 5:
            skip = rng.randrange(2, len(starts) - 2)
            earlier = starts[skip][0] - rng.uniform(0.0, 0.06)
            if starts[skip][0] - starts[skip - 1][0] > 0.08:
                first = round(earlier * FRAMES_A_SECOND)
            else:
                skip = 0
        return first, last, skip

    def _cut(self, piece: Piece) -> tuple[float, int] | None:
        """Second at which a turn is broken off and the last frame then taken; mostly None."""
        spans = piece.sentences[-1].spans
        if self.random.random() >= CUT_SHARE or len(spans) < 6:
            return None
        place = self.random.randrange(3, len(spans) - 1)
        moment = spans[place][0]
        return moment, round(moment * FRAMES_A_SECOND) + self.random.randint(0, 2)

    def _choose(self, language: str, longest: int, shortest: int = 0) -> Piece | None:
        """A piece of so many frames; None where none was found soon."""
        for _ in range(60):
            piece = self.library.pieces[self.random.choice(self.library.by_language[language])]
            if shortest <= len(piece.mel) <= longest:
                return piece
        return None

    # Labels.

    def _sentence_labels(self, window: Window, sentence: Sentence, shift: float, stamps: bool):
        """Append one sentence to a window."""
        index = self.vocabulary.index
        if stamps:
            window.tokens.append(self.vocabulary.timestamp(sentence.start + shift))
            window.spans.append(None)
        for token, (start, end) in zip(sentence.tokens, sentence.spans, strict=True):
            window.tokens.append(index[token])
            first, last = (start + shift) * 50, (end + shift) * 50
            window.spans.append((int(first), max(int(first) + 1, math.ceil(last))))
            if len(sentence.tokens) > 1:
                stop = max(int(last), int(first) + 1)
                window.frame_tokens[max(int(first), 0) : max(stop, 0)] = index[token]
        if stamps:
            window.tokens.append(self.vocabulary.timestamp(sentence.end + shift))
            window.spans.append(None)

    def _close(self, window: Window, language: str, stamps: bool, silent: bool) -> Window:
        """Put the prompt before the tokens, the end behind them, and shift for the labels."""
        index = self.vocabulary.index
        prompt = [index[SOT], index[LANGUAGE_TOKEN[language]], index[TRANSCRIBE]]
        if not stamps:
            prompt.append(index[NO_TIMESTAMPS])
        elif silent:
            window.tokens = [self.vocabulary.timestamp(0.0)]
            window.spans = [None]
        whole = prompt + window.tokens + [index[EOT]]
        spans = [None] * len(prompt) + window.spans + [self._after(window)]
        labels = whole[1:]
        if silent:
            labels[0] = index[NO_SPEECH]
        if not stamps:
            labels[2] = IGNORED
        window.tokens, window.labels, window.spans = whole[:-1], labels, spans[1:]
        return window

    @staticmethod
    def _after(window: Window) -> tuple[int, int] | None:
        """The slots behind the last token: where the end of the text is to be looked for.

        Without it the last words of a window are aligned far too early.
        """
        ends = [span[1] for span in window.spans if span is not None]
        used = len(window.frame_tokens)
        return (ends[-1], used) if ends and ends[-1] + 1 < used else None

    @staticmethod
    def _empty(frames: int, features: np.ndarray) -> Window:
        slots = (frames + 1) // 2
        zeros = np.zeros(slots, np.int64)
        return Window(features, [], [], [], zeros, zeros.copy())

    # Windows.

    def silent_window(self, longest: int) -> Window:
        """A window without speech: noise, tones, a turn's last breath, or digital silence."""
        rng = self.random
        language = rng.choice(("zh", "en"))
        frames = (
            rng.randint(8, min(longest, 100)) if rng.random() < 0.4 else rng.randint(30, longest)
        )
        kind = rng.random()
        if kind < 0.08:
            power = np.full((frames, 80), 1e-10, np.float32)
        else:
            power = self._noise(frames) * 10 ** rng.uniform(-6, 2)
        log_power = np.log10(np.maximum(power, 1e-10))
        if kind > 0.5:
            log_power -= rng.uniform(1.5, 5.5)
            peak = log_power.max() + rng.uniform(1.5, 5.5)
            features = ((np.maximum(log_power, peak - 8) + 4) / 4).astype(np.float32)
        else:
            features = self._finish(log_power)
        window = self._empty(frames, features)
        return self._close(window, language, rng.random() < TIMESTAMP_SHARE, True)

    def turn_window(self, longest: int, shortest: int) -> Window | None:
        """A window with one turn of about so many frames."""
        language = "zh" if self.random.random() < ZH_SHARE else "en"
        spare = round(FRAMES_A_SECOND * 2 * MARGIN_SECONDS) // 2
        piece = self._choose(language, longest + spare, shortest)
        return None if piece is None else self._compose([piece], [0], longest, language)

    def several_window(self, longest: int) -> Window | None:
        """A window with the turns of several persons in a row."""
        rng = self.random
        language = "zh" if rng.random() < ZH_SHARE else "en"
        pieces, gaps, length = [], [], 0
        for _ in range(rng.choice((2, 2, 3, 4, 6)) if longest <= LONGEST_TURN else 8):
            piece = self._choose(language, longest - length)
            if piece is None:
                continue
            overlap = 2 * MARGIN_SECONDS
            gap = round((rng.uniform(*GAP_SECONDS) - overlap) * FRAMES_A_SECOND) if pieces else 0
            pieces.append(piece)
            gaps.append(gap)
            length += len(piece.mel) + gap
            if longest - length < 150:
                break
        return self._compose(pieces, gaps, longest, language) if len(pieces) > 1 else None

    def _compose(
        self, pieces: list[Piece], gaps: list[int], longest: int, language: str
    ) -> Window | None:
        """Lay pieces one after the other (a gap is measured between their margins)."""
        rng = self.random
        first, last, skip = self._crop(pieces[0])
        cut = self._cut(pieces[-1])
        starts = []
        at = -first
        for piece, gap in zip(pieces, gaps, strict=True):
            at += gap
            starts.append(at)
            at += len(piece.mel)
        if len(pieces) > 1:
            _, last, _ = self._crop(pieces[-1])
        if cut is not None:
            last = cut[1]
        frames = starts[-1] + last
        if frames > longest or frames < 12:
            return None
        log_power = self._lay(pieces, starts, frames)
        window = self._empty(frames, self._finish(log_power))
        stamps = rng.random() < TIMESTAMP_SHARE
        for number, (piece, start) in enumerate(zip(pieces, starts, strict=True)):
            self._phonemes(window, piece, start)
            for place, sentence in enumerate(piece.sentences):
                if number == place == 0 and skip:
                    sentence = _without(sentence, skip)
                if cut is not None and number == len(pieces) - 1:
                    sentence = _until(sentence, cut[0])
                    if sentence is None:
                        break
                self._sentence_labels(window, sentence, start / FRAMES_A_SECOND, stamps)
        return self._close(window, language, stamps, False)

    def _lay(self, pieces: list[Piece], starts: list[int], frames: int) -> np.ndarray:
        """Log power of the pieces at their places, with noise where there may be more."""
        rng = self.random
        if len(pieces) == 1:
            start = starts[0]
            log_power = pieces[0].mel[-start : frames - start].astype(np.float32)
            if not pieces[0].quiet or rng.random() < 0.15:
                return log_power
            power = 10**log_power
        else:
            power = np.zeros((frames, 80), np.float32)
            for piece, start in zip(pieces, starts, strict=True):
                begin, end = max(start, 0), min(start + len(piece.mel), frames)
                gain = 10 ** rng.uniform(-0.3, 0.3)
                power[begin:end] += gain * 10 ** piece.mel[begin - start : end - start].astype(
                    np.float32
                )
        loudness = power.sum(1)
        level = loudness[loudness > 0.02 * loudness.max()].mean()
        snr = rng.uniform(*MIXED_SNR_DB)
        power += self._noise(frames) * (level / 10 ** (snr / 10))
        return np.log10(np.maximum(power, 1e-10))

    @staticmethod
    def _phonemes(window: Window, piece: Piece, start: int) -> None:
        slots = window.frame_phonemes
        first = start // 2 if start >= 0 else -((-start) // 2)
        begin, end = max(first, 0), min(first + len(piece.phonemes), len(slots))
        slots[begin:end] = np.maximum(slots[begin:end], piece.phonemes[begin - first : end - first])

    # Batches.

    def batch(self, slots_budget: int, full: bool = False) -> Batch:
        """A batch of at most ``slots_budget`` encoder slots; ``full`` pads to 30 s for real."""
        rng = self.random
        classes, weights = zip(*LENGTH_CLASSES, strict=True)
        longest = 2900 if full else rng.choices(classes, weights)[0]
        slots = FULL_FRAMES // 2 if full else longest // 2 + PADDING_SLOTS
        windows: list[Window] = []
        wanted = max(2, slots_budget // slots)
        several = 0.35 if full else SEVERAL_SHARE if longest >= LONG_FRAMES else 0.0
        if longest > LONGEST_TURN:
            several = 1 - SILENT_SHARE
        while len(windows) < wanted:
            kind = rng.random()
            if kind < SILENT_SHARE:
                window = self.silent_window(longest)
            elif kind < SILENT_SHARE + several:
                window = self.several_window(longest)
            elif full:
                window = self.turn_window(1400, 0)
            else:
                smallest = longest == LENGTH_CLASSES[0][0]
                window = self.turn_window(longest, 0 if smallest else int(SHORTEST_SHARE * longest))
            if window is not None and len(window.tokens) < 250:
                windows.append(window)
        return self._pack(windows, slots)

    def _pack(self, windows: list[Window], slots: int) -> Batch:
        """Put windows into arrays."""
        count = len(windows)
        length = (max(len(window.tokens) for window in windows) + 7) // 8 * 8
        batch = Batch(
            features=np.zeros((count, 80, 2 * slots), np.float32),
            positions=np.zeros((count, slots), np.int64),
            log_count=np.zeros((count, slots), np.float32),
            content=np.zeros(count, np.int64),
            tokens=np.zeros((count, length), np.int64),
            labels=np.full((count, length), IGNORED, np.int64),
            attention=np.zeros((0, 4), np.int64),
            frame_tokens=np.full((count, slots), IGNORED, np.int64),
            frame_phonemes=np.full((count, slots), IGNORED, np.int64),
        )
        rows = []
        for number, window in enumerate(windows):
            frames = len(window.features)
            used = (frames + 1) // 2
            batch.features[number, :, :frames] = window.features.T
            batch.positions[number], batch.log_count[number] = self._places(used, slots)
            batch.content[number] = used
            batch.tokens[number, : len(window.tokens)] = window.tokens
            batch.labels[number, : len(window.labels)] = window.labels
            batch.frame_tokens[number, :used] = window.frame_tokens
            batch.frame_phonemes[number, :used] = window.frame_phonemes
            margin = self.attention_margin
            for place, span in enumerate(window.spans):
                if span is not None:
                    first, end = max(0, span[0] - margin), min(used, span[1] + margin)
                    if end > first:
                        rows.append((number, place, first, end))
        if rows:
            batch.attention = np.array(rows, np.int64)
        return batch

    def _places(self, used: int, slots: int) -> tuple[np.ndarray, np.ndarray]:
        """Position of every slot, and the log of how many positions it stands for."""
        positions = np.arange(slots)
        log_count = np.zeros(slots, np.float32)
        exact = used + EXACT_PADDING
        free = slots - exact
        if slots < FULL_FRAMES // 2 and free > 0:
            away = FULL_FRAMES // 2 - exact
            edges = exact + np.arange(free) * away / free
            positions[exact:] = (edges + self.random.random() * away / free).astype(np.int64)
            log_count[exact:] = math.log(away / free)
        return positions, log_count


def _without(sentence: Sentence, skip: int) -> Sentence:
    """The sentence without its first tokens."""
    spans = sentence.spans[skip:]
    return Sentence(sentence.tokens[skip:], spans, spans[0][0], sentence.end)


def _until(sentence: Sentence, moment: float) -> Sentence | None:
    """The part of the sentence that is spoken before the moment; None where nothing is."""
    kept = sum(end <= moment + 0.02 for _, end in sentence.spans)
    if kept == 0:
        return None
    spans = sentence.spans[:kept]
    return Sentence(sentence.tokens[:kept], spans, sentence.start, spans[-1][1])
