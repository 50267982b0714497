"""The last night's recordings are what their scripts, their manifest and their truth say."""

import csv
import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from qa_pipeline.demo.scripts import RECORDINGS_DIR, Script, last_night, parse_script

SCRIPTS = last_night()
IDS = [script.call_id for script in SCRIPTS]
#: The quietest line has a signal-to-noise ratio of 22 dB.
QUIET_DB = 15.0


def truth_of(script: Script) -> list[dict[str, Any]]:
    lines = (RECORDINGS_DIR / "truth" / f"{script.call_id}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in lines.splitlines()]


@cache
def sound_of(recording: str) -> tuple["np.ndarray[Any, np.dtype[np.float64]]", int]:
    samples, rate = soundfile.read(RECORDINGS_DIR / recording, always_2d=True)
    return samples, rate


def level_db(samples: "np.ndarray[Any, np.dtype[np.float64]]") -> float:
    return float(10 * np.log10(np.mean(samples**2) + 1e-12))


def test_the_night_is_the_one_that_was_promised() -> None:
    assert len(SCRIPTS) == 24
    assert sum(script.manifest["language"] == "zh" for script in SCRIPTS) == 15
    assert sum(script.n_channels == 1 for script in SCRIPTS) == 4
    assert {script.manifest["group"] for script in SCRIPTS} == {
        "订购一组",
        "订购二组",
        "support-en",
    }
    assert len({script.manifest["agent_id"] for script in SCRIPTS}) == 12
    stereo = [script for script in SCRIPTS if script.n_channels == 2]
    assert {script.agent_channel for script in stereo} == {0, 1}
    assert sum("agent_channel" not in script.manifest for script in stereo) == 2


def test_the_manifest_says_what_the_scripts_say() -> None:
    with (RECORDINGS_DIR / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]
    assert rows == [dict(script.manifest) for script in SCRIPTS]


def test_the_recordings_stay_small() -> None:
    sizes = [path.stat().st_size for path in RECORDINGS_DIR.iterdir() if path.is_file()]
    assert sum(sizes) < 6_000_000
    assert {Path(s.manifest["recording"]).suffix for s in SCRIPTS} == {
        ".opus",
        ".flac",
        ".mp3",
        ".wav",
    }


@pytest.mark.parametrize("script", SCRIPTS, ids=IDS)
def test_the_truth_is_the_script_spoken(script: Script) -> None:
    truth = truth_of(script)
    assert [(t["role"], t["text"]) for t in truth] == [(x.role, x.text) for x in script.lines]
    for before, now, line in zip(truth[:-1], truth[1:], script.lines[1:], strict=True):
        gap_s = now["start_s"] - before["end_s"]
        assert gap_s == pytest.approx(line.gap_s, abs=0.01) if line.gap_s else 0.3 < gap_s < 0.9
    for turn in truth:
        times = [(start_s, end_s) for _, start_s, end_s in turn["words"]]
        assert all(start_s < end_s for start_s, end_s in times)
        assert all(a[0] < b[0] for a, b in pairwise(times))
        assert times[0][0] >= turn["start_s"] - 0.001
        assert times[-1][1] <= turn["end_s"] + 0.001


@pytest.mark.parametrize("script", SCRIPTS, ids=IDS)
def test_the_sound_is_where_the_truth_says(script: Script) -> None:
    samples, rate = sound_of(script.manifest["recording"])
    truth = truth_of(script)
    assert rate == 8000
    assert samples.shape[1] == script.n_channels
    assert 0.7 < len(samples) / rate - max(turn["end_s"] for turn in truth) < 1.7
    assert 30 < len(samples) / rate < 75
    for turn in truth:
        start, end = int(turn["start_s"] * rate), int(turn["end_s"] * rate)
        spoken = level_db(samples[start:end, turn["channel"]])
        assert spoken > -35
        others_talk = any(
            o["start_s"] < turn["end_s"] and turn["start_s"] < o["end_s"]
            for o in truth
            if o is not turn
        )
        if script.n_channels == 2 and not others_talk:
            assert level_db(samples[start:end, 1 - turn["channel"]]) < spoken - QUIET_DB


def test_a_planned_silence_is_silent() -> None:
    checked = 0
    for script in SCRIPTS:
        if all(line.gap_s is None or line.gap_s < 5 for line in script.lines):
            continue
        samples, rate = sound_of(script.manifest["recording"])
        truth = truth_of(script)
        for i, line in enumerate(script.lines):
            if line.gap_s is not None and line.gap_s > 5:
                start, end = (int(s * rate) for s in (truth[i - 1]["end_s"], truth[i]["start_s"]))
                spoken = samples[int(truth[i]["start_s"] * rate) : int(truth[i]["end_s"] * rate)]
                assert level_db(samples[start:end]) < level_db(spoken) - QUIET_DB + 3
                checked += 1
    assert checked == 4


def test_a_line_that_is_no_line_is_refused() -> None:
    with pytest.raises(ValueError, match="no line of a script"):
        parse_script("# channels: 1\nsupervisor: 您好")
