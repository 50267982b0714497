"""What a night costs beside its recognition: `python -m benchmarks.night [--repeats 3]`.

Three things are run in turn, each in a process of its own, `--repeats` times, and medians are
compared within this one run:

- `night`: the whole journey over the demo's recordings into an empty store;
- `bare`: faster-whisper alone on the same stretches of speech, same options, same threads;
- `rest`: the same night with a recogniser that answers at once from memory, so that what remains
  is decoding, speech activity, tracks, turns, redaction, detectors, scoring and the store.

The limit to compare with is real time: a machine hears no more calls than it has hours.
"""

import argparse
import json
import os
import pickle
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from qa_pipeline.engines.load import LocalEngines
from qa_pipeline.engines.protocols import Engines, Heard, Samples, Transcriber
from qa_pipeline.pipeline.night import Night, run_night
from qa_pipeline.settings import MODELS_DIR, ROOT, Settings
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language

RECORDINGS = ROOT / "qa_pipeline" / "demo" / "recordings"
SETTINGS = Settings(source={"defaults": {"demo": "true"}})  # type: ignore[arg-type]
N_THREADS = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the recogniser and what it answered."""

    samples: Samples
    windows: tuple[Span, ...]
    language: Language
    heard: Heard


@dataclass(slots=True)
class Listening:
    """A recogniser that keeps what it was asked and answered."""

    inner: Transcriber
    asked: list[Asked] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def transcribe(self, samples: Samples, windows: Sequence[Span], language: Language) -> Heard:
        """Hear, and remember."""
        heard = self.inner.transcribe(samples, windows, language)
        self.asked.append(Asked(samples, tuple(windows), language, heard))
        return heard


@dataclass(slots=True)
class Remembering:
    """A recogniser that answers at once what was heard before in a channel of this length."""

    inner: Transcriber
    answers: Mapping[tuple[int, tuple[Span, ...]], Heard]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def transcribe(self, samples: Samples, windows: Sequence[Span], language: Language) -> Heard:
        """Answer from memory."""
        del language
        return self.answers[(samples.shape[0], tuple(windows))]


@dataclass(frozen=True, slots=True)
class Factory:
    """The demo's engines, the recogniser wrapped."""

    wrap: Callable[[Transcriber], Any]

    def fingerprint(self) -> str:
        """As the engines' own."""
        return LocalEngines(SETTINGS).fingerprint()

    def build(self, n_threads: int) -> Engines:
        """Build the engines; the night works in this process with all threads."""
        del n_threads
        built = LocalEngines(SETTINGS).build(N_THREADS)
        return Engines(built.activity, self.wrap(built.transcriber), built.diariser)


def night(wrap: Callable[[Transcriber], Any]) -> None:
    """Run the demo's recordings into an empty store, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        report = run_night(
            Night(
                source=RECORDINGS,
                store=Path(folder) / "store",
                manifest=RECORDINGS / "manifest.csv",
                settings=SETTINGS,
                n_workers=0,
                engines=Factory(wrap),
            )
        )
        if report.failures or not report.n_heard:
            sys.exit(f"the night itself went wrong: {report}")


def remember(path: Path) -> None:
    """Run one night and keep what the recogniser was asked in `path`."""
    kept: list[Listening] = []

    def wrap(inner: Transcriber) -> Listening:
        kept.append(Listening(inner))
        return kept[-1]

    night(wrap)
    path.write_bytes(pickle.dumps([asked for each in kept for asked in each.asked]))


def run_night_part(_: list[Asked]) -> None:
    """The night as it is."""
    night(lambda inner: inner)


def run_rest_part(asked: list[Asked]) -> None:
    """The night without recognition."""
    answers = {(a.samples.shape[0], a.windows): a.heard for a in asked}
    night(lambda inner: Remembering(inner, answers))


def run_bare_part(asked: list[Asked]) -> None:
    """faster-whisper alone, called as its manual says, on the same stretches of speech."""
    from faster_whisper import WhisperModel

    recognition = SETTINGS.recognition
    model = WhisperModel(
        str(MODELS_DIR / recognition.model),
        device=recognition.device,
        compute_type=recognition.compute_type,
        cpu_threads=N_THREADS,
    )
    for each in asked:
        segments, _ = model.transcribe(
            each.samples,
            language=each.language,
            beam_size=recognition.beam_size,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            clip_timestamps=[t for w in each.windows for t in (w.start_s, w.end_s)],
        )
        sum(1 for _ in segments)


PARTS = {"night": run_night_part, "bare": run_bare_part, "rest": run_rest_part}


def measured(part: str, path: Path) -> tuple[float, float]:
    """Run a part in a fresh process; return seconds and its peak memory in MiB."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (part, path))


def _measure(part: str, path: Path) -> tuple[float, float]:
    asked: list[Asked] = [] if part == "night" else pickle.loads(path.read_bytes())
    begun_s = time.perf_counter()
    PARTS[part](asked)
    seconds = time.perf_counter() - begun_s
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "asked.pickle"
        remember(path)
        figures: dict[str, list[tuple[float, float]]] = {part: [] for part in PARTS}
        for n in range(arguments.repeats):
            for part in PARTS:
                figures[part].append(measured(part, path))
                print(
                    f"{n + 1}/{arguments.repeats} {part} {figures[part][-1][0]:.1f} s",
                    file=sys.stderr,
                    flush=True,
                )
        audio_s = sum(_duration_s(file) for file in sorted(RECORDINGS.iterdir()))
    result = _result(figures, audio_s)
    print(json.dumps(result, indent=2) if arguments.json else _told(result))


def _duration_s(path: Path) -> float:
    from qa_pipeline.audio.probe import probe

    return probe(path).duration_s if path.suffix in {".opus", ".mp3", ".flac", ".wav"} else 0.0


def _result(figures: Mapping[str, list[tuple[float, float]]], audio_s: float) -> dict[str, float]:
    seconds = {part: [s for s, _ in runs] for part, runs in figures.items()}
    ratios = [n / b for n, b in zip(seconds["night"], seconds["bare"], strict=True)]
    memory = {part: max(m for _, m in runs) for part, runs in figures.items()}
    return {
        "audio_s": round(audio_s, 1),
        "night_over_bare": round(statistics.median(ratios), 3),
        "night_over_bare_least": round(min(ratios), 3),
        "night_over_bare_most": round(max(ratios), 3),
        "night_share_of_audio": round(statistics.median(seconds["night"]) / audio_s, 4),
        "bare_share_of_audio": round(statistics.median(seconds["bare"]) / audio_s, 4),
        "rest_share_of_audio": round(statistics.median(seconds["rest"]) / audio_s, 4),
        "night_peak_mib": round(memory["night"]),
        "bare_peak_mib": round(memory["bare"]),
        "peak_ratio": round(memory["night"] / memory["bare"], 2),
    }


def _told(result: Mapping[str, float]) -> str:
    return (
        f"night / bare faster-whisper on the same speech   {result['night_over_bare']}"
        f"   ({result['night_over_bare_least']} to {result['night_over_bare_most']})\n"
        f"night / real time                                {result['night_share_of_audio']}\n"
        f"bare faster-whisper / real time                  {result['bare_share_of_audio']}\n"
        f"everything but recognition / real time           {result['rest_share_of_audio']}\n"
        f"peak memory, night / bare                        {result['peak_ratio']}"
        f"   ({result['night_peak_mib']} / {result['bare_peak_mib']} MiB)\n"
        f"audio                                            {result['audio_s']} s"
    )


if __name__ == "__main__":
    main()
