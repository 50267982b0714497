"""The truth set is what its manifest says, and its scripts still make it."""

import json
import subprocess
import sys
from collections import Counter
from ctypes.util import find_library

import pytest
import soundfile

from benchmarks.truth.frozen import DIALOGUES, FOLDER, RECORDINGS, call_of, read_dialogues, row_of
from benchmarks.truth.make import MANIFEST, dialogues, digest
from benchmarks.truth.measure import signals, truth_of_recordings
from qa_pipeline.scorecard.signals import SIGNALS

ALL = tuple(read_dialogues())
SPOKEN = tuple(truth_of_recordings())


def test_every_file_is_the_one_that_was_frozen() -> None:
    listed = dict(reversed(line.split("  ")) for line in MANIFEST.read_text().splitlines())
    files = {p.relative_to(FOLDER).as_posix(): p for p in FOLDER.rglob("*") if p.is_file()}
    files.pop(MANIFEST.name)
    assert {name: digest(path) for name, path in files.items()} == listed


def test_the_scripts_make_the_same_dialogues_again() -> None:
    frozen = DIALOGUES.read_text(encoding="utf-8").splitlines()
    assert [row_of(dialogue) for dialogue in dialogues()] == frozen


def test_the_set_is_as_large_and_as_mixed_as_promised() -> None:
    assert len(ALL) >= 300
    assert len({dialogue.id for dialogue in ALL}) == len(ALL)
    zh_share = sum(dialogue.language == "zh" for dialogue in ALL) / len(ALL)
    assert 0.55 <= zh_share <= 0.65
    assert sum(dialogue.origin == "by_hand" for dialogue in ALL) >= 60
    assert len(SPOKEN) >= 60
    assert sum(p.stat().st_size for p in RECORDINGS.iterdir()) < 12_000_000


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_is_there_to_be_found_and_to_fall_for(language: str) -> None:
    of_one = [dialogue for dialogue in ALL if dialogue.language == language]
    labels = Counter(label.signal for d in of_one for label in d.labels)
    traps = Counter(trap.signal for d in of_one for trap in d.traps)
    detectors = Counter(signal.detector for signal in signals(language).values())
    assert detectors.keys() == SIGNALS.keys()
    wanted = signals(language).keys() - {"talk_share"}
    assert {name: labels[name] for name in wanted if labels[name] < 5} == {}
    assert {name: traps[name] for name in wanted if not traps[name]} == {}


@pytest.mark.parametrize("dialogue", [*ALL[::20], *SPOKEN[::8]], ids=lambda dialogue: dialogue.id)
def test_labels_lie_in_their_calls_and_say_what_is_said(dialogue) -> None:  # type: ignore[no-untyped-def]
    call = call_of(dialogue)
    said = "".join(turn.text for turn in call.turns or ())
    for label in (*dialogue.labels, *dialogue.traps):
        assert label.signal in signals(dialogue.language)
        if label.start_s is not None and label.end_s is not None:
            assert 0 <= label.start_s < label.end_s <= dialogue.duration_s
        if label.words is not None:
            assert label.words.replace(" ", "") in said.replace(" ", "")


@pytest.mark.parametrize("dialogue", SPOKEN[::8], ids=lambda dialogue: dialogue.id)
def test_a_recording_lasts_as_long_as_its_truth(dialogue) -> None:  # type: ignore[no-untyped-def]
    info = soundfile.info(RECORDINGS / f"{dialogue.id}.opus")
    assert info.duration == pytest.approx(dialogue.duration_s, abs=0.1)


@pytest.mark.slow
@pytest.mark.skipif(find_library("espeak-ng") is None, reason="libespeak-ng1 is not installed")
def test_the_first_recording_is_spoken_again_with_the_same_times() -> None:
    code = (
        "from benchmarks.truth import speak, frozen\n"
        "script, samples, dialogue = next(speak.recorded())\n"
        "print(frozen.row_of(dialogue))"
    )
    # A process of its own: the synthesiser keeps a little state.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    again, frozen = json.loads(done.stdout), json.loads(row_of(SPOKEN[0]))
    assert [t["pieces"] for t in again["turns"]] == [t["pieces"] for t in frozen["turns"]]
    assert again["labels"] == frozen["labels"]
