"""The benches over real engines: the demo's recogniser on two of the demo's recordings."""

import json
from pathlib import Path

import pytest

from qa_pipeline.bench.asr import AsrBench, run_asr
from qa_pipeline.bench.grouped import grouped
from qa_pipeline.settings import RecognitionSettings, Settings
from tests.bench.bench_run import manifest
from tests.conftest import ROOT
from tests.engines.conftest import demo_model  # noqa: F401 - a fixture

RECORDINGS = ROOT / "qa_pipeline" / "demo" / "recordings"


@pytest.mark.slow
def test_the_demo_model_hears_the_demos_recordings(tmp_path: Path, demo_model: Path) -> None:  # noqa: F811
    rows = []
    for stem in ("zh-02", "en-03"):
        lines = (RECORDINGS / f"truth/{stem}.jsonl").read_text("utf-8").splitlines()
        turns = [json.loads(line) for line in lines]
        words = [
            {"text": text, "start_s": a, "end_s": b, "channel": turn["channel"]}
            for turn in turns
            for text, a, b in turn["words"]
        ]
        rows.append(
            {"recording": f"{stem}.opus", "language": stem[:2], "transcript": {"words": words}}
        )
    settings = Settings(recognition=RecognitionSettings(model=str(demo_model)))
    report = run_asr(AsrBench(RECORDINGS, manifest(tmp_path, *rows), settings))
    assert not report.failures
    for group in grouped(report.scored, ()):
        rate = group.figures.errors.rate
        assert rate is not None
        assert rate < 0.2, f"{group.language} {group.by}: {rate:.3f}"
        assert group.figures.starts
