"""What a container itself promises, where decoders quietly believe less.

libsndfile and FFmpeg clamp a RIFF header to the bytes that are there and resynchronise over
damaged MPEG frames without a word: a cut recording then looks like a short call. These readers
walk the bytes and say what was promised and how much of it lies in ruins.

Sources: RIFF/WAVE (Microsoft/IBM 1991), RF64 (EBU Tech 3306), MPEG audio frame headers (ISO/IEC
11172-3, 13818-3 and the 2.5 extension), Ogg pages (RFC 3533), AMR storage format (RFC 4867, 5).
"""

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_KBPS_V1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_V2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES_HZ = (44100, 48000, 32000)
_AMR_NB = (12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0)
_AMR_WB = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0)
_UNKNOWN_SIZES = (0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000)


@dataclass(frozen=True, slots=True)
class Promise:
    """What the bytes promise: seconds (None: nothing), and the share of them that is no audio."""

    duration_s: float | None = None
    lost_share: float = 0.0


def promise(path: Path) -> Promise:
    """Return what the container at `path` promises; an empty promise for kinds not walked here."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return Promise()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            return _promise(raw)


def _promise(raw: mmap.mmap) -> Promise:
    if raw[:4] in (b"RIFF", b"RIFX") and raw[8:12] == b"WAVE":
        return _riff(raw, "big" if raw[:4] == b"RIFX" else "little")
    if raw[:4] == b"OggS":
        return _ogg(raw)
    if raw[:9] == b"#!AMR-WB\n":
        return _amr(raw, 9, _AMR_WB)
    if raw[:6] == b"#!AMR\n":
        return _amr(raw, 6, _AMR_NB)
    if raw[:3] == b"ID3" or _mpeg_frame(raw, 0) is not None:
        return _mpeg(raw)
    return Promise()


def _riff(raw: mmap.mmap, order: Literal["big", "little"]) -> Promise:
    """Scale the header's data size by the bytes a second that its format block states."""
    at, bytes_per_s = 12, 0
    while at + 8 <= len(raw):
        size = int.from_bytes(raw[at + 4 : at + 8], order)
        if raw[at : at + 4] == b"fmt ":
            field = raw[at + 16 : at + 20]
            bytes_per_s = int.from_bytes(field, order)
        if raw[at : at + 4] == b"data":
            if size in _UNKNOWN_SIZES or bytes_per_s == 0:
                return Promise()
            return Promise(size / bytes_per_s, max(0, at + 8 + size - len(raw)) / size)
        at += 8 + size + size % 2
    return Promise()


def _ogg(raw: mmap.mmap) -> Promise:
    """Ogg promises no length; a last page cut short betrays a cut file."""
    at = raw.rfind(b"OggS")
    if at + 27 > len(raw) or at + 27 + raw[at + 26] > len(raw):
        return Promise(lost_share=1.0)
    n_segments = raw[at + 26]
    page_end = at + 27 + n_segments + sum(raw[at + 27 : at + 27 + n_segments])
    return Promise(lost_share=1.0 if page_end > len(raw) else 0.0)


def _amr(raw: mmap.mmap, at: int, sizes: tuple[int, ...]) -> Promise:
    """Count frames of 20 ms; each begins with its type."""
    n_frames = 0
    while at < len(raw):
        step = 1 + sizes[(raw[at] >> 3) & 15]
        if at + step > len(raw):
            return Promise((n_frames + 1) * 0.02, lost_share=1.0)
        at, n_frames = at + step, n_frames + 1
    return Promise(n_frames * 0.02)


@dataclass(frozen=True, slots=True)
class _Frame:
    n_bytes: int
    n_samples: int
    rate_hz: int
    side_bytes: int


def _mpeg_frame(raw: mmap.mmap, at: int) -> _Frame | None:
    """Return the Layer III frame whose header stands at `at`, None where none can."""
    head = raw[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, rate_index, kbps_index = (head[1] >> 3) & 3, (head[2] >> 2) & 3, head[2] >> 4
    if version == 1 or rate_index == 3 or kbps_index in (0, 15):
        return None
    is_v1, is_mono = version == 3, head[3] >> 6 == 3
    rate_hz = _RATES_HZ[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    n_samples = 1152 if is_v1 else 576
    kbps = (_KBPS_V1 if is_v1 else _KBPS_V2)[kbps_index]
    n_bytes = n_samples * kbps * 125 // rate_hz + ((head[2] >> 1) & 1)
    side = (17 if is_mono else 32) if is_v1 else (9 if is_mono else 17)
    return _Frame(n_bytes, n_samples, rate_hz, side)


def _mpeg(raw: mmap.mmap) -> Promise:
    """Walk the frames; what stands between them, tags aside, is damage."""
    at = _after_id3(raw)
    end = len(raw) - (128 if raw[-128:-125] == b"TAG" else 0)
    first = _next_frame(raw, at, end)
    if first is None:
        return Promise()
    declared = _info_tag(raw, first)
    at, n_samples, lost, rate_hz = first, 0, 0, 0
    while at < end:
        frame = _mpeg_frame(raw, at)
        if frame is None:
            found = _next_frame(raw, at + 1, end)
            lost += (end if found is None else found) - at
            at = end if found is None else found
            continue
        rate_hz, n_samples, at = frame.rate_hz, n_samples + frame.n_samples, at + frame.n_bytes
    walked_s = n_samples / rate_hz if rate_hz else 0.0
    share = lost / max(1, end - first)
    return Promise(declared if declared is not None else walked_s / max(1e-9, 1 - share), share)


def _next_frame(raw: mmap.mmap, at: int, end: int) -> int | None:
    """Return where two frames follow each other, from `at` on."""
    while (at := raw.find(b"\xff", at, end)) >= 0:
        frame = _mpeg_frame(raw, at)
        if frame is not None:
            after = at + frame.n_bytes
            if after >= end or _mpeg_frame(raw, after) is not None:
                return at
        at += 1
    return None


def _after_id3(raw: mmap.mmap) -> int:
    """Return where an ID3v2 tag ends (its size is four bytes of seven bits)."""
    if raw[:3] != b"ID3" or len(raw) < 10:
        return 0
    size = 0
    for byte in raw[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _info_tag(raw: mmap.mmap, first: int) -> float | None:
    """Return the seconds that a Xing/Info tag in the first frame states."""
    frame = _mpeg_frame(raw, first)
    if frame is None:
        return None
    at = first + 4 + frame.side_bytes
    if raw[at : at + 4] not in (b"Xing", b"Info") or not raw[at + 7] & 1:
        return None
    return int.from_bytes(raw[at + 8 : at + 12], "big") * frame.n_samples / frame.rate_hz
