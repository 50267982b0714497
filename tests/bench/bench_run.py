"""A truth manifest beside recordings of tones, and engines that follow a script."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa_pipeline.bench.asr import AsrBench, AsrReport, run_asr
from qa_pipeline.engines.fakes import LoudnessActivity, ScriptedDiariser, ScriptedTranscriber
from qa_pipeline.engines.protocols import Engines
from qa_pipeline.spans import Span
from qa_pipeline.words import Word
from tests.pipeline.heard import channel, write


@dataclass(frozen=True, slots=True)
class Scripted:
    """Builds engines that answer as told."""

    scripts: tuple[tuple[Word, ...], ...]
    diarised: Mapping[str, tuple[Span, ...]] | None = None

    def fingerprint(self) -> str:
        return "scripted"

    def build(self, n_threads: int) -> Engines:  # noqa: ARG002 - nothing to share out
        diariser = None if self.diarised is None else ScriptedDiariser(self.diarised)
        return Engines(LoudnessActivity(), ScriptedTranscriber(self.scripts, []), diariser)


def manifest(folder: Path, *rows: Mapping[str, Any] | str) -> Path:
    """Write a truth manifest; a string is a line as it is."""
    path = folder / "truth.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def stereo(path: Path) -> Path:
    """Write 8 s in which channel 0 talks at 1-3 s and channel 1 at 4-6 s."""
    left = channel(8, [(1, 3)], hz=150, seed=1)
    return write(path, left, channel(8, [(4, 6)], hz=220, seed=2))


def mono(path: Path) -> Path:
    """Write 8 s of one channel on which somebody talks at 1-3 s and 4-6 s."""
    return write(path, channel(8, [(1, 3), (4, 6)], hz=150, seed=1))


def said(*words: tuple[str, float, float], **facts: object) -> list[dict[str, object]]:
    """Return words of the JSON form."""
    return [{"text": text, "start_s": a, "end_s": b, **facts} for text, a, b in words]


def asr(truth: Path, *scripts: Sequence[Word], **options: Any) -> AsrReport:
    """Run the bench with scripted words, a script for each channel that is heard."""
    engines = Scripted(tuple(tuple(script) for script in scripts))
    return run_asr(AsrBench(truth.parent, truth, engines=engines, **options))
